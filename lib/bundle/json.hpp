// Members of JSON objects, looked at without exceptions.
#pragma once

#include <optional>
#include <string>

#include <nlohmann/json.hpp>

namespace idchip::bundle {

using Json = nlohmann::json;

// One object that holds texts, numbers, and at most lists and objects of such.
inline std::optional<Json> parse_object(std::string_view line) {
    struct TooDeep {};
    const auto shallow = [](int depth, Json::parse_event_t, const Json&) {
        if (depth > 3) throw TooDeep();
        return true;
    };
    try {
        auto j = Json::parse(line.begin(), line.end(), shallow, false);
        return j.is_object() ? std::optional(std::move(j)) : std::nullopt;
    } catch (const TooDeep&) {
        return std::nullopt;
    }
}

inline const Json* member(const Json& object, const char* name) {
    const auto it = object.find(name);
    return it == object.end() ? nullptr : &*it;
}
inline const std::string* text(const Json& object, const char* name) {
    const auto* j = member(object, name);
    return j == nullptr ? nullptr : j->get_ptr<const std::string*>();
}
inline std::optional<std::uint64_t> number(const Json& object, const char* name) {
    const auto* j = member(object, name);
    if (j == nullptr || !j->is_number_unsigned()) return std::nullopt;
    return j->get<std::uint64_t>();
}

}  // namespace idchip::bundle
