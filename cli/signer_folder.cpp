#include "signer_folder.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <idchip/base/file.hpp>
#include <idchip/base/text.hpp>

#include <idchip/trust/store.hpp>

#include "base/try.hpp"
#include "key_files.hpp"

namespace idchip::cli {
namespace {

struct InFolder {
    std::filesystem::path folder;
    std::unique_ptr<signer::DocumentSigner> signer;
};

// Written down before the key can make the first signature of it, and only when all of it stands.
Result<void> apply_release(const ReleaseOptions& o, const std::vector<InFolder>& signers) {
    const auto at = now();
    const auto use = TRY(release::KeyUse::parse(TRY(read_request(o.request)).subject));
    const auto subject = use.subject();
    const auto named = std::find_if(signers.begin(), signers.end(),
                                    [&](const InFolder& s) { return s.signer->certificate().fingerprint() == use.certificate; });
    if (named == signers.end())
        return fail(Errc::release_bad, o.request,
                    fmt::format("it asks for {} of \"{}\", and none of the signers here has that key", release::key_use, subject));
    const auto released = TRY(require_release(o, release::key_use, subject, at));
    TRY(named->signer->raise_limit(use.most));
    const nlohmann::ordered_json line = {{"at", to_iso(at)},
                                         {"digest", released.digest},
                                         {"operators", released.operators},
                                         {"kind", release::key_use},
                                         {"subject", subject}};
    return append_line(named->folder / "releases.log", line.dump());
}

Result<InFolder> load_signer(const std::string& folder, const SignerAccess& access, signer::Purpose purpose) {
    pkcs11::Uri uri;
    if (const auto file = std::filesystem::path(folder) / "key.uri"; std::filesystem::exists(file))
        uri = TRY(pkcs11::Uri::parse(trim(TRY(read_text(file, 4096)))));
    const auto passphrase = [file = access.passphrase_file]() -> Result<Secret> {
        auto text = TRY(read_passphrase(file));
        Secret secret(as_bytes(text));
        wipe({reinterpret_cast<Byte*>(text.data()), text.size()});
        return secret;
    };
    auto signer = TRY(signer::DocumentSigner::load(folder, {pin_source(access.pin_file, uri), passphrase}, purpose));
    return InFolder{folder, std::move(signer)};
}

}  // namespace

void add_signer_options(CLI::App& verb, SignerAccess& access) {
    verb.add_option("--pin-file", access.pin_file, "its first line is the PIN of the token; or IDCHIP_TOKEN_PIN, or you are asked");
    verb.add_option("--passphrase-file", access.passphrase_file, "its first line is the passphrase of a key in a file");
    add_release_options(verb, access.release);
}

Result<std::unique_ptr<signer::DocumentSigner>> open_signer(const std::string& folder, const SignerAccess& access,
                                                            signer::Purpose purpose) {
    std::vector<InFolder> opened;
    opened.push_back(TRY(load_signer(folder, access, purpose)));
    if (access.release.given()) TRY(apply_release(access.release, opened));
    return std::move(opened[0].signer);
}

Result<std::vector<std::unique_ptr<signer::DocumentSigner>>> open_signers(const std::vector<std::string>& folders,
                                                                          const SignerAccess& access) {
    std::vector<InFolder> opened;
    for (const auto& folder : folders) opened.push_back(TRY(load_signer(folder, access, signer::Purpose::documents)));
    if (access.release.given()) TRY(apply_release(access.release, opened));
    std::vector<std::unique_ptr<signer::DocumentSigner>> signers;
    for (auto& one : opened) signers.push_back(std::move(one.signer));
    return signers;
}

Result<pki::TrustStore> load_trust(const std::string& path) { return trust::load(path); }

}  // namespace idchip::cli
