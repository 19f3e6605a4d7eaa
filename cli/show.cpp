// idchip show: decode one file, or all files of a chip in a folder.
#include <filesystem>
#include <memory>

#include <fmt/format.h>

#include <idchip/base/file.hpp>
#include <idchip/report/show.hpp>

#include "base/try.hpp"
#include "terminal.hpp"
#include "verbs.hpp"

namespace idchip::cli {
namespace {

struct Options {
    std::string file;
    bool json = false, hex = false;
};

Result<int> run_folder(const Options& o) {
    const auto shown = TRY(report::show_folder(o.file, {{}, o.hex}));
    TRY(print(o.json ? shown.json : shown.text));
    if (shown.undecodable == 0) return 0;
    return fail(Errc::lds_bad_file, o.file, fmt::format("{} of {} files cannot be decoded", shown.undecodable, shown.files));
}

Result<int> run(const Options& o) {
    std::error_code ignored;
    if (std::filesystem::is_directory(o.file, ignored)) return run_folder(o);
    const auto named = lds::ef_by_name(std::filesystem::path(o.file).filename().string());
    auto shown = report::show(TRY(read_file(o.file)), {named, o.hex});
    if (!shown) return fail(std::move(shown.error()).inside(o.file));
    TRY(print(o.json ? shown->json : shown->text));
    return 0;
}

}  // namespace

void add_show(CLI::App& app, Action& chosen) {
    auto* verb = app.add_subcommand("show", "decode a file of a chip, a folder of them, a SOD, a certificate, a CV certificate or a CRL");
    const auto o = std::make_shared<Options>();
    verb->add_option("file", o->file, "the file, - for standard input; or a folder as `verify --dump` writes it")->required();
    verb->add_flag("--json", o->json, "as JSON");
    verb->add_flag("--hex", o->hex, "every TLV object too: offset, tag, length, bytes");
    verb->footer("Example:\n  idchip show dump/EF_SOD.bin --hex");
    verb->callback([o, &chosen] { chosen = [o] { return run(*o); }; });
}

}  // namespace idchip::cli
