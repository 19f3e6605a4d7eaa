#include "sim/blank/issued.hpp"

#include <array>

#include <nlohmann/json.hpp>

#include <idchip/lds/dg1.hpp>
#include <idchip/lds/security_infos.hpp>

#include "base/try.hpp"

namespace idchip::sim {
namespace {

using Json = nlohmann::ordered_json;

Bytes content_of(const FileSystem::File& file) { return to_bytes(ByteView(file.content).first(file.size)); }

lds::Files documents_files(const FileSystem& files) {
    lds::Files found;
    for (const auto& i : lds::all_files()) {
        const auto* file = files.find(i.df == lds::Df::application ? i.fid : in_master_file(i.fid));
        if (file != nullptr) found[i.ef] = content_of(*file);
    }
    return found;
}

Result<void> add_pace(EmrtdConfig& config) {
    const auto file = config.files.find(lds::Ef::card_access);
    if (file == config.files.end()) return {};
    const auto infos = TRY(lds::EfCardAccess::parse(file->second));
    for (const auto* info : infos.all<lds::PaceInfo>()) {
        const auto suite = pace::Suite::of(info->protocol);
        const auto id = std::get<lds::PaceInfo>(info->content).parameter_id;
        const auto domain = id ? crypto::Domain::standardized(*id) : std::nullopt;
        // No such parameters or mapping in this chip: announced all the same.
        if (suite && domain && suite->mapping != pace::Mapping::chip_authentication) config.pace.push_back({*suite, *domain, id, {}});
    }
    return {};
}

Result<void> add_chip_authentication(EmrtdConfig& config, const Secret& scalar) {
    const auto file = config.files.find(lds::Ef::dg14);
    if (scalar.empty() || file == config.files.end()) return {};
    const auto infos = TRY(lds::Dg14::parse(file->second));
    std::vector<chip_auth::Suite> suites;
    for (const auto* info : infos.all<lds::ChipAuthenticationInfo>())
        if (const auto suite = chip_auth::Suite::of(info->protocol)) suites.push_back(*suite);
    const auto domain = crypto::Domain::ecdh(crypto::Curve::p256);
    auto pair = TRY(crypto::KeyPair::of(domain, scalar.clone()));
    config.chip_authentication.push_back({{domain, std::move(pair.public_value)}, std::move(pair.private_value), {}, std::move(suites)});
    return {};
}

Result<void> add_active_authentication(EmrtdConfig& config, const Issued& issued) {
    if (!issued.aa_scalar.empty())
        config.active_authentication = {TRY(crypto::PrivateKey::from_scalar(crypto::Curve::p256, issued.aa_scalar.view()))};
    if (issued.aa_modulus.empty() || issued.aa_exponent.empty()) return {};
    // The card is never told the public exponent; hosts make their keys with this one.
    const Bytes e = {0x01, 0x00, 0x01};
    config.active_authentication = {TRY(crypto::PrivateKey::from_rsa(issued.aa_modulus, e, issued.aa_exponent.view()))};
    return {};
}

Secret secret_in(const nlohmann::json& json, const char* key) {
    return json.contains(key) ? Secret(from_hex(json[key].get<std::string>()).value_or(Bytes())) : Secret();
}

}  // namespace

Result<EmrtdConfig> make_config(const Issued& issued, const FileSystem& files, Bytes atr) {
    EmrtdConfig config;
    config.atr = std::move(atr);
    config.files = documents_files(files);
    config.bac = !issued.bac_k_seed.empty();
    config.bac_k_seed = issued.bac_k_seed.clone();
    for (const auto& [reference, k] : issued.pace_k) config.pace_k[reference] = k.clone();
    if (const auto dg1 = config.files.find(lds::Ef::dg1); dg1 != config.files.end())
        if (const auto parsed = lds::Dg1::parse(dg1->second))
            config.mrz_information = mrz::mrz_information(parsed->mrz.mrz).value_or(std::string());
    if (!issued.pace_k.empty()) TRY(add_pace(config));
    TRY(add_chip_authentication(config, issued.ca_scalar));
    TRY(add_active_authentication(config, issued));
    return config;
}

std::optional<Date> date_of(ByteView digits) {
    std::array<int, 6> d{};
    if (digits.size() != d.size()) return std::nullopt;
    for (std::size_t i = 0; i < d.size(); ++i) {
        d[i] = digits[i] >= '0' ? digits[i] - '0' : digits[i];
        if (d[i] > 9) return std::nullopt;
    }
    const Date date{2000 + 10 * d[0] + d[1], 10 * d[2] + d[3], 10 * d[4] + d[5]};
    return is_valid(date) ? std::optional(date) : std::nullopt;
}

Result<pki::CvTrust> trust_of(const Issued& issued) {
    pki::CvTrust trust;
    auto point = TRY(pki::CvKey::trust_point(TRY(pki::CvCertificate::parse(issued.cvca))));
    trust.current_date = issued.date.value_or(point.certificate.effective_date);
    trust.add(std::move(point));
    return trust;
}

Json Issued::to_json() const {
    Json json = {{"bac_k_seed", to_hex(bac_k_seed.view())},   {"aa_modulus", to_hex(aa_modulus)},
                 {"aa_exponent", to_hex(aa_exponent.view())}, {"aa_scalar", to_hex(aa_scalar.view())},
                 {"ca_scalar", to_hex(ca_scalar.view())},     {"cvca", to_hex(cvca)}};
    json["pace_k"] = Json::object();
    for (const auto& [reference, k] : pace_k) json["pace_k"][std::to_string(reference)] = to_hex(k.view());
    if (date) json["date"] = to_iso(*date);
    return json;
}

Result<Issued> Issued::from_json(const nlohmann::json& json) {
    Issued issued;
    issued.bac_k_seed = secret_in(json, "bac_k_seed");
    issued.aa_exponent = secret_in(json, "aa_exponent");
    issued.aa_scalar = secret_in(json, "aa_scalar");
    issued.ca_scalar = secret_in(json, "ca_scalar");
    issued.aa_modulus = TRY(from_hex(json.at("aa_modulus").get<std::string>()));
    issued.cvca = TRY(from_hex(json.at("cvca").get<std::string>()));
    for (const auto& [reference, k] : json.at("pace_k").items())
        issued.pace_k[static_cast<Byte>(std::stoul(reference))] = Secret(TRY(from_hex(k.get<std::string>())));
    if (json.contains("date")) issued.date = TRY(parse_iso_date(json["date"].get<std::string>()));
    return issued;
}

}  // namespace idchip::sim
