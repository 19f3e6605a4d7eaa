// idchip line run, resume: records onto cards, many readers at once, every card accounted for.
#include <atomic>
#include <csignal>
#include <memory>

#include <sys/prctl.h>
#include <unistd.h>

#include <fmt/format.h>

#include <idchip/base/text.hpp>
#include <idchip/line/crew.hpp>
#include <idchip/line/pcsc_readers.hpp>

#include "base/try.hpp"
#include "document_jobs.hpp"
#include "issuance.hpp"
#include "ledger_options.hpp"
#include "line_shards.hpp"
#include "line_show.hpp"
#include "line_supply.hpp"
#include "queue_import.hpp"
#include "record_options.hpp"
#include "terminal.hpp"
#include "verbs.hpp"

namespace idchip::cli {
namespace {

struct Options {
    LedgerOptions ledger;
    ImportOptions import;
    IssuanceOptions issuance;
    DocumentStyle style;
    LineShowOptions show;
    std::string readers = "all", rework = "end-of-batch", shard;
    std::vector<std::string> pcscd;
    std::int64_t attempts = 3, lease = 300;
    double deadline = 10, wait = 0;
};

line::StopWish wish{0};
// First: finish the cards in hand. Second: stop before the next step that cannot be undone. Third: at once; the ledger knows what is open.
extern "C" void on_stop(int) {
    if (++wish >= 3) _exit(130);
}
// For whoever only shows what its shards do.
extern "C" void pass_on(int) { signal_shards(SIGINT); }

std::vector<std::string> wanted_readers(const std::string& list) {
    std::vector<std::string> wanted;
    if (list == "all") return wanted;
    for (const auto& name : split(list, ',')) wanted.emplace_back(trim(name));
    return wanted;
}

Result<std::size_t> open_here(ledger::Ledger& ledger) {
    const auto open = TRY(ledger.open_cards());
    return static_cast<std::size_t>(
        std::count_if(open.begin(), open.end(), [&](const auto& card) { return card.station == ledger.station(); }));
}

// What the run says at its end, and its exit code.
Result<int> end(const line::Summary& s, ledger::Ledger& ledger) {
    fmt::print(stderr, "idchip: {} issued, {} spoiled, {} quarantined, {} left open by this run\n", s.issued, s.spoiled, s.quarantined,
               s.open);
    if (!s.stopped.empty()) {
        print_error(Error(Errc::perso_stopped, {}, s.stopped));
        return info(Errc::perso_stopped).exit_code;
    }
    const auto status = TRY(ledger.status());
    const auto waiting = status.jobs.find("queued");
    if (s.readers_stopped != 0 && wish == 0 && waiting != status.jobs.end() && waiting->second != 0) {
        print_error(
            Error(Errc::perso_stopped, {}, fmt::format("{} readers were stopped, {} records wait", s.readers_stopped, waiting->second)));
        return info(Errc::perso_stopped).exit_code;
    }
    if (const auto open = TRY(open_here(ledger)); open != 0) {
        fmt::print(stderr, "idchip: {} cards are open: put them in and run `idchip line resume`; `idchip ledger status` lists them\n",
                   open);
        return info(Errc::no_card).exit_code;
    }
    return 0;
}

// Records are imported once, and before anybody works.
Result<ledger::Ledger> prepare_ledger(const Options& o, bool begin_anew) {
    auto ledger = TRY(begin_anew ? open_ledger(o.ledger, "line") : open_existing_ledger(o.ledger, "line"));
    if (begin_anew && !o.import.files.empty()) fmt::print(stderr, "idchip: {}", to_text(TRY(import_records(o.import, ledger))));
    return ledger;
}

Result<int> run_all_shards(const Options& o, bool begin_anew) {
    auto ledger = TRY(prepare_ledger(o, begin_anew));
    LineShow show(o.show, ledger);
    TRY(show.begin());
    std::signal(SIGINT, pass_on);
    std::signal(SIGTERM, pass_on);
    return run_shards(
        o.pcscd, [&](const line::Event& event) { show.take(event); }, [&] { show.end(); });
}

Result<int> run_line(Options o, bool begin_anew) {
    if (!o.shard.empty()) {
        ::setenv("PCSCLITE_CSOCK_NAME", o.shard.c_str(), 1);
        ::prctl(PR_SET_PDEATHSIG, SIGINT);  // nobody is left who could stop it
        o.ledger.station = station_name(o.ledger, "line") + "@" + o.shard;
        o.import.files.clear();
        o.show = {.json = true, .plain = false};
    } else if (!o.pcscd.empty()) {
        return run_all_shards(o, begin_anew);
    }
    auto issuance = TRY(Issuance::open(o.issuance));
    auto ledger = TRY(prepare_ledger(o, begin_anew));
    const auto deadline = std::chrono::milliseconds(std::lround(o.deadline * 1000));
    line::PcscReaders readers(wanted_readers(o.readers), deadline);
    auto first = TRY(readers.newcomers());
    LineSupply supply(issuance, ledger, o.style, TRY(record_settings(o.import.card)), o.lease);
    TRY(supply.begin());
    LineShow show(o.show, ledger);
    TRY(show.begin());
    line::Supply s;
    s.readers = [&] {
        // The service may be restarted: whoever waits for a card there says so.
        if (!first.empty()) return std::exchange(first, {});
        return readers.newcomers().value_or(std::vector<std::unique_ptr<line::Reader>>());
    };
    s.sink = [&](const line::Event& event) { show.take(event); };
    if (begin_anew) s.next = [&] { return supply.next(s.sink); };
    s.again = [&](const ledger::Job& job) { return supply.again(job); };
    const line::Station station{
        .ledger = ledger,
        .profile = issuance.profile,
        .trust = issuance.trust,
        .signer = *issuance.signer,
        .keys = issuance.keys.get(),
        .stock = issuance.stock ? &*issuance.stock : nullptr,
        .rng = system_rng(),
        .clock = now,
        .rework = o.rework == "at-once" ? ledger::Rework::at_once : ledger::Rework::end_of_batch,
        .most_attempts = o.attempts,
    };
    line::Patience patience;
    if (!begin_anew) patience.for_cards = std::chrono::milliseconds(std::lround(o.wait * 1000));
    patience.until_stuck = std::max(patience.until_stuck, 3 * deadline);
    std::signal(SIGINT, on_stop);
    std::signal(SIGTERM, on_stop);
    const auto summary = line::run(station, s, wish, patience);
    show.end();
    if (!summary) return fail(summary.error());
    return end(*summary, ledger);
}

void add_shared_options(CLI::App& verb, Options& o) {
    add_ledger_options(verb, o.ledger);
    add_issuance_options(verb, o.issuance);
    add_document_style_options(verb, o.style);
    verb.add_option("--readers", o.readers, "all, or beginnings of names, separated by commas; those that are plugged in later, too")
        ->capture_default_str();
    verb.add_option("--deadline", o.deadline, "seconds for one answer of a chip")->check(CLI::Range(0.1, 600.0))->capture_default_str();
    verb.add_option("--rework", o.rework, "a record whose card was spoiled: end-of-batch, or at-once")
        ->check(CLI::IsMember({"end-of-batch", "at-once"}))
        ->capture_default_str();
    verb.add_option("--attempts", o.attempts, "cards that a record may cost before it is rejected")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    verb.add_option("--pcscd", o.pcscd, "sockets of several PC/SC services, for more than 16 readers; a process for each");
    verb.add_option("--shard", o.shard, "of --pcscd: this process is for that one")->group("");
    add_line_show_options(verb, o.show);
}

}  // namespace

void add_line(CLI::App& app, Action& chosen) {
    auto* group = app.add_subcommand("line", "many records onto many cards, through all readers at once");
    group->require_subcommand(1);

    auto* run = group->add_subcommand("run", "the next record onto every blank that is put into a reader");
    const auto o = std::make_shared<Options>();
    run->add_option("--records", o->import.files, "import these first, as `ledger import` does");
    add_import_options(*run, o->import);
    add_shared_options(*run, *o);
    run->add_option("--lease", o->lease, "seconds after which another station may take records that this one has claimed and not begun")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    run->footer(
        "Example:\n  idchip line run --records day.jsonl --profile jmrtd-applet --pki pki/ --ledger hall.ledger\n"
        "Ctrl-C finishes the cards in hand; once more stops before the next step that cannot be undone.\n"
        "Exit codes: 0 no record is left, or you have stopped it; 5 cards are open, or the ledger does not answer; 10 a token does not answer;\n"
        "30 the same trouble on several cards, or too much at the readers; 40 a key does not sign; 65 a record file was changed; 74 disk or files.");
    run->callback([o, &chosen] { chosen = [o] { return run_line(*o, true); }; });

    auto* resume = group->add_subcommand("resume", "finish the open cards that lie in the readers; begin nothing new");
    const auto r = std::make_shared<Options>();
    add_card_option(*resume, r->import.card);
    add_shared_options(*resume, *r);
    resume->add_option("--wait", r->wait, "seconds to wait for more cards")->check(CLI::Range(0.0, 86400.0))->capture_default_str();
    resume->footer(
        "Example:\n  idchip line resume --profile jmrtd-applet --pki pki/ --ledger hall.ledger\n"
        "Exit codes: 0 no card is open; 5 some are: `idchip ledger status` lists them.");
    resume->callback([r, &chosen] { chosen = [r] { return run_line(*r, false); }; });
}

}  // namespace idchip::cli
