// Records of files into the queue of a ledger.
#pragma once

#include <idchip/ledger/ledger.hpp>

#include <CLI/CLI.hpp>

namespace idchip::cli {

struct ImportOptions {
    std::vector<std::string> files;
    std::string card, corrections;
    std::optional<std::int64_t> priority;
    bool portraits = false;
};
void add_import_options(CLI::App& verb, ImportOptions& o);

struct Imported {
    std::uint64_t records = 0, added = 0, known = 0, with_errors = 0, changed = 0, refused = 0, made_before = 0;
    bool is_clean() const { return with_errors + changed + refused + made_before == 0; }
};
// Checked records only; the others stand on standard error and in the correction list. Errors: io.*, input.*, ledger.*.
Result<Imported> import_records(const ImportOptions& o, ledger::Ledger& ledger);
std::string to_text(const Imported& i);

}  // namespace idchip::cli
