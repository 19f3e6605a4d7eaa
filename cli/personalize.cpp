// idchip personalize: records in, cards out.
#include <chrono>
#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <idchip/personalize/run.hpp>

#include "base/try.hpp"
#include "document_jobs.hpp"
#include "issuance.hpp"
#include "reader_options.hpp"
#include "terminal.hpp"
#include "verbs.hpp"

namespace idchip::cli {
namespace {

using Clock = std::chrono::steady_clock;
// How long an operator may take to change cards.
constexpr std::chrono::minutes card_change{10};

struct Options {
    ReaderOptions reader;
    IssuanceOptions issuance;
    DocumentJobOptions documents;
    bool dry_run = false, resume = false, json = false, with_data = false;
};

Result<int> show_plans(const Options& o, const Issuance& issuance, std::vector<DocumentJob>& jobs) {
    const auto& profile = issuance.profile;
    for (auto& job : jobs) {
        TRY(personalize::set_chip_keys(job.document, profile.features, TRY(personalize::make_chip_keys(profile.features, system_rng()))));
        TRY(personalize::sign_document(job.document, *issuance.signer, now()));
        const auto plan = TRY(profile::make_plan(profile, job.document.variables, job.document.files));
        TRY(print(fmt::format("record {}: {} commands\n{}", job.id, plan.commands(), profile::to_text(plan, o.with_data))));
    }
    return 0;
}

std::string outcome_json(const std::string& record, const profile::Profile& p, const personalize::Outcome& outcome, double seconds) {
    nlohmann::ordered_json j;
    j["record"] = record;
    j["condition"] = personalize::name(outcome.condition);
    j["next"] = personalize::next_action(outcome.condition);
    j["commands"] = outcome.commands;
    if (!outcome.serial.empty()) j["serial"] = outcome.serial;
    if (outcome.authentications != 0) j["authentications"] = outcome.authentications;
    j["seconds"] = seconds;
    j["profile"] = {{"name", p.name}, {"version", p.version}, {"sha256", p.hash}};
    if (outcome.verdict) j["verdict"] = inspect::name(outcome.verdict->overall);
    if (outcome.failure) j["error"] = {{"name", outcome.failure->name()}, {"message", outcome.failure->message()}};
    return j.dump() + "\n";
}

Result<personalize::Outcome> one_card(const Options& o, const ReaderOptions& reader, const Issuance& line, personalize::Job& work) {
    const auto transport = TRY(open_reader(reader));
    Progress progress(work.document.record, 100);
    personalize::Options options;
    options.resume = o.resume;
    options.keys = line.keys.get();
    options.stock = line.stock ? &*line.stock : nullptr;
    options.progress = [&](personalize::Stage stage, std::size_t done, std::size_t total) {
        const bool writing = stage == personalize::Stage::write;
        progress.at(writing ? done * 80 / total : 80 + 4 * static_cast<std::size_t>(stage), personalize::name(stage));
    };
    return personalize::personalize(*transport, line.profile, work, line.trust, system_rng(), now(), options);
}

Result<void> tell(const Options& o, const profile::Profile& profile, const std::string& id, const personalize::Outcome& outcome,
                  double seconds) {
    if (o.json) return print(outcome_json(id, profile, outcome, seconds));
    if (outcome.failure) return {};
    return print(fmt::format("{}: {}, locked, lock proven, {} ({} commands, {:.1f} s)\n", id,
                             outcome.was_finished ? "was already written" : "written, read back equal",
                             inspect::name(outcome.verdict->overall), outcome.commands, seconds));
}

Result<int> run(const Options& o) {
    using Letter = Issuance::Letter;
    auto line = TRY(Issuance::open(o.issuance, o.dry_run));
    auto jobs = TRY(prepare(o.documents));
    for (auto& job : jobs) TRY(line.complete(job.document, o.resume ? Letter::old_only : o.dry_run ? Letter::not_kept : Letter::either));
    if (o.dry_run) return show_plans(o, line, jobs);
    auto reader = o.reader;
    for (std::size_t i = 0; i < jobs.size(); ++i) {
        const auto& id = jobs[i].id;
        const auto start = Clock::now();
        auto taken = TRY(line.chip_keys());
        personalize::Job work{jobs[i].document, std::move(taken.keys), *line.signer};
        const auto outcome = one_card(o, reader, line, work);
        if (!outcome) return fail(Error(outcome.error()).inside(id));
        // The card is what it is: all of this is done, and what fails of it is said afterwards.
        const auto told = tell(o, line.profile, id, *outcome, std::chrono::duration<double>(Clock::now() - start).count());
        const auto reported = line.report(work, *outcome);
        // The locked chip has them, and nobody else shall.
        const auto wiped = outcome->failure || taken.id.empty() ? Result<void>() : line.pool->wipe(taken.id);
        if (outcome->failure) {
            print_error(*outcome->failure);
            fmt::print(stderr, "idchip: {}: the chip is {}; {}\n", id, personalize::name(outcome->condition),
                       personalize::next_action(outcome->condition));
            if (!reported) print_error(reported.error());
            if (i + 1 < jobs.size()) fmt::print(stderr, "idchip: stopped; {} records were not started\n", jobs.size() - i - 1);
            return info(outcome->failure->code).exit_code;
        }
        TRY(wiped);
        TRY(reported);
        TRY(told);
        if (i + 1 == jobs.size()) break;
        fmt::print(stderr, "idchip: take the card out and put the next blank card in\n");
        TRY(transport::wait_until_removed(o.reader.reader, card_change));
        reader.wait = std::max(reader.wait, std::chrono::duration<double>(card_change).count());
    }
    return 0;
}

}  // namespace

void add_personalize(CLI::App& app, Action& chosen) {
    auto* verb = app.add_subcommand("personalize", "write records onto blank cards: write, read back, lock, prove, inspect");
    const auto o = std::make_shared<Options>();
    add_document_job_options(*verb, o->documents);
    add_reader_options(*verb, o->reader);
    add_issuance_options(*verb, o->issuance);
    verb->add_flag("--dry-run", o->dry_run, "print the plan, touch no card");
    verb->add_flag("--with-data", o->with_data, "with --dry-run: print data fields too (personal data; keys stay masked)")
        ->needs("--dry-run");
    verb->add_flag("--resume", o->resume, "continue on the card that an interrupted run left behind");
    verb->add_flag("--json", o->json, "one JSON object a card");
    verb->footer(
        "Example:\n  idchip personalize people/records.jsonl --reader \"Virtual PCD 00 00\" --profile jmrtd-applet --pki pki/\n"
        "With several records the cards are asked for one after the other; --reader must name the reader then.");
    verb->callback([o, &chosen] { chosen = [o] { return run(*o); }; });
}

}  // namespace idchip::cli
