// Verbs below `idchip ledger`, one file for those that belong together.
#pragma once

#include "verbs.hpp"

namespace idchip::cli {

void add_ledger_find(CLI::App& group, Action& chosen);   // find, export
void add_ledger_desk(CLI::App& group, Action& chosen);   // import, reject, reprint, give-up, stock
void add_ledger_audit(CLI::App& group, Action& chosen);  // checkpoint, verify

}  // namespace idchip::cli
