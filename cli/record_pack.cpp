// idchip record pack: a mobile team's checked records into signed and encrypted bundles, without a network.
#include <memory>
#include <thread>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <idchip/bundle/pack.hpp>

#include "base/try.hpp"
#include "key_files.hpp"
#include "record.hpp"
#include "record_options.hpp"
#include "terminal.hpp"

namespace idchip::cli {
namespace {

using nlohmann::ordered_json;
namespace fs = std::filesystem;

struct Options {
    std::vector<std::string> files;
    std::string team, key, certificate, to, out, corrections, count, card, passphrase_file, pin_file;
    record::PortraitRules rules;
    bool json = false;
};

Result<bundle::Packer> make_packer(const Options& o) {
    bundle::PackOptions p;
    p.intake.settings = TRY(record_settings(o.card));
    p.intake.portrait_rules = o.rules;
    p.intake.threads = std::max(1U, std::thread::hardware_concurrency());
    p.team = TRY(read_certificate(o.certificate));
    p.centre = TRY(read_certificate(o.to));
    const auto name = TRY(bundle::team_name(p.team));
    if (!o.team.empty() && o.team != name) return fail(Errc::pki_refused, o.certificate, "it is the certificate of " + name);
    p.key = TRY(open_key(o.key, o.passphrase_file, o.pin_file));
    p.out = o.out;
    p.count_file = o.count.empty() ? fs::path(o.certificate).replace_filename(name + ".bundles") : fs::path(o.count);
    p.now = now();
    return bundle::Packer::create(std::move(p));
}

ordered_json bundle_json(const bundle::MadeBundle& made) {
    const auto& m = made.manifest;
    return {{"file", made.file.string()}, {"bundle", m.bundle}, {"team", m.team}, {"number", m.number}, {"records", m.count}};
}

Result<void> show(const std::vector<bundle::MadeBundle>& made, const record::Count& all, bool json) {
    if (json) {
        ordered_json j;
        j["bundles"] = ordered_json::array();
        for (const auto& one : made) j["bundles"].push_back(bundle_json(one));
        j["records"] = all.records;
        j["packed"] = all.records - all.with_errors;
        j["with_errors"] = all.with_errors;
        ordered_json line;
        line["summary"] = std::move(j);
        return print(json_line(line));
    }
    for (const auto& one : made)
        TRY(print(fmt::format("{}: bundle {} of {}, {} records\n", one.file.string(), one.manifest.number, one.manifest.team,
                              one.manifest.count)));
    return print(
        fmt::format("{} records: {} packed, {} with errors stay here\n", all.records, all.records - all.with_errors, all.with_errors));
}

Result<void> show(const std::string& file, const record::Checked& c, bool json) {
    if (json && !c.problems.empty()) {
        ordered_json j = {{"file", file}, {"line", c.line}, {"record", c.id}, {"ready", c.record.has_value()}};
        for (const auto& p : c.problems) j["problems"].push_back(problem_json(p));
        return print(json_line(j));
    }
    for (const auto& p : c.problems)
        if (p.severity == Severity::error) TRY(print(fmt::format("{} (line {}): {}\n", c.id, c.line, problem_line(p))));
    return {};
}

Result<int> run(const Options& o) {
    auto packer = TRY(make_packer(o));
    auto corrections = TRY(CorrectionList::create(o.corrections));
    for (const auto& file : o.files) {
        const auto source = TRY(record::open_records(file));
        Progress progress(file, source->total_bytes());
        std::size_t seen = 0;
        TRY(packer.add(*source, file, [&](const record::Checked& checked) -> Result<void> {
            if (++seen % 64 == 0) progress.at(source->bytes_read(), fmt::format("{} records", seen));
            TRY(show(file, checked, o.json));
            return corrections.add(file, checked);
        }));
    }
    const auto made = TRY(packer.finish());
    TRY(corrections.finish());
    const auto& all = packer.totals().all;
    TRY(show(made, all, o.json));
    return all.with_errors == 0 ? 0 : info(Errc::bad_field).exit_code;
}

}  // namespace

void add_record_pack(CLI::App& group, Action& chosen) {
    auto* verb = group.add_subcommand("pack", "check records and pack them for the centre: signed, encrypted, without a network");
    const auto o = std::make_shared<Options>();
    verb->add_option("files", o->files, "JSON Lines or CSV; - for standard input")->required();
    verb->add_option("--team", o->team, "name of the team; must be the one in its certificate (CN)");
    verb->add_option("--key", o->key, "the team's private key: a file, or a PKCS#11 URI")->required();
    verb->add_option("--certificate", o->certificate, "the team's certificate")->required();
    verb->add_option("--to", o->to, "the centre's certificate")->required();
    verb->add_option("--out", o->out, "the bundle, never overwritten; several become NAME-1, NAME-2 ...")->required();
    verb->add_option("--corrections", o->corrections, "write a correction list, CSV for a spreadsheet");
    verb->add_option("--count", o->count, "file with the number of the team's last bundle; default: TEAM.bundles beside the certificate");
    add_card_option(*verb, o->card);
    verb->add_option("--most-portrait-bytes", o->rules.most_bytes, "largest portrait that the chip takes")->capture_default_str();
    verb->add_option("--passphrase-file", o->passphrase_file,
                     "its first line is the passphrase of the key; or IDCHIP_KEY_PASSPHRASE, or you are asked");
    verb->add_option("--pin-file", o->pin_file, "its first line is the PIN of the token; or IDCHIP_TOKEN_PIN, or you are asked");
    verb->add_flag("--json", o->json, "one JSON object for each record with problems, and a summary");
    verb->footer(
        "Example:\n  idchip record pack day.jsonl --team north --key north.pem --certificate north.crt --to centre.crt --out day.idb "
        "--corrections day.csv\n"
        "Exit code 0: every record is in a bundle; 65: some have errors and stay here, the others are in a bundle.");
    verb->callback([o, &chosen] { chosen = [o] { return run(*o); }; });
}

}  // namespace idchip::cli
