#include "report/show_security.hpp"

#include <fmt/format.h>

#include <idchip/crypto/key.hpp>

#include "report/show_parts.hpp"

namespace idchip::report {
namespace {

// Doc 9303-11, table 6 (9.5.1).
std::string parameters_text(std::int64_t id) {
    constexpr std::string_view names[] = {"1024-bit MODP group", "2048-bit MODP group, 224-bit subgroup",
                                          "2048-bit MODP group, 256-bit subgroup"};
    constexpr std::string_view curves[] = {
        "P-192",           "brainpoolP192r1", "P-224",           "brainpoolP224r1", "P-256", "brainpoolP256r1",
        "brainpoolP320r1", "P-384",           "brainpoolP384r1", "brainpoolP512r1", "P-521"};
    if (id >= 0 && id < 3) return fmt::format("{} ({})", id, names[id]);
    if (id >= 8 && id < 19) return fmt::format("{} ({})", id, curves[id - 8]);
    return std::to_string(id);
}

struct InfoWriter {
    Json& j;
    void id(const char* name, const std::optional<std::int64_t>& value) const {
        if (value) j[name] = *value;
    }
    void operator()(const lds::UnknownInfo&) const { j["unknown"] = true; }
    void operator()(const lds::PaceInfo& i) const {
        j["version"] = i.version;
        if (i.parameter_id) j["parameters"] = parameters_text(*i.parameter_id);
    }
    void operator()(const lds::PaceDomainParameterInfo& i) const {
        j["domain parameters"] = fmt::format("{} bytes", i.domain_parameter.size());
        id("parameter id", i.parameter_id);
    }
    void operator()(const lds::ChipAuthenticationInfo& i) const {
        j["version"] = i.version;
        id("key id", i.key_id);
    }
    void operator()(const lds::ChipAuthenticationDomainParameterInfo& i) const {
        j["domain parameters"] = fmt::format("{} bytes", i.domain_parameter.size());
        id("key id", i.key_id);
    }
    void operator()(const lds::ChipAuthenticationPublicKeyInfo& i) const {
        j["key"] = key_text(i.public_key);
        id("key id", i.key_id);
    }
    void operator()(const lds::TerminalAuthenticationInfo& i) const {
        j["version"] = i.version;
        if (i.cvca_fid) j["EF.CVCA"] = fmt::format("{:04X}", *i.cvca_fid);
    }
    void operator()(const lds::ActiveAuthenticationInfo& i) const {
        j["version"] = i.version;
        j["signature algorithm"] = i.signature_algorithm.dotted();
    }
    void operator()(const lds::EfDirInfo& i) const { j["EF.DIR"] = to_hex(i.ef_dir); }
};

}  // namespace

std::string key_text(ByteView public_key) {
    const auto key = crypto::PublicKey::from_spki(public_key);
    return key ? key->info().text() : key.error().message();
}

Json security_infos_json(const lds::SecurityInfos& infos) {
    Json j;
    j["security infos"] = Json::array();
    for (const auto& info : infos.infos) {
        Json entry;
        entry["protocol"] = lds::protocol_name(info.protocol);
        std::visit(InfoWriter{entry}, info.content);
        j["security infos"].push_back(std::move(entry));
    }
    add_notes(j, infos.notes);
    return j;
}

}  // namespace idchip::report
