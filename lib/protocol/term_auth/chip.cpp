#include <utility>

#include <idchip/iso7816/status_word.hpp>
#include <idchip/protocol/term_auth/term_auth.hpp>

#include "protocol/term_auth/messages.hpp"

namespace idchip::term_auth {
namespace {

using iso7816::ResponseApdu;
namespace sw = iso7816::sw;

constexpr std::uint16_t chaining_not_supported = 0x6884;

// 7.1.5.2 leaves the status word to the chip.
std::uint16_t refusal(Errc code) {
    if (code == Errc::crypto_bad_signature) return sw::authentication_failed;
    if (code == Errc::ta_no_chain) return sw::reference_data_not_found;
    return sw::conditions_not_satisfied;
}

enum class Command { set_dst, verify_certificate, set_at, get_challenge, external_authenticate };

std::optional<Command> kind_of(const iso7816::CommandApdu& c) {
    const auto p1p2 = (static_cast<unsigned>(c.p1) << 8U) | c.p2;
    if (c.ins == iso7816::ins::manage_security_environment && p1p2 == p1p2_set_dst) return Command::set_dst;
    if (c.ins == iso7816::ins::perform_security_operation && p1p2 == p1p2_verify_certificate) return Command::verify_certificate;
    if (c.ins == iso7816::ins::manage_security_environment && p1p2 == p1p2_set_at) return Command::set_at;
    if (c.ins == iso7816::ins::get_challenge && p1p2 == 0) return Command::get_challenge;
    if (c.ins == iso7816::ins::external_authenticate && p1p2 == 0) return Command::external_authenticate;
    return std::nullopt;
}

}  // namespace

void Chip::bind(Binding binding) {
    binding_ = std::move(binding);
    challenge_.clear();
    granted_ = false;
}

std::optional<ResponseApdu> Chip::process(const iso7816::CommandApdu& c, Rng& rng) {
    const auto kind = kind_of(c);
    if (!kind) return std::nullopt;
    if ((c.cla & 0x10U) != 0) return ResponseApdu::of(chaining_not_supported);
    // Not more than one execution in a session (7.1.3). Certificates alone may bring date and trust points up to date (7.1.4.3.3); what
    // follows them needs a key to bind to.
    const bool certificates_only = *kind == Command::set_dst || *kind == Command::verify_certificate;
    if (done_ || (!binding_ && !certificates_only)) return ResponseApdu::of(sw::security_status_not_satisfied);
    switch (*kind) {
        case Command::set_dst: return ResponseApdu::of(set_dst(c.data));
        case Command::verify_certificate: return ResponseApdu::of(verify_certificate(c.data));
        case Command::set_at: return ResponseApdu::of(set_at(c.data));
        case Command::get_challenge: return get_challenge(c, rng);
        case Command::external_authenticate: return ResponseApdu::of(external_authenticate(c.data));
    }
    return std::nullopt;
}

std::uint16_t Chip::set_dst(ByteView data) {
    selected_.reset();
    auto reference = read_reference(data);
    if (!reference) return sw::wrong_data;
    if (verifier_.find(*reference) == nullptr) return sw::reference_data_not_found;
    selected_ = std::move(reference);
    return sw::ok;
}

std::uint16_t Chip::verify_certificate(ByteView data) {
    const auto issuer = std::exchange(selected_, std::nullopt);
    if (!issuer) return sw::conditions_not_satisfied;
    const auto certificate = pki::CvCertificate::parse_contents(data);
    if (!certificate || certificate->certification_authority_reference != *issuer) return sw::wrong_data;
    const auto imported = verifier_.import(*certificate);
    if (!imported) return refusal(imported.error().code);
    // Only the key imported last is good for anything (7.1.4.3.7).
    terminal_.reset();
    challenge_.clear();
    return sw::ok;
}

std::uint16_t Chip::set_at(ByteView data) {
    terminal_.reset();
    challenge_.clear();
    const auto reference = read_reference(data);
    if (!reference) return sw::wrong_data;
    // The key imported last, and of a terminal (7.1.4.3.7).
    const auto* key = verifier_.imported();
    if (key == nullptr || key->reference() != *reference || key->role() != pki::CvRole::terminal) return sw::reference_data_not_found;
    terminal_ = *key;
    return sw::ok;
}

ResponseApdu Chip::get_challenge(const iso7816::CommandApdu& command, Rng& rng) {
    if (!terminal_) return ResponseApdu::of(sw::conditions_not_satisfied);
    if (command.le != challenge_size || !command.data.empty()) return ResponseApdu::of(sw::wrong_length);
    challenge_ = rng.bytes(challenge_size);
    return {challenge_, sw::ok};
}

std::uint16_t Chip::external_authenticate(ByteView signature) {
    const auto r_ic = std::exchange(challenge_, {});
    if (!terminal_ || r_ic.empty()) return sw::conditions_not_satisfied;
    const auto& algorithm = terminal_->certificate.public_key.algorithm;
    if (!pki::cv_verify(algorithm, terminal_->public_key, signed_input(*binding_, r_ic), signature)) return sw::authentication_failed;
    done_ = granted_ = true;
    return sw::ok;
}

}  // namespace idchip::term_auth
