#include "lds/protocol_oids.hpp"

#include <map>

#include <fmt/format.h>

#include <idchip/lds/security_infos.hpp>

namespace idchip::lds {
namespace {

struct Protocol {
    ProtocolKind kind;
    std::string name;
};
using Table = std::map<der::Oid, Protocol>;

void add(Table& table, const std::string& dotted, ProtocolKind kind, std::string name) {
    table.emplace(der::Oid(dotted), Protocol{kind, std::move(name)});
}

// The arcs under a mapping or key agreement are the same everywhere: 1 3DES, 2 to 4 AES with growing keys.
void add_ciphers(Table& table, const std::string& arc, ProtocolKind kind, const std::string& name, bool with_3des) {
    if (with_3des) add(table, arc + ".1", kind, name + "-3DES-CBC-CBC");
    for (const int k : {0, 1, 2}) add(table, fmt::format("{}.{}", arc, k + 2), kind, fmt::format("{}-AES-CBC-CMAC-{}", name, 128 + 64 * k));
}

Table make_table() {
    const std::string smartcard = "0.4.0.127.0.7.2.2", icao = "2.23.136.1.1";
    Table t;
    struct Mapping {
        const char* arc;
        const char* name;
        bool with_3des;
    };
    for (const auto& m :
         {Mapping{".4.1", "id-PACE-DH-GM", true}, Mapping{".4.2", "id-PACE-ECDH-GM", true}, Mapping{".4.3", "id-PACE-DH-IM", true},
          Mapping{".4.4", "id-PACE-ECDH-IM", true}, Mapping{".4.6", "id-PACE-ECDH-CAM", false}}) {
        add(t, smartcard + m.arc, ProtocolKind::pace_parameters, m.name);
        add_ciphers(t, smartcard + m.arc, ProtocolKind::pace, m.name, m.with_3des);
    }
    for (const auto& m : {Mapping{".3.1", "id-CA-DH", true}, Mapping{".3.2", "id-CA-ECDH", true}}) {
        add(t, smartcard + m.arc, ProtocolKind::chip_authentication_parameters, m.name);
        add_ciphers(t, smartcard + m.arc, ProtocolKind::chip_authentication, m.name, m.with_3des);
    }
    add(t, smartcard + ".1.1", ProtocolKind::public_key, "id-PK-DH");
    add(t, smartcard + ".1.2", ProtocolKind::public_key, "id-PK-ECDH");
    add(t, smartcard + ".2", ProtocolKind::terminal_authentication, "id-TA");
    add(t, icao + ".5", ProtocolKind::active_authentication, "id-icao-mrtd-security-aaProtocolObject");
    add(t, icao + ".13", ProtocolKind::ef_dir, "id-EFDIR");
    return t;
}

const Table& table() {
    static const Table known = make_table();
    return known;
}

}  // namespace

std::optional<ProtocolKind> protocol_kind(const der::Oid& protocol) {
    const auto it = table().find(protocol);
    return it == table().end() ? std::nullopt : std::optional(it->second.kind);
}

std::string protocol_name(const der::Oid& protocol) {
    const auto it = table().find(protocol);
    return it == table().end() ? protocol.dotted() : it->second.name;
}

std::optional<der::Oid> protocol_by_name(std::string_view name) {
    for (const auto& [oid, protocol] : table())
        if (protocol.name == name) return oid;
    return std::nullopt;
}

}  // namespace idchip::lds
