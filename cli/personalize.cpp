// idchip personalize: records in, cards out.
#include <chrono>
#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <idchip/base/file.hpp>
#include <idchip/personalize/run.hpp>
#include <idchip/record/intake.hpp>

#include "base/try.hpp"
#include "card_key_options.hpp"
#include "reader_options.hpp"
#include "record_options.hpp"
#include "signer_folder.hpp"
#include "terminal.hpp"
#include "verbs.hpp"

namespace idchip::cli {
namespace {

using Clock = std::chrono::steady_clock;
// How long an operator may take to change cards.
constexpr std::chrono::minutes card_change{10};

struct Options {
    ReaderOptions reader;
    SignerAccess signer;
    CardKeyOptions keys;
    std::string records, profile = "jmrtd-applet", pki, only, card, face_record = "iso19794", lds = "1.7", portrait_format;
    std::size_t portrait_bytes = 0;
    bool dry_run = false, resume = false, json = false, with_data = false;
};

struct Job {
    record::Record record;
    personalize::Document document;
};

personalize::DocumentOptions options_of(const Options& o) {
    personalize::DocumentOptions options;
    if (o.face_record == "iso39794") options.face = image::RecordFormat::iso39794;
    if (o.lds == "1.8") options.lds_version = personalize::LdsVersion::v1_8;
    if (o.portrait_format == "jpeg") options.portrait_format = codec::Format::jpeg;
    if (o.portrait_format == "jpeg2000") options.portrait_format = codec::Format::jpeg2000;
    if (o.portrait_bytes != 0) options.portrait_bytes = o.portrait_bytes;
    return options;
}

Result<personalize::Document> make_document(const std::filesystem::path& base, const record::Record& record,
                                            const personalize::DocumentOptions& options) {
    auto portrait = read_file(base / record.portrait, 16U << 20U);
    if (!portrait) return fail(std::move(portrait.error()).inside(record.id + "/portrait"));
    return personalize::make_document(record, *portrait, options);
}

// All records are checked before the first card: a list with a fault in line 900 is not half done.
Result<std::vector<Job>> prepare(const Options& o) {
    std::vector<Job> jobs;
    std::size_t bad = 0;
    bool seen = false;
    const auto base = o.records == "-" ? std::filesystem::path(".") : std::filesystem::path(o.records).parent_path();
    const auto document_options = options_of(o);
    record::IntakeOptions options;
    options.settings = TRY(record_settings(o.card));
    options.portraits = false;  // `record check` looks at pixels; here the chip's room decides
    record::Intake intake(options);
    const auto source = TRY(record::open_records(o.records));
    TRY(intake.run(*source, o.records, [&](const record::Checked& checked) -> Result<void> {
        if (!o.only.empty() && checked.id != o.only) return {};
        seen = true;
        for (const auto& problem : checked.problems)
            if (problem.severity == Severity::error)
                fmt::print(stderr, "idchip: {}{}{}\n", checked.id, problem.field.empty() ? ": " : "/", problem_line(problem));
        auto document =
            checked.record ? make_document(base, *checked.record, document_options) : Result<personalize::Document>(fail(Errc::bad_field));
        if (document) jobs.push_back({*checked.record, std::move(*document)});
        else ++bad;
        if (checked.record && !document) print_error(document.error());
        return {};
    }));
    if (!seen) return fail(Errc::bad_field, o.records, o.only.empty() ? "no records" : "no record is called " + o.only);
    if (bad != 0)
        return fail(Errc::bad_field, o.records, fmt::format("{} of {} records have problems; no card was touched", bad, bad + jobs.size()));
    return jobs;
}

Result<int> show_plans(const Options& o, const profile::Profile& profile, std::vector<Job>& jobs, pki::ContentSigner& signer) {
    for (auto& job : jobs) {
        TRY(personalize::set_chip_keys(job.document, profile.features, TRY(personalize::make_chip_keys(profile.features, system_rng()))));
        TRY(personalize::sign_document(job.document, signer, now()));
        const auto plan = TRY(profile::make_plan(profile, job.document.variables, job.document.files));
        TRY(print(fmt::format("record {}: {} commands\n{}", job.record.id, plan.commands(), profile::to_text(plan, o.with_data))));
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

Result<personalize::Outcome> one_card(const Options& o, const ReaderOptions& reader, const profile::Profile& profile, Job& job,
                                      pki::ContentSigner& signer, const pki::TrustStore& trust, card_keys::Source* keys) {
    personalize::Job work{job.document, TRY(personalize::make_chip_keys(profile.features, system_rng())), signer};
    const auto transport = TRY(open_reader(reader));
    Progress progress(job.record.id, 100);
    personalize::Options options;
    options.resume = o.resume;
    options.keys = keys;
    options.progress = [&](personalize::Stage stage, std::size_t done, std::size_t total) {
        const bool writing = stage == personalize::Stage::write;
        progress.at(writing ? done * 80 / total : 80 + 4 * static_cast<std::size_t>(stage), personalize::name(stage));
    };
    return personalize::personalize(*transport, profile, work, trust, system_rng(), now(), options);
}

Result<int> run(const Options& o) {
    const auto profile = TRY(profile::load_profile(o.profile));
    const auto signer = TRY(open_signer((std::filesystem::path(o.pki) / "signer").string(), o.signer));
    const auto trust = TRY(load_trust((std::filesystem::path(o.pki) / "trust").string()));
    const auto keys = TRY(open_card_keys(o.keys, profile));
    auto jobs = TRY(prepare(o));
    if (o.dry_run) return show_plans(o, profile, jobs, *signer);
    auto reader = o.reader;
    for (std::size_t i = 0; i < jobs.size(); ++i) {
        const auto& id = jobs[i].record.id;
        const auto start = Clock::now();
        auto outcome = one_card(o, reader, profile, jobs[i], *signer, trust, keys.get());
        const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
        if (!outcome) return fail(std::move(outcome.error()).inside(id));
        if (o.json) TRY(print(outcome_json(id, profile, *outcome, seconds)));
        if (outcome->failure) {
            print_error(*outcome->failure);
            fmt::print(stderr, "idchip: {}: the chip is {}; {}\n", id, personalize::name(outcome->condition),
                       personalize::next_action(outcome->condition));
            if (i + 1 < jobs.size()) fmt::print(stderr, "idchip: stopped; {} records were not started\n", jobs.size() - i - 1);
            return info(outcome->failure->code).exit_code;
        }
        if (!o.json)
            TRY(print(fmt::format("{}: {}, locked, lock proven, {} ({} commands, {:.1f} s)\n", id,
                                  outcome->was_finished ? "was already written" : "written, read back equal",
                                  inspect::name(outcome->verdict->overall), outcome->commands, seconds)));
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
    verb->add_option("records", o->records, "records, one JSON object a line; - for standard input")->required();
    add_reader_options(*verb, o->reader);
    add_signer_options(*verb, o->signer);
    add_card_key_options(*verb, o->keys);
    verb->add_option("--profile", o->profile, "card profile, by name or file")->capture_default_str();
    verb->add_option("--pki", o->pki, "folder made by `idchip pki init`: signer/ signs, trust/ judges")->required();
    verb->add_option("--only", o->only, "only this record");
    add_card_option(*verb, o->card);
    verb->add_option("--face-record", o->face_record, "record around the portrait in DG2: iso19794, or iso39794 (issuers must from 2030)")
        ->check(CLI::IsMember({"iso19794", "iso39794"}))
        ->capture_default_str();
    verb->add_option("--lds", o->lds, "LDS version: 1.7, or 1.8 with the version signed")
        ->check(CLI::IsMember({"1.7", "1.8"}))
        ->capture_default_str();
    verb->add_option("--portrait-format", o->portrait_format, "encode portraits as jpeg or jpeg2000; default: as they come, jpeg from PNG")
        ->check(CLI::IsMember({"jpeg", "jpeg2000"}));
    verb->add_option("--portrait-bytes", o->portrait_bytes, "encode portraits that are larger anew, to at most so many bytes")
        ->check(CLI::Range(1'000, 100'000));
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
