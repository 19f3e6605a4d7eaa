// What the ledger costs a card, on a disk that takes 5 ms to sync; and whether it costs more when 1.13 million records are in it, as in the
// largest province: the same calls to a ledger of 1,000 and to one of 1,130,000, in turns.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <thread>

#include <sys/syscall.h>
#include <unistd.h>

#include <idchip/ledger/ledger.hpp>

#include "folder.hpp"
#include "unit/ledger/postgres_server.hpp"

// A disk for the measurement: the C library's own functions are these within this program, those that SQLite calls, too.
namespace {
std::atomic<int> sync_takes_ms{-1};  // -1: as long as it takes
std::atomic<int> syncs{0};
int sync(long system_call, int fd) {
    ++syncs;
    if (sync_takes_ms < 0) return static_cast<int>(::syscall(system_call, fd));
    std::this_thread::sleep_for(std::chrono::milliseconds(sync_takes_ms));
    return 0;
}
}  // namespace
extern "C" int fdatasync(int fd) { return sync(SYS_fdatasync, fd); }
extern "C" int fsync(int fd) { return sync(SYS_fsync, fd); }

namespace {

using namespace idchip;
using ledger::CardState;
using ledger::Intent;
using ledger::Ledger;
using ledger::Rework;
using Clock = std::chrono::steady_clock;

const Instant today = start_of({2026, 11, 21});

double microseconds_since(Clock::time_point begin) { return std::chrono::duration<double, std::micro>(Clock::now() - begin).count(); }

class DiskThatTakes {
public:
    explicit DiskThatTakes(int milliseconds) { sync_takes_ms = milliseconds; }
    ~DiskThatTakes() { sync_takes_ms = -1; }
    DiskThatTakes(const DiskThatTakes&) = delete;
    DiskThatTakes& operator=(const DiskThatTakes&) = delete;
};

// A ledger with records, and what a worker of the line does with it.
class Filled {
public:
    Filled(const std::string& where, std::size_t records) : ledger_(*Ledger::open(where, "bench", today)) {
        constexpr std::size_t batch = 10'000;
        std::vector<ledger::NewJob> jobs;
        for (std::size_t n = 0; n < records; ++n) {
            ledger::NewJob job;
            job.record = "person-" + std::to_string(n);
            job.document_number = std::to_string(999'000'000'000 + n);
            job.province = "999";
            job.district = std::to_string(n % 30);
            job.commune = std::to_string(n % 480);
            job.source = "/srv/records/one-province.jsonl";
            job.position = static_cast<std::int64_t>(n) * 650;
            job.digest = std::string(64, 'a');
            jobs.push_back(std::move(job));
            if (jobs.size() == batch || n + 1 == records) {
                must(ledger_.add(jobs, today).has_value());
                jobs.clear();
            }
        }
    }

    bool ok() const { return ok_; }
    void must(bool done) {
        if (!done) ok_ = false;
    }

    // All that the line writes down of a card that takes keys and comes out well.
    void issue() {
        const auto claimed = ledger_.claim("bench", 600, today);
        must(claimed && *claimed);
        if (ok_) issue(**claimed);
    }
    void claim_and_give_back() {
        const auto claimed = ledger_.claim("bench", 600, today);
        must(claimed && *claimed && ledger_.give_back(**claimed));
    }
    void status() { must(ledger_.status().has_value()); }
    void open_cards() { must(ledger_.open_cards().has_value()); }
    void find() { must(ledger_.jobs_of_number("999000000500").has_value()); }

private:
    void issue(const ledger::Job& job) {
        const auto n = ++made_;
        const auto card = ledger_.reserve(job.id, {"chip-" + std::to_string(n), "jmrtd-applet", std::string(64, 'b'), "Reader 1"}, today);
        must(card.has_value());
        if (!ok_) return;
        must(ledger_.intend(card->id, Intent::authenticate, today).has_value());
        must(ledger_.intend(card->id, Intent::write, today).has_value());
        must(ledger_.advance(card->id, CardState::written, {.sod_hash = "sod-" + std::to_string(n)}, today).has_value());
        must(ledger_.advance(card->id, CardState::read_back, {}, today).has_value());
        must(ledger_.intend(card->id, Intent::lock, today).has_value());
        must(ledger_.advance(card->id, CardState::locked, {}, today).has_value());
        must(ledger_.advance(card->id, CardState::verified, {}, today).has_value());
        must(ledger_.finish(card->id, CardState::issued, {.condition = "finished"}, Rework::end_of_batch, today).has_value());
    }

    Ledger ledger_;
    std::atomic<bool> ok_ = true;
    std::atomic<std::size_t> made_ = 0;
};

void ledger_card_on_a_slow_disk(benchmark::State& state) {
    constexpr int cards = 100, two_percent_of_a_card_ms = 200;
    const auto workers = static_cast<int>(state.range(0));
    double ms = 0;
    int synced = 0;
    const bench::Folder folder;
    Filled ledger(folder.path / "ledger", static_cast<std::size_t>(cards * workers));
    for (auto _ : state) {
        const DiskThatTakes disk(5);
        synced = syncs;
        const auto begin = Clock::now();
        std::vector<std::thread> threads;
        for (int w = 0; w < workers; ++w)
            threads.emplace_back([&ledger] {
                for (int n = 0; n < cards; ++n) ledger.issue();
            });
        for (auto& thread : threads) thread.join();
        ms = microseconds_since(begin) / 1000 / cards;
        synced = syncs - synced;
    }
    if (!ledger.ok()) state.SkipWithError("not every card issued");
    state.counters["ms_a_card"] = ms;
    state.counters["of_2_percent"] = ms / two_percent_of_a_card_ms;
    state.counters["syncs_a_card"] = static_cast<double>(synced) / (cards * workers);
}
BENCHMARK(ledger_card_on_a_slow_disk)->ArgName("workers")->Arg(1)->Arg(16)->Iterations(1)->Unit(benchmark::kSecond);

// The least of many, so that what else the machine does is left out.
double least_microseconds(Filled& ledger, void (Filled::*call)()) {
    double least = 1e12;
    for (int n = 0; n < 20; ++n) {
        const auto begin = Clock::now();
        (ledger.*call)();
        least = std::min(least, microseconds_since(begin));
    }
    return least;
}

void constant_time(benchmark::State& state, const std::function<std::string(const std::string&)>& place) {
    constexpr std::size_t few = 1'000, many = 1'130'000, issued_of_few = 200, issued_of_many = 20'000;
    constexpr std::array<std::pair<const char*, void (Filled::*)()>, 5> calls{{{"claim", &Filled::claim_and_give_back},
                                                                               {"status", &Filled::status},
                                                                               {"open_cards", &Filled::open_cards},
                                                                               {"find", &Filled::find},
                                                                               {"card", &Filled::issue}}};
    for (auto _ : state) {
        Filled small(place("small"), few);
        const auto before = bench::resident_mib();
        const auto begin = Clock::now();
        Filled large(place("large"), many);
        state.counters["added_a_second"] = static_cast<double>(many) / (microseconds_since(begin) / 1e6);
        state.counters["grown_MiB"] = bench::resident_mib() - before;
        for (std::size_t n = 0; n < issued_of_few; ++n) small.issue();
        for (std::size_t n = 0; n < issued_of_many; ++n) large.issue();
        for (const auto& [name, call] : calls) {
            double of_small = 1e12, of_large = 1e12;
            for (int turn = 0; turn < 5; ++turn) {
                of_small = std::min(of_small, least_microseconds(small, call));
                of_large = std::min(of_large, least_microseconds(large, call));
            }
            state.counters[std::string(name) + "_us"] = of_large;
            state.counters[std::string(name) + "_of_small"] = of_large / of_small;
        }
        if (!small.ok() || !large.ok()) state.SkipWithError("a call failed");
    }
}

void ledger_of_a_province_sqlite(benchmark::State& state) {
    const bench::Folder folder;
    constant_time(state, [&](const std::string& name) { return (folder.path / name).string(); });
}
BENCHMARK(ledger_of_a_province_sqlite)->Iterations(1)->Unit(benchmark::kSecond);

#if defined(IDCHIP_POSTGRESQL)
// A server for each, so that neither finds the other's pages in the server's memory.
void ledger_of_a_province_postgresql(benchmark::State& state) {
    const bench::Folder small, large;
    const test::PostgresServer of_small(small.path), of_large(large.path);
    constant_time(state, [&](const std::string& name) { return name == "small" ? of_small.address() : of_large.address(); });
}
BENCHMARK(ledger_of_a_province_postgresql)->Iterations(1)->Unit(benchmark::kSecond);
#endif

}  // namespace
