// CV certificates that were published, and a small authorization PKI made for a test.
#pragma once

#include "unit.hpp"

#include <idchip/pki/cv_chain.hpp>

namespace idchip::test {

// Of test-vectors/cvc, without its ending.
inline Bytes cv_file(std::string_view name) {
    return good(read_file(std::filesystem::path(IDCHIP_SOURCE_DIR) / "test-vectors/cvc" / (std::string(name) + ".cvcert")));
}
inline pki::CvCertificate cv_certificate(std::string_view name) { return good(pki::CvCertificate::parse(cv_file(name))); }

// CVCA, DV and terminal with their keys; certificates are made as a test wants them.
struct CvPki {
    crypto::PrivateKey cvca_key, dv_key, is_key;
    pki::CvAlgorithm algorithm;

    static CvPki ec(crypto::Curve curve) {
        const auto key = [curve] { return good(crypto::PrivateKey::generate_ec(curve)); };
        auto cvca = key();
        const auto algorithm = pki::CvAlgorithm::suited_to(cvca.public_key().info());
        return {std::move(cvca), key(), key(), algorithm};
    }
    static CvPki rsa(std::string_view algorithm) {
        const auto key = [] { return good(crypto::PrivateKey::generate_rsa(2048)); };
        return {key(), key(), key(), *pki::CvAlgorithm::by_name(algorithm)};
    }

    static pki::CvTemplate content(std::string_view authority, std::string_view holder, pki::CvRole role, const pki::CvAlgorithm& algorithm,
                                   pki::AccessRights rights = {true, true}) {
        pki::CvTemplate t;
        t.certification_authority_reference = authority;
        t.certificate_holder_reference = holder;
        t.holder_authorization = pki::HolderAuthorization::inspection_system(role, rights);
        t.effective_date = {2026, 1, 1};
        t.expiration_date = {2026, 12, 31};
        t.algorithm = algorithm;
        t.with_domain_parameters = role == pki::CvRole::cvca;
        return t;
    }
    pki::CvTemplate cvca_content() const { return content("UTCVCAUT001", "UTCVCAUT001", pki::CvRole::cvca, algorithm); }
    pki::CvTemplate dv_content(pki::CvRole role = pki::CvRole::dv_domestic) const {
        return content("UTCVCAUT001", "UTDVUT001", role, algorithm);
    }
    pki::CvTemplate is_content() const { return content("UTDVUT001", "UTISUT001", pki::CvRole::terminal, algorithm); }

    static pki::CvCertificate make(const pki::CvTemplate& t, const crypto::PrivateKey& holder, const crypto::PrivateKey& issuer,
                                   const pki::CvAlgorithm& issuer_algorithm) {
        return good(pki::build_cv_certificate(t, holder.public_key(), pki::cv_signer(issuer, issuer_algorithm)));
    }
    pki::CvCertificate cvca() const { return make(cvca_content(), cvca_key, cvca_key, algorithm); }
    pki::CvCertificate dv(const pki::CvTemplate& t) const { return make(t, dv_key, cvca_key, algorithm); }
    pki::CvCertificate dv() const { return dv(dv_content()); }
    pki::CvCertificate is(const pki::CvTemplate& t) const { return make(t, is_key, dv_key, algorithm); }
    pki::CvCertificate is() const { return is(is_content()); }

    pki::CvTrust trust(Date current = {2026, 6, 1}) const {
        pki::CvTrust t;
        t.current_date = current;
        t.add(good(pki::CvKey::trust_point(cvca())));
        return t;
    }
};

}  // namespace idchip::test
