// SCP03: Amendment D, 6.2.3 to 6.2.8.
#include <idchip/iso7816/status_word.hpp>

#include "base/try.hpp"
#include "crypto/prepared.hpp"
#include "protocol/scp/channel.hpp"

namespace idchip::scp {
namespace {

using crypto::Cipher;
using crypto::PreparedCbc;
using crypto::PreparedCmac;
using iso7816::CommandApdu;

constexpr std::size_t block = 16;

Cipher cipher_for(const Secret& key) { return key.size() == 16 ? Cipher::aes128 : key.size() == 24 ? Cipher::aes192 : Cipher::aes256; }

class Scp03 final : public Channel {
public:
    Scp03(const Parameters& p, PreparedCbc enc, PreparedCmac mac, PreparedCmac rmac, Secret dek)
        : Channel(block, p.challenge_size()),  // MACs, too, are as long as the mode says: S8 or S16
          enc_(std::move(enc)),
          mac_(std::move(mac)),
          rmac_(std::move(rmac)),
          dek_(std::move(dek)),
          count_empty_(p.count_empty) {}

    // 6.2.6: the first command after EXTERNAL AUTHENTICATE is number 1.
    void raise(Byte level) override {
        Channel::raise(level);
        counter_ = 0;
    }

    Result<CommandApdu> wrap(const CommandApdu& plain) override {
        const auto size = padded_size(plain);
        auto c = TRY(frame(plain, size + mac_size_));
        count(!plain.data.empty());
        append(c.data, plain.data);
        if (at(c_decryption) && size != 0) {
            pad(c.data);
            enc_.encrypt(icv(0x00), c.data, c.data);
        }
        const auto mac = command_mac(c, c.data);
        append(c.data, sent(mac));
        return c;
    }

    // The length and the MAC are checked before anything is decrypted.
    Result<CommandApdu> open(const CommandApdu& command) override {
        const auto body = TRY(body_of(command));
        const auto mac = command_mac(command, body);
        if (!equal_constant_time(sent(mac), ByteView(command.data).subspan(body.size())))
            return broken(iso7816::sw::security_status_not_satisfied, "C-MAC is wrong");
        count(!body.empty());
        CommandApdu plain{plain_class(command.cla), command.ins, command.p1, command.p2, to_bytes(body), command.le, command.extended};
        if (!at(c_decryption) || body.empty()) return plain;
        enc_.decrypt(icv(0x00), plain.data, plain.data);
        auto unpadded = crypto::unpad(plain.data, block);
        if (!unpadded) return broken(iso7816::sw::sm_objects_incorrect, "wrong padding under a good C-MAC");
        plain.data = std::move(*unpadded);
        return plain;
    }

    // 6.2.8
    Result<Bytes> encrypt_data(ByteView data) const override {
        return crypto::cbc_encrypt(cipher_for(dek_), dek_.view(), Bytes(block), data);
    }
    Result<Bytes> decrypt_data(ByteView data) const override {
        return crypto::cbc_decrypt(cipher_for(dek_), dek_.view(), Bytes(block), data);
    }

private:
    // 6.2.6: every command counts, with a data field or without; some cards count only what is encrypted.
    void count(bool has_data) {
        if (has_data || count_empty_) ++counter_;
    }

    // 6.2.6 and 6.2.7: the counter as a block, its first byte 80 for responses, encrypted.
    Mac icv(Byte first) {
        Mac number{};
        for (std::size_t i = 0; i < 8; ++i) number[15 - i] = static_cast<Byte>(counter_ >> (8 * i));
        number[0] = first;
        const Mac zero{};
        enc_.encrypt(zero, number, number);
        return number;
    }

    // 6.2.4: over the chaining value, the header with the new Lc and the data field as it is sent. The whole MAC chains on.
    const Mac& command_mac(const CommandApdu& c, ByteView body) {
        const MacHeader header(static_cast<Byte>(stripped_class(plain_class(c.cla)) | 0x04U), c, body.size() + mac_size_);
        chain_ = mac_.mac({chain_, header.view(), body});
        return chain_;
    }

    // 6.2.5: over the chaining value of the command, the data field as it is sent and the status word.
    Result<Mac> response_mac(ByteView data, std::uint16_t sw) override {
        const std::array<Byte, 2> status{static_cast<Byte>(sw >> 8U), static_cast<Byte>(sw)};
        return rmac_.mac({chain_, data, status});
    }

    void encrypt_response(Bytes& data) override { enc_.encrypt(icv(0x80), data, data); }
    void decrypt_response(Bytes& data) override { enc_.decrypt(icv(0x80), data, data); }

    PreparedCbc enc_;
    PreparedCmac mac_, rmac_;
    Secret dek_;
    Mac chain_{};  // 6.2.3: zeros before EXTERNAL AUTHENTICATE
    std::uint64_t counter_ = 0;
    bool count_empty_;
};

}  // namespace

Result<std::unique_ptr<Channel>> make_scp03(const Parameters& parameters, SessionKeys keys) {
    auto enc = TRY(PreparedCbc::make(cipher_for(keys.enc), keys.enc.view()));
    auto mac = TRY(PreparedCmac::make(keys.mac.view()));
    auto rmac = TRY(PreparedCmac::make(keys.rmac.view()));
    return std::make_unique<Scp03>(parameters, std::move(enc), std::move(mac), std::move(rmac), std::move(keys.dek));
}

}  // namespace idchip::scp
