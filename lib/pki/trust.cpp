#include <idchip/pki/trust.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <idchip/base/file.hpp>
#include <idchip/base/text.hpp>

#include "base/try.hpp"

namespace idchip::pki {
namespace {

constexpr std::size_t trust_file_limit = 16U << 20U;

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
    // A document signer put beside its CSCA must not become an anchor.
    if (certificate->is_csca == false || (certificate->key_usage && !certificate->allows(KeyUsage::key_cert_sign)))
        return skip(Error(Errc::pki_bad_certificate, {}, "not a CSCA certificate: it may not sign certificates"));
    if (!certificate->public_key) return skip(*certificate->key_error);
    store.csca.push_back(std::move(*certificate));
}

}  // namespace

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
        IssuerAttempt attempt{&csca, false, {}};
        attempt.names_other_key = certificate.authority_key_id && csca.subject_key_id &&
                                  !equal(*certificate.authority_key_id, *csca.subject_key_id);
        if (attempt.names_other_key) {
            // Doc 9303-12, 4.1.5: after a rollover several keys share one name; the key identifier tells them apart.
            attempt.failure = Error(Errc::crypto_bad_signature, csca.subject.text(), "authority key identifier names another key");
        } else if (auto verified = certificate.verify_signature(*csca.public_key); !verified) {
            attempt.failure = std::move(verified.error());
        } else if (search.issuer == nullptr) {
            search.issuer = &csca;
        }
        search.attempts.push_back(std::move(attempt));
    }
    return search;
}

}  // namespace idchip::pki
