// Who is trusted: CSCA certificates and their revocation lists, from a folder.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <shared_mutex>
#include <unordered_set>

#include <idchip/pki/cms.hpp>
#include <idchip/pki/crl.hpp>
#include <idchip/pki/deviation_list.hpp>

namespace idchip::pki {

// Signatures over certificates and lists that were found right before: the same document signers come again all day. Shared by copies of a
// store, safe to use from several threads.
class ProvenSignatures {
public:
    // Errors: as Certificate::verify_signature and Crl::verify_signature; failures are not remembered.
    Result<void> verify(const Certificate& certificate, const crypto::PublicKey& issuer_key);
    Result<void> verify(const Crl& crl, const crypto::PublicKey& issuer_key);

private:
    template <class Signed>
    Result<void> verify_once(const Signed& object, const crypto::PublicKey& issuer_key);
    std::shared_mutex mutex_;
    std::unordered_set<std::string> proven_;
};

// A CSCA certificate that was trusted, and is not on the newest list of those who had put it there (case D46).
struct WithdrawnAnchor {
    Certificate certificate;
    std::string reason;  // "not on the list of C=DE, ... of 2026-08-07 any more"
};

struct TrustStore {
    std::vector<Certificate> csca;
    std::vector<Crl> crls;
    std::vector<Error> skipped;  // files of the folder that were not usable, and why
    std::string source;
    std::vector<Certificate> document_signers = {};  // for documents that do not carry their own (case C14)
    std::vector<WithdrawnAnchor> withdrawn = {};
    std::vector<DeviationList> deviation_lists = {};  // proven
    // Why a CSCA certificate is trusted, by its fingerprint: "pinned", "listed by C=DE, ... on 2026-08-07". Nothing of a folder's.
    std::map<std::string, std::string> provenance = {};
    std::optional<Instant> newest_data = {};  // of the newest list in the store; nothing: a folder, which has no date
    std::shared_ptr<ProvenSignatures> proven = std::make_shared<ProvenSignatures>();

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
