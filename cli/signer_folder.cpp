#include "signer_folder.hpp"

#include <nlohmann/json.hpp>

#include <idchip/base/file.hpp>
#include <idchip/base/text.hpp>

#include <idchip/trust/store.hpp>

#include "base/try.hpp"
#include "key_files.hpp"

namespace idchip::cli {
namespace {

// Written down before the key can make the first signature of it.
Result<void> apply(const ReleaseOptions& o, const std::filesystem::path& folder, signer::DocumentSigner& signer) {
    const auto at = now();
    const auto use = TRY(release::KeyUse::parse(TRY(read_request(o.request)).subject));
    const auto subject = release::KeyUse{signer.certificate().fingerprint(), use.most}.subject();
    const auto released = TRY(require_release(o, release::key_use, subject, at));
    TRY(signer.raise_limit(use.most));
    const nlohmann::ordered_json line = {{"at", to_iso(at)},
                                         {"digest", released.digest},
                                         {"operators", released.operators},
                                         {"kind", release::key_use},
                                         {"subject", subject}};
    return append_line(folder / "releases.log", line.dump());
}

}  // namespace

void add_signer_options(CLI::App& verb, SignerAccess& access) {
    verb.add_option("--pin-file", access.pin_file, "its first line is the PIN of the token; or IDCHIP_TOKEN_PIN, or you are asked");
    verb.add_option("--passphrase-file", access.passphrase_file, "its first line is the passphrase of a key in a file");
    add_release_options(verb, access.release);
}

Result<std::unique_ptr<signer::DocumentSigner>> open_signer(const std::string& folder, const SignerAccess& access,
                                                            signer::Purpose purpose) {
    pkcs11::Uri uri;
    if (const auto file = std::filesystem::path(folder) / "key.uri"; std::filesystem::exists(file))
        uri = TRY(pkcs11::Uri::parse(trim(TRY(read_text(file, 4096)))));
    const auto passphrase = [file = access.passphrase_file]() -> Result<Secret> {
        auto text = TRY(read_passphrase(file));
        Secret secret(as_bytes(text));
        wipe({reinterpret_cast<Byte*>(text.data()), text.size()});
        return secret;
    };
    auto opened = TRY(signer::DocumentSigner::load(folder, {pin_source(access.pin_file, uri), passphrase}, purpose));
    if (access.release.given()) TRY(apply(access.release, folder, *opened));
    return opened;
}

Result<pki::TrustStore> load_trust(const std::string& path) { return trust::load(path); }

}  // namespace idchip::cli
