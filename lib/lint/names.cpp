#include <algorithm>
#include <set>

#include <fmt/format.h>

#include <idchip/base/text.hpp>
#include <idchip/pki/country.hpp>

#include "lint/checks.hpp"
#include "lint/oids.hpp"

namespace idchip::lint {
namespace {

// RFC 5280, A.1: upper bounds, in characters.
struct Bound {
    const der::Oid& type;
    std::size_t most;
};
const std::vector<Bound>& bounds() {
    static const std::vector<Bound> table = {
        {pki::oids::common_name(), 64}, {pki::oids::organization(), 64}, {pki::oids::organizational_unit(), 64},
        {pki::oids::locality(), 128},   {pki::oids::state(), 128},       {pki::oids::serial_number(), 64},
    };
    return table;
}

// X.680, 41.4
bool is_printable_string(ByteView value) {
    constexpr std::string_view others = " '()+,-./:=?";
    return std::all_of(value.begin(), value.end(), [&](Byte b) {
        return (b >= 'A' && b <= 'Z') || (b >= 'a' && b <= 'z') || (b >= '0' && b <= '9') ||
               others.find(static_cast<char>(b)) != std::string_view::npos;
    });
}

bool has_characters_of_type(const RawAttribute& a) {
    if (a.tag == der::printable_string) return is_printable_string(a.value);
    if (a.tag == der::utf8_string) return is_valid_utf8(a.value);
    if (a.tag == der::ia5_string) return std::all_of(a.value.begin(), a.value.end(), [](Byte b) { return b < 0x80; });
    return true;
}

// Characters, as far as UTF-8 and the strings of one byte a character go.
std::size_t length(const RawAttribute& a) {
    if (a.tag != der::utf8_string) return a.value.size();
    return static_cast<std::size_t>(std::count_if(a.value.begin(), a.value.end(), [](Byte b) { return (b & 0xC0U) != 0x80; }));
}

// RFC 5280, A.1: these two are IA5Strings by their own definition.
bool is_ia5_by_definition(const der::Oid& type) { return type == oids::email_address() || type == oids::domain_component(); }

// Two-letter codes that stand beside a code of the MRZ in Doc 9303-3, section 5.
bool is_known_country(const std::string& code) {
    static const auto known = [] {
        std::set<std::string> codes;
        std::string mrz = "AAA";
        for (mrz[0] = 'A'; mrz[0] <= 'Z'; ++mrz[0])
            for (mrz[1] = 'A'; mrz[1] <= 'Z'; ++mrz[1])
                for (mrz[2] = 'A'; mrz[2] <= 'Z'; ++mrz[2])
                    if (const auto country = pki::certificate_country(mrz)) codes.insert(*country);
        return codes;
    }();
    return known.contains(code);
}

bool is_letters(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); });
}

// Doc 9303-12, 7.1.1.1.1
void check_country(const RawName& name, const std::string& where, Findings& f) {
    const auto* country = name.find(pki::oids::country());
    if (country == nullptr) {
        f.add(Rule::name_country_missing, where);
        return;
    }
    const auto twice =
        std::count_if(name.attributes.begin(), name.attributes.end(), [](const RawAttribute& a) { return a.type == pki::oids::country(); });
    f.want(twice == 1, Rule::name_country_twice, where, fmt::format("{} of them", twice));
    const auto at = where + "/" + country->type.dotted();
    const auto code = as_text(country->value);
    f.want(country->tag == der::printable_string, Rule::name_country_string, at, "tag " + tlv::tag_text(country->tag));
    if (code.size() != 2 || !is_letters(code)) {
        f.add(Rule::name_country_form, at, printable(code.substr(0, 32)));
        return;
    }
    f.want(upper_ascii(code) == code, Rule::name_country_case, at, code);
    f.want(is_known_country(upper_ascii(code)), Rule::name_country_unknown, at, code);
}

void check_string(const RawAttribute& a, const std::string& where, Findings& f) {
    const auto at = where + "/" + a.type.dotted();
    if (a.type == pki::oids::serial_number())
        f.want(a.tag == der::printable_string, Rule::name_serial_number_string, at, "tag " + tlv::tag_text(a.tag));
    else if (a.type != pki::oids::country() && !is_ia5_by_definition(a.type))
        f.want(a.tag == der::printable_string || a.tag == der::utf8_string, Rule::name_string_type, at, "tag " + tlv::tag_text(a.tag));
    f.want(has_characters_of_type(a), Rule::name_characters, at,
           printable(as_text(a.value.first(std::min<std::size_t>(a.value.size(), 64)))));
    std::size_t most = static_cast<std::size_t>(-1);
    for (const auto& bound : bounds())
        if (bound.type == a.type) most = bound.most;
    const auto n = length(a);
    f.want(n >= 1 && n <= most, Rule::name_length, at, fmt::format("{} characters", n));
}

}  // namespace

void check_strings(const RawName& name, const std::string& where, Findings& f) {
    for (const auto& a : name.attributes) check_string(a, where, f);
}

void check_name(const RawName& name, const std::string& where, Findings& f) {
    check_country(name, where, f);
    f.want(name.find(pki::oids::common_name()) != nullptr, Rule::name_cn_missing, where);
    check_strings(name, where, f);
}

}  // namespace idchip::lint
