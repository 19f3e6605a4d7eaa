// Verbs below `idchip cvc`, one file each.
#pragma once

#include "verbs.hpp"

namespace idchip::cli {

void add_cvc_create(CLI::App& group, Action& chosen);
void add_cvc_show(CLI::App& group, Action& chosen);
void add_cvc_verify(CLI::App& group, Action& chosen);

}  // namespace idchip::cli
