// idchip vectors: run data-driven test vectors; the same runner as in the tests.
#include <memory>

#include <idchip/vectors/runner.hpp>

#include "base/try.hpp"
#include "terminal.hpp"
#include "verbs.hpp"

namespace idchip::cli {
namespace {

// Beside the installation, or the source tree.
std::string default_folder() {
    for (const auto& folder : {std::string(IDCHIP_DATA_DIR) + "/test-vectors", std::string(IDCHIP_SOURCE_DIR) + "/test-vectors"})
        if (std::filesystem::is_directory(folder)) return folder;
    return "test-vectors";
}

Result<int> run(const vectors::RunOptions& o) {
    const auto summary = TRY(vectors::run_vectors(o));
    TRY(print(vectors::to_text(summary)));
    return summary.failed == 0 ? 0 : info(Errc::vector_failed).exit_code;
}

}  // namespace

void add_vectors(CLI::App& app, Action& chosen) {
    auto* verb = app.add_subcommand("vectors", "test vectors as data");
    verb->require_subcommand(1);
    auto* sub = verb->add_subcommand("run", "run all vectors of a folder");
    const auto o = std::make_shared<vectors::RunOptions>();
    const auto folder = std::make_shared<std::string>(default_folder());
    sub->add_option("folder", *folder, "folder with one subfolder a suite")->capture_default_str();
    sub->add_option("--only", o->only, "only cases whose id matches this pattern (* and ?)");
    sub->add_flag("--list", o->list, "list the cases, run nothing");
    sub->footer("Example:\n  idchip vectors run --only 'bac.*'\nExit code 1 when a vector fails, 65 when a file is malformed.");
    sub->callback([o, folder, &chosen] {
        o->folder = *folder;
        chosen = [o] { return run(*o); };
    });
}

}  // namespace idchip::cli
