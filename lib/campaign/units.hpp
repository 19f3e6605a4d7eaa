// Units as keys of a table.
#pragma once

#include <functional>
#include <string_view>

#include <idchip/record/record.hpp>

namespace idchip::campaign {

struct UnitHash {
    std::size_t operator()(const record::Unit& unit) const {
        constexpr std::hash<std::string_view> hash;
        std::size_t value = hash(unit.province);
        for (const auto* part : {&unit.district, &unit.commune}) value = value * 0x9E3779B97F4A7C15U + hash(*part);
        return value;
    }
};

}  // namespace idchip::campaign
