// idchip personalize: records in, cards out.
#include <chrono>
#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <idchip/base/file.hpp>
#include <idchip/base/text.hpp>
#include <idchip/personalize/holder.hpp>
#include <idchip/personalize/key_pool.hpp>
#include <idchip/personalize/run.hpp>

#include "base/try.hpp"
#include "card_key_options.hpp"
#include "card_record.hpp"
#include "document_jobs.hpp"
#include "key_files.hpp"
#include "reader_options.hpp"
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
    DocumentJobOptions documents;
    std::string profile = "jmrtd-applet", pki, stock, reports, pool, pool_passphrase_file, letters, cvca;
    bool dry_run = false, resume = false, json = false, with_data = false;
};

// The letter is on disk before the chip knows what stands in it; a second run gives the chip the same again.
Result<personalize::HolderSecrets> holder_secrets(const Options& o, const profile::Features& features, const personalize::Document& d) {
    const auto file = std::filesystem::path(o.letters) / (d.record + ".json");
    if (std::filesystem::exists(file)) {
        auto secrets = personalize::read_letter(TRY(read_text(file)), d);
        if (!secrets) return fail(std::move(secrets.error()).inside(file.string()));
        return secrets;
    }
    // The chip may be locked with others already: they stand in the letter of that run.
    if (o.resume) return fail(Errc::not_found, file.string(), "a run that is resumed has written its letters");
    auto secrets = personalize::make_holder_secrets(features, system_rng());
    if (!o.dry_run) TRY(write_text(file, personalize::to_letter(d, secrets), FileMode::secret));
    return secrets;
}

// Beside the keys: what is asked for on the command line and the profile's chip can take.
Result<void> complete(const Options& o, const profile::Features& features, const std::optional<pki::CvCertificate>& cvca,
                      personalize::Document& document) {
    if (!o.letters.empty()) personalize::set_holder_secrets(document, TRY(holder_secrets(o, features, document)));
    if (cvca) TRY(personalize::set_trust_point(document, features, *cvca, date_of(now())));
    return {};
}

Result<void> check_letters(const Options& o, const profile::Profile& p) {
    if (o.letters.empty()) return {};
    if (!p.features.pin && !p.features.puk)
        return fail(Errc::profile_bad, p.name + "/chip/access", "this kind of chip takes no PIN and no PUK");
    return o.dry_run ? Result<void>() : make_folder(o.letters);
}

Result<int> show_plans(const Options& o, const profile::Profile& profile, std::vector<DocumentJob>& jobs, pki::ContentSigner& signer) {
    for (auto& job : jobs) {
        TRY(personalize::set_chip_keys(job.document, profile.features, TRY(personalize::make_chip_keys(profile.features, system_rng()))));
        TRY(personalize::sign_document(job.document, signer, now()));
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

// One serial number a line, hexadecimal; # begins a comment. Errors: io.*, input.bad_hex.
Result<std::set<std::string>> read_stock(const std::string& file) {
    std::set<std::string> stock;
    std::size_t number = 0;
    for (const auto& line : split(TRY(read_text(file)), '\n')) {
        ++number;
        const std::string_view text = line;
        const auto serial = trim(text.substr(0, text.find('#')));
        if (serial.empty()) continue;
        auto bytes = from_hex(serial);
        if (!bytes) return fail(std::move(bytes.error()).inside(fmt::format("{} (line {})", file, number)));
        stock.insert(to_hex(*bytes));
    }
    return stock;
}

struct Line {
    profile::Profile profile;
    std::unique_ptr<card_keys::Source> keys;
    std::optional<std::set<std::string>> stock;
    pki::TrustStore trust;
    std::optional<personalize::KeyPool> pool;
};

// Out of the pool, or fresh; keys that the chip makes itself need neither.
Result<personalize::KeyPool::Taken> chip_keys(Line& line) {
    if (line.pool && line.profile.generate.empty()) return line.pool->take(line.profile.features);
    return personalize::KeyPool::Taken{{}, TRY(personalize::make_chip_keys(line.profile.features, system_rng()))};
}

Result<personalize::Outcome> one_card(const Options& o, const ReaderOptions& reader, const Line& line, personalize::Job& work) {
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

Result<void> report(const Options& o, const Line& line, const personalize::Job& work, const personalize::Outcome& outcome) {
    if (o.reports.empty()) return {};
    return write_text(std::filesystem::path(o.reports) / (work.document.record + ".json"), card_record(work, line.profile, outcome, now()));
}

Result<int> run(const Options& o) {
    Line line;
    line.profile = TRY(profile::load_profile(o.profile));
    const auto& profile = line.profile;
    const auto signer = TRY(open_signer((std::filesystem::path(o.pki) / "signer").string(), o.signer));
    line.trust = TRY(load_trust((std::filesystem::path(o.pki) / "trust").string()));
    line.keys = TRY(open_card_keys(o.keys, profile));
    if (!o.stock.empty()) line.stock = TRY(read_stock(o.stock));
    if (!o.reports.empty()) TRY(make_folder(o.reports));
    if (!o.pool.empty())
        line.pool = TRY(personalize::KeyPool::open(o.pool, Secret(as_bytes(TRY(read_passphrase(o.pool_passphrase_file))))));
    TRY(check_letters(o, profile));
    std::optional<pki::CvCertificate> cvca;
    if (!o.cvca.empty()) cvca = TRY(read_cv_certificate(o.cvca));
    auto jobs = TRY(prepare(o.documents));
    for (auto& job : jobs) TRY(complete(o, profile.features, cvca, job.document));
    if (o.dry_run) return show_plans(o, profile, jobs, *signer);
    auto reader = o.reader;
    for (std::size_t i = 0; i < jobs.size(); ++i) {
        const auto& id = jobs[i].id;
        const auto start = Clock::now();
        auto taken = TRY(chip_keys(line));
        personalize::Job work{jobs[i].document, std::move(taken.keys), *signer};
        const auto outcome = one_card(o, reader, line, work);
        if (!outcome) return fail(Error(outcome.error()).inside(id));
        // The card is what it is: all of this is done, and what fails of it is said afterwards.
        const auto told = tell(o, profile, id, *outcome, std::chrono::duration<double>(Clock::now() - start).count());
        const auto reported = report(o, line, work, *outcome);
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
    add_signer_options(*verb, o->signer);
    add_card_key_options(*verb, o->keys);
    verb->add_option("--profile", o->profile, "card profile, by name or file")->capture_default_str();
    verb->add_option("--pki", o->pki, "folder made by `idchip pki init`: signer/ signs, trust/ judges")->required();
    auto* pool = verb->add_option("--pool", o->pool, "folder of `idchip keys pool`: keys of chips that were made ahead");
    pool->needs(verb->add_option("--pool-passphrase-file", o->pool_passphrase_file, "its first line opens the pool"));
    verb->add_option("--letters", o->letters,
                     "folder for the letters to the holders, RECORD.json: the chip gets the PIN and PUK that stand there");
    verb->add_option("--cvca", o->cvca, "CV certificate that the chip believes terminals by");
    verb->add_option("--stock", o->stock, "file of the serial numbers that belong here, one a line: any other card is refused");
    verb->add_option("--reports", o->reports, "folder for what stands of each card: RECORD.json");
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
