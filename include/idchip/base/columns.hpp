// Text in the columns of a terminal. Preconditions of all: printable (text.hpp).
#pragma once

#include <string>
#include <string_view>

namespace idchip {

// Marks take none, wide characters two.
std::size_t columns(std::string_view text);
// At most this many, with "…" where something was left out: at the end, or in the middle, for names that differ at both ends.
std::string cut(std::string_view text, std::size_t most);
std::string cut_middle(std::string_view text, std::size_t most);

}  // namespace idchip
