// Whether an operation gave what a case expects.
#pragma once

#include "vectors/vector_file.hpp"

namespace idchip::vectors {

// Nothing when equal, else the difference. Errors: vectors.bad for an output that the operation does not produce.
Result<std::optional<std::string>> compare(const Case& c, const Outputs& outputs);
// The same for an error.
std::optional<std::string> compare(const Case& c, const Error& error);

}  // namespace idchip::vectors
