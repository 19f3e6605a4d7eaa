#include "card_key_options.hpp"

#include <idchip/base/file.hpp>

#include "base/try.hpp"
#include "key_files.hpp"

namespace idchip::cli {
namespace {

card_keys::Algorithm algorithm_of(const profile::Profile& profile) {
    return profile.channel.kind == profile::ChannelKind::scp03 ? card_keys::Algorithm::aes : card_keys::Algorithm::tdes;
}

// One line of hexadecimal.
card_keys::KeyEncryptionKey key_encryption_key(const std::string& file) {
    if (file.empty()) return {};
    return [file]() -> Result<Secret> {
        auto key = from_hex(TRY(read_passphrase(file)));
        if (!key) return fail(std::move(key.error()).inside(file));
        return Secret(std::move(*key));
    };
}

}  // namespace

void add_card_key_options(CLI::App& verb, CardKeyOptions& o) {
    verb.add_option("--keys", o.keys, "keys that open the blanks: a file (JSON, or CSV by its name), or a PKCS#11 URI of master keys");
    verb.add_option("--kek", o.kek, "file with the key (hexadecimal) that the keys in --keys are wrapped with");
    verb.add_option("--diversification", o.diversification, "how a card's keys follow from master keys in a token")
        ->check(CLI::IsMember({"none", "emv_cps", "visa2", "kdf3"}))
        ->capture_default_str();
    verb.add_option("--key-version", o.version, "version of master keys in a token")->check(CLI::Range(0, 127));
    verb.add_option("--keys-pin-file", o.pin_file, "file with the PIN of the token that holds the master keys");
}

Result<std::unique_ptr<card_keys::Source>> open_card_keys(const CardKeyOptions& o, const profile::Profile& profile) {
    if (o.keys.empty()) return std::unique_ptr<card_keys::Source>();
    const auto algorithm = algorithm_of(profile);
    if (o.keys.starts_with("pkcs11:")) {
        const auto uri = TRY(pkcs11::Uri::parse(o.keys));
        const auto method = card_keys::diversification_by_name(o.diversification);
        if (!method) return fail(Errc::bad_field, "--diversification", o.diversification);
        return card_keys::open_token(uri, pin_source(o.pin_file, uri), algorithm, *method, static_cast<Byte>(o.version));
    }
    if (o.keys.ends_with(".csv")) return card_keys::open_csv(o.keys, algorithm, key_encryption_key(o.kek));
    return card_keys::open_file(o.keys, key_encryption_key(o.kek));
}

}  // namespace idchip::cli
