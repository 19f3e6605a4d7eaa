// idchip sim: a chip in software, as a card in vsmartcard's virtual reader: blank, or a finished document out of a description.
#include <atomic>
#include <csignal>
#include <memory>

#include <fmt/format.h>

#include <idchip/base/file.hpp>
#include <idchip/cards/cards.hpp>
#include <idchip/sim/card.hpp>
#include <idchip/sim/emrtd.hpp>
#include <idchip/sim/vpcd.hpp>

#include "base/try.hpp"
#include "terminal.hpp"
#include "verbs.hpp"

namespace idchip::cli {
namespace {

struct Options {
    std::string connect = "127.0.0.1:35963", blank = "jmrtd-applet", channel = "scp03", keys_out, state, card, pki, terminal;
    bool show = false, list = false;
};

std::atomic<bool> stop{false};
extern "C" void on_signal(int) { stop = true; }

Result<int> serve(const Options& o, transport::VirtualCard& card, const std::string& what) {
    const auto address = TRY(sim::parse_address(o.connect));
    std::signal(SIGINT, on_signal);
    std::signal(SIGTERM, on_signal);
    TRY(print(fmt::format("{} card in the reader at {}:{}; Ctrl-C takes it out\n", what, address.host, address.port)));
    TRY(sim::serve_vpcd(card, address, stop));
    return 0;
}

Result<int> run_blank(const Options& o) {
    sim::CardOptions options;
    options.blank = o.blank;
    options.state = o.state;
    options.channel = o.channel;
    if (!o.keys_out.empty()) {
        const auto keys = TRY(sim::makers_keys(options));
        if (keys.empty()) return fail(Errc::bad_field, "--keys-out", "cards of this kind ask for no key");
        TRY(write_text(o.keys_out, keys, FileMode::secret));
    }
    const auto card = TRY(sim::make_card(options));
    return serve(o, *card, o.blank);
}

Result<int> list_cards() {
    for (const auto& d : TRY(cards::ready_made()))
        TRY(print(fmt::format("{:<28} {:<4} {:<8} {}\n", d.name, d.case_id.empty() ? "-" : d.case_id, d.outcome, d.about)));
    return 0;
}

Result<int> run_card(const Options& o) {
    cards::LoadOptions options;
    options.pki = o.pki;
    options.now = now();
    auto card = TRY(cards::load(o.card, options));
    if (!o.terminal.empty()) {
        if (!card.terminal) return fail(Errc::bad_field, "--terminal", "this card has no authorization PKI of its own");
        TRY(cards::save_test_terminal(*card.terminal, o.terminal));
    }
    if (o.show) {
        TRY(print(cards::to_text(card)));
        return 0;
    }
    if (card.own_pki) TRY(print("signed by a PKI that is thrown away; --pki DIR makes it verifiable\n"));
    sim::Emrtd chip(std::move(card.config), system_rng());
    return serve(o, chip, card.description.name);
}

Result<int> run(const Options& o) {
    if (o.list) return list_cards();
    return o.card.empty() ? run_blank(o) : run_card(o);
}

}  // namespace

void add_sim(CLI::App& app, Action& chosen) {
    auto* verb = app.add_subcommand("sim", "a chip in software, put into a virtual PC/SC reader (vsmartcard vpcd)");
    const auto o = std::make_shared<Options>();
    verb->add_option("--connect", o->connect, "HOST:PORT of vpcd")->capture_default_str();
    auto* blank = verb->add_option("--blank", o->blank, "kind of blank card")->check(CLI::IsMember(sim::blanks()))->capture_default_str();
    verb->add_option("--channel", o->channel, "secure channel of a GlobalPlatform blank: scp02 or scp03")
        ->check(CLI::IsMember({"scp02", "scp03"}))
        ->capture_default_str();
    verb->add_option("--keys-out", o->keys_out, "file for the test keys that this kind of blank leaves its maker with");
    auto* state = verb->add_option("--state", o->state, "file that keeps the blank chip; made when missing, holds keys");
    auto* card = verb->add_option("--card", o->card, "a finished document: description in JSON, or the name of a ready-made card");
    verb->add_option("--pki", o->pki, "folder made by `idchip pki init`; signer/ signs the document")->needs(card);
    verb->add_option("--terminal", o->terminal, "folder for the terminal that may read DG3, where the card brings its own CVCA")
        ->needs(card);
    verb->add_flag("--show", o->show, "print what the card is, and put it into no reader")->needs(card);
    verb->add_flag("--list", o->list, "the ready-made cards: name, case, right outcome, what they are");
    card->excludes(blank)->excludes(state);
    verb->footer(
        "vpcd listens on all network addresses, not on loopback only: use it on trusted machines.\n"
        "Examples:\n  idchip sim --connect 127.0.0.1:35963 --blank jmrtd-applet --state chip.json\n"
        "  idchip sim --card vn-cccd-2021 --pki pki\n  idchip sim --card ./mine.json --show");
    verb->callback([o, &chosen] { chosen = [o] { return run(*o); }; });
}

}  // namespace idchip::cli
