#include <algorithm>

#include <idchip/iso7816/status_word.hpp>
#include <idchip/protocol/chip_auth/chip_auth.hpp>
#include <idchip/tlv/writer.hpp>

#include "protocol/chip_auth/messages.hpp"

namespace idchip::chip_auth {
namespace {

using iso7816::ResponseApdu;
namespace sw = iso7816::sw;

// Data objects of an MSE command: the ones asked for, each at most once. False: not so.
struct Objects {
    std::optional<ByteView> wanted;
    std::optional<std::int64_t> key_id;
};
std::optional<Objects> read(ByteView data, std::uint32_t wanted) {
    Objects o;
    tlv::Reader r(data, tlv::Rules::ber, "MSE");
    while (!r.at_end()) {
        const auto e = r.next();
        if (!e) return std::nullopt;
        if (e->tag == wanted && !o.wanted) {
            o.wanted = e->value;
        } else if (e->tag == do_key_id && !o.key_id) {
            if (e->value.empty() || e->value.size() > 4) return std::nullopt;
            o.key_id = static_cast<std::int64_t>(read_be(e->value));
        } else {
            return std::nullopt;
        }
    }
    return o.wanted ? std::optional(o) : std::nullopt;
}

}  // namespace

// 6.2.4: without a reference there must be no choice.
const ChipKey* Chip::find(const std::optional<std::int64_t>& key_id) const {
    if (!key_id) return keys_.size() == 1 ? &keys_.front() : nullptr;
    const auto it = std::find_if(keys_.begin(), keys_.end(), [&](const ChipKey& k) { return k.key_id == key_id; });
    return it == keys_.end() ? nullptr : &*it;
}

std::uint16_t Chip::agree(const ChipKey& key, crypto::Cipher cipher, ByteView pk_ifd) {
    // 9.4.1: a number has no leading zeros.
    if (!key.public_key.domain.is_ec() && (pk_ifd.empty() || pk_ifd[0] == 0)) return sw::wrong_data;
    const auto k = key.public_key.domain.agree(key.private_key.view(), pk_ifd);
    if (!k) return sw::wrong_data;
    agreed_ = Agreed{sm::start_session(sm::derive_session_keys(cipher, k->view())), to_bytes(pk_ifd)};
    return sw::ok;
}

ResponseApdu Chip::set_kat(ByteView data) {
    selected_.reset();
    const auto o = read(data, do_public_key_kat);
    if (!o) return ResponseApdu::of(sw::wrong_data);
    const auto* key = find(o->key_id);
    if (key == nullptr) return ResponseApdu::of(sw::reference_data_not_found);
    const auto tdes = std::any_of(key->suites.begin(), key->suites.end(), [](const Suite& s) { return s.cipher == crypto::Cipher::tdes; });
    if (!tdes) return ResponseApdu::of(sw::wrong_data);
    return ResponseApdu::of(agree(*key, crypto::Cipher::tdes, *o->wanted));
}

ResponseApdu Chip::set_at(ByteView data) {
    selected_.reset();
    const auto o = read(data, do_protocol);
    const auto protocol = o ? der::Oid::from_contents(*o->wanted) : Result<der::Oid>(fail(Errc::apdu_malformed));
    const auto suite = protocol ? Suite::of(*protocol) : std::nullopt;
    if (!suite) return ResponseApdu::of(sw::wrong_data);
    const auto* key = find(o->key_id);
    if (key == nullptr) return ResponseApdu::of(sw::reference_data_not_found);
    if (std::find(key->suites.begin(), key->suites.end(), *suite) == key->suites.end()) return ResponseApdu::of(sw::wrong_data);
    selected_ = Selected{key, suite->cipher};
    return ResponseApdu::of(sw::ok);
}

ResponseApdu Chip::general_authenticate(ByteView data, bool chained) {
    const auto selected = std::exchange(selected_, std::nullopt);
    if (!selected || chained) return ResponseApdu::of(sw::conditions_not_satisfied);
    tlv::Reader outer(data, tlv::Rules::ber, "GENERAL AUTHENTICATE");
    const auto dynamic = outer.expect(do_dynamic_authentication_data);
    if (!dynamic || !outer.at_end()) return ResponseApdu::of(sw::wrong_data);
    auto r = outer.enter(*dynamic);
    const auto key = r.expect(do_public_key);
    if (!key || !r.at_end()) return ResponseApdu::of(sw::wrong_data);
    const auto status = agree(*selected->key, selected->cipher, key->value);
    if (status != sw::ok) return ResponseApdu::of(status);
    return {tlv::element(do_dynamic_authentication_data, Bytes()), sw::ok};
}

}  // namespace idchip::chip_auth
