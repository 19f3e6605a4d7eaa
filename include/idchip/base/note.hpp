// A tolerated departure from a standard: named, never silent.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace idchip {

struct Note {
    std::string id;     // "lds.trailing_bytes": stable, documented in docs/tolerances.md
    std::string where;  // file and tag path
    std::string detail;
    bool operator==(const Note&) const = default;
};
using Notes = std::vector<Note>;

}  // namespace idchip
