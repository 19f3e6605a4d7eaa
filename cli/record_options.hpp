// What the verbs that read records share.
#pragma once

#include <string>

#include <CLI/CLI.hpp>

#include <idchip/record/record.hpp>

namespace idchip::cli {

void add_card_option(CLI::App& verb, std::string& card);
// `card` as the option has it; empty: each record says its own. The clock is read here. Errors: cli.usage.
Result<record::Settings> record_settings(const std::string& card);
// "birth_date: not a date of the calendar; write YYYY-MM-DD [record.bad_date]"
std::string problem_line(const Problem& problem);

}  // namespace idchip::cli
