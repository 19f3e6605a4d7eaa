#include <algorithm>

#include <fmt/format.h>

#include <idchip/tlv/reader.hpp>

#include "report/show_parts.hpp"

namespace idchip::report {
namespace {

constexpr std::size_t bytes_shown = 32;

std::string line_of(const tlv::Element& e, std::size_t depth) {
    const auto tag = tlv::tag_text(e.tag);
    auto line =
        fmt::format("{:06X}  {:{}}{} {}", e.offset, "", 2 * depth, tag, e.indefinite ? "indefinite" : std::to_string(e.value.size()));
    if (!e.minimal_length) line += " (long length)";
    if (e.constructed) return line + "\n";
    line += "  " + to_hex(e.value.first(std::min(e.value.size(), bytes_shown)));
    return line + (e.value.size() > bytes_shown ? "...\n" : "\n");
}

}  // namespace

std::string hex_tree(ByteView content) {
    std::string text;
    std::vector<tlv::Reader> open;
    open.emplace_back(content, tlv::Rules::ber_indefinite);
    while (!open.empty()) {
        auto& reader = open.back();
        const bool padding =
            open.size() == 1 && !text.empty() && !reader.at_end() && (reader.rest()[0] == 0x00 || reader.rest()[0] == 0xFF);
        if (padding) text += fmt::format("{:06X}  {} bytes behind the object\n", reader.offset(), reader.rest().size());
        if (padding || reader.at_end()) {
            open.pop_back();
            continue;
        }
        const auto e = reader.next();
        if (!e) {
            text += fmt::format("{:06X}  {:{}}! {}\n", reader.offset(), "", 2 * (open.size() - 1), info(e.error().code).cause);
            open.pop_back();
            continue;
        }
        text += line_of(*e, open.size() - 1);
        if (e->constructed) open.push_back(reader.enter(*e));
    }
    return text;
}

}  // namespace idchip::report
