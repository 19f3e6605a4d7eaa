// idchip record merge: bundles of mobile teams into the store of records at the centre.
#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <idchip/base/file.hpp>
#include <idchip/bundle/merge.hpp>

#include "base/try.hpp"
#include "key_files.hpp"
#include "record.hpp"
#include "record_options.hpp"
#include "terminal.hpp"

namespace idchip::cli {
namespace {

using nlohmann::ordered_json;

struct Options {
    std::vector<std::string> bundles;
    std::string store, certificate, key, teams, corrections_folder, card, passphrase_file;
    record::PortraitRules rules;
    bool no_portraits = false, json = false;
};

// What came of all bundles.
struct Outcome {
    std::uint64_t bundles = 0, bundles_refused = 0, taken = 0, known = 0, refused = 0;
    std::optional<int> first_exit_code;  // of a bundle that was refused
};

std::string gap_text(const bundle::Gap& gap) {
    if (gap.first == gap.last) return fmt::format("{}: bundle {} has not come\n", gap.team, gap.first);
    return fmt::format("{}: bundles {} to {} have not come\n", gap.team, gap.first, gap.last);
}

Result<void> show_json(const std::string& file, const bundle::MergeReport& r) {
    const auto& m = r.manifest;
    ordered_json j = {{"file", file},
                      {"bundle", m.bundle},
                      {"team", m.team},
                      {"number", m.number},
                      {"made_at", to_iso(m.made_at)},
                      {"merged_before", r.merged_before},
                      {"number_seen_before", r.number_seen_before},
                      {"taken", r.taken},
                      {"known", r.known},
                      {"refused", r.refused},
                      {"corrections", ordered_json::array()}};
    for (const auto& c : r.corrections) {
        ordered_json one = {{"line", c.line}, {"record", c.record}};
        one.update(problem_json(c.problem));
        j["corrections"].push_back(std::move(one));
    }
    return print(json_line(j));
}

Result<void> show_text(const std::string& file, const bundle::MergeReport& r) {
    const auto& m = r.manifest;
    TRY(print(fmt::format("{}: bundle {} of {}, {}{}: {} taken, {} known before, {} refused\n", file, m.number, m.team, to_iso(m.made_at),
                          r.merged_before ? ", merged before" : "", r.taken, r.known, r.refused)));
    if (r.number_seen_before)
        TRY(print(
            fmt::format("  warning: another bundle of {} has number {}; the team's count was lost, and missing bundles will not show\n",
                        m.team, m.number)));
    for (const auto& c : r.corrections) TRY(print(fmt::format("  {} (line {}): {}\n", c.record, c.line, problem_line(c.problem))));
    return {};
}

Result<void> show_refused(const std::string& file, const Error& error, bool json) {
    print_error(Error(error).inside(file));
    if (!json) return {};
    return print(json_line({{"file", file}, {"error", error.name()}, {"message", error.message()}}));
}

// One list for each bundle: those of others stay as they are, whatever run they came with. A team whose count was lost has two bundles of
// one number; their names differ. Without refusals no list is begun, but one that is there loses its rows.
Result<void> write_corrections(const Options& o, const bundle::MergeReport& r) {
    if (o.corrections_folder.empty()) return {};
    const auto& m = r.manifest;
    const auto file = std::filesystem::path(o.corrections_folder) / fmt::format("{}-{}-{}.csv", m.team, m.number, m.bundle.substr(0, 8));
    if (r.corrections.empty() && !std::filesystem::exists(file)) return {};
    auto csv = TRY(report::CsvFile::create(file, FileMode::secret));
    TRY(csv.row({"team", "number", "bundle", "line", "record", "field", "quality", "code", "problem", "remedy"}));
    for (const auto& c : r.corrections)
        TRY(csv.row({m.team, std::to_string(m.number), m.bundle, std::to_string(c.line), c.record, c.problem.field,
                     record::name(record::quality_of(c.problem.code)), c.problem.code, c.problem.message, c.problem.remedy}));
    return csv.finish();
}

Result<void> merge_all(const Options& o, bundle::Store& store, Outcome& outcome) {
    const auto teams = TRY(bundle::load_teams(o.teams));
    const auto own = TRY(read_certificate(o.certificate));
    if (pkcs11::Uri::is(o.key)) return fail(Errc::bad_usage, "--key", "bundles are opened with a key in a file; a token cannot, yet");
    const auto key = TRY(read_key(o.key, o.passphrase_file));
    bundle::MergeOptions options;
    options.settings = TRY(record_settings(o.card));
    options.portrait_rules = o.rules;
    options.portraits = !o.no_portraits;
    options.now = now();
    Progress progress("merging", o.bundles.size());
    for (std::size_t i = 0; i < o.bundles.size(); ++i) {
        const auto& file = o.bundles[i];
        progress.at(i, file);
        const auto bytes = read_file(file, bundle::largest_file);
        auto report = bytes ? store.merge(*bytes, own, key, teams, options) : Result<bundle::MergeReport>(fail(bytes.error()));
        ++outcome.bundles;
        if (!report) {
            // Without a disk to write to, or a program to look at portraits, the next bundle would fare no better.
            if (!store.usable()) return fail(std::move(report.error()).inside(file));
            ++outcome.bundles_refused;
            if (!outcome.first_exit_code) outcome.first_exit_code = info(report.error().code).exit_code;
            TRY(show_refused(file, report.error(), o.json));
            continue;
        }
        TRY(write_corrections(o, *report));
        TRY(o.json ? show_json(file, *report) : show_text(file, *report));
        if (!report->merged_before) {
            outcome.taken += report->taken;
            outcome.known += report->known;
        }
        outcome.refused += report->refused;
    }
    return {};
}

Result<void> show_outcome(const Options& o, const bundle::Store& store, const Outcome& outcome) {
    if (o.json) {
        ordered_json missing = ordered_json::array();
        for (const auto& gap : store.missing()) missing.push_back({{"team", gap.team}, {"first", gap.first}, {"last", gap.last}});
        ordered_json line;
        line["summary"] = {{"bundles", outcome.bundles},    {"bundles_refused", outcome.bundles_refused},
                           {"taken", outcome.taken},        {"known", outcome.known},
                           {"refused", outcome.refused},    {"records", store.records()},
                           {"missing", std::move(missing)}, {"cut_off", store.cut_off()}};
        return print(json_line(line));
    }
    TRY(print(fmt::format("{} bundles, {} refused; {} records taken, {} in the store\n", outcome.bundles, outcome.bundles_refused,
                          outcome.taken, store.records())));
    for (const auto& gap : store.missing()) TRY(print(gap_text(gap)));
    return {};
}

Result<int> run(const Options& o) {
    auto store = TRY(bundle::Store::open(o.store));
    if (store.cut_off() != 0 && !o.json)
        TRY(print(
            fmt::format("an interrupted merge had left {} bytes; they were cut off, its bundle is to be merged again\n", store.cut_off())));
    if (!o.corrections_folder.empty()) TRY(make_folder(o.corrections_folder));
    Outcome outcome;
    TRY(merge_all(o, store, outcome));
    TRY(show_outcome(o, store, outcome));
    if (outcome.first_exit_code) return *outcome.first_exit_code;
    return outcome.refused == 0 ? 0 : info(Errc::bad_field).exit_code;
}

}  // namespace

void add_record_merge(CLI::App& group, Action& chosen) {
    auto* verb = group.add_subcommand("merge", "take bundles of mobile teams into the store: in any order, any number of times");
    const auto o = std::make_shared<Options>();
    verb->add_option("bundles", o->bundles, "bundles of `record pack`; - for standard input")->required();
    verb->add_option("--store", o->store, "folder with records.jsonl, portraits and the journal; made when missing")->required();
    verb->add_option("--certificate", o->certificate, "the centre's certificate, which the bundles are encrypted to")->required();
    verb->add_option("--key", o->key, "the centre's private key, a file")->required();
    verb->add_option("--teams", o->teams, "folder with the certificates of the teams that are known")->required();
    verb->add_option("--corrections-dir", o->corrections_folder,
                     "gets a correction list for each bundle of which some is refused: TEAM-NUMBER-BUNDLE.csv");
    add_card_option(*verb, o->card);
    verb->add_option("--most-portrait-bytes", o->rules.most_bytes, "largest portrait that the chip takes")->capture_default_str();
    verb->add_flag("--no-portraits", o->no_portraits, "do not look at the pixels of portraits");
    verb->add_option("--passphrase-file", o->passphrase_file,
                     "its first line is the passphrase of the key; or IDCHIP_KEY_PASSPHRASE, or you are asked");
    verb->add_flag("--json", o->json, "one JSON object for each bundle, and a summary");
    verb->footer(
        "Example:\n  idchip record merge *.idb --store store --certificate centre.crt --key centre.pem --teams teams "
        "--corrections-dir back\n"
        "Exit code 0: every record is in the store; 65: some were refused, see the lists. When a bundle was refused whole, that of\n"
        "the first such error (40 unknown team, 50 altered, 65 no bundle, 66 no file); the other bundles are merged all the same.");
    verb->callback([o, &chosen] { chosen = [o] { return run(*o); }; });
}

}  // namespace idchip::cli
