#include <idchip/pki/trust.hpp>

#include <algorithm>
#include <mutex>

#include <fmt/format.h>

#include <idchip/base/file.hpp>
#include <idchip/base/text.hpp>

#include "base/try.hpp"

namespace idchip::pki {
namespace {

constexpr std::size_t trust_file_limit = 16U << 20U;

// Old CSCA certificates say nothing of what they may sign; then only a root certificate passes for one. A document signer put
// beside its CSCA must not become an anchor.
bool may_sign_certificates(const Certificate& c) {
    if (c.is_csca == false || (c.key_usage && !c.allows(KeyUsage::key_cert_sign))) return false;
    return c.is_csca || c.key_usage || c.self_issued();
}

void load_file(TrustStore& store, const std::filesystem::path& path) {
    const auto extension = upper_ascii(path.extension().string());
    const bool crl = extension == ".CRL";
    if (!crl && extension != ".CER" && extension != ".CRT" && extension != ".DER" && extension != ".PEM") return;
    const auto name = path.filename().string();
    const auto skip = [&](Error error) { store.skipped.push_back(std::move(error).inside(name)); };
    auto bytes = read_file(path, trust_file_limit);
    if (!bytes) return skip(std::move(bytes.error()));
    if (crl) {
        auto list = Crl::parse_any(*bytes);
        if (list) store.crls.push_back(std::move(*list));
        else skip(std::move(list.error()));
        return;
    }
    auto certificate = Certificate::parse_any(*bytes);
    if (!certificate) return skip(std::move(certificate.error()));
    if (!may_sign_certificates(*certificate))
        return skip(Error(Errc::pki_bad_certificate, {}, "not a CSCA certificate: it may not sign certificates"));
    if (!certificate->public_key) return skip(*certificate->key_error);
    store.csca.push_back(std::move(*certificate));
}

// Several certificates may carry the key that verifies: the one that was valid when the other was issued, a root before a link.
int rank(const Certificate& csca, const Certificate& issued) {
    const bool covers = csca.not_before <= issued.not_before && issued.not_before <= csca.not_after;
    const bool other_key = csca.authority_key_id && csca.subject_key_id && !equal(*csca.authority_key_id, *csca.subject_key_id);
    return (covers ? 2 : 0) + (csca.self_issued() && !other_key ? 1 : 0);
}

IssuerAttempt try_issuer(const Certificate& certificate, const Certificate& csca, ProvenSignatures& proven) {
    IssuerAttempt attempt{&csca, false, {}};
    attempt.names_other_key =
        certificate.authority_key_id && csca.subject_key_id && !equal(*certificate.authority_key_id, *csca.subject_key_id);
    if (attempt.names_other_key) {
        // Doc 9303-12, D.1.1.1: after a rollover several keys share one name; the key identifier tells them apart.
        attempt.failure = Error(Errc::crypto_bad_signature, csca.subject.text(), "authority key identifier names another key");
    } else if (!csca.public_key) {
        attempt.failure = csca.key_error;
    } else if (auto verified = proven.verify(certificate, *csca.public_key); !verified) {
        attempt.failure = std::move(verified.error());
    }
    return attempt;
}

// What was signed, by whom, and the signature itself, which is not part of what was signed.
template <class Signed>
std::string fingerprint_of(const Signed& object, const crypto::PublicKey& key) {
    const auto& i = key.info();
    std::string fingerprint;
    for (const auto* part : {&object.sha256, &i.point, &i.n, &i.e}) fingerprint += as_text(*part);
    return fingerprint;
}

constexpr std::size_t most_proven = 16'384;

}  // namespace

template <class Signed>
Result<void> ProvenSignatures::verify_once(const Signed& object, const crypto::PublicKey& issuer_key) {
    const auto fingerprint = fingerprint_of(object, issuer_key);
    {
        const std::shared_lock lock(mutex_);
        if (proven_.contains(fingerprint)) return {};
    }
    TRY(object.verify_signature(issuer_key));
    const std::unique_lock lock(mutex_);
    if (proven_.size() >= most_proven) proven_.clear();
    proven_.insert(fingerprint);
    return {};
}

Result<void> ProvenSignatures::verify(const Certificate& certificate, const crypto::PublicKey& key) {
    return verify_once(certificate, key);
}
Result<void> ProvenSignatures::verify(const Crl& crl, const crypto::PublicKey& key) { return verify_once(crl, key); }

Result<TrustStore> TrustStore::load(const std::filesystem::path& folder) {
    std::error_code error;
    std::vector<std::filesystem::path> paths;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error)) paths.push_back(entry.path());
    if (error) return fail(Errc::not_found, folder.string(), error.message());
    std::sort(paths.begin(), paths.end());
    TrustStore store;
    store.source = folder.string();
    for (const auto& path : paths) load_file(store, path);
    if (store.csca.empty()) {
        const auto why = store.skipped.empty() ? std::string() : ": " + store.skipped.front().message();
        return fail(Errc::pki_no_trust, folder.string(), fmt::format("{} files skipped{}", store.skipped.size(), why));
    }
    return store;
}

IssuerSearch find_issuer(const Certificate& certificate, const TrustStore& store) {
    IssuerSearch search;
    for (const auto& csca : store.csca) {
        search.country_known |= upper_ascii(csca.subject.country()) == upper_ascii(certificate.issuer.country());
        if (!csca.subject.matches(certificate.issuer)) continue;
        auto attempt = try_issuer(certificate, csca, *store.proven);
        const bool better = search.issuer == nullptr || rank(csca, certificate) > rank(*search.issuer, certificate);
        if (!attempt.failure && better) search.issuer = &csca;
        search.attempts.push_back(std::move(attempt));
    }
    return search;
}

}  // namespace idchip::pki
