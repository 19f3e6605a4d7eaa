// References, roles and rights of CV certificates.
#include <idchip/pki/cv_certificate.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <idchip/base/text.hpp>

namespace idchip::pki {
namespace {

constexpr Byte bit_dg3 = 0x01, bit_dg4 = 0x02;  // 9303-11, table K-1
// Country code, at least one character of the holder mnemonic, sequence number (9303-12, table 12).
constexpr std::size_t shortest_reference = 2 + 1 + 5, longest_reference = 16;

struct KnownExtension {
    der::Oid id;
    std::string_view name;
};

// TR-03110-3, C.3.2; 9303-10, 5.4.2
const std::vector<KnownExtension>& known_extensions() {
    static const std::vector<KnownExtension> table = {
        {der::Oid("0.4.0.127.0.7.3.1.3.1"), "id-description"},
        {der::Oid("0.4.0.127.0.7.3.1.3.2"), "id-sector"},
        {der::Oid("0.4.0.127.0.7.3.1.3.3"), "id-PS-Sector"},
        {der::Oid("2.23.136.1.1.9.1.3"), "id-icao-lds2-travelRecords-access"},
        {der::Oid("2.23.136.1.1.9.2.3"), "id-icao-lds2-visaRecords-access"},
        {der::Oid("2.23.136.1.1.9.3.3"), "id-icao-lds2-additionalBiometrics-access"},
    };
    return table;
}

}  // namespace

const der::Oid& oid_id_is() {
    static const der::Oid id("0.4.0.127.0.7.3.1.2.1");
    return id;
}
const der::Oid& oid_id_at() {
    static const der::Oid id("0.4.0.127.0.7.3.1.2.2");
    return id;
}
const der::Oid& oid_id_st() {
    static const der::Oid id("0.4.0.127.0.7.3.1.2.3");
    return id;
}

std::string terminal_type_name(const der::Oid& type) {
    if (type == oid_id_is()) return "id-IS";
    if (type == oid_id_at()) return "id-AT";
    if (type == oid_id_st()) return "id-ST";
    return type.dotted();
}

std::string extension_name(const der::Oid& id) {
    for (const auto& known : known_extensions())
        if (known.id == id) return std::string(known.name);
    return id.dotted();
}

std::string_view name(CvRole role) {
    switch (role) {
        case CvRole::terminal: return "terminal";
        case CvRole::dv_foreign: return "foreign DV";
        case CvRole::dv_domestic: return "domestic DV";
        case CvRole::cvca: return "CVCA";
    }
    return "";
}

bool may_issue(CvRole issuer, CvRole holder) {
    if (issuer == CvRole::cvca) return holder == CvRole::cvca || is_dv(holder);
    return is_dv(issuer) && holder == CvRole::terminal;
}

HolderAuthorization HolderAuthorization::inspection_system(CvRole role, AccessRights rights) {
    const auto bits = (static_cast<unsigned>(role) << 6U) | (rights.dg3 ? bit_dg3 : 0U) | (rights.dg4 ? bit_dg4 : 0U);
    return {oid_id_is(), Bytes{static_cast<Byte>(bits)}};
}

AccessRights access_rights(const der::Oid& terminal_type, ByteView authorization) {
    if (!(terminal_type == oid_id_is()) || authorization.size() != 1) return {};
    return {(authorization[0] & bit_dg3) != 0, (authorization[0] & bit_dg4) != 0};
}

Result<void> check_reference(std::string_view reference) {
    if (reference.size() < shortest_reference || reference.size() > longest_reference)
        return fail(Errc::cvc_bad_certificate, {},
                    fmt::format("a reference of {} characters, want {} to {}", reference.size(), shortest_reference, longest_reference));
    // 9303-12, 7.2.3.1.4
    const auto unassigned = [](char ch) {
        const auto b = static_cast<Byte>(ch);
        return b < 0x20 || (b >= 0x7F && b < 0xA0);
    };
    if (std::any_of(reference.begin(), reference.end(), unassigned))
        return fail(Errc::cvc_bad_certificate, {}, "a character that ISO/IEC 8859-1 does not have");
    return {};
}

std::string reference_text(std::string_view reference) {
    std::string utf8;
    for (const char ch : reference) {
        const auto b = static_cast<Byte>(ch);
        if (b < 0x80) {
            utf8 += ch;
        } else {
            utf8 += static_cast<char>(0xC0U | (b >> 6U));
            utf8 += static_cast<char>(0x80U | (b & 0x3FU));
        }
    }
    return printable(utf8);
}

}  // namespace idchip::pki
