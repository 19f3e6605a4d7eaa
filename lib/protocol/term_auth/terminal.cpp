#include <idchip/protocol/term_auth/term_auth.hpp>

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include <idchip/iso7816/status_word.hpp>

#include "base/try.hpp"
#include "protocol/term_auth/messages.hpp"

namespace idchip::term_auth {
namespace {

using iso7816::CommandApdu;
using iso7816::ResponseApdu;
namespace sw = iso7816::sw;

CommandApdu command_of(Byte ins, unsigned p1p2, Bytes data) {
    return {0x00, ins, static_cast<Byte>(p1p2 >> 8U), static_cast<Byte>(p1p2 & 0xFFU), std::move(data), {}};
}

}  // namespace

Result<Credentials> Credentials::of(std::vector<pki::CvCertificate> certificates, std::shared_ptr<const crypto::SigningKey> key) {
    std::vector<const pki::CvCertificate*> own;
    for (const auto& c : certificates)
        if (c.role() == pki::CvRole::terminal && c.public_key.is(key->public_key().info())) own.push_back(&c);
    if (own.empty()) return fail(Errc::ta_no_chain, {}, "no terminal's certificate belongs to the private key");
    std::stable_sort(own.begin(), own.end(), [](const auto* a, const auto* b) { return a->expiration_date > b->expiration_date; });
    Credentials result;
    result.sign = pki::cv_signer(std::move(key), own.front()->public_key.algorithm);
    for (const auto* c : own)
        if (c->public_key.algorithm == own.front()->public_key.algorithm) result.holders.push_back(c->certificate_holder_reference);
    result.certificates = std::move(certificates);
    return result;
}

Result<std::vector<pki::CvCertificate>> Credentials::chain_from(const std::vector<std::string>& references) const {
    std::optional<Error> first;
    for (const auto& holder : holders) {
        auto chain = pki::order_chain(certificates, references, holder);
        if (chain) return chain;
        if (!first) first = std::move(chain.error());
    }
    return fail(first ? std::move(*first) : Error(Errc::ta_no_chain, {}, "no terminal's certificate"));
}

Result<void> Credentials::check(const std::vector<pki::CvCertificate>& chain, Date at) const {
    for (const auto& c : certificates) {
        if (chain.empty() || !c.self_signed() || c.certificate_holder_reference != chain.front().certification_authority_reference)
            continue;
        pki::CvTrust trust;
        trust.current_date = at;
        trust.add(TRY(pki::CvKey::trust_point(c)));
        // Which algorithms are allowed is for the chip to say.
        pki::CvVerifier verifier(trust, {true});
        for (const auto& link : chain) TRY(verifier.import(link));
        return {};
    }
    return {};
}

Terminal::Terminal(std::vector<pki::CvCertificate> chain, pki::CvSigner sign, Binding binding)
    : chain_(std::move(chain)), sign_(std::move(sign)), binding_(std::move(binding)) {}

CommandApdu Terminal::first() const {
    return command_of(iso7816::ins::manage_security_environment, p1p2_set_dst,
                      write_reference(chain_.front().certification_authority_reference));
}

Terminal::Position Terminal::after(Position p) const {
    if (p.step == Step::verify_certificate && p.certificate + 1 < chain_.size()) return {Step::set_dst, p.certificate + 1};
    return {static_cast<Step>(static_cast<int>(p.step) + 1), p.certificate};
}

std::string Terminal::name(Position p) const {
    constexpr std::array names = {"MSE:Set DST",   "PSO:Verify Certificate", "MSE:Set AT",
                                  "GET CHALLENGE", "EXTERNAL AUTHENTICATE",  "after terminal authentication"};
    return fmt::format("{} {}", names.at(static_cast<std::size_t>(p.step)),
                       pki::reference_text(chain_[p.certificate].certificate_holder_reference));
}

// What a refusal is likely to mean. Some chips accept an unknown reference and refuse its use (7.1.5.1, note).
std::string Terminal::explain(Position p, std::uint16_t status) const {
    const auto& c = chain_[p.certificate];
    if (p.step == Step::set_dst && status == sw::reference_data_not_found)
        return "the chip does not know " + pki::reference_text(c.certification_authority_reference);
    if (p.step == Step::verify_certificate)
        return fmt::format("{}, issued by {}", c.text(), pki::reference_text(c.certification_authority_reference));
    if (p.step == Step::external_authenticate && status == sw::authentication_failed) return "the chip says that the signature is wrong";
    return {};
}

Result<std::optional<CommandApdu>> Terminal::next(const ResponseApdu& response) {
    const auto at = std::exchange(position_, Position{Step::done, chain_.size() - 1});  // unless this step succeeds
    if (at.step == Step::done) return fail(Errc::internal, {}, "terminal authentication has ended");
    if (!response.ok()) return fail(Error(Errc::ta_refused, name(at), explain(at, response.sw)).with_sw(response.sw));
    const auto then = after(at);
    if (then.step == Step::done) return std::nullopt;
    auto next_command = command(then, response.data);
    if (!next_command) return fail(std::move(next_command.error()).inside(name(at)));
    position_ = then;
    return std::move(*next_command);
}

Result<CommandApdu> Terminal::command(Position p, ByteView response_data) const {
    const auto& c = chain_[p.certificate];
    switch (p.step) {
        case Step::set_dst:
            return command_of(iso7816::ins::manage_security_environment, p1p2_set_dst,
                              write_reference(c.certification_authority_reference));
        case Step::verify_certificate:
            return command_of(iso7816::ins::perform_security_operation, p1p2_verify_certificate, to_bytes(c.contents()));
        case Step::set_at:
            return command_of(iso7816::ins::manage_security_environment, p1p2_set_at, write_reference(c.certificate_holder_reference));
        case Step::get_challenge: return CommandApdu{0x00, iso7816::ins::get_challenge, 0, 0, {}, challenge_size};
        case Step::external_authenticate: {
            if (response_data.size() != challenge_size)
                return fail(Errc::chip_nonsense, {}, fmt::format("a challenge of {} bytes", response_data.size()));
            return CommandApdu{0x00, iso7816::ins::external_authenticate, 0, 0, TRY(sign_(signed_input(binding_, response_data))), {}};
        }
        case Step::done: break;
    }
    return fail(Errc::internal, {}, "terminal authentication has ended");
}

}  // namespace idchip::term_auth
