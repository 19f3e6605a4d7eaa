// idchip ledger status, reconcile: where records and blanks are.
#include "ledger.hpp"

#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/try.hpp"
#include "ledger_options.hpp"
#include "terminal.hpp"

namespace idchip::cli {
namespace {

using Json = nlohmann::ordered_json;

struct Options {
    LedgerOptions ledger;
    std::int64_t counted = -1;
    bool json = false;
};

std::int64_t count_of(const std::map<std::string, std::int64_t>& counts, const char* key) {
    const auto found = counts.find(key);
    return found == counts.end() ? 0 : found->second;
}

Json card_json(const ledger::Card& c) {
    return {{"card", c.id},       {"job", c.job},           {"chip", c.chip},     {"station", c.station},
            {"reader", c.reader}, {"state", name(c.state)}, {"intent", c.intent}, {"since", to_iso(c.started)}};
}

Result<int> run_status(const Options& o) {
    auto l = TRY(open_existing_ledger(o.ledger));
    const auto s = TRY(l.status());
    const auto open = TRY(l.open_cards());
    if (o.json) {
        Json j = {{"jobs", s.jobs}, {"cards", s.cards}, {"open_cards", Json::array()}, {"stock", s.stock}, {"left", blanks_left(s)}};
        for (const auto& card : open) j["open_cards"].push_back(card_json(card));
        TRY(print(j.dump() + "\n"));
        return 0;
    }
    TRY(print(fmt::format("records  {:>9} queued  {:>9} in work  {:>9} issued  {:>7} replaced  {:>7} rejected\n",
                          count_of(s.jobs, "queued"), count_of(s.jobs, "in_work"), count_of(s.jobs, "issued"), count_of(s.jobs, "replaced"),
                          count_of(s.jobs, "rejected"))));
    TRY(print(fmt::format("cards    {:>9} issued  {:>9} open     {:>9} spoiled {:>7} quarantined\n", count_of(s.cards, "issued"),
                          s.open_cards, count_of(s.cards, "spoiled"), count_of(s.cards, "quarantined"))));
    if (s.stock != 0) TRY(print(fmt::format("blanks   {:>9} came in {:>9} are left\n", s.stock, blanks_left(s))));
    for (const auto& c : open)
        TRY(print(fmt::format("open: card {} in {} ({}), chip {}: {}{}, since {}\n", c.id, c.reader, c.station,
                              c.chip.empty() ? "without a name" : c.chip, name(c.state), c.intent.empty() ? "" : ", about to " + c.intent,
                              to_iso(c.started))));
    return 0;
}

// Blanks in = issued + replaced + spoiled + quarantined + open + left; what is left is counted by hand.
Result<int> run_reconcile(const Options& o) {
    auto l = TRY(open_existing_ledger(o.ledger));
    const auto s = TRY(l.status());
    const auto left = blanks_left(s);
    const bool is_counted = o.counted >= 0;
    const auto difference = is_counted ? o.counted - left : std::min<std::int64_t>(left, 0);
    const auto issued = count_of(s.cards, "issued"), replaced = count_of(s.cards, "replaced"), spoiled = count_of(s.cards, "spoiled"),
               quarantined = count_of(s.cards, "quarantined");
    if (o.json) {
        Json j = {{"stock", s.stock},           {"issued", issued},     {"replaced", replaced}, {"spoiled", spoiled},
                  {"quarantined", quarantined}, {"open", s.open_cards}, {"left", left}};
        if (is_counted) j["counted"] = o.counted;
        j["difference"] = difference;
        TRY(print(j.dump() + "\n"));
    } else {
        TRY(print(fmt::format("{} blanks in = {} issued + {} replaced + {} spoiled + {} quarantined + {} open + {} left\n", s.stock, issued,
                              replaced, spoiled, quarantined, s.open_cards, left)));
        if (is_counted && difference == 0) TRY(print(fmt::format("{} were counted: they agree\n", o.counted)));
        if (is_counted && difference != 0)
            TRY(print(
                fmt::format("{} were counted: {} {}\n", o.counted, std::abs(difference), difference < 0 ? "are missing" : "too many")));
        if (left < 0) TRY(print("more blanks were used than came in: enter deliveries with `idchip ledger stock`\n"));
        if (s.open_cards != 0) TRY(print("cards are open: `idchip line resume`\n"));
    }
    return difference == 0 ? 0 : info(Errc::ledger_tampered).exit_code;
}

}  // namespace

void add_ledger(CLI::App& app, Action& chosen) {
    auto* group = app.add_subcommand("ledger", "what has become of every record and of every blank");
    group->require_subcommand(1);
    add_ledger_desk(*group, chosen);
    const auto verb = [&](const char* name, const char* text, const char* example, Result<int> (*run)(const Options&)) {
        auto* v = group->add_subcommand(name, text);
        const auto o = std::make_shared<Options>();
        add_ledger_options(*v, o->ledger);
        v->add_flag("--json", o->json, "as JSON");
        v->footer(std::string("Example:\n  ") + example);
        v->callback([o, run, &chosen] { chosen = [o, run] { return run(*o); }; });
        return std::pair(v, o);
    };
    verb("status", "how many records, cards and blanks are where; which cards are open", "idchip ledger status --ledger hall.ledger",
         run_status);
    const auto [reconcile, o] = verb("reconcile", "blanks in = issued + replaced + spoiled + quarantined + open + left",
                                     "idchip ledger reconcile --counted 4812\nExit code 50: the count is another", run_reconcile);
    reconcile->add_option("--counted", o->counted, "blanks that were counted by hand, in the safe and in the feeders")
        ->check(CLI::NonNegativeNumber);
    add_ledger_find(*group, chosen);
    add_ledger_audit(*group, chosen);
}

}  // namespace idchip::cli
