// Faults in PACE and basic access control.
#include <idchip/crypto/cipher.hpp>
#include <idchip/tlv/reader.hpp>
#include <idchip/tlv/writer.hpp>

#include "sim/emrtd/misbehaviour.hpp"

namespace idchip::sim::emrtd {
namespace {

// Doc 9303-11, 4.4.5, table 4.
constexpr std::uint32_t dynamic_authentication_data = 0x7C, public_key_ifd = 0x83, token_ifd = 0x85, token_ic = 0x86,
                        chip_authentication_data = 0x8A;
constexpr unsigned map_step = 2, agree_step = 3, token_step = 4;

constexpr std::uint32_t command_tag(unsigned step) { return 0x7FU + 2 * (step - 1); }  // 81, 83, 85
constexpr std::uint32_t answer_tag(unsigned step) { return 0x80U + 2 * (step - 1); }   // 80, 82, 84, 86

using Objects = std::vector<std::pair<std::uint32_t, Bytes>>;

Objects read(ByteView data) {
    Objects objects;
    tlv::Reader outer(data, tlv::Rules::ber);
    const auto dynamic = outer.expect(dynamic_authentication_data);
    if (!dynamic) return objects;
    auto r = outer.enter(*dynamic);
    while (!r.at_end()) {
        const auto e = r.next();
        if (!e) break;
        objects.emplace_back(e->tag, to_bytes(e->value));
    }
    return objects;
}

Bytes value_of(const Objects& objects, std::uint32_t tag) {
    for (const auto& [t, value] : objects)
        if (t == tag) return value;
    return {};
}

void replace(iso7816::ResponseApdu& answer, std::uint32_t tag, const std::optional<Bytes>& value) {
    Bytes inner;
    for (const auto& [t, old] : read(answer.data)) {
        if (t != tag) append(inner, tlv::element(t, old));
        else if (value) append(inner, tlv::element(t, *value));
    }
    answer.data = tlv::element(dynamic_authentication_data, inner);
}

Bytes outside(const crypto::Domain& domain, Bytes key) {
    if (!domain.is_ec()) return {0x02};
    key.back() = static_cast<Byte>(key.back() ^ 1U);
    return key;
}

Bytes neutral(const crypto::Domain& domain) { return {static_cast<Byte>(domain.is_ec() ? 0x00 : 0x01)}; }

}  // namespace

std::optional<std::uint16_t> Misbehaviour::refuses_pace_step(unsigned step) const {
    for (const auto& fault : faults_)
        if (fault.id == FaultId::pace_step_refused && fault.step == step) return fault.sw;
    return std::nullopt;
}

bool Misbehaviour::mute_in_pace_step(unsigned step) const {
    const auto* fault = active(FaultId::pace_step_mute);
    return fault != nullptr && fault->step == step;
}

void Misbehaviour::edit_pace_answer(unsigned step, const crypto::Domain& domain, ByteView command, Response& answer) {
    const auto theirs = step > 1 ? value_of(read(command), command_tag(step)) : Bytes();
    const bool reflects = active(FaultId::pace_reflection) != nullptr;
    // The mirror's last word: it cannot check the terminal's token, and does not need to.
    if (step == token_step && reflects) {
        answer = {tlv::element(dynamic_authentication_data, tlv::element(token_ic, theirs)), 0x9000};
        return;
    }
    if (!answer.ok()) return;
    const auto tag = answer_tag(step);
    auto ours = value_of(read(answer.data), tag);
    if (step == map_step) mapping_key_ = ours;
    const auto at_this_step = [&](FaultId id) {
        const auto* fault = active(id);
        return fault != nullptr && fault->step == step && (step == map_step || step == agree_step) && !ours.empty();
    };
    if (at_this_step(FaultId::pace_key_off_curve)) replace(answer, tag, outside(domain, ours));
    if (at_this_step(FaultId::pace_key_neutral)) replace(answer, tag, neutral(domain));
    if (step == map_step && active(FaultId::pace_mapping_reflection) != nullptr) replace(answer, tag, theirs);
    if (step == agree_step && active(FaultId::pace_key_repeated) != nullptr) replace(answer, tag, mapping_key_);
    if (step == agree_step && reflects) replace(answer, tag, theirs);
    if (step == token_step && active(FaultId::cam_data_absent) != nullptr) replace(answer, chip_authentication_data, std::nullopt);
    if (step == token_step && active(FaultId::pace_token_wrong) != nullptr) {
        ours.back() = static_cast<Byte>(ours.back() ^ 1U);
        replace(answer, tag, ours);
    }
}

void Misbehaviour::edit_bac_answer(ByteView k_enc, ByteView k_mac, Bytes& answer) const {
    constexpr std::size_t cryptogram_size = 32, nonce_size = 8;
    const Bytes zero_iv(8);
    const bool rnd_ic = active(FaultId::bac_rnd_ic_wrong) != nullptr, rnd_ifd = active(FaultId::bac_rnd_ifd_wrong) != nullptr;
    if (rnd_ic || rnd_ifd) {
        // R = RND.IC || RND.IFD || K.IC, sealed again with the right keys (4.3.1, step 3).
        auto r = crypto::cbc_decrypt(crypto::Cipher::tdes, k_enc, zero_iv, ByteView(answer).first(cryptogram_size));
        if (!r) return;
        if (rnd_ic) (*r)[0] = static_cast<Byte>((*r)[0] ^ 1U);
        if (rnd_ifd) (*r)[nonce_size] = static_cast<Byte>((*r)[nonce_size] ^ 1U);
        auto e_ic = crypto::cbc_encrypt(crypto::Cipher::tdes, k_enc, zero_iv, *r);
        if (!e_ic) return;
        const auto m_ic = crypto::retail_mac(k_mac, crypto::pad(*e_ic, 8));
        if (m_ic) answer = concat({*e_ic, *m_ic});
    }
    if (active(FaultId::bac_mac_wrong) != nullptr) answer.back() = static_cast<Byte>(answer.back() ^ 1U);
}

}  // namespace idchip::sim::emrtd
