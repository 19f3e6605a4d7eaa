#include <nlohmann/json.hpp>

#include "base/try.hpp"
#include "record.hpp"

namespace idchip::cli {

using nlohmann::ordered_json;

std::string_view word(Severity severity) { return severity == Severity::error ? "error" : "warning"; }

ordered_json problem_json(const Problem& p) {
    ordered_json j;
    j["field"] = p.field;
    j["code"] = p.code;
    j["severity"] = word(p.severity);
    j["quality"] = record::name(record::quality_of(p.code));
    j["message"] = p.message;
    j["remedy"] = p.remedy;
    return j;
}

std::string json_line(const ordered_json& j) { return j.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + "\n"; }

Result<CorrectionList> CorrectionList::create(const std::string& path) {
    CorrectionList list;
    if (path.empty()) return list;
    list.csv_ = TRY(report::CsvFile::create(path, FileMode::secret));
    TRY(list.csv_->row(
        {"file", "line", "record", "province", "district", "commune", "field", "severity", "quality", "code", "problem", "remedy"}));
    return list;
}

Result<void> CorrectionList::add(const std::string& file, const record::Checked& c) {
    if (!csv_) return {};
    for (const auto& p : c.problems)
        TRY(csv_->row({file, std::to_string(c.line), c.id, c.unit.province, c.unit.district, c.unit.commune, p.field, word(p.severity),
                       record::name(record::quality_of(p.code)), p.code, p.message, p.remedy}));
    return {};
}

Result<void> CorrectionList::finish() { return csv_ ? csv_->finish() : Result<void>(); }

}  // namespace idchip::cli
