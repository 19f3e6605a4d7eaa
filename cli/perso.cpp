// idchip perso script, run: the commands of a card wrapped where the keys are, sent where they are not.
#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <idchip/base/file.hpp>
#include <idchip/personalize/script.hpp>

#include "base/try.hpp"
#include "card_key_options.hpp"
#include "document_jobs.hpp"
#include "reader_options.hpp"
#include "signer_folder.hpp"
#include "terminal.hpp"
#include "verbs.hpp"

namespace idchip::cli {
namespace {

struct Options {
    DocumentJobOptions documents;
    CardKeyOptions keys;
    SignerAccess signer;
    ReaderOptions reader;
    std::string profile, pki, card, out, script;
    std::uint32_t next_counter = 1;
    std::size_t spares = 2;
    bool json = false;
};

Result<int> run_wrap(const Options& o) {
    const auto profile = TRY(profile::load_profile(o.profile));
    const auto signer = TRY(open_signer((std::filesystem::path(o.pki) / "signer").string(), o.signer));
    const auto keys = TRY(open_card_keys(o.keys, profile));
    if (!keys) return fail(Errc::cardkey_missing, profile.name, "a script is wrapped with the card's keys: give --keys");
    personalize::ScriptRequest request;
    auto card = from_hex(o.card);
    if (!card) return fail(std::move(card.error()).inside("--card"));
    request.key_diversification_data = std::move(*card);
    request.next_counter = o.next_counter;
    request.spares = o.spares;
    auto jobs = TRY(prepare(o.documents));
    if (jobs.size() != 1) return fail(Errc::bad_field, o.documents.records, "a script is for one card: name the record with --only");
    personalize::Job job{std::move(jobs[0].document), TRY(personalize::make_chip_keys(profile.features, system_rng())), *signer};
    const auto script = TRY(personalize::make_script(profile, job, *keys, request, system_rng(), now()));
    TRY(write_text(o.out, script.to_json(), FileMode::secret));
    TRY(print(fmt::format("{}: {} commands for card {}, channels {} to {}\n", script.record, script.variants.front().commands.size(),
                          to_hex(script.key_diversification_data), to_hex(script.variants.front().counter),
                          to_hex(script.variants.back().counter))));
    return 0;
}

Result<int> run_execute(const Options& o) {
    const auto script = personalize::Script::from_json(TRY(read_text(o.script)));
    if (!script) return fail(Error(script.error()).inside(o.script));
    const auto transport = TRY(open_reader(o.reader));
    const auto outcome = personalize::run_script(*transport, *script);
    nlohmann::ordered_json j = {{"record", script->record},
                                {"condition", personalize::name(outcome.condition)},
                                {"channel", outcome.counter},
                                {"commands", outcome.commands},
                                {"profile", {{"name", script->profile}, {"sha256", script->profile_hash}}}};
    if (outcome.failure) j["error"] = {{"name", outcome.failure->name()}, {"message", outcome.failure->message()}};
    if (o.json) TRY(print(j.dump() + "\n"));
    if (outcome.failure) {
        print_error(*outcome.failure);
        fmt::print(stderr, "idchip: {}: the chip is {}\n", script->record, personalize::name(outcome.condition));
        return info(outcome.failure->code).exit_code;
    }
    if (!o.json)
        TRY(print(fmt::format("{}: written, locked, lock proven ({} commands); now `idchip verify`\n", script->record, outcome.commands)));
    return 0;
}

}  // namespace

void add_perso(CLI::App& app, Action& chosen) {
    auto* group = app.add_subcommand("perso", "personalization without keys at the line: scripts of wrapped commands");
    group->require_subcommand(1);
    const auto o = std::make_shared<Options>();
    auto* script = group->add_subcommand("script", "wrap all commands of one card in advance (SCP03, pseudo-random challenges)");
    add_document_job_options(*script, o->documents);
    script->add_option("--profile", o->profile, "card profile, by name or file")->required();
    script->add_option("--pki", o->pki, "folder made by `idchip pki init`: signer/ signs")->required();
    add_signer_options(*script, o->signer);
    add_card_key_options(*script, o->keys);
    script->add_option("--for-card", o->card, "key diversification data of the card, twenty hexadecimal digits")->required();
    script->add_option("--next-counter", o->next_counter, "number of the card's next channel")
        ->check(CLI::Range(1, 0xFFFFFF))
        ->capture_default_str();
    script->add_option("--spares", o->spares, "further channels, for those that are torn")->check(CLI::Range(0, 20))->capture_default_str();
    script->add_option("--out", o->out, "file for the script; holds no key")->required();
    script->footer(
        "Example:\n  idchip perso script people/records.jsonl --only S7-000000 --profile gp-dgi --keys keys.json --pki pki/ \\\n"
        "      --for-card 00000000A1B2C3D40000 --next-counter 7 --out S7-000000.script");
    script->callback([o, &chosen] { chosen = [o] { return run_wrap(*o); }; });
    auto* run = group->add_subcommand("run", "send a script to its card; no key is needed");
    run->add_option("script", o->script, "file of `perso script`")->required();
    add_reader_options(*run, o->reader);
    run->add_flag("--json", o->json, "one JSON object");
    run->footer("Example:\n  idchip perso run S7-000000.script --reader \"Virtual PCD 00 00\"");
    run->callback([o, &chosen] { chosen = [o] { return run_execute(*o); }; });
}

}  // namespace idchip::cli
