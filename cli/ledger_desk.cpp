// idchip ledger import, stock, reject, give-up: what a person tells the ledger.
#include <algorithm>
#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <idchip/line/shelf.hpp>
#include <idchip/record/intake.hpp>

#include "base/try.hpp"
#include "document_jobs.hpp"
#include "ledger.hpp"
#include "ledger_options.hpp"
#include "queue_import.hpp"
#include "record_options.hpp"
#include "release_options.hpp"
#include "terminal.hpp"

namespace idchip::cli {
namespace {

struct Options {
    LedgerOptions ledger;
    ImportOptions import;
    ReleaseOptions release;
    std::string record, records, card_setting, rejected_for, reason, end = "quarantined", rework = "end-of-batch";
    std::int64_t count = 0, lost = 0, card = 0;
    bool json = false;
};

Result<int> run_import(const Options& o) {
    auto l = TRY(open_ledger(o.ledger));
    const auto i = TRY(import_records(o.import, l));
    if (o.json) {
        const nlohmann::ordered_json j = {{"records", i.records},
                                          {"queued", i.added},
                                          {"known", i.known},
                                          {"with_errors", i.with_errors},
                                          {"changed", i.changed + i.made_before},
                                          {"number_live", i.refused}};
        TRY(print(j.dump() + "\n"));
    } else {
        TRY(print(to_text(i)));
    }
    return i.is_clean() ? 0 : info(Errc::bad_field).exit_code;
}

Result<int> run_stock(const Options& o) {
    auto l = TRY(open_ledger(o.ledger));
    if ((o.count == 0) == (o.lost == 0)) return fail(Errc::bad_usage, "ledger stock", "want --add or --lost");
    TRY(l.receive_blanks(o.count - o.lost, o.reason, now()));
    TRY(print(fmt::format("{} blanks {}; {} are left\n", std::max(o.count, o.lost), o.lost == 0 ? "came in" : "written off",
                          blanks_left(TRY(l.status())))));
    return 0;
}

Result<int> run_reject(const Options& o) {
    auto l = TRY(open_existing_ledger(o.ledger));
    const auto jobs = TRY(l.jobs_of_record(o.record));
    if (jobs.empty()) return fail(Errc::not_found, o.ledger.ledger, "it knows nothing of " + o.record);
    TRY(l.reject(jobs.back().id, o.reason, now()));
    TRY(print(fmt::format("{}: rejected; import the record again when it is corrected\n", o.record)));
    return 0;
}

// The record as it stands now, in a file; it may have another document number.
Result<ledger::NewJob> record_anew(const Options& o, std::int64_t priority) {
    record::IntakeOptions options;
    options.settings = TRY(record_settings(o.card_setting));
    options.portraits = false;
    options.digests = true;
    record::Intake intake(options);
    const auto source = TRY(record::open_records(o.records));
    std::optional<ledger::NewJob> found;
    std::string problems;
    TRY(intake.run(*source, o.records, [&](const record::Checked& checked) -> Result<void> {
        if (checked.id != o.record) return {};
        if (checked.record) {
            found = line::new_job(checked, std::filesystem::absolute(o.records).lexically_normal().string(), priority);
            // Two operators agree to a face, too, and not to the name of a file.
            found->portrait = TRY(portrait_digest(std::filesystem::path(o.records).parent_path(), *checked.record));
        }
        for (const auto& problem : checked.problems)
            if (problem.severity == Severity::error) problems += problems.empty() ? problem_line(problem) : "; " + problem_line(problem);
        return {};
    }));
    if (!found) return fail(Errc::bad_field, o.records, problems.empty() ? "no record is called " + o.record : o.record + ": " + problems);
    return *found;
}

// The number of the old document is free again in the same moment: of one record, one document is live.
Result<int> run_reprint(const Options& o) {
    auto l = TRY(open_existing_ledger(o.ledger));
    const auto jobs = TRY(l.jobs_of_record(o.record));
    if (jobs.empty()) return fail(Errc::not_found, o.ledger.ledger, "it knows nothing of " + o.record);
    const auto& old = jobs.back();
    const auto anew = TRY(record_anew(o, old.priority));
    const auto subject = fmt::format("job {} digest {} anew {} portrait {}", old.id, old.digest, anew.digest, anew.portrait);
    const auto release = TRY(require_release(o.release, release::reprint, subject, now()));
    const auto job = TRY(l.reprint(old.id, anew, release.summary(), now()));
    TRY(print(fmt::format("{}: queued again as job {}; its document{} is live no more\n", o.record, job.id,
                          old.state == ledger::JobState::issued ? fmt::format(" of job {}", old.id) : " before it")));
    return 0;
}

// Records that were rejected, and not rightly: for one of them, or for all that have this reason.
Result<int> run_requeue(const Options& o) {
    if (o.record.empty() == o.rejected_for.empty()) return fail(Errc::bad_usage, "ledger requeue", "want --record or --rejected-for");
    auto l = TRY(open_existing_ledger(o.ledger));
    std::vector<std::int64_t> jobs;
    if (!o.record.empty()) {
        const auto all = TRY(l.jobs_of_record(o.record));
        if (all.empty()) return fail(Errc::not_found, o.ledger.ledger, "it knows nothing of " + o.record);
        jobs.push_back(all.back().id);
    } else {
        TRY(l.each_job([&](const ledger::Job& job) -> Result<void> {
            if (job.state == ledger::JobState::rejected && job.reason == o.rejected_for) jobs.push_back(job.id);
            return {};
        }));
    }
    std::size_t left_out = 0;
    for (const auto job : jobs) {
        const auto done = l.requeue(job, o.reason, now());
        // Of many, some were corrected since, or their number is another's by now: the others wait again.
        const bool is_its_own = !done && (done.error().code == Errc::ledger_order || done.error().code == Errc::ledger_known);
        if (!done && (o.rejected_for.empty() || !is_its_own)) return fail(done.error());
        if (!done) ++left_out;
    }
    TRY(print(
        fmt::format("{} records wait again{}\n", jobs.size() - left_out,
                    left_out == 0 ? "" : fmt::format("; {} stay rejected: corrected since, or their number is live elsewhere", left_out))));
    return 0;
}

// A card that cannot be put into a reader any more: torn, lost, destroyed. Of one that may be a whole document, another one is made: two
// operators agree, as to a reprint.
Result<int> run_give_up(const Options& o) {
    auto l = TRY(open_existing_ledger(o.ledger));
    const auto card = TRY(l.card(o.card));
    if (!card) return fail(Errc::not_found, o.ledger.ledger, fmt::format("there is no card {}", o.card));
    std::string agreed;
    if (ledger::is_open(card->state) && ledger::may_be_locked(*card)) {
        const auto job = TRY(l.job(card->job));
        const auto subject = fmt::format("card {} of job {} digest {} given up", card->id, card->job, job ? job->digest : "");
        agreed = "; " + TRY(require_release(o.release, release::reprint, subject, now())).summary();
    }
    const auto end = o.end == "spoiled" ? ledger::CardState::spoiled : ledger::CardState::quarantined;
    const auto rework = o.rework == "reject"    ? ledger::Rework::reject
                        : o.rework == "at-once" ? ledger::Rework::at_once
                                                : ledger::Rework::end_of_batch;
    TRY(l.finish(card->id, end, {{}, "given up by a person: " + o.reason + agreed, {}}, rework, now()));
    TRY(print(fmt::format("card {}: {}\n", card->id, name(end))));
    return 0;
}

}  // namespace

void add_ledger_desk(CLI::App& group, Action& chosen) {
    const auto verb = [&](const char* name, const char* text, const char* example, Result<int> (*run)(const Options&)) {
        auto* v = group.add_subcommand(name, text);
        const auto o = std::make_shared<Options>();
        add_ledger_options(*v, o->ledger);
        v->footer(std::string("Example:\n  ") + example);
        v->callback([o, run, &chosen] { chosen = [o, run] { return run(*o); }; });
        return std::pair(v, o);
    };
    const auto [in, io] = verb("import", "check records and put them into the queue; again changes nothing",
                               "idchip ledger import day.jsonl --ledger hall.ledger\n  idchip ledger import students.jsonl --priority 10\n"
                               "Exit code 65: some records stay out; the others are queued.",
                               run_import);
    in->add_option("files", io->import.files, "JSON Lines or CSV; they stay where they are until their cards are made")->required();
    add_import_options(*in, io->import);
    in->add_flag("--json", io->json, "the sums as JSON");

    const auto [stock, so] =
        verb("stock", "blanks that came in, or were lost", "idchip ledger stock --add 5000 --note \"delivery 17\"", run_stock);
    stock->add_option("--add", so->count, "how many came in")->check(CLI::PositiveNumber);
    stock->add_option("--lost", so->lost, "how many left without becoming cards")->check(CLI::PositiveNumber);
    stock->add_option("--note", so->reason, "which delivery; what happened to them");

    const auto [reject, ro] =
        verb("reject", "a record that waits shall not be made", "idchip ledger reject --record P0007 --reason \"name\"", run_reject);
    reject->add_option("--record", ro->record, "name of the record")->required();
    reject->add_option("--reason", ro->reason, "why; no personal data, it is kept")->required();

    const auto [requeue, qo] =
        verb("requeue", "records that were rejected wait again: the trouble was not theirs",
             "idchip ledger requeue --rejected-for input.not_found --reason \"the share was not mounted\"", run_requeue);
    requeue->add_option("--record", qo->record, "name of the record");
    requeue->add_option("--rejected-for", qo->rejected_for, "all that have this reason, as `ledger export` shows it");
    requeue->add_option("--reason", qo->reason, "why; it is kept")->required();

    const auto [reprint, po] =
        verb("reprint", "a new document for a record whose document is live; two operators release it",
             "idchip ledger reprint --record P0007 --records lost.jsonl --request lost.txt --release lost.an lost.binh "
             "--operators operators/\nWithout a release it says what to request.",
             run_reprint);
    reprint->add_option("--record", po->record, "name of the record")->required();
    reprint->add_option("--records", po->records, "file with the record as it stands now")->required();
    add_card_option(*reprint, po->card_setting);
    add_release_options(*reprint, po->release);

    const auto [up, uo] =
        verb("give-up", "an open card that cannot be put into a reader any more",
             "idchip ledger give-up --card 17 --as spoiled --reason \"torn by the feeder\"\n"
             "A card that may be locked may be a whole document: two operators release it, and without a release it says what "
             "to request.",
             run_give_up);
    up->add_option("--card", uo->card, "its number in `ledger status`")->required();
    add_release_options(*up, uo->release);
    up->add_option("--as", uo->end, "spoiled: it is destroyed; quarantined: it is locked away")
        ->check(CLI::IsMember({"spoiled", "quarantined"}))
        ->capture_default_str();
    up->add_option("--reason", uo->reason, "why; no personal data, it is kept")->required();
    up->add_option("--rework", uo->rework, "its record: end-of-batch, at-once, reject")
        ->check(CLI::IsMember({"end-of-batch", "at-once", "reject"}))
        ->capture_default_str();
}

}  // namespace idchip::cli
