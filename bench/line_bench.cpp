// A line of many readers against what its readers could do without it. In process with a card's time of 20 ms a command: sixteen readers against
// one, and two stations on one PostgreSQL against one station. Over pcscd with virtual readers (VIRTUAL_READERS=8 tools/with-virtual-reader
// ./run bench --benchmark_filter=line): commands a second of the line against a program that only sends: commands and answers as long as those
// of the line, to chips that work as long on each.
#include <benchmark/benchmark.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <mutex>
#include <set>
#include <thread>

#include <idchip/line/crew.hpp>
#include <idchip/line/pcsc_readers.hpp>
#include <idchip/record/source.hpp>
#include <idchip/sample/sample.hpp>
#include <idchip/signer/software.hpp>
#include <idchip/signer/test_pki.hpp>
#include <idchip/sim/card.hpp>
#include <idchip/sim/vpcd.hpp>
#include <idchip/transport/pcsc.hpp>

#include "folder.hpp"
#include "unit/ledger/postgres_server.hpp"

namespace {

using namespace idchip;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

const Instant today = start_of({2026, 11, 21});

double seconds_since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

std::atomic<std::size_t> commands{0};

// One command of a card: what went over the wire, and the processor time that the chip took for it.
struct Exchange {
    Bytes command, answer;
    double chip = 0;
};
std::atomic<bool> recording{false};  // of one reader
std::vector<Exchange> recorded;

double cpu_of_thread() {
    timespec t{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

class Counted final : public transport::Transport {
public:
    Counted(std::unique_ptr<transport::Transport> inner, milliseconds card_time) : inner_(std::move(inner)), card_time_(card_time) {}
    Result<Bytes> transmit(ByteView command) override {
        ++commands;
        if (card_time_.count() != 0) std::this_thread::sleep_for(card_time_);
        const auto before = cpu_of_thread();
        auto answer = inner_->transmit(command);
        if (recording && answer) recorded.push_back({to_bytes(command), *answer, cpu_of_thread() - before});
        return answer;
    }
    Result<Bytes> reset() override { return inner_->reset(); }
    std::string name() const override { return inner_->name(); }

private:
    std::unique_ptr<transport::Transport> inner_;
    milliseconds card_time_;
};

// A reader with a stack of blanks that change in no time.
class Stack final : public line::Reader {
public:
    Stack(std::string name, milliseconds card_time) : name_(std::move(name)), card_time_(card_time) {}
    const std::string& name() const override { return name_; }
    Result<bool> wait(bool card_is_in, milliseconds) override {
        if (card_is_in && !card_) card_ = std::move(*sim::make_card({}));
        if (!card_is_in) card_.reset();
        return true;
    }
    Result<std::unique_ptr<transport::Transport>> open() override {
        return std::unique_ptr<transport::Transport>(std::make_unique<Counted>(transport::in_process(*card_), card_time_));
    }

private:
    std::string name_;
    milliseconds card_time_;
    std::unique_ptr<sim::Card> card_;
};

// A blank that becomes the next blank in the reader: taking one out and putting one in takes vpcd a second, and is not what is measured.
class Renewed final : public transport::VirtualCard {
    template <class Do>
    auto locked(Do what) const {
        const std::scoped_lock lock(mutex_);
        return what(*card_);
    }

public:
    Bytes atr() const override {
        return locked([](auto& card) { return card.atr(); });
    }
    void power_up() override {
        locked([](auto& card) { card.power_up(); });
    }
    void power_down() override {
        locked([](auto& card) { card.power_down(); });
    }
    Bytes transmit(ByteView command) override {
        return locked([&](auto& card) { return card.transmit(command); });
    }
    void renew() {
        auto next = std::move(*sim::make_card({}));
        next->power_up();
        const std::scoped_lock lock(mutex_);
        card_ = std::move(next);
    }

private:
    mutable std::mutex mutex_;
    std::unique_ptr<sim::Card> card_ = std::move(*sim::make_card({}));
};

class RenewingReader final : public line::Reader {
public:
    RenewingReader(std::unique_ptr<line::Reader> inner, Renewed& card) : inner_(std::move(inner)), card_(card) {}
    const std::string& name() const override { return inner_->name(); }
    Result<bool> wait(bool card_is_in, milliseconds at_most) override {
        if (card_is_in) return inner_->wait(card_is_in, at_most);
        card_.renew();
        return true;
    }
    Result<std::unique_ptr<transport::Transport>> open() override {
        auto transport = inner_->open();
        if (!transport) return transport;
        return std::unique_ptr<transport::Transport>(std::make_unique<Counted>(std::move(*transport), milliseconds(0)));
    }

private:
    std::unique_ptr<line::Reader> inner_;
    Renewed& card_;
};

// Profile, PKI, a person; and a station of a ledger.
class Hall {
public:
    Hall() : Hall({}, "bench") {}
    Hall(const std::string& ledger, const std::string& station)
        : station_(station),
          profile_(*profile::load_profile("jmrtd-applet")),
          pki_(*signer::make_test_pki({.now = today}, system_rng())),
          signer_(*signer::make_software_signer(pki_.ds, *crypto::PrivateKey::from_pem(*pki_.ds_key.to_pem()))),
          ledger_(*ledger::Ledger::open(ledger.empty() ? (folder_.path / "ledger").string() : ledger, station, today)) {
        trust_.csca.push_back(pki_.csca);
        trust_.crls.push_back(pki_.crl);
        const auto person = sample::make_person(3, 1, date_of(today));
        record::RawRecord raw;
        record::read_json(sample::record_json(person, "portrait.jpg"), raw);
        document_ = *personalize::make_document(*record::check(raw, {{}, date_of(today)}).record, *sample::draw_portrait(person, 3));
    }

    bool queue(std::size_t records) {
        std::vector<ledger::NewJob> jobs(records);
        for (auto& job : jobs) {
            job.record = job.document_number = job.digest = station_ + std::to_string(++named_);
            job.source = "bench";
        }
        return ledger_.add(jobs, today).has_value();
    }

    // From the first card begun to the last one ended. Issues as many as there are records, or says so by 0.
    double run(std::vector<std::unique_ptr<line::Reader>> readers, std::size_t records) {
        if (!queue(records)) return 0;
        std::size_t issued = 0;
        const auto seconds = run_queue(std::move(readers), issued);
        return issued == records ? seconds : 0;
    }

    // As many as are in the queue.
    double run_queue(std::vector<std::unique_ptr<line::Reader>> readers, std::size_t& issued) {
        std::optional<Clock::time_point> begin;
        double seconds = 0;
        line::Supply supply;
        supply.readers = [&] { return std::exchange(readers, {}); };
        supply.next = [&]() -> Result<std::optional<line::Ready>> { return next(); };
        supply.again = [](const ledger::Job&) -> Result<line::Ready> { return fail(Errc::internal); };
        supply.sink = [&](const line::Event& e) {
            if (e.kind == line::Event::Kind::begun && !begin) begin = Clock::now();
            if (e.kind == line::Event::Kind::ended) seconds = seconds_since(*begin);
        };
        const line::Station station{
            .ledger = ledger_, .profile = profile_, .trust = trust_, .signer = *signer_, .rng = system_rng(), .clock = [] {
                return today;
            }};
        const line::StopWish wish{0};
        const auto summary = line::run(station, supply, wish);
        issued = summary ? summary->issued : 0;
        return seconds;
    }

private:
    Result<std::optional<line::Ready>> next() {
        auto job = ledger_.claim(station_, 600, today);
        if (!job) return fail(job.error());
        if (!*job) return std::optional<line::Ready>();
        line::Ready ready{**job, document_, keys_.clone()};  // out of a pool: making key pairs is not the line's time
        if (auto signed_ahead = personalize::sign_ahead(ready.document, profile_, ready.keys, *signer_, today); !signed_ahead)
            return fail(signed_ahead.error());
        return std::optional(std::move(ready));
    }

    std::string station_;
    profile::Profile profile_;
    signer::TestPki pki_;
    std::unique_ptr<pki::ContentSigner> signer_;
    pki::TrustStore trust_;
    personalize::Document document_;
    personalize::ChipKeys keys_ = std::move(*personalize::make_chip_keys(profile_.features, system_rng()));
    bench::Folder folder_;
    ledger::Ledger ledger_;
    std::size_t named_ = 0;
};

std::vector<std::unique_ptr<line::Reader>> stacks(std::size_t count, milliseconds card_time) {
    std::vector<std::unique_ptr<line::Reader>> readers;
    for (std::size_t n = 0; n < count; ++n) readers.push_back(std::make_unique<Stack>("Reader " + std::to_string(n), card_time));
    return readers;
}

void line_16_readers(benchmark::State& state) {
    constexpr std::size_t cards_each = 3, readers = 16;
    constexpr milliseconds card_time{20};
    Hall hall;
    double one = 0, many = 0;
    for (auto _ : state) {
        one = static_cast<double>(cards_each) / hall.run(stacks(1, card_time), cards_each);
        many = static_cast<double>(readers * cards_each) / hall.run(stacks(readers, card_time), readers * cards_each);
    }
    state.counters["of_16_times_one"] = many / (static_cast<double>(readers) * one);
    state.counters["cards_an_hour"] = 3600 * many;
}
BENCHMARK(line_16_readers)->Iterations(1)->Unit(benchmark::kSecond);

#if defined(IDCHIP_POSTGRESQL)
// Two stations of four readers against one, each a ledger and a line of its own. The second run shares one queue.
void line_two_stations(benchmark::State& state) {
    constexpr std::size_t readers = 4, cards_each = 4;
    constexpr milliseconds card_time{20};
    const bench::Folder folder;
    const test::PostgresServer server(folder.path);
    Hall first(server.address(), "first"), second(server.address(), "second");
    double one = 0, two = 0;
    for (auto _ : state) {
        one = static_cast<double>(readers * cards_each) / first.run(stacks(readers, card_time), readers * cards_each);
        if (!first.queue(2 * readers * cards_each)) return state.SkipWithError("not queued");
        std::array<std::size_t, 2> issued{};
        const auto begin = Clock::now();
        std::thread other([&] { second.run_queue(stacks(readers, card_time), issued[1]); });
        first.run_queue(stacks(readers, card_time), issued[0]);
        other.join();
        const auto seconds = seconds_since(begin);
        if (issued[0] + issued[1] != 2 * readers * cards_each) return state.SkipWithError("not every record once");
        two = static_cast<double>(issued[0] + issued[1]) / seconds;
    }
    state.counters["of_one_station"] = two / one;
    state.counters["cards_an_hour"] = 3600 * two;
}
BENCHMARK(line_two_stations)->Iterations(1)->Unit(benchmark::kSecond);
#endif

// A chip that answers what another one has answered, and works as long on it.
class Recorded final : public transport::VirtualCard {
public:
    Bytes atr() const override { return {0x3B, 0x80, 0x80, 0x01, 0x01}; }
    void power_up() override { at_ = 0; }
    void power_down() override {}
    Bytes transmit(ByteView) override {
        const auto& exchange = recorded.at(at_++ % recorded.size());
        for (const auto until = cpu_of_thread() + exchange.chip; cpu_of_thread() < until;) {
        }
        return exchange.answer;
    }

private:
    std::size_t at_ = 0;
};

// Chips in the virtual readers, each served by a thread as vpcd wants it.
class VirtualCards {
public:
    explicit VirtualCards(std::vector<std::unique_ptr<transport::VirtualCard>> cards) : cards_(std::move(cards)) {
        for (std::size_t n = 0; n < cards_.size(); ++n) {
            const auto* address = std::getenv(("VPCD" + std::to_string(n)).c_str());
            threads_.emplace_back(
                [card = cards_[n].get(), at = *sim::parse_address(address), this] { (void)sim::serve_vpcd(*card, at, stop_); });
        }
        for (int tries = 0; tries < 100 && in_readers() < cards_.size(); ++tries) std::this_thread::sleep_for(milliseconds(50));
    }
    ~VirtualCards() {
        stop_ = true;
        for (auto& thread : threads_) thread.join();
        for (int tries = 0; tries < 100 && in_readers() != 0; ++tries) std::this_thread::sleep_for(milliseconds(50));
        std::this_thread::sleep_for(milliseconds(1000));  // a slot that is filled again at once may stay empty for good
    }
    VirtualCards(const VirtualCards&) = delete;
    VirtualCards& operator=(const VirtualCards&) = delete;
    static std::size_t in_readers() {
        const auto readers = transport::list_readers();
        return readers
                   ? static_cast<std::size_t>(std::count_if(readers->begin(), readers->end(), [](const auto& r) { return r.card_present; }))
                   : 0;
    }

private:
    std::atomic<bool> stop_ = false;
    std::vector<std::unique_ptr<transport::VirtualCard>> cards_;
    std::vector<std::thread> threads_;
};

template <class Make>
std::vector<std::unique_ptr<transport::VirtualCard>> cards(std::size_t count, Make make) {
    std::vector<std::unique_ptr<transport::VirtualCard>> result;
    for (std::size_t n = 0; n < count; ++n) result.push_back(make());
    return result;
}

// Commands a second; 0 if one of them was not answered.
double bare_rate(std::size_t cards_each) {
    std::vector<std::unique_ptr<transport::Transport>> open;
    const auto readers = *transport::list_readers();
    for (const auto& reader : readers) open.push_back(*transport::open_pcsc(reader.name, {milliseconds(10'000), {}}));
    std::atomic<std::size_t> done = 0;
    const auto begin = Clock::now();
    std::vector<std::thread> threads;
    for (auto& transport : open)
        threads.emplace_back([&transport = *transport, &done, cards_each] {
            for (std::size_t n = 0; n < cards_each * recorded.size(); ++n) {
                const auto& exchange = recorded[n % recorded.size()];
                if (const auto answer = transport.transmit(exchange.command); answer && *answer == exchange.answer) ++done;
            }
        });
    for (auto& thread : threads) thread.join();
    const auto seconds = seconds_since(begin);
    return done == open.size() * cards_each * recorded.size() ? static_cast<double>(done) / seconds : 0;
}

void line_8_virtual_readers(benchmark::State& state) {
    constexpr std::size_t readers = 8, cards_each = 20;
    const auto present = transport::list_readers();
    if (std::getenv("VPCD7") == nullptr || !present || present->size() < readers) {
        state.SkipWithError("wants VIRTUAL_READERS=8 tools/with-virtual-reader");
        return;
    }
    Hall hall;
    recording = true;
    hall.run(stacks(1, milliseconds(0)), 1);
    recording = false;
    double line_rate = 0, bare = 0;
    for (auto _ : state) {
        {
            const VirtualCards in(cards(readers, [] { return std::make_unique<Recorded>(); }));
            bare = bare_rate(cards_each);
        }
        std::vector<Renewed*> chips;
        const VirtualCards in(cards(readers, [&chips] {
            auto chip = std::make_unique<Renewed>();
            chips.push_back(chip.get());
            return chip;
        }));
        line::PcscReaders pcsc({}, milliseconds(10'000));
        auto found = *pcsc.newcomers();
        std::vector<std::unique_ptr<line::Reader>> renewing;
        for (std::size_t n = 0; n < found.size(); ++n) renewing.push_back(std::make_unique<RenewingReader>(std::move(found[n]), *chips[n]));
        commands = 0;
        const auto seconds = hall.run(std::move(renewing), readers * cards_each);
        line_rate = seconds > 0 ? static_cast<double>(commands) / seconds : 0;
    }
    state.counters["of_bare"] = line_rate / bare;
    state.counters["commands_a_second"] = line_rate;
    state.counters["bare_commands_a_second"] = bare;
}
BENCHMARK(line_8_virtual_readers)->Iterations(1)->Unit(benchmark::kSecond);

}  // namespace
