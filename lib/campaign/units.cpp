#include "campaign/units.hpp"

#include <idchip/base/text.hpp>
#include <idchip/campaign/plan.hpp>

#include "record/texts.hpp"

namespace idchip::campaign {
namespace {

std::string clean_name(const std::string& name) {
    const auto trimmed = trim(name);
    if (!is_valid_utf8(as_bytes(trimmed))) return std::string(trimmed);
    Problems not_wanted;  // whoever checks records has reported them
    return record::clean_text(trimmed, {}, not_wanted);
}

}  // namespace

Unit clean(const Unit& unit) { return {clean_name(unit.province), clean_name(unit.district), clean_name(unit.commune)}; }

std::string unit_name(const Unit& unit) {
    std::string text;
    for (const auto* part : {&unit.commune, &unit.district, &unit.province})
        if (!part->empty()) text += (text.empty() ? "" : ", ") + *part;
    return text.empty() ? "-" : text;
}

}  // namespace idchip::campaign
