// Validation of CV certificates as a chip does it: Doc 9303-11, 7.1.4.3. A terminal uses the same to see beforehand what the chip will say.
#pragma once

#include <idchip/pki/cv_certificate.hpp>

namespace idchip::pki {

struct CvPolicy {
    // Algorithms and key sizes that stand in TR-03110-3 and not in Doc 9303-11: SHA-1, PKCS#1 v1.5, RSA below 2048 bits, curves below 224.
    bool tr03110_algorithms = false;
};

// A public key that a chip has imported, with what it must remember of its certificate (7.1.4.3.7).
struct CvKey {
    CvCertificate certificate;
    crypto::PublicKey public_key;
    // AND of the relative authorizations from the CVCA on; of a CVCA its own (TR-03110-3, 2.7.2).
    Bytes effective_authorization;

    const std::string& reference() const { return certificate.certificate_holder_reference; }
    CvRole role() const { return certificate.role(); }
    std::optional<crypto::Curve> curve() const;  // what keys below inherit
    AccessRights rights() const;                 // none but for a terminal

    // A trust point as the personalizer puts it onto a chip, or as one is restored. `inherited` is for a link certificate without
    // domain parameters. A self-signed certificate must verify. Errors: cvc.not_valid (no CVCA), crypto.*.
    static Result<CvKey> trust_point(CvCertificate certificate, std::optional<crypto::Curve> inherited = {});
};

// What a chip remembers from session to session. Whoever persists it stores of each trust point `certificate.raw` and `curve()`.
struct CvTrust {
    std::vector<CvKey> trust_points;  // at most two, the most recent effective date first
    Date current_date;                // approximated (7.1.4.3.3)

    static constexpr std::size_t most_trust_points = 2;
    // References as EF.CVCA and PACE name them.
    std::vector<std::string> references() const;
    const CvKey* find(std::string_view reference) const;
    // Keeps order and number.
    void add(CvKey trust_point);
};

// One session's certificates, one after the other. A certificate that is refused changes nothing.
class CvVerifier {
public:
    // `trust` must outlive the verifier; it changes as certificates are imported, all at once for each.
    explicit CvVerifier(CvTrust& trust, CvPolicy policy = {}) : trust_(trust), policy_(policy) {}

    // A trust point, or the key imported last (7.1.4.3.7).
    const CvKey* find(std::string_view reference) const;
    // Verifies the certificate with the key that it names, imports its key, updates date and trust points.
    // Errors name the certificate: ta.no_chain (nobody known issued it), crypto.bad_signature, crypto.bad_key, cvc.not_valid with the
    // rule that it breaks.
    Result<void> import(const CvCertificate& certificate);
    // Of a DV or a terminal; valid until the next import.
    const CvKey* imported() const { return imported_ ? &*imported_ : nullptr; }

private:
    Result<CvKey> verify(const CvCertificate& certificate, const CvKey& issuer) const;
    Result<void> check_rules(const CvCertificate& certificate, const CvKey& issuer) const;

    CvTrust& trust_;
    CvPolicy policy_;
    std::optional<CvKey> imported_;
};

// Out of certificates in any order: those that lead from one of `trusted`, which are references of CVCA keys and the earlier ones are
// preferred, to the certificate of `holder`, in the order in which a chip must see them. Only references and roles are looked at; of
// certificates for the same place the one that lasts longest is taken.
// Errors: ta.no_chain, naming what is missing.
Result<std::vector<CvCertificate>> order_chain(const std::vector<CvCertificate>& given, const std::vector<std::string>& trusted,
                                               std::string_view holder);

}  // namespace idchip::pki
