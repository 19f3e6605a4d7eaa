#include "report/tree.hpp"

#include <fmt/format.h>

#include <idchip/base/text.hpp>

namespace idchip::report {
namespace {

constexpr std::size_t longest_value = 100;

std::string value_text(const Json& value) {
    if (value.is_null()) return "-";
    if (value.is_boolean()) return value.get<bool>() ? "yes" : "no";
    if (!value.is_string()) return value.dump();
    auto text = printable(value.get<std::string>());
    const bool hex = text.size() > longest_value && text.find_first_not_of("0123456789ABCDEF") == std::string::npos;
    if (hex) text = fmt::format("{}... ({} bytes)", text.substr(0, longest_value - 20), text.size() / 2);
    return text;
}

void render(const Json& node, std::size_t indent, std::string& out) {
    const std::string margin(indent, ' ');
    const auto line = [&](const std::string& label, const Json& value) {
        if (value.is_object() || (value.is_array() && !value.empty() && value[0].is_object())) {
            out += margin + label + "\n";
            render(value, indent + 2, out);
        } else if (value.is_array()) {
            std::string joined;
            for (const auto& item : value) joined += (joined.empty() ? "" : ", ") + value_text(item);
            out += fmt::format("{}{:<22} {}\n", margin, label, joined);
        } else {
            out += fmt::format("{}{:<22} {}\n", margin, label, value_text(value));
        }
    };
    if (node.is_object())
        for (const auto& [key, value] : node.items()) line(key, value);
    if (node.is_array())
        for (std::size_t i = 0; i < node.size(); ++i) line(fmt::format("[{}]", i + 1), node[i]);
}

}  // namespace

std::string tree_text(const Json& tree) {
    std::string out;
    render(tree, 0, out);
    return out;
}

}  // namespace idchip::report
