// Passwords and keys of the chip, and of the terminal that may read its fingers.
#include "cards/make.hpp"
#include "cards/seeded.hpp"

namespace idchip::cards {
namespace {

// CHR: country, mnemonic, sequence number (Doc 9303-12, 7.2.2.2).
constexpr auto cvca_reference = "VNSPECIMEN00001", dv_reference = "VNDVSPEC00001", is_reference = "VNISSPEC00001";
constexpr auto cv_curve = crypto::Curve::bp256r1;

struct CvKeys {
    crypto::PrivateKey cvca, dv, is;
};

Result<pki::CvCertificate> certificate(const char* issuer, const char* holder, pki::HolderAuthorization authorization,
                                       const crypto::PrivateKey& holder_key, const crypto::PrivateKey& issuer_key,
                                       const AuthorizationPkiPlan& plan) {
    pki::CvTemplate t;
    t.certification_authority_reference = issuer;
    t.certificate_holder_reference = holder;
    t.with_domain_parameters = authorization.role() == pki::CvRole::cvca;
    t.holder_authorization = std::move(authorization);
    t.effective_date = plan.from;
    t.expiration_date = plan.until;
    t.algorithm = pki::CvAlgorithm::suited_to(holder_key.public_key().info());
    return pki::build_cv_certificate(t, holder_key.public_key(), pki::cv_signer(issuer_key, t.algorithm));
}

Result<TestTerminal> make_test_terminal(const AuthorizationPkiPlan& plan, const KeySource& keys) {
    using pki::CvRole;
    using pki::HolderAuthorization;
    const CvKeys k{TRY(keys.signing_key(cv_curve, "cvca")), TRY(keys.signing_key(cv_curve, "dv")), TRY(keys.signing_key(cv_curve, "is"))};
    const pki::AccessRights all{true, true};
    return TestTerminal{
        TRY(certificate(cvca_reference, cvca_reference, HolderAuthorization::inspection_system(CvRole::cvca, all), k.cvca, k.cvca, plan)),
        TRY(certificate(cvca_reference, dv_reference, HolderAuthorization::inspection_system(CvRole::dv_domestic, all), k.dv, k.cvca,
                        plan)),
        TRY(certificate(dv_reference, is_reference, HolderAuthorization::inspection_system(CvRole::terminal, plan.rights), k.is, k.dv,
                        plan)),
        k.is};
}

std::string last_six(const std::string& number) {
    std::string digits;
    for (const char c : number)
        if (c >= '0' && c <= '9') digits += c;
    return digits.size() > 6 ? digits.substr(digits.size() - 6) : digits;
}

// One key for one identifier, whatever protocol uses it (Doc 9303-11, 9.2.1).
std::string static_key(std::optional<std::int64_t> id) { return "static key " + (id ? std::to_string(*id) : "without id"); }

}  // namespace

Result<crypto::KeyPair> KeySource::agreement_key(const crypto::Domain& domain, const Secret& given, const std::string& purpose) const {
    if (!given.empty()) return crypto::KeyPair::of(domain, given.clone());
    if (seed_.empty()) return crypto::KeyPair::generate(domain, rng_);
    SeededRng seeded(seed_, purpose + " " + domain.text());
    return crypto::KeyPair::generate(domain, seeded);
}

Result<crypto::PrivateKey> KeySource::signing_key(crypto::Curve curve, const std::string& purpose) const {
    if (seed_.empty()) return cards::signing_key(curve, rng_);
    SeededRng seeded(seed_, purpose);
    return cards::signing_key(curve, seeded);
}

Result<void> make_access(const Blueprint& b, const Holder& holder, const KeySource& keys, sim::EmrtdConfig& config) {
    config.mrz_information = holder.document.mrz_information;
    config.bac = b.access.bac;
    config.can = b.access.can == "last-six" ? last_six(holder.personal_number) : b.access.can;
    config.pin = b.access.pin;
    config.puk = b.access.puk;
    config.pin_tries = b.access.pin_tries;
    for (const auto& plan : b.access.pace) {
        sim::PaceOffer offer{plan.suite, *crypto::Domain::standardized(plan.parameter_id), plan.parameter_id, {}};
        if (plan.suite.mapping == pace::Mapping::chip_authentication)
            offer.chip_authentication_key =
                TRY(keys.agreement_key(offer.domain, plan.private_key, static_key(plan.parameter_id))).private_value.clone();
        config.pace.push_back(std::move(offer));
    }
    return {};
}

Result<void> make_chip_authentication(const Blueprint& b, const KeySource& keys, sim::EmrtdConfig& config) {
    config.chip_authentication_in_master_file = b.chip_authentication_in_master_file;
    for (const auto& plan : b.chip_authentication) {
        auto pair = TRY(keys.agreement_key(plan.domain, plan.private_key, static_key(plan.key_id)));
        config.chip_authentication.push_back(
            {{plan.domain, std::move(pair.public_value), plan.encoding}, std::move(pair.private_value), plan.key_id, plan.suites});
    }
    return {};
}

Result<void> make_active_authentication(const Blueprint& b, const KeySource& keys, sim::EmrtdConfig& config) {
    if (!b.active_authentication) return {};
    const auto& plan = *b.active_authentication;
    auto key = !plan.private_key_pem.empty() ? crypto::PrivateKey::from_pem(plan.private_key_pem)
               : plan.rsa_bits != 0          ? crypto::PrivateKey::generate_rsa(plan.rsa_bits)
                                             : keys.signing_key(plan.curve, "active authentication");
    if (!key) return fail(std::move(key.error()).inside("active_authentication"));
    config.active_authentication = {std::move(*key), plan.hash, plan.format};
    return {};
}

Result<void> make_terminal_authentication(const Blueprint& b, const KeySource& keys, Card& card) {
    if (!b.terminal_authentication) return {};
    const auto& plan = *b.terminal_authentication;
    auto& ta = card.config.terminal_authentication.emplace();
    ta.policy.tr03110_algorithms = plan.older_algorithms;
    ta.in_master_file = plan.in_master_file;
    std::optional<crypto::Curve> curve;
    const auto trust = [&ta, &curve](pki::CvCertificate certificate) -> Result<void> {
        auto point = pki::CvKey::trust_point(std::move(certificate), curve);
        if (!point) return fail(std::move(point.error()).inside("terminal_authentication/trust_points"));
        curve = point->curve();
        ta.trust.add(std::move(*point));
        return {};
    };
    if (plan.test_pki) {
        card.terminal = TRY(make_test_terminal(*plan.test_pki, keys));
        TRY(trust(card.terminal->cvca));
        ta.trust.current_date = plan.test_pki->from;
    }
    for (const auto& der : plan.trust_points) {
        auto certificate = pki::CvCertificate::parse(der);
        if (!certificate) return fail(std::move(certificate.error()).inside("terminal_authentication/trust_points"));
        ta.trust.current_date = std::max(ta.trust.current_date, certificate->effective_date);
        TRY(trust(std::move(*certificate)));
    }
    if (plan.current_date) ta.trust.current_date = *plan.current_date;
    return {};
}

}  // namespace idchip::cards
