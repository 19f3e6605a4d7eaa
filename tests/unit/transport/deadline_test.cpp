#include "unit/scripted.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

using namespace idchip;
using namespace idchip::test;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

namespace {

// A transport that answers only when it is let go: a card that stays mute.
struct Gate {
    std::mutex mutex;
    std::condition_variable changed;
    bool open = false;
    std::atomic<bool> transport_gone = false;
    std::atomic<int> calls = 0;
    void let_go() {
        const std::lock_guard lock(mutex);
        open = true;
        changed.notify_all();
    }
};

class Mute final : public transport::Transport {
public:
    explicit Mute(std::shared_ptr<Gate> gate) : gate_(std::move(gate)) {}
    ~Mute() override { gate_->transport_gone = true; }
    Result<Bytes> transmit(ByteView) override { return wait(); }
    Result<Bytes> reset() override { return wait(); }
    std::string name() const override { return "mute"; }

private:
    Result<Bytes> wait() {
        ++gate_->calls;
        std::unique_lock lock(gate_->mutex);
        gate_->changed.wait(lock, [this] { return gate_->open; });
        return Bytes{0x90, 0x00};
    }
    std::shared_ptr<Gate> gate_;
};

void wait_until_gone(const Gate& gate) {
    for (int i = 0; i < 500 && !gate.transport_gone; ++i) std::this_thread::sleep_for(10ms);
    CHECK(gate.transport_gone);
}

}  // namespace

TEST_CASE("a mute transport is given up at the deadline, for good, and nobody waits for it", "[transport]") {
    const auto gate = std::make_shared<Gate>();
    const auto start = Clock::now();
    {
        const auto t = transport::with_deadline(std::make_unique<Mute>(gate), 50ms);
        const auto first = t->transmit("00A40000"_hex);
        REQUIRE(error_of(first) == "transport.deadline");
        CHECK(info(first.error().code).chip_effect == ChipEffect::unknown);
        CHECK(Clock::now() - start >= 50ms);
        const auto again = Clock::now();
        CHECK(error_of(t->transmit("00A40000"_hex)) == "transport.deadline");
        CHECK(error_of(t->reset()) == "transport.deadline");
        CHECK(Clock::now() - again < 40ms);  // at once
    }
    CHECK(Clock::now() - start < 5s);
    CHECK(gate->calls == 1);
    CHECK_FALSE(gate->transport_gone);  // still stuck in its worker
    gate->let_go();
    wait_until_gone(*gate);
}

TEST_CASE("an answer that comes after the deadline is not taken for the next one", "[transport]") {
    const auto gate = std::make_shared<Gate>();
    const auto t = transport::with_deadline(std::make_unique<Mute>(gate), 20ms);
    CHECK(error_of(t->transmit("00A40000"_hex)) == "transport.deadline");
    gate->let_go();
    std::this_thread::sleep_for(50ms);
    CHECK(error_of(t->transmit("00B00000"_hex)) == "transport.deadline");
    CHECK(gate->calls == 1);
}

TEST_CASE("a reset that hangs is given up, too", "[transport]") {
    const auto gate = std::make_shared<Gate>();
    {
        const auto t = transport::with_deadline(std::make_unique<Mute>(gate), 20ms);
        CHECK(error_of(t->reset()) == "transport.deadline");
    }
    gate->let_go();
    wait_until_gone(*gate);
}

TEST_CASE("within the deadline everything passes through unchanged, in order", "[transport]") {
    int n = 0;
    const auto caller = std::this_thread::get_id();
    std::thread::id worker;
    Scripted inner([&](ByteView command) -> Result<Bytes> {
        worker = std::this_thread::get_id();
        if (++n == 3) return fail(Error(Errc::card_lost, "here", "why"));
        return concat({command, "9000"_hex});
    });
    {
        const auto t = transport::with_deadline(borrow(inner), 10s);
        CHECK(t->name() == "scripted");
        CHECK(good(t->reset()) == "3B00"_hex);
        CHECK(good(t->transmit("01"_hex)) == "019000"_hex);
        CHECK(good(t->transmit("02"_hex)) == "029000"_hex);
        const auto failed = t->transmit("03"_hex);
        REQUIRE(error_of(failed) == "transport.card_lost");
        CHECK(failed.error().where == "here");
        CHECK(good(t->transmit("04"_hex)) == "049000"_hex);  // an error is not a deadline
    }
    CHECK(worker != caller);
    CHECK(inner.sent == std::vector<Bytes>{"01"_hex, "02"_hex, "03"_hex, "04"_hex});
}

TEST_CASE("a thousand quick exchanges lose nothing between the threads", "[transport]") {
    Scripted inner([](ByteView command) -> Result<Bytes> { return concat({command, "9000"_hex}); });
    const auto t = transport::with_deadline(borrow(inner), 10s);
    for (std::size_t i = 0; i < 1000; ++i) {
        Bytes command;
        append_be(command, i, 4);
        REQUIRE(good(t->transmit(command)) == concat({command, "9000"_hex}));
    }
}

TEST_CASE("connecting that hangs is given up at the deadline, and a late connection goes to nobody", "[transport]") {
    const auto gate = std::make_shared<Gate>();
    const auto start = Clock::now();
    const auto opened = transport::open_within(30ms, "reader", [gate]() -> Result<std::unique_ptr<transport::Transport>> {
        auto t = std::make_unique<Mute>(gate);
        std::unique_lock lock(gate->mutex);
        gate->changed.wait(lock, [&] { return gate->open; });
        return t;
    });
    REQUIRE(error_of(opened) == "transport.deadline");
    CHECK(opened.error().where == "reader");
    CHECK(Clock::now() - start < 5s);
    gate->let_go();
    wait_until_gone(*gate);
}

TEST_CASE("a connection in time is handed over, and so is the opener's error", "[transport]") {
    Scripted inner([](ByteView command) -> Result<Bytes> { return concat({command, "9000"_hex}); });
    const auto t =
        good(transport::open_within(10s, "reader", [&]() -> Result<std::unique_ptr<transport::Transport>> { return borrow(inner); }));
    CHECK(good(t->transmit("01"_hex)) == "019000"_hex);
    CHECK(error_of(transport::open_within(10s, "reader", []() -> Result<std::unique_ptr<transport::Transport>> {
              return fail(Errc::no_card, "reader");
          })) == "transport.no_card");
}
