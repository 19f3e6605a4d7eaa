// idchip record check: is every record right, complete, clean and current, before it becomes a chip?
#include <memory>
#include <thread>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <idchip/record/intake.hpp>

#include "base/try.hpp"
#include "record.hpp"
#include "record_options.hpp"
#include "terminal.hpp"

namespace idchip::cli {
namespace {

using nlohmann::ordered_json;
using record::Checked;

struct Options {
    std::vector<std::string> files;
    std::string card, corrections, summary_by;
    record::PortraitRules rules;
    bool json = false, no_portraits = false;
};

ordered_json count_json(const record::Count& c) {
    ordered_json j;
    j["records"] = c.records;
    j["ready"] = c.records - c.with_errors;
    j["with_errors"] = c.with_errors;
    j["with_warnings"] = c.with_warnings;
    return j;
}

std::size_t depth_of(const std::string& level) { return level == "province" ? 1 : level == "district" ? 2 : 3; }

std::map<std::string, record::Count> by_level(const record::Totals& totals, const std::string& level) {
    std::map<std::string, record::Count> result;
    for (const auto& [unit, count] : totals.by_unit) {
        std::string name;
        for (std::size_t k = 0; k < depth_of(level); ++k) name += (k == 0 ? "" : ", ") + (unit[k].empty() ? std::string("-") : unit[k]);
        result[name] += count;
    }
    return result;
}

// What was found, one record after the other, in the form that was asked for.
class Output {
public:
    explicit Output(const Options& o) : o_(o) {}

    Result<void> open() {
        corrections_ = TRY(CorrectionList::create(o_.corrections));
        return {};
    }

    Result<void> record(const std::string& file, const Checked& c) {
        if (c.problems.empty()) return {};
        if (o_.json) TRY(json(file, c));
        else
            for (const auto& p : c.problems) TRY(print(fmt::format("{} (line {}): {}\n", c.id, c.line, problem_line(p))));
        return corrections_.add(file, c);
    }

    Result<void> finish(const record::Totals& totals) {
        TRY(o_.json ? summary_json(totals) : summary_text(totals));
        return corrections_.finish();
    }

private:
    Result<void> json(const std::string& file, const Checked& c) {
        ordered_json j;
        j["file"] = file;
        j["line"] = c.line;
        j["record"] = c.id;
        j["ready"] = c.record.has_value();
        j["problems"] = ordered_json::array();
        for (const auto& p : c.problems) j["problems"].push_back(problem_json(p));
        return print(json_line(j));
    }

    Result<void> summary_json(const record::Totals& totals) {
        auto j = count_json(totals.all);
        for (std::size_t q = 0; q < totals.by_quality.size(); ++q)
            j["problems"][std::string(record::name(static_cast<record::Quality>(q)))] = totals.by_quality[q];
        for (const auto& [code, count] : totals.by_code) j["codes"][code] = count;
        if (!o_.summary_by.empty())
            for (const auto& [unit, count] : by_level(totals, o_.summary_by)) j[o_.summary_by][unit] = count_json(count);
        ordered_json line;
        line["summary"] = std::move(j);
        return print(json_line(line));
    }

    Result<void> summary_text(const record::Totals& totals) {
        const auto& all = totals.all;
        std::string text = fmt::format("{} records: {} ready, {} with errors, {} with warnings only\n", all.records,
                                       all.records - all.with_errors, all.with_errors, all.with_warnings);
        if (!totals.by_code.empty()) {
            text += "problems:";
            for (std::size_t q = 0; q < totals.by_quality.size(); ++q)
                text += fmt::format("  not {} {}", record::name(static_cast<record::Quality>(q)), totals.by_quality[q]);
            text += "\n";
            for (const auto& [code, count] : totals.by_code) text += fmt::format("  {:8}  {}\n", count, code);
        }
        if (!o_.summary_by.empty()) {
            text += fmt::format("\n{:>8} {:>8} {:>8} {:>8}  {}\n", "records", "ready", "errors", "warnings", o_.summary_by);
            for (const auto& [unit, c] : by_level(totals, o_.summary_by))
                text +=
                    fmt::format("{:8} {:8} {:8} {:8}  {}\n", c.records, c.records - c.with_errors, c.with_errors, c.with_warnings, unit);
        }
        return print(text);
    }

    const Options& o_;
    CorrectionList corrections_;
};

Result<int> run(const Options& o) {
    record::IntakeOptions options;
    options.settings = TRY(record_settings(o.card));
    options.portrait_rules = o.rules;
    options.portraits = !o.no_portraits;
    options.threads = std::max(1U, std::thread::hardware_concurrency());
    Output output(o);
    TRY(output.open());
    record::Intake intake(options);
    for (const auto& file : o.files) {
        const auto source = TRY(record::open_records(file));
        Progress progress(file, source->total_bytes());
        std::size_t seen = 0;
        TRY(intake.run(*source, file, [&](const Checked& checked) -> Result<void> {
            if (++seen % 64 == 0) progress.at(source->bytes_read(), fmt::format("{} records", seen));
            return output.record(file, checked);
        }));
    }
    TRY(output.finish(intake.totals()));
    return intake.totals().all.with_errors == 0 ? 0 : info(Errc::bad_field).exit_code;
}

}  // namespace

void add_record(CLI::App& app, Action& chosen) {
    auto* group = app.add_subcommand("record", "records of persons, before they become chips");
    group->require_subcommand(1);
    auto* verb = group->add_subcommand("check", "check records and portraits: right, complete, clean, current");
    const auto o = std::make_shared<Options>();
    verb->add_option("files", o->files, "JSON Lines or CSV; - for standard input")->required();
    add_card_option(*verb, o->card);
    verb->add_option("--corrections", o->corrections, "write a correction list, CSV for a spreadsheet");
    verb->add_option("--summary-by", o->summary_by, "count by the unit of the residence")
        ->check(CLI::IsMember({"province", "district", "commune"}));
    verb->add_option("--most-portrait-bytes", o->rules.most_bytes, "largest portrait that the chip takes")->capture_default_str();
    verb->add_flag("--no-portraits", o->no_portraits, "do not look at the portraits");
    verb->add_flag("--json", o->json, "one JSON object for each record with problems, and a summary");
    verb->footer(
        "Example:\n  idchip record check people/records.jsonl --corrections corrections.csv --summary-by province\n"
        "Exit code 0: every record is ready (warnings may stand); 65: some are not.");
    verb->callback([o, &chosen] { chosen = [o] { return run(*o); }; });
    add_record_pack(*group, chosen);
    add_record_merge(*group, chosen);
}

}  // namespace idchip::cli
