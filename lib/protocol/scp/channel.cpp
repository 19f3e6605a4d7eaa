#include "protocol/scp/channel.hpp"

#include <fmt/format.h>

#include <idchip/crypto/cipher.hpp>
#include <idchip/iso7816/status_word.hpp>

#include "base/try.hpp"

namespace idchip::scp {

using iso7816::CommandApdu;
using iso7816::ResponseApdu;

Failure broken(std::uint16_t sw, std::string why) { return fail(Error(Errc::scp_broken, {}, std::move(why)).with_sw(sw)); }

MacHeader::MacHeader(Byte cla, const CommandApdu& c, std::size_t lc) : bytes{cla, c.ins, c.p1, c.p2}, size(c.needs_extended() ? 7 : 5) {
    if (size == 7) bytes[5] = static_cast<Byte>(lc >> 8U);
    bytes[size - 1] = static_cast<Byte>(lc);
}

Result<std::unique_ptr<Channel>> Channel::make(const Parameters& parameters, SessionKeys keys) {
    return parameters.protocol == Protocol::scp02 ? make_scp02(parameters, std::move(keys)) : make_scp03(parameters, std::move(keys));
}

Result<CommandApdu> Channel::frame(const CommandApdu& plain, std::size_t size) const {
    if (!is_plain(plain.cla)) return fail(Errc::apdu_malformed, "secure channel", fmt::format("class {:02X}", plain.cla));
    const std::size_t limit = plain.needs_extended() ? 65'535 : 255;
    if (size > limit || plain.le.value_or(1) == 0 || plain.le.value_or(1) > 65'536)
        return fail(Errc::apdu_too_long, "secure channel",
                    fmt::format("{} data bytes of {}, Le {}", plain.data.size(), largest_data(limit), plain.le.value_or(0)));
    CommandApdu c{protected_class(plain.cla), plain.ins, plain.p1, plain.p2, {}, plain.le, plain.needs_extended()};
    c.data.reserve(size);
    return c;
}

// GPC 2.3.1, B.2.3.
void Channel::pad(Bytes& data) const {
    data.push_back(0x80);
    data.resize((data.size() + block_ - 1) / block_ * block_);
}

// Only a data field that is there is encrypted (GPC 2.3.1, E.4.6; Amendment D, 6.2.6).
std::size_t Channel::padded_size(const CommandApdu& plain) const {
    if (!at(c_decryption) || plain.data.empty()) return plain.data.size();
    return (plain.data.size() / block_ + 1) * block_;
}

std::size_t Channel::largest_data(std::size_t data_field) const {
    if (data_field <= mac_size_) return 0;
    const auto room = data_field - mac_size_;
    if (!at(c_decryption)) return room;
    return room < block_ ? 0 : room / block_ * block_ - 1;
}

Result<ByteView> Channel::body_of(const CommandApdu& command) const {
    if (!is_protected(command.cla)) return broken(iso7816::sw::security_status_not_satisfied, "command without protection");
    if (command.data.size() < mac_size_) return broken(iso7816::sw::security_status_not_satisfied, "command without C-MAC");
    const auto body = ByteView(command.data).first(command.data.size() - mac_size_);
    if (at(c_decryption) && body.size() % block_ != 0) return broken(iso7816::sw::sm_objects_incorrect, "cryptogram is not whole blocks");
    return body;
}

Result<ResponseApdu> Channel::unwrap(const ResponseApdu& response) {
    if (!at(r_mac)) return response;
    if (!carries_mac(response.sw)) {
        if (!response.data.empty()) return broken(response.sw, "error status word with data");
        TRY(response_mac({}, response.sw));  // SCP02 chains over it all the same
        return response;
    }
    if (response.data.size() < mac_size_) return broken(response.sw, "answer without R-MAC");
    const auto body = ByteView(response.data).first(response.data.size() - mac_size_);
    const auto mac = TRY(response_mac(body, response.sw));
    if (!equal_constant_time(sent(mac), ByteView(response.data).subspan(body.size()))) return broken(response.sw, "R-MAC is wrong");
    ResponseApdu plain{to_bytes(body), response.sw};
    if (!at(r_encryption) || body.empty()) return plain;
    if (body.size() % block_ != 0) return broken(response.sw, "cryptogram is not whole blocks");
    decrypt_response(plain.data);
    auto unpadded = crypto::unpad(plain.data, block_);
    if (!unpadded) return broken(response.sw, "wrong padding under a good R-MAC");
    plain.data = std::move(*unpadded);
    return plain;
}

// Amendment D, 6.2.5 and 6.2.7: an error is its status word alone; without data there is nothing to encrypt.
Result<ResponseApdu> Channel::seal(const ResponseApdu& plain) {
    if (!at(r_mac)) return plain;
    ResponseApdu r = carries_mac(plain.sw) ? plain : ResponseApdu::of(plain.sw);
    if (at(r_encryption) && !r.data.empty()) {
        pad(r.data);
        encrypt_response(r.data);
    }
    const auto mac = TRY(response_mac(r.data, r.sw));
    if (carries_mac(plain.sw)) append(r.data, sent(mac));
    return r;
}

}  // namespace idchip::scp
