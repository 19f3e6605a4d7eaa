// A whole issuing PKI for tests: CSCA, document signer, revocation list, all marked SPECIMEN.
#pragma once

#include <filesystem>

#include <idchip/base/random.hpp>
#include <idchip/signer/authority.hpp>

namespace idchip::signer {

struct TestPkiOptions {
    std::string country = "VN";        // of the names; two letters
    std::string country_code = "VNM";  // as in the MRZ
    crypto::Curve csca_curve = crypto::Curve::p384;
    crypto::Curve ds_curve = crypto::Curve::p256;
    std::size_t csca_rsa_bits = 0, ds_rsa_bits = 0;  // an RSA key of this size instead of the curve
    crypto::EcEncoding ec_encoding = crypto::EcEncoding::explicit_parameters;
    std::vector<std::string> document_types = {"ID", "P"};
    Instant now;
};

struct TestPki {
    pki::Certificate csca, ds;
    crypto::PrivateKey csca_key, ds_key;
    pki::Crl crl;
};

AuthorityProfile test_pki_profile(const TestPkiOptions& options);
Result<TestPki> make_test_pki(const TestPkiOptions& options, Rng& rng);
// trust/csca.cer, trust/csca.crl, signer/ds.cer, signer/ds.SPECIMEN.key.pem, csca/csca.SPECIMEN.key.pem
Result<void> save_test_pki(const TestPki& pki, const std::filesystem::path& folder);

}  // namespace idchip::signer
