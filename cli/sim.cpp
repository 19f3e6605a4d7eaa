// idchip sim: a chip in software, as a card in vsmartcard's virtual reader.
#include <atomic>
#include <csignal>
#include <memory>

#include <fmt/format.h>

#include <idchip/sim/card.hpp>
#include <idchip/sim/vpcd.hpp>

#include "base/try.hpp"
#include "terminal.hpp"
#include "verbs.hpp"

namespace idchip::cli {
namespace {

struct Options {
    std::string connect = "127.0.0.1:35963", blank = "jmrtd-applet", state;
};

std::atomic<bool> stop{false};
extern "C" void on_signal(int) { stop = true; }

Result<int> run(const Options& o) {
    sim::CardOptions options;
    options.blank = o.blank;
    options.state = o.state;
    const auto card = TRY(sim::make_card(options));
    const auto address = TRY(sim::parse_address(o.connect));
    std::signal(SIGINT, on_signal);
    std::signal(SIGTERM, on_signal);
    TRY(print(fmt::format("{} card in the reader at {}:{}; Ctrl-C takes it out\n", o.blank, address.host, address.port)));
    TRY(sim::serve_vpcd(*card, address, stop));
    return 0;
}

}  // namespace

void add_sim(CLI::App& app, Action& chosen) {
    auto* verb = app.add_subcommand("sim", "a chip in software, put into a virtual PC/SC reader (vsmartcard vpcd)");
    const auto o = std::make_shared<Options>();
    verb->add_option("--connect", o->connect, "HOST:PORT of vpcd")->capture_default_str();
    verb->add_option("--blank", o->blank, "kind of blank card")->check(CLI::IsMember(sim::blanks()))->capture_default_str();
    verb->add_option("--state", o->state, "file that keeps the chip; made when missing, holds keys");
    verb->footer(
        "vpcd listens on all network addresses, not on loopback only: use it on trusted machines.\n"
        "Example:\n  idchip sim --connect 127.0.0.1:35963 --blank jmrtd-applet --state chip.json");
    verb->callback([o, &chosen] { chosen = [o] { return run(*o); }; });
}

}  // namespace idchip::cli
