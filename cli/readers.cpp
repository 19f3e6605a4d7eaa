// idchip readers: which readers there are, and what is in them.
#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <idchip/transport/pcsc.hpp>

#include "base/try.hpp"
#include "terminal.hpp"
#include "verbs.hpp"

namespace idchip::cli {
namespace {

Result<int> run(bool json) {
    const auto readers = TRY(transport::list_readers());
    if (json) {
        auto list = nlohmann::ordered_json::array();
        for (const auto& r : readers)
            list.push_back({{"name", r.name}, {"card", r.card_present}, {"in_use", r.in_use}, {"atr", to_hex(r.atr)}});
        TRY(print(list.dump(1) + "\n"));
        return 0;
    }
    if (readers.empty()) TRY(print("no reader is connected\n"));
    for (const auto& r : readers)
        TRY(print(fmt::format("{}: {}{}\n", r.name, r.card_present ? "card, ATR " + to_hex(r.atr) : "empty", r.in_use ? ", in use" : "")));
    return 0;
}

}  // namespace

void add_readers(CLI::App& app, Action& chosen) {
    auto* verb = app.add_subcommand("readers", "list PC/SC readers and the cards in them");
    const auto json = std::make_shared<bool>(false);
    verb->add_flag("--json", *json, "as JSON");
    verb->footer("Example:\n  idchip readers");
    verb->callback([json, &chosen] { chosen = [json] { return run(*json); }; });
}

}  // namespace idchip::cli
