// idchip cvc: card-verifiable certificates of the authorization PKI, made, shown, verified.
#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <idchip/base/file.hpp>
#include <idchip/pki/cv_certificate.hpp>
#include <idchip/report/show.hpp>

#include "base/try.hpp"
#include "cvc.hpp"
#include "terminal.hpp"

namespace idchip::cli {
namespace {

using nlohmann::ordered_json;

struct Options {
    std::vector<std::string> files;
    bool json = false, hex = false;
};

Result<int> run_show(const Options& o) {
    auto list = ordered_json::array();
    std::string text;
    for (const auto& file : o.files) {
        const auto content = TRY(read_file(file));
        if (auto c = pki::CvCertificate::parse(content); !c) return fail(std::move(c.error()).inside(file));
        const auto shown = TRY(report::show(content, {{}, o.hex}));
        ordered_json entry;
        entry["file"] = file;
        entry.update(ordered_json::parse(shown.json));
        list.push_back(std::move(entry));
        text += (text.empty() ? "" : "\n") + (o.files.size() > 1 ? file + ": " : std::string()) + shown.text;
    }
    ordered_json all;
    all["files"] = std::move(list);
    TRY(print(o.json ? all.dump(1, ' ', false, ordered_json::error_handler_t::replace) + "\n" : text));
    return 0;
}

}  // namespace

void add_cvc_show(CLI::App& group, Action& chosen) {
    auto* verb = group.add_subcommand("show", "decode CV certificates");
    const auto o = std::make_shared<Options>();
    verb->add_option("files", o->files, "certificates in DER (.cvcert); - for standard input")->required();
    verb->add_flag("--json", o->json, "as JSON");
    verb->add_flag("--hex", o->hex, "every TLV object too: offset, tag, length, bytes");
    verb->footer("Example:\n  idchip cvc show cvca.cvcert dv.cvcert");
    verb->callback([o, &chosen] { chosen = [o] { return run_show(*o); }; });
}

void add_cvc(CLI::App& app, Action& chosen) {
    auto* group = app.add_subcommand("cvc", "card-verifiable certificates for terminal authentication");
    group->require_subcommand(1);
    add_cvc_create(*group, chosen);
    add_cvc_show(*group, chosen);
    add_cvc_verify(*group, chosen);
    group->footer("Example:\n  idchip cvc verify --trust cvca.cvcert dv.cvcert is.cvcert");
}

}  // namespace idchip::cli
