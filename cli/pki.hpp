// Verbs below `idchip pki`, one file each.
#pragma once

#include "verbs.hpp"

namespace idchip::cli {

void add_pki_init(CLI::App& group, Action& chosen);
void add_pki_csca(CLI::App& group, Action& chosen);
void add_pki_link(CLI::App& group, Action& chosen);
void add_pki_ds(CLI::App& group, Action& chosen);
void add_pki_crl(CLI::App& group, Action& chosen);
void add_pki_masterlist(CLI::App& group, Action& chosen);
void add_pki_deviations(CLI::App& group, Action& chosen);
void add_pki_lint(CLI::App& group, Action& chosen);

}  // namespace idchip::cli
