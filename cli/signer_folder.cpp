#include "signer_folder.hpp"

#include <idchip/base/file.hpp>
#include <idchip/base/text.hpp>

#include <idchip/trust/store.hpp>

#include "base/try.hpp"
#include "key_files.hpp"

namespace idchip::cli {

void add_signer_options(CLI::App& verb, SignerAccess& access) {
    verb.add_option("--pin-file", access.pin_file, "its first line is the PIN of the token; or IDCHIP_TOKEN_PIN, or you are asked");
    verb.add_option("--passphrase-file", access.passphrase_file, "its first line is the passphrase of a key in a file");
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
    return signer::DocumentSigner::load(folder, {pin_source(access.pin_file, uri), passphrase}, purpose);
}

Result<pki::TrustStore> load_trust(const std::string& path) { return trust::load(path); }

}  // namespace idchip::cli
