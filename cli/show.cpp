// idchip show: decode one file.
#include <memory>

#include <idchip/base/file.hpp>
#include <idchip/report/show.hpp>

#include "base/try.hpp"
#include "terminal.hpp"
#include "verbs.hpp"

namespace idchip::cli {
namespace {

struct Options {
    std::string file;
    bool json = false;
};

Result<int> run(const Options& o) {
    auto shown = report::show(TRY(read_file(o.file)));
    if (!shown) return fail(std::move(shown.error()).inside(o.file));
    TRY(print(o.json ? shown->json : shown->text));
    return 0;
}

}  // namespace

void add_show(CLI::App& app, Action& chosen) {
    auto* verb = app.add_subcommand("show", "decode a file of a chip, a SOD, a certificate or a CRL");
    const auto o = std::make_shared<Options>();
    verb->add_option("file", o->file, "the file, - for standard input")->required();
    verb->add_flag("--json", o->json, "as JSON");
    verb->footer("Example:\n  idchip show dump/EF_SOD.bin");
    verb->callback([o, &chosen] { chosen = [o] { return run(*o); }; });
}

}  // namespace idchip::cli
