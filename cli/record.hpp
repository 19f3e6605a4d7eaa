// Verbs below `idchip record`, one file each, and what they share.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <idchip/record/record.hpp>
#include <idchip/report/csv.hpp>

#include "verbs.hpp"

namespace idchip::cli {

void add_record_pack(CLI::App& group, Action& chosen);
void add_record_merge(CLI::App& group, Action& chosen);

std::string_view word(Severity severity);
nlohmann::ordered_json problem_json(const Problem& problem);
// One line of JSON; a name that is not UTF-8 is shown with replacement characters.
std::string json_line(const nlohmann::ordered_json& j);

// The correction list of records that were checked, for a spreadsheet; there whole or not at all.
class CorrectionList {
public:
    // Without a path the list is one that nobody wants. Errors: io.*.
    static Result<CorrectionList> create(const std::string& path);
    Result<void> add(const std::string& file, const record::Checked& checked);
    Result<void> finish();

private:
    std::optional<report::CsvFile> csv_;
};

}  // namespace idchip::cli
