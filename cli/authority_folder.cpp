#include "authority_folder.hpp"

#include <nlohmann/json.hpp>

#include <idchip/base/file.hpp>
#include <idchip/base/text.hpp>

#include "base/try.hpp"
#include "key_files.hpp"

namespace idchip::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view format_name = "idchip-authority";

}  // namespace

Result<void> AuthorityFolder::save(const signer::Authority& a, const std::string& key) const {
    for (const auto* name : {"trust", "csca", "issued"}) TRY(make_folder(folder_ / name));
    const auto& p = a.profile;
    const bool explicit_parameters = p.ec_encoding == crypto::EcEncoding::explicit_parameters;
    const Json j = {{"format", format_name},
                    {"version", 1},
                    {"key", key},
                    {"country_code", p.country_code},
                    {"contact", p.contact},
                    {"crl_url", p.crl_url},
                    {"ec_parameters", explicit_parameters ? "explicit" : "named"},
                    {"hash", std::string(crypto::name(a.algorithm.hash))},
                    {"pkcs1", a.algorithm.scheme == crypto::Scheme::rsa_pkcs1}};
    TRY(remember(a.certificate));
    TRY(write_file(certificate_file(), a.certificate.raw));
    return write_text(folder_ / "csca/authority.json", j.dump(1) + "\n");
}

Result<signer::Authority> AuthorityFolder::load(const KeyAccess& access) const {
    const auto file = folder_ / "csca/authority.json";
    const auto text = TRY(read_text(file, 1U << 16U));
    try {
        const auto j = Json::parse(text);
        if (j.at("format") != format_name || j.at("version") != 1) return fail(Errc::bad_json, file.string(), "not an authority");
        signer::AuthorityProfile profile{
            j.at("country_code"), j.at("contact"), j.at("crl_url"),
            j.at("ec_parameters") == "named" ? crypto::EcEncoding::named : crypto::EcEncoding::explicit_parameters};
        const auto name = j.at("key").get<std::string>();
        auto key = TRY(open_key(pkcs11::Uri::is(name) ? name : (folder_ / name).string(), access.passphrase_file, access.pin_file));
        const auto algorithm =
            TRY(signer::choose_algorithm(key->public_key().info(), j.at("hash").get<std::string>(), j.at("pkcs1").get<bool>()));
        return signer::resume_authority(TRY(read_certificate(certificate_file().string())), std::move(key), algorithm, profile);
    } catch (const nlohmann::json::exception& e) {
        return fail(Errc::bad_json, file.string(), e.what());
    }
}

Result<void> AuthorityFolder::remember(const pki::Certificate& certificate) const {
    const auto file = folder_ / "issued" / (to_hex(certificate.serial) + ".cer");
    if (std::filesystem::exists(file)) return fail(Errc::already_exists, file.string(), "this serial number was given before");
    TRY(make_folder(folder_ / "issued"));
    return write_file(file, certificate.raw);
}

Result<pki::Certificate> AuthorityFolder::issued(const std::string& serial) const {
    return read_certificate((folder_ / "issued" / (upper_ascii(serial) + ".cer")).string());
}

Result<void> check_specimen(const pki::Name& name, const std::string& key) {
    if (pkcs11::Uri::is(key) || name.text().find("SPECIMEN") != std::string::npos) return {};
    return fail(Errc::pki_refused, name.text(),
                "a key in a file makes specimens only: put OU=SPECIMEN into the name, or the key into a token");
}

}  // namespace idchip::cli
