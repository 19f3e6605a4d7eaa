#include <idchip/record/record.hpp>

#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

namespace idchip::record {

const std::vector<FieldInfo>& all_fields() {
    static const std::vector<FieldInfo> table = {
#define RECORD_FIELD(id, kind, longest, what) {Field::id, #id, FieldKind::kind, longest, what},
#include <idchip/record/fields.def>
#undef RECORD_FIELD
    };
    return table;
}

const FieldInfo& info(Field field) { return all_fields()[static_cast<std::size_t>(field)]; }

std::optional<Field> field_by_name(std::string_view name) {
    static const auto index = [] {
        std::unordered_map<std::string_view, Field> map;
        for (const auto& row : all_fields()) map.emplace(row.name, row.field);
        return map;
    }();
    const auto it = index.find(name);
    return it == index.end() ? std::nullopt : std::optional(it->second);
}

std::string_view name(Quality quality) {
    constexpr std::string_view names[] = {"right", "complete", "clean", "current"};
    return names[static_cast<std::size_t>(quality)];
}

const std::vector<KindInfo>& all_kinds() {
    static const std::vector<KindInfo> table = {
#define RECORD_PROBLEM(id, name, severity, quality, message, remedy) {name, Severity::severity, Quality::quality, message, remedy},
#include <idchip/record/problems.def>
#undef RECORD_PROBLEM
    };
    return table;
}

Problem problem(Kind kind, std::string_view field, std::string_view detail) {
    const auto& row = all_kinds()[static_cast<std::size_t>(kind)];
    auto message = detail.empty() ? std::string(row.message) : fmt::format("{} ({})", row.message, detail);
    return {std::string(field), std::string(row.code), row.severity, std::move(message), std::string(row.remedy), {}, {}};
}

Quality quality_of(std::string_view code) {
    const auto& table = all_kinds();
    const auto it = std::find_if(table.begin(), table.end(), [code](const KindInfo& k) { return k.code == code; });
    return it == table.end() ? Quality::right : it->quality;
}

void RawRecord::clear() {
    line = 0;
    for (auto& value : values) value.clear();
    stated.fill(false);
    problems.clear();
    readable = true;
}

}  // namespace idchip::record
