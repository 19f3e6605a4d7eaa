#include <idchip/base/text.hpp>

#include <fmt/format.h>

#include "lint/checks.hpp"

namespace idchip::lint {
namespace {

// The parts of a time as X.680, 46 and 47 let them stand: digits, fraction, zone.
struct Parts {
    std::string digits, zone;
    bool fraction = false;
};
Parts split_time(const std::string& text) {
    Parts p;
    const auto end = std::min(text.find_first_not_of("0123456789"), text.size());
    p.digits = text.substr(0, end);
    auto rest = text.substr(end);
    p.fraction = !rest.empty() && (rest[0] == '.' || rest[0] == ',');
    if (p.fraction) rest = rest.substr(std::min(rest.find_first_not_of("0123456789", 1), rest.size()));
    p.zone = rest;
    return p;
}

bool is_zone(std::string_view zone) {
    if (zone.empty() || zone == "Z") return true;
    return zone.size() == 5 && (zone[0] == '+' || zone[0] == '-') && zone.find_first_not_of("0123456789", 1) == std::string_view::npos;
}

}  // namespace

std::optional<Instant> check_time(const tlv::Element& time, const std::string& where, Findings& f) {
    const bool utc = time.tag == der::utc_time;
    const std::size_t full = utc ? 12 : 14;
    auto p = split_time(as_text(time.value));
    const bool no_seconds = p.digits.size() == full - 2;
    // Zone and seconds aside, so that the rules below can say which of them is broken.
    const auto digits = p.digits + (no_seconds ? "00Z" : "Z");
    auto clean = time;
    clean.value = as_bytes(digits);
    const auto instant = der::read_time(clean);
    if (!instant || !is_zone(p.zone)) {
        f.add(Rule::time_malformed, where, printable(as_text(time.value.first(std::min<std::size_t>(time.value.size(), 32)))));
        return std::nullopt;
    }
    f.want(p.zone == "Z", Rule::time_not_zulu, where, as_text(time.value));
    f.want(!no_seconds, Rule::time_no_seconds, where, as_text(time.value));
    f.want(!p.fraction, Rule::time_fraction, where, as_text(time.value));
    f.want(utc || date_of(*instant).year >= 2050, Rule::time_generalized_early, where, as_text(time.value));
    return *instant;
}

}  // namespace idchip::lint
