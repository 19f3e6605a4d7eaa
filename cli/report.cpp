// idchip report progress: how far an issuing campaign has come.
#include <memory>

#include <fmt/format.h>

#include <idchip/base/file.hpp>
#include <idchip/report/progress.hpp>

#include "base/try.hpp"
#include "ledger_options.hpp"
#include "terminal.hpp"
#include "verbs.hpp"

namespace idchip::cli {
namespace {

struct Options {
    LedgerOptions ledger;
    std::string plan, by = "province", today, start, csv, html, title = "Cards issued";
    int days = 14;
    bool json = false;
};

Result<std::vector<campaign::Issued>> issued_cards(ledger::Ledger& ledger) {
    std::vector<campaign::Issued> issued;
    for (auto& one : TRY(ledger.issued_by_day())) {
        const record::Unit unit{std::move(one.province), std::move(one.district), std::move(one.commune)};
        issued.push_back({unit, one.day, static_cast<std::uint64_t>(std::max<std::int64_t>(one.count, 0))});
    }
    return issued;
}

Result<int> run_progress(const Options& o) {
    const auto plan = TRY(campaign::read_plan(o.plan));
    campaign::Options options;
    options.level = *campaign::level_by_name(o.by);
    options.window_days = o.days;
    if (!o.start.empty()) options.start = TRY(parse_iso_date(o.start));
    const auto at = now();
    const auto today = o.today.empty() ? date_of(at) : TRY(parse_iso_date(o.today));
    auto ledger = TRY(open_existing_ledger(o.ledger));
    const auto progress = campaign::progress(plan, TRY(issued_cards(ledger)), today, options);
    if (!o.csv.empty()) TRY(report::write_progress_csv(o.csv, progress));
    if (!o.html.empty()) TRY(write_text(o.html, report::progress_page(progress, o.title, at)));
    if (o.json) TRY(print(report::progress_json(progress) + "\n"));
    else TRY(print(report::progress_table(progress)));
    return 0;
}

}  // namespace

void add_report(CLI::App& app, Action& chosen) {
    auto* group = app.add_subcommand("report", "where a campaign stands");
    group->require_subcommand(1);
    auto* verb = group->add_subcommand("progress", "cards issued against the plan: done, left, rate, days ahead or behind, forecast");
    const auto o = std::make_shared<Options>();
    verb->add_option("--plan", o->plan, "plan.csv: units with eligible persons, targets and deadlines; - for standard input")->required();
    add_ledger_options(*verb, o->ledger);
    verb->add_option("--by", o->by, "province, district or commune")
        ->check(CLI::IsMember({"province", "district", "commune"}))
        ->capture_default_str();
    verb->add_option("--days", o->days, "days that the rate is taken over")->check(CLI::Range(1, 3660))->capture_default_str();
    verb->add_option("--today", o->today, "YYYY-MM-DD; default: today");
    verb->add_option("--start", o->start, "first day of units whose plan states none, YYYY-MM-DD; default: that of the first card");
    verb->add_option("--csv", o->csv, "write the figures for a spreadsheet");
    verb->add_option("--html", o->html, "write a page for the wall of the office: one file, no network");
    verb->add_option("--title", o->title, "of the page")->capture_default_str();
    verb->add_flag("--json", o->json, "as JSON");
    verb->footer("Example:\n  idchip report progress --plan plan.csv --by commune --ledger hall.ledger --html progress.html");
    verb->callback([o, &chosen] { chosen = [o] { return run_progress(*o); }; });
}

}  // namespace idchip::cli
