// Distinguished names as text: RFC 4514.
#include <optional>

#include <idchip/base/text.hpp>
#include <idchip/pki/ldif.hpp>

#include "base/try.hpp"

namespace idchip::pki {
namespace {

Failure bad(std::string detail) { return fail(Errc::pki_bad_ldif, "dn", std::move(detail)); }

std::optional<unsigned> hex_digit(char c) {
    if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
    if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
    if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
    return std::nullopt;
}

// pair = ESC ( special / hexpair ), section 3; `at` stands on the ESC and is moved behind the pair.
Result<char> read_pair(std::string_view dn, std::size_t& at) {
    if (at + 1 >= dn.size()) return bad("an escape at the end");
    const auto high = hex_digit(dn[at + 1]);
    const auto low = high && at + 2 < dn.size() ? hex_digit(dn[at + 2]) : std::nullopt;
    if (high && !low) return bad("half an escape");
    at += high ? 3U : 2U;
    return high ? static_cast<char>(*high << 4U | *low) : dn[at - 1];
}

// Up to the next separator that is not escaped. Spaces around a value are no part of it unless they are escaped.
Result<std::string> read_value(std::string_view dn, std::size_t& at) {
    while (at < dn.size() && dn[at] == ' ') ++at;
    std::string value;
    std::size_t kept = 0;  // up to the last character that stays
    while (at < dn.size() && dn[at] != ',' && dn[at] != '+') {
        if (dn[at] == '\\') {
            value += TRY(read_pair(dn, at));
            kept = value.size();
            continue;
        }
        value += dn[at];
        if (dn[at] != ' ') kept = value.size();
        ++at;
    }
    value.resize(kept);
    if (!is_valid_utf8(as_bytes(value))) return bad("a value that is not UTF-8");
    return value;
}

}  // namespace

Result<std::vector<DnPart>> parse_dn(std::string_view dn) {
    std::vector<DnPart> parts;
    std::size_t at = 0;
    while (at < dn.size()) {
        const auto equals = dn.find('=', at);
        if (equals == std::string_view::npos) return bad("a part without =");
        const auto type = trim(dn.substr(at, equals - at));
        if (type.empty() || type.find_first_of("\\,+ \"") != std::string_view::npos) return bad("a part without its type");
        at = equals + 1;
        auto value = TRY(read_value(dn, at));
        parts.push_back({std::string(type), std::move(value)});
        if (at == dn.size()) break;
        if (++at == dn.size()) return bad("a separator at the end");
    }
    return parts;
}

std::string country_of(const LdifEntry& entry) {
    const auto parts = parse_dn(entry.dn);
    std::string country;
    if (!parts) return country;
    for (const auto& part : *parts)
        if (upper_ascii(part.type) == "C") country = upper_ascii(part.value);
    return country;
}

}  // namespace idchip::pki
