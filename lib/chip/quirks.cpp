#include <idchip/chip/quirks.hpp>

namespace idchip::chip {
namespace {

struct Known {
    std::string_view issuing_state;
    Quirk quirk;
};
// Public reports of readers' projects; gmrtd issue 108 for Ukraine (documents before July 2022 want DO84, later ones ignore it).
constexpr Known known[] = {{"UKR", Quirk::pace_parameter_id}};

}  // namespace

const std::vector<QuirkInfo>& all_quirks() {
    static const std::vector<QuirkInfo> table = {
#define IDCHIP_QUIRK(id, name, text, case_id) {Quirk::id, name, text, case_id},
#include <idchip/chip/quirks.def>
#undef IDCHIP_QUIRK
    };
    return table;
}

const QuirkInfo& info(Quirk quirk) { return all_quirks().at(static_cast<std::size_t>(quirk)); }

std::optional<Quirk> quirk_by_name(std::string_view name) {
    for (const auto& q : all_quirks())
        if (q.name == name) return q.quirk;
    return std::nullopt;
}

Quirks known_quirks(const DocumentKey& key) {
    Quirks quirks;
    for (const auto& k : known)
        if (k.issuing_state == key.issuing_state) quirks.insert(k.quirk);
    return quirks;
}

}  // namespace idchip::chip
