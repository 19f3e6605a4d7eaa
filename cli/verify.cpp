// idchip verify and idchip judge: chip or saved evidence -> verdict.
#include <memory>

#include <idchip/base/file.hpp>
#include <idchip/inspect/reader.hpp>
#include <idchip/report/verdict.hpp>

#include "access_options.hpp"
#include "base/try.hpp"
#include "reader_options.hpp"
#include "signer_folder.hpp"
#include "terminal.hpp"
#include "verbs.hpp"

namespace idchip::cli {
namespace {

struct Options {
    ReaderOptions reader;
    AccessOptions access;
    std::string trust, save, dump, evidence, at;
    bool json = false, all = false, stats = false;
};

Result<Instant> judging_time(const Options& o) {
    if (o.at.empty()) return now();
    return parse_iso_instant(o.at);
}

Result<int> finish(const Options& o, const inspect::Evidence& evidence, const pki::TrustStore& trust) {
    const auto at = TRY(judging_time(o));
    const auto verdict = inspect::judge(evidence, trust, at);
    const report::JudgedDocument judged{evidence, trust, verdict, at};
    TRY(print(o.json ? report::to_json(judged) : report::to_text(judged, colour(), o.all)));
    if (o.stats && !o.json) TRY(print(report::wire_text(evidence)));
    return inspect::exit_code(verdict.overall);
}

Result<int> run_verify(const Options& o) {
    // What can fail without the chip fails before it.
    const auto trust = TRY(load_trust(o.trust));
    auto request = TRY(read_request(o.access));
    const auto transport = TRY(open_reader(o.reader));
    std::optional<Progress> progress;
    progress.emplace("reading", 6);
    std::size_t files = 0;
    request.progress = [&](lds::Ef ef, std::size_t) { progress->at(std::min<std::size_t>(++files, 5), lds::name(ef)); };
    auto evidence = inspect::read_chip(*transport, request, system_rng(), now());
    progress.reset();
    if (!evidence) return fail(std::move(evidence.error()));
    if (!o.save.empty()) TRY(write_text(o.save, inspect::to_json(*evidence), FileMode::secret));
    if (!o.dump.empty()) TRY(inspect::save_dump(*evidence, o.dump));
    return finish(o, *evidence, trust);
}

Result<int> run_judge(const Options& o) {
    const auto trust = TRY(load_trust(o.trust));
    return finish(o, TRY(inspect::load_evidence(o.evidence)), trust);
}

void add_output_options(CLI::App& verb, Options& o) {
    verb.add_option("--trust", o.trust,
                    "store of `idchip trust import`, or folder of CSCA certificates (.cer .crt .der .pem) and CRLs (.crl)")
        ->required();
    verb.add_flag("--json", o.json, "the whole result as JSON");
    verb.add_flag("--all", o.all, "show every single check");
    verb.add_option("--at", o.at, "judge as of this time, YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ (default: now)");
}

}  // namespace

void add_verify(CLI::App& app, Action& chosen) {
    auto* verb = app.add_subcommand("verify", "read a chip and judge the document");
    const auto o = std::make_shared<Options>();
    add_reader_options(*verb, o->reader);
    add_access_options(*verb, o->access);
    verb->add_option("--save", o->save, "store the evidence for `idchip judge` (holds personal data)");
    verb->add_option("--dump", o->dump, "store the files of the chip in this folder (holds personal data)");
    verb->add_flag("--stats", o->stats, "count the commands and bytes on the wire");
    add_output_options(*verb, *o);
    verb->footer(
        "Example:\n  idchip verify --reader \"Virtual PCD 00 00\" --mrz mrz.txt --trust pki/trust\n"
        "Exit codes: 0 ACCEPT, 1 ACCEPT*, 2 REFER, 3 REJECT, 4 CANNOT, 5 chip not read");
    verb->callback([o, &chosen] {
        if (o->access.empty()) throw CLI::RequiredError("--mrz, --can, --pin, or --number with --birth and --expiry,");
        chosen = [o] { return run_verify(*o); };
    });
}

void add_judge(CLI::App& app, Action& chosen) {
    auto* verb = app.add_subcommand("judge", "judge saved evidence again, without the chip");
    const auto o = std::make_shared<Options>();
    verb->add_option("evidence", o->evidence, "file of `verify --save`, or a folder of files: EF_SOD.bin, EF_COM.bin, DG1.bin ...")
        ->required();
    add_output_options(*verb, *o);
    verb->footer("Example:\n  idchip judge evidence.json --trust pki/trust");
    verb->callback([o, &chosen] { chosen = [o] { return run_judge(*o); }; });
}

}  // namespace idchip::cli
