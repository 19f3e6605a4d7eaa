// idchip ledger find, export: one person's card, one chip's history, everything. Personal data are masked.
#include <algorithm>
#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <idchip/report/csv.hpp>

#include "base/try.hpp"
#include "ledger.hpp"
#include "ledger_options.hpp"
#include "terminal.hpp"

namespace idchip::cli {
namespace {

using Json = nlohmann::ordered_json;
using ledger::Ledger;

struct Options {
    LedgerOptions ledger;
    Unmask unmask;
    std::string record, number, chip, out;
    bool json = false;
};

// One job with all that is known of it.
struct History {
    ledger::Job job;
    std::vector<ledger::Card> cards;
    std::vector<ledger::Event> events;
};

std::string shown(const std::string& text, bool open) { return open ? text : masked(text); }

Result<std::vector<ledger::Job>> jobs_of_chip(Ledger& l, const std::string& chip) {
    std::vector<ledger::Job> jobs;
    for (const auto& card : TRY(l.cards_of_chip(chip))) {
        const bool is_there = std::any_of(jobs.begin(), jobs.end(), [&](const auto& job) { return job.id == card.job; });
        if (is_there) continue;
        if (auto job = TRY(l.job(card.job))) jobs.push_back(std::move(*job));
    }
    return jobs;
}

Result<std::vector<ledger::Job>> jobs_sought(Ledger& l, const Options& o) {
    if (!o.record.empty()) return l.jobs_of_record(o.record);
    if (!o.number.empty()) return l.jobs_of_number(o.number);
    std::string chip = o.chip;
    std::transform(chip.begin(), chip.end(), chip.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return jobs_of_chip(l, chip);
}

Json to_json(const History& h, bool open) {
    Json j = {{"job", h.job.id},
              {"record", shown(h.job.record, open)},
              {"document_number", shown(h.job.document_number, open)},
              {"reprint", h.job.reprint},
              {"state", name(h.job.state)},
              {"attempts", h.job.attempts},
              {"reason", h.job.reason},
              {"cards", Json::array()},
              {"events", Json::array()}};
    for (const auto& c : h.cards)
        j["cards"].push_back({{"card", c.id},
                              {"chip", c.chip},
                              {"profile", c.profile},
                              {"station", c.station},
                              {"reader", c.reader},
                              {"state", name(c.state)},
                              {"intent", c.intent},
                              {"sod_sha256", c.sod_hash},
                              {"condition", c.condition},
                              {"error", c.error},
                              {"changed", to_iso(c.changed)}});
    for (const auto& e : h.events)
        j["events"].push_back({{"at", to_iso(e.at)}, {"station", e.chain}, {"what", e.kind}, {"card", e.card}, {"detail", e.detail}});
    return j;
}

std::string to_text(const History& h, bool open) {
    auto text = fmt::format("record {}, document {}{}: {}{}\n", shown(h.job.record, open), shown(h.job.document_number, open),
                            h.job.reprint == 0 ? "" : fmt::format(" (number {} of this record)", h.job.reprint + 1), name(h.job.state),
                            h.job.reason.empty() ? "" : ", " + h.job.reason);
    for (const auto& c : h.cards)
        text += fmt::format("  card {} in {}, chip {}: {}{}\n", c.id, c.reader, c.chip.empty() ? "without a name" : c.chip, name(c.state),
                            c.error.empty() ? "" : ", " + c.error);
    for (const auto& e : h.events) text += fmt::format("    {}  {:<12} {}\n", to_iso(e.at), e.kind, e.detail);
    return text;
}

Result<int> run_find(const Options& o) {
    const auto named = (o.record.empty() ? 0 : 1) + (o.number.empty() ? 0 : 1) + (o.chip.empty() ? 0 : 1);
    if (named != 1) return fail(Errc::bad_usage, "ledger find", "want one of --record, --number, --chip");
    auto l = TRY(open_existing_ledger(o.ledger));
    const bool open = TRY(may_show(l, o.unmask, "find"));
    const auto jobs = TRY(jobs_sought(l, o));
    if (jobs.empty()) return fail(Errc::not_found, o.ledger.ledger, "it knows nothing of that");
    Json all = Json::array();
    for (const auto& job : jobs) {
        const History history{job, TRY(l.cards_of_job(job.id)), TRY(l.events_of_job(job.id))};
        if (o.json) all.push_back(to_json(history, open));
        else TRY(print(to_text(history, open)));
    }
    if (o.json) TRY(print(all.dump(1) + "\n"));
    return 0;
}

Result<int> run_export(const Options& o) {
    auto l = TRY(open_existing_ledger(o.ledger));
    const bool open = TRY(may_show(l, o.unmask, "export"));
    auto csv = TRY(report::CsvFile::create(o.out, FileMode::secret));
    TRY(csv.row({"job", "record", "document_number", "reprint", "province", "district", "commune", "state", "attempts", "reason"}));
    const auto one = [&](const ledger::Job& j) {
        return csv.row({std::to_string(j.id), shown(j.record, open), shown(j.document_number, open), std::to_string(j.reprint), j.province,
                        j.district, j.commune, name(j.state), std::to_string(j.attempts), j.reason});
    };
    TRY(l.each_job(one));
    TRY(csv.finish());
    return 0;
}

}  // namespace

void add_ledger_find(CLI::App& group, Action& chosen) {
    const auto o = std::make_shared<Options>();
    auto* find = group.add_subcommand("find", "one person's card, or one chip's history");
    add_ledger_options(*find, o->ledger);
    find->add_option("--record", o->record, "name of the record");
    find->add_option("--number", o->number, "document number; of a Vietnamese card the personal number");
    find->add_option("--chip", o->chip, "what the chip says of itself, hexadecimal");
    add_unmask_option(*find, o->unmask);
    find->add_flag("--json", o->json, "as JSON");
    find->footer("Example:\n  idchip ledger find --chip 0123456789ABCDEF");
    find->callback([o, &chosen] { chosen = [o] { return run_find(*o); }; });

    const auto e = std::make_shared<Options>();
    auto* out = group.add_subcommand("export", "every record's state as CSV");
    add_ledger_options(*out, e->ledger);
    out->add_option("--out", e->out, "CSV file")->required();
    add_unmask_option(*out, e->unmask);
    out->footer("Example:\n  idchip ledger export --out records.csv");
    out->callback([e, &chosen] { chosen = [e] { return run_export(*e); }; });
}

}  // namespace idchip::cli
