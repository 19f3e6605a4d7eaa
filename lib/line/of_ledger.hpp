// Trouble that is not the card's.
#pragma once

#include <idchip/base/result.hpp>

namespace idchip::line {

inline bool is_of_ledger(const Error& error) { return error.name().starts_with("ledger.") || error.name().starts_with("io."); }

}  // namespace idchip::line
