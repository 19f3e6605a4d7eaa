// A country signing certificate authority: what it certifies, and what it takes back (Doc 9303-12, 7.1 and 7.2).
#pragma once

#include <idchip/base/random.hpp>
#include <idchip/pki/crl.hpp>

namespace idchip::signer {

// What stands in every certificate of one authority.
struct AuthorityProfile {
    std::string country_code;  // as in the zone, for the alternative names: "VNM"
    std::string contact;       // e-mail address
    std::string crl_url;       // http, https or ldap
    crypto::EcEncoding ec_encoding = crypto::EcEncoding::explicit_parameters;
};

struct Periods {
    Instant from;
    std::int64_t signing_days = 0;  // private key usage period
    std::int64_t valid_days = 0;    // of the certificate
};

// A CSCA as it issues: its certificate and the key behind it.
struct Authority {
    pki::Certificate certificate;
    std::shared_ptr<const crypto::SigningKey> key;
    AuthorityProfile profile;
    crypto::SignatureAlgorithm algorithm;
};

// Errors: pki.refused (country, name, periods, algorithm and key do not fit the profile), crypto.*, token.*.
Result<Authority> create_authority(const pki::Name& name, std::shared_ptr<const crypto::SigningKey> key,
                                   const crypto::SignatureAlgorithm& algorithm, const AuthorityProfile& profile, const Periods& periods,
                                   Rng& rng);
// With a certificate that was issued before. Errors: pki.refused (the key is another's, it is no CSCA certificate).
Result<Authority> resume_authority(pki::Certificate certificate, std::shared_ptr<const crypto::SigningKey> key,
                                   const crypto::SignatureAlgorithm& algorithm, const AuthorityProfile& profile);

// The next key of the same authority: its self-signed certificate, and the link from the old key to it. With another name the link says so
// (7.1.1.5). Errors: as create_authority.
struct Rollover {
    Authority next;
    pki::Certificate link;
};
Result<Rollover> roll_over(const Authority& authority, const pki::Name& name, std::shared_ptr<const crypto::SigningKey> key,
                           const crypto::SignatureAlgorithm& algorithm, const Periods& periods, Rng& rng);

enum class Purpose { documents, master_lists, deviation_lists };
const der::Oid& extended_key_usage_of(Purpose purpose);  // of signers of lists
struct SignerRequest {
    pki::Name name;
    crypto::PublicKey key;
    Purpose purpose = Purpose::documents;
    std::vector<std::string> document_types;  // documents: as in the zone, "P", "ID"
    Periods periods;
};
// Errors: pki.refused (other country, periods beyond the CSCA's, no document types, the authority's own signing period is over), crypto.*, token.*.
Result<pki::Certificate> certify_signer(const Authority& authority, const SignerRequest& request, Rng& rng);

// The next list: everything that stood in the last one, and more. Errors: pki.refused (the last list is another's, a serial stands there
// already, the period is wrong), crypto.*, token.*.
Result<pki::Crl> issue_crl(const Authority& authority, const pki::Crl* last, const std::vector<pki::RevokedEntry>& revoked, Instant now,
                           std::int64_t valid_days);

// What fits a key: "SHA-256", "PSS"; empty: as default_algorithm. Errors: pki.refused (SHA-1, a hash too weak for the key).
Result<crypto::SignatureAlgorithm> choose_algorithm(const crypto::PublicKeyInfo& key, std::string_view hash, bool pkcs1);

}  // namespace idchip::signer
