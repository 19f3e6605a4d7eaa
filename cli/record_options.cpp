#include "record_options.hpp"

#include <fmt/format.h>

#include <idchip/base/time.hpp>

namespace idchip::cli {

void add_card_option(CLI::App& verb, std::string& card) {
    std::vector<std::string> names;
    for (const auto& row : vietnam::all_cards()) names.emplace_back(row.name);
    verb.add_option("--card", card, "card setting for all records, whatever they say")->check(CLI::IsMember(names));
}

Result<record::Settings> record_settings(const std::string& card) {
    record::Settings settings;
    settings.today = date_of(now());
    if (card.empty()) return settings;
    settings.card = vietnam::card_by_name(card);
    if (!settings.card) return fail(Errc::bad_usage, "--card");
    return settings;
}

std::string problem_line(const Problem& p) {
    return fmt::format("{}{}{}; {} [{}]", p.field.empty() ? "" : p.field + ": ", p.severity == Severity::warning ? "warning: " : "",
                       p.message, p.remedy, p.code);
}

}  // namespace idchip::cli
