// The kinds of files that the suite lds knows by name.
#pragma once

#include "vectors/suites.hpp"

namespace idchip::vectors {

struct LdsKind {
    Result<Outputs> (*parse)(ByteView file);
    Result<Bytes> (*again)(ByteView file);  // parsed and encoded
};

// EF.COM, DG1, DG2, EF.SOD and the LDS security object stand in suite_lds.cpp; this is all others: outputs `content` and `notes`.
std::optional<LdsKind> further_lds_kind(std::string_view name);

}  // namespace idchip::vectors
