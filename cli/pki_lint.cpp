// idchip pki lint: certificates, CRLs, EF.SOD and signed lists against the profiles of Doc 9303.
#include <memory>

#include <nlohmann/json.hpp>

#include <idchip/base/file.hpp>
#include <idchip/report/lint_report.hpp>

#include "base/try.hpp"
#include "pki.hpp"
#include "terminal.hpp"

namespace idchip::cli {
namespace {

using nlohmann::ordered_json;

constexpr int does_not_conform = 65;

struct Options {
    std::vector<std::string> files;
    std::string as;
    bool json = false;
};

Result<int> run_lint(const Options& o) {
    auto list = ordered_json::array();
    std::string text;
    bool conforms = true;
    lint::Collection collection;
    for (const auto& file : o.files) {
        auto report = collection.add(TRY(read_file(file)), lint::kind_by_name(o.as));
        if (!report) return fail(std::move(report.error()).inside(file));
        conforms = conforms && report->conforms();
        ordered_json entry;
        entry["file"] = file;
        entry.update(ordered_json::parse(report::to_json(*report)));
        list.push_back(std::move(entry));
        text += (text.empty() ? "" : "\n") + (o.files.size() > 1 ? file + ": " : std::string()) + report::to_text(*report);
    }
    ordered_json all;
    all["files"] = std::move(list);
    TRY(print(o.json ? all.dump(1, ' ', false, ordered_json::error_handler_t::replace) + "\n" : text));
    return conforms ? 0 : does_not_conform;
}

}  // namespace

void add_pki_lint(CLI::App& group, Action& chosen) {
    auto* verb = group.add_subcommand("lint", "judge certificates, CRLs, EF.SOD, master and deviation lists against Doc 9303");
    const auto o = std::make_shared<Options>();
    verb->add_option("files", o->files, "DER or PEM; - for standard input")->required();
    verb->add_option("--as", o->as, "which kind the files are; their content tells otherwise")->check(CLI::IsMember(lint::kind_names()));
    verb->add_flag("--json", o->json, "as JSON");
    verb->footer(
        "Exit code 0: no rule that is a MUST is broken; 65 otherwise. The rules: docs/lint-rules.md.\n"
        "Example:\n  idchip pki lint pki/trust/csca.cer pki/signer/ds.cer pki/trust/csca.crl");
    verb->callback([o, &chosen] { chosen = [o] { return run_lint(*o); }; });
}

}  // namespace idchip::cli
