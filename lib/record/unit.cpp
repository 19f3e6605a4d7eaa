// Vietnamese addresses: street, commune, district, province, separated by commas; since 2025-07-01 without districts.
#include <idchip/base/text.hpp>
#include <idchip/record/record.hpp>

namespace idchip::record {
namespace {

bool begins_with_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
    for (const auto word : words)
        if (text.size() > word.size() && text.starts_with(word) && text[word.size()] == ' ') return true;
    return false;
}

bool is_district(std::string_view part) { return begins_with_one_of(part, {"Huyện", "Quận", "Thị xã", "Thành phố", "TP", "TX"}); }
bool is_commune(std::string_view part) { return begins_with_one_of(part, {"Xã", "Phường", "Thị trấn", "Đặc khu", "P.", "TT"}); }

}  // namespace

Unit unit_of_address(std::string_view address) {
    std::vector<std::string_view> parts;
    while (!address.empty()) {
        const auto comma = address.find(',');
        if (const auto part = trim(address.substr(0, comma)); !part.empty()) parts.push_back(part);
        address = comma == std::string_view::npos ? std::string_view() : address.substr(comma + 1);
    }
    Unit unit;
    if (parts.empty()) return unit;
    unit.province = parts.back();
    parts.pop_back();
    // The names tell the level; without them the order does, three parts or more having a district.
    if (!parts.empty() && (is_district(parts.back()) || (parts.size() >= 2 && !is_commune(parts.back())))) {
        unit.district = parts.back();
        parts.pop_back();
    }
    if (!parts.empty()) unit.commune = parts.back();
    return unit;
}

}  // namespace idchip::record
