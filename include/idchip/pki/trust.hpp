// Who is trusted: CSCA certificates and their revocation lists, from a folder.
#pragma once

#include <filesystem>

#include <idchip/pki/cms.hpp>
#include <idchip/pki/crl.hpp>

namespace idchip::pki {

struct TrustStore {
    std::vector<Certificate> csca;
    std::vector<Crl> crls;
    std::vector<Error> skipped;  // files of the folder that were not usable, and why
    std::string source;

    // *.cer *.crt *.der *.pem *.crl. A folder without a usable CSCA certificate is an error: nothing could ever be
    // decided with it. Errors: pki.no_trust, input.not_found.
    static Result<TrustStore> load(const std::filesystem::path& folder);
};

// One attempt to find who issued a certificate, kept for the explanation.
struct IssuerAttempt {
    const Certificate* csca = nullptr;
    bool names_other_key = false;  // authority and subject key identifier differ: the signature was not tried
    std::optional<Error> failure;  // nothing: this one issued it
};

struct IssuerSearch {
    const Certificate* issuer = nullptr;  // first whose key verifies the signature
    std::vector<IssuerAttempt> attempts;  // every CSCA whose subject is the certificate's issuer
    bool country_known = false;           // any CSCA of the issuer's country in the store
};
// Candidates by subject name, narrowed by AKI/SKI where both stand; the signature decides.
IssuerSearch find_issuer(const Certificate& certificate, const TrustStore& store);

}  // namespace idchip::pki
