// The progress of a campaign for a terminal, a spreadsheet, a program, and a wall of the office.
#pragma once

#include <filesystem>

#include <idchip/campaign/progress.hpp>

namespace idchip::report {

// Aligned columns with a bar, the furthest behind first; the total; how many units are in which state; what is not in the plan; notices.
std::string progress_table(const campaign::Progress& progress);

// One row a unit with its state, the first being the total; columns as in docs/campaign.md. Days ahead and days behind have a column
// each, so that no number begins with a minus, which CsvFile would turn into text. Errors: io.failed, io.disk_full.
Result<void> write_progress_csv(const std::filesystem::path& path, const campaign::Progress& progress);

// {"today", "level", "window_days", "total": {...}, "units": [...], "not_in_plan": [...], "series": [...], "notices": [...]}; what is
// not known is null.
std::string progress_json(const campaign::Progress& progress);

// One HTML file that needs no other and no script. Of more than 500 units it shows the 500 that are furthest behind, and says so.
std::string progress_page(const campaign::Progress& progress, std::string_view title, Instant generated_at);

}  // namespace idchip::report
