// idchip sim: a chip in software, as a card in vsmartcard's virtual reader: blank, or a finished document out of a description.
#include <atomic>
#include <csignal>
#include <iostream>
#include <memory>
#include <thread>

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
    std::size_t stack = 0;
    bool show = false, list = false;
};

// vpcd: a slot that is filled again as soon as it reads empty may stay empty for good.
constexpr std::chrono::milliseconds vpcd_breath{1000};

std::atomic<bool> stop{false}, next_card{false};
extern "C" void on_signal(int) {
    stop = true;
    next_card = true;
}

Result<int> serve(const Options& o, transport::VirtualCard& card, const std::string& what) {
    const auto address = TRY(sim::parse_address(o.connect));
    std::signal(SIGINT, on_signal);
    std::signal(SIGTERM, on_signal);
    TRY(print(fmt::format("{} card in the reader at {}:{}; Ctrl-C takes it out\n", what, address.host, address.port)));
    TRY(sim::serve_vpcd(card, address, stop));
    return 0;
}

Result<void> write_keys(const Options& o, const sim::CardOptions& options) {
    if (o.keys_out.empty()) return {};
    const auto keys = TRY(sim::makers_keys(options));
    if (keys.empty()) return fail(Errc::bad_field, "--keys-out", "cards of this kind ask for no key");
    return write_text(o.keys_out, keys, FileMode::secret);
}

Result<int> run_blank(const Options& o) {
    sim::CardOptions options;
    options.blank = o.blank;
    options.state = o.state;
    options.channel = o.channel;
    TRY(write_keys(o, options));
    const auto card = TRY(sim::make_card(options));
    return serve(o, *card, o.blank);
}

// Whoever moves the cards says "next" when the one in the reader may be taken out.
void listen_for_next() {
    std::thread([] {
        for (std::string word; std::getline(std::cin, word);)
            if (word == "next") next_card = true;
    }).detach();
}

// A feeder: blanks one after the other.
Result<int> run_stack(const Options& o) {
    const auto address = TRY(sim::parse_address(o.connect));
    std::signal(SIGINT, on_signal);
    std::signal(SIGTERM, on_signal);
    if (!o.state.empty()) TRY(make_folder(o.state));
    listen_for_next();
    sim::CardOptions options;
    options.blank = o.blank;
    options.channel = o.channel;
    TRY(write_keys(o, options));
    for (std::size_t n = 1; n <= o.stack && !stop; ++n, next_card = false) {
        if (!o.state.empty()) options.state = (std::filesystem::path(o.state) / fmt::format("chip-{:04}.json", n)).string();
        const auto card = TRY(sim::make_card(options));
        TRY(print(fmt::format("card {} of {} in the reader at {}:{}\n", n, o.stack, address.host, address.port)));
        while (!next_card) {
            TRY(sim::serve_vpcd(*card, address, next_card));
            // The reader let go of the line: it powers the same card up again.
            if (!next_card) std::this_thread::sleep_for(vpcd_breath);
        }
        std::this_thread::sleep_for(vpcd_breath);
    }
    return 0;
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
    if (o.stack != 0) return run_stack(o);
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
    auto* state =
        verb->add_option("--state", o->state, "file that keeps the blank chip; made when missing, holds keys; a folder with --stack");
    auto* stack =
        verb->add_option("--stack", o->stack, "so many blanks, one after the other: the next one when \"next\" comes in on standard input")
            ->check(CLI::PositiveNumber);
    auto* card = verb->add_option("--card", o->card, "a finished document: description in JSON, or the name of a ready-made card");
    verb->add_option("--pki", o->pki, "folder made by `idchip pki init`; signer/ signs the document")->needs(card);
    verb->add_option("--terminal", o->terminal, "folder for the terminal that may read DG3, where the card brings its own CVCA")
        ->needs(card);
    verb->add_flag("--show", o->show, "print what the card is, and put it into no reader")->needs(card);
    verb->add_flag("--list", o->list, "the ready-made cards: name, case, right outcome, what they are");
    card->excludes(blank)->excludes(state)->excludes(stack);
    verb->footer(
        "vpcd listens on all network addresses, not on loopback only: use it on trusted machines.\n"
        "Examples:\n  idchip sim --connect 127.0.0.1:35963 --blank jmrtd-applet --state chip.json\n"
        "  idchip sim --card vn-cccd-2021 --pki pki\n  idchip sim --card ./mine.json --show");
    verb->callback([o, &chosen] { chosen = [o] { return run(*o); }; });
}

}  // namespace idchip::cli
