// A country signing authority on disk, as `pki init` and `pki csca` make it:
//   trust/csca.cer, trust/csca.crl     what checkpoints trust; with link certificates beside
//   csca/authority.json                profile, algorithm, where the key is
//   csca/csca.SPECIMEN.key.pem         the key, where it is a file
//   signer/                            the document signer: ds.cer, its key, policy.json, signatures.json
//   issued/SERIAL.cer                  everything that was ever certified
#pragma once

#include <filesystem>

#include <idchip/signer/authority.hpp>

namespace idchip::cli {

struct KeyAccess {
    std::string passphrase_file, pin_file;
};

class AuthorityFolder {
public:
    explicit AuthorityFolder(std::filesystem::path folder) : folder_(std::move(folder)) {}

    std::filesystem::path certificate_file() const { return folder_ / "trust/csca.cer"; }
    std::filesystem::path crl_file() const { return folder_ / "trust/csca.crl"; }
    std::filesystem::path trust() const { return folder_ / "trust"; }

    bool exists() const { return std::filesystem::exists(folder_ / "csca"); }
    // `key`: as it is to be found again; a file's name is stored as it stands below the folder, or absolute.
    Result<void> save(const signer::Authority& authority, const std::string& key) const;
    // Errors: input.not_found, input.bad_json, pki.refused, token.*.
    Result<signer::Authority> load(const KeyAccess& access) const;
    // Errors: io.exists: a serial number that was given before.
    Result<void> remember(const pki::Certificate& certificate) const;
    Result<pki::Certificate> issued(const std::string& serial) const;

private:
    std::filesystem::path folder_;
};

// A key in a file makes specimens only. Errors: pki.refused.
Result<void> check_specimen(const pki::Name& name, const std::string& key);

}  // namespace idchip::cli
