// An authorization PKI for one test: CVCA, document verifier, inspection system.
#pragma once

#include "unit/unit.hpp"

#include <idchip/protocol/term_auth/term_auth.hpp>

namespace idchip::test {

struct CvChainMaker {
    static constexpr Date start{2026, 1, 1}, end{2027, 1, 1};
    crypto::PrivateKey cvca_key, dv_key, is_key;
    pki::CvCertificate cvca, dv, is;

    static crypto::PrivateKey key() { return good(crypto::PrivateKey::generate_ec(crypto::Curve::bp256r1)); }

    explicit CvChainMaker(pki::AccessRights rights = {true, false})
        : cvca_key(key()),
          dv_key(key()),
          is_key(key()),
          cvca(make("VNCVCA00001", "VNCVCA00001", pki::CvRole::cvca, {true, true}, cvca_key, cvca_key)),
          dv(make("VNCVCA00001", "VNDVDOM00001", pki::CvRole::dv_domestic, {true, true}, dv_key, cvca_key)),
          is(make("VNDVDOM00001", "VNISTST00001", pki::CvRole::terminal, rights, is_key, dv_key)) {}

    static pki::CvCertificate make(std::string_view car, std::string_view chr, pki::CvRole role, pki::AccessRights rights,
                                   const crypto::PrivateKey& holder, const crypto::PrivateKey& issuer, Date from = start,
                                   Date until = end) {
        pki::CvTemplate t;
        t.certification_authority_reference = car;
        t.certificate_holder_reference = chr;
        t.holder_authorization = pki::HolderAuthorization::inspection_system(role, rights);
        t.effective_date = from;
        t.expiration_date = until;
        t.algorithm = pki::CvAlgorithm::suited_to(holder.public_key().info());
        t.with_domain_parameters = role == pki::CvRole::cvca;
        return good(pki::build_cv_certificate(t, holder.public_key(),
                                              pki::cv_signer(issuer, pki::CvAlgorithm::suited_to(issuer.public_key().info()))));
    }

    pki::CvTrust trust() const {
        pki::CvTrust t;
        t.add(good(pki::CvKey::trust_point(cvca)));
        t.current_date = start;
        return t;
    }
    term_auth::Credentials credentials() const { return good(term_auth::Credentials::of({dv, is}, is_key)); }
};

}  // namespace idchip::test
