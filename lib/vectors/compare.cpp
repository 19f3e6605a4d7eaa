#include "vectors/compare.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/try.hpp"

namespace idchip::vectors {
namespace {

using Difference = std::optional<std::string>;

std::string shortened(ByteView bytes) {
    constexpr std::size_t shown = 64;
    if (bytes.size() <= shown) return to_hex(bytes);
    return fmt::format("{}... ({} bytes)", to_hex(bytes.first(shown)), bytes.size());
}

Difference compare_bytes(ByteView expected, ByteView actual, const std::string& path) {
    if (equal(expected, actual)) return std::nullopt;
    const auto at = std::mismatch(expected.begin(), expected.end(), actual.begin(), actual.end()).first - expected.begin();
    return fmt::format("{}: expected {}, got {}; they differ from byte {} on", path, shortened(expected), shortened(actual), at);
}

// Containers of the expectation may name less than there is: keys left out are not looked at. Lists are whole.
Result<Difference> compare_value(const Json& expected, const Json& actual, const Case& c, const std::string& path) {
    if (actual.is_binary()) return compare_bytes(TRY(read_value(expected, c.folder, "expect." + path)), actual.get_binary(), path);
    if (actual.is_string() && expected.is_object())
        return compare_bytes(TRY(read_value(expected, c.folder, "expect." + path)), as_bytes(actual.get_ref<const std::string&>()), path);
    if (actual.is_object() && expected.is_object()) {
        for (const auto& [key, value] : expected.items()) {
            if (!actual.contains(key)) return bad("expect." + path, "there is no output \"" + key + "\" here");
            if (auto difference = TRY(compare_value(value, actual[key], c, path + "." + key))) return difference;
        }
        return Difference();
    }
    if (actual.is_array() && expected.is_array() && actual.size() == expected.size()) {
        for (std::size_t i = 0; i < actual.size(); ++i)
            if (auto difference = TRY(compare_value(expected[i], actual[i], c, fmt::format("{}.{}", path, i)))) return difference;
        return Difference();
    }
    if (expected == actual) return Difference();
    const auto got = actual.dump(-1, ' ', false, Json::error_handler_t::replace);
    return Difference(fmt::format("{}: expected {}, got {}", path, expected.dump(), got));
}

// Where a standard allows several results: "one_of" instead of the operation's only output.
Result<Difference> compare_alternatives(const Json& alternatives, const Outputs& outputs, const Case& c) {
    if (outputs.size() != 1 || !alternatives.is_array() || alternatives.empty())
        return bad("expect.one_of", "want a list, and an operation with one output");
    Difference difference;
    for (const auto& alternative : alternatives) {
        difference = TRY(compare_value(alternative, outputs.begin()->second, c, "one_of"));
        if (!difference) return difference;
    }
    return difference;
}

}  // namespace

Result<Difference> compare(const Case& c, const Outputs& outputs) {
    if (c.expect.contains("error")) return Difference("expected error " + c.expect["error"].get<std::string>() + ", got a result");
    for (const auto& [key, value] : c.expect.items()) {
        const auto output = outputs.find(key);
        Difference difference;
        if (key == "one_of") difference = TRY(compare_alternatives(value, outputs, c));
        else if (output != outputs.end()) difference = TRY(compare_value(value, output->second, c, key));
        else return bad("expect", "op " + std::string(c.operation->name) + " has no output \"" + key + "\" here");
        if (difference) return difference;
    }
    return Difference();
}

Difference compare(const Case& c, const Error& error) {
    const auto got = fmt::format("got error {}: {}", error.name(), error.message());
    if (!c.expect.contains("error")) return "expected a result, " + got;
    const auto& expected = c.expect["error"].get_ref<const std::string&>();
    if (expected != error.name()) return "expected error " + expected + ", " + got;
    if (c.expect.contains("where")) {
        const auto& place = c.expect["where"].get_ref<const std::string&>();
        if (error.where.find(place) == std::string::npos && error.detail.find(place) == std::string::npos)
            return "expected the error at \"" + place + "\", " + got;
    }
    if (c.expect.contains("sw") && (!error.sw || hex4(*error.sw) != c.expect["sw"].get_ref<const std::string&>()))
        return "expected status word " + c.expect["sw"].get<std::string>() + ", " + got;
    return std::nullopt;
}

}  // namespace idchip::vectors
