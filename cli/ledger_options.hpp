// Opening a ledger, as verbs name it, and how personal data in it are shown.
#pragma once

#include <CLI/CLI.hpp>

#include <idchip/ledger/ledger.hpp>

namespace idchip::cli {

struct LedgerOptions {
    std::string ledger = "idchip.ledger", station;
};
// `place`: what of this machine writes; its name is the station's, when none is given.
void add_ledger_options(CLI::App& verb, LedgerOptions& o);
std::string station_name(const LedgerOptions& o, const std::string& place);
// Errors: as Ledger::open.
Result<ledger::Ledger> open_ledger(const LedgerOptions& o, const std::string& place = "desk");
// The same, when there is one: a question makes no ledger. Errors: input.not_found as well.
Result<ledger::Ledger> open_existing_ledger(const LedgerOptions& o, const std::string& place = "desk");

// The first and the last two characters: whoever has the letter in hand knows that it is this one.
std::string masked(const std::string& text);

// Whether personal data may be shown; that they were is written down first, with the reason.
struct Unmask {
    std::string reason;
};
void add_unmask_option(CLI::App& verb, Unmask& o);
Result<bool> may_show(ledger::Ledger& ledger, const Unmask& o, const std::string& what);

}  // namespace idchip::cli
