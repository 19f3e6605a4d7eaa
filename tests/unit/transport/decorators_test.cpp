#include "unit/scripted.hpp"

using namespace idchip;
using namespace idchip::test;
using transport::Fault;
using transport::FaultPlan;
using transport::Recording;

namespace {

class FakeCard final : public transport::VirtualCard {
public:
    Bytes atr() const override { return "3B8080 0101"_hex; }
    void power_up() override { log += "+"; }
    void power_down() override { log += "-"; }
    Bytes transmit(ByteView command) override {
        log += "c";
        return command.empty() || command[0] == 0xEE ? to_bytes(command) : concat({command, "9000"_hex});
    }
    std::string log;
};

Scripted echo() {
    return Scripted([](ByteView command) -> Result<Bytes> { return concat({command, "9000"_hex}); });
}

// Three exchanges with a fault at the second; what each gave.
struct FaultRun {
    std::vector<std::string> outcomes;  // error name or response
    std::size_t executed = 0;
    std::string reset_after;
    std::string calls;  // p: power_off, c: cut, in order with x: executed
};

FaultRun with(Fault fault, std::uint16_t sw = 0x6F00) {
    FaultRun run;
    Scripted inner([&](ByteView command) -> Result<Bytes> {
        run.calls += "x";
        return concat({command, "9000"_hex});
    });
    const auto t = transport::with_fault(borrow(inner), {fault, 1, sw, [&] { run.calls += "c"; }, [&] { run.calls += "p"; }});
    for (const Byte n : {Byte{1}, Byte{2}, Byte{3}}) {
        const auto result = t->transmit(Bytes{n});
        run.outcomes.push_back(result ? to_hex(*result) : std::string(result.error().name()));
    }
    run.executed = inner.sent.size();
    run.reset_after = error_of(t->reset());
    return run;
}

using Outcomes = std::vector<std::string>;

}  // namespace

TEST_CASE("the in-process transport powers its card, and takes a short answer for none", "[transport]") {
    FakeCard card;
    {
        const auto t = transport::in_process(card);
        CHECK(good(t->transmit("0102"_hex)) == "01029000"_hex);
        CHECK(good(t->reset()) == card.atr());
        CHECK(error_of(t->transmit({})) == "transport.no_answer");
        CHECK(error_of(t->transmit("EE"_hex)) == "transport.no_answer");
        CHECK(good(t->transmit("EE01"_hex)) == "EE01"_hex);
    }
    CHECK(card.log == "+c-+ccc-");
}

TEST_CASE("a trace shows header, lengths and status, and never a byte of data", "[transport]") {
    std::vector<std::string> lines;
    Scripted inner([](ByteView command) -> Result<Bytes> {
        if (command.size() > 1 && command[1] == 0x84) return fail(Errc::card_lost, "reader");
        return "C0FFEE C0FFEE 6282"_hex;
    });
    const auto t = transport::with_trace(borrow(inner), [&](const std::string& line) { lines.push_back(line); });
    good(t->transmit("00DA0062 04 DEADBEEF"_hex));
    good(t->transmit("00B08100 10"_hex));
    good(t->transmit("00D60000 000004 DEADBEEF 0000"_hex));
    good(t->transmit("DEADBEEF 0102030405060708"_hex));  // nothing that could be parsed
    good(t->transmit("00"_hex));
    CHECK_FALSE(t->transmit("0084000008"_hex));
    good(t->reset());
    REQUIRE(lines.size() == 7);
    CHECK(lines[0].starts_with("00DA0062 Lc 4 Le - -> 6 bytes, 6282 end of file reached ("));
    CHECK(lines[0].ends_with(" ms)"));
    CHECK(lines[1].starts_with("00B08100 Lc 0 Le 16 -> 6 bytes, 6282"));
    CHECK(lines[2].starts_with("00D60000 Lc 4 Le 65536 ->"));
    CHECK(lines[3].starts_with("DEADBEEF 12 bytes ->"));
    CHECK(lines[4].starts_with("00 1 bytes ->"));
    CHECK(lines[5].starts_with("00840000 Lc 0 Le 8 -> transport.card_lost"));
    CHECK(lines[6] == "reset, ATR 3B00");
    for (const auto& line : lines) {
        CHECK(line.find("C0FFEE") == std::string::npos);
        CHECK((line.find("DEADBEEF") == std::string::npos || line.starts_with("DEADBEEF 12")));
        CHECK(line.find("0102030405") == std::string::npos);
    }
}

TEST_CASE("a recorded session replays, and its text gives the same recording", "[transport]") {
    int n = 0;
    Scripted inner([&](ByteView command) -> Result<Bytes> {
        if (++n == 2) return fail(Errc::no_answer);
        return concat({command, "9000"_hex});
    });
    const auto recording = std::make_shared<Recording>();
    {
        const auto t = transport::with_recording(borrow(inner), recording);
        good(t->reset());
        good(t->transmit("00A4"_hex));
        CHECK(error_of(t->transmit("00B0"_hex)) == "transport.no_answer");
        good(t->transmit("00B1"_hex));
    }
    CHECK(recording->to_text() == "> \n< 3B00\n> 00A4\n< 00A49000\n> 00B0\n< \n> 00B1\n< 00B19000\n");
    const auto read = good(Recording::from_text(recording->to_text()));
    CHECK(read.to_text() == recording->to_text());
    const auto t = transport::replay(read);
    CHECK(good(t->reset()) == "3B00"_hex);
    CHECK(good(t->transmit("00A4"_hex)) == "00A49000"_hex);
    CHECK(error_of(t->transmit("00B0"_hex)) == "transport.no_answer");
    CHECK(good(t->transmit("00B1"_hex)) == "00B19000"_hex);
    const auto ended = t->transmit("00B1"_hex);
    REQUIRE(error_of(ended) == "transport.replay_mismatch");
    CHECK(ended.error().detail == "the recording has ended");
}

TEST_CASE("a replay stops at the first command that differs", "[transport]") {
    const auto recording = good(Recording::from_text("> 00A4\n< 9000\n> 00B0\n< 019000\n"));
    const auto t = transport::replay(recording);
    CHECK(error_of(t->transmit("00A5"_hex)) == "transport.replay_mismatch");
    CHECK(error_of(t->reset()) == "transport.replay_mismatch");
    CHECK(good(t->transmit("00A4"_hex)) == "9000"_hex);
    CHECK(error_of(t->transmit("00A4"_hex)) == "transport.replay_mismatch");
}

TEST_CASE("the text of a recording may have comments and spaces, and is refused line by line", "[transport]") {
    const auto r = good(Recording::from_text("# a session\n\n  > 00 a4 04 0c \r\n< 9000\n#end"));
    REQUIRE(r.exchanges.size() == 1);
    CHECK(to_hex(r.exchanges[0].command) == "00A4040C");
    for (const auto* text : {"< 9000\n", "> 00A4\n< 9000\n< 9000\n", "? 00\n", "9000\n", "> 0\n", "> xx\n", ">", "> 00A4\n<9"}) {
        CAPTURE(text);
        const auto failed = Recording::from_text(text);
        if (std::string_view(text) == ">") {
            CHECK(failed);  // a reset whose answer is missing
            continue;
        }
        REQUIRE_FALSE(failed);
        CHECK(failed.error().where.starts_with("line "));
    }
    CHECK(Recording::from_text("> 00A4\n< 9000\n< 9000\n").error().where == "line 3");
}

TEST_CASE("a card torn before the command has not seen it, and stays gone", "[transport]") {
    const auto run = with(Fault::torn_before);
    CHECK(run.outcomes == Outcomes{"019000", "transport.card_lost", "transport.card_lost"});
    CHECK(run.executed == 1);
    CHECK(run.calls == "xp");
    CHECK(run.reset_after == "transport.card_lost");
}

TEST_CASE("a card torn after the command has executed it, and the answer is lost", "[transport]") {
    const auto run = with(Fault::torn_after);
    CHECK(run.outcomes == Outcomes{"019000", "transport.no_answer", "transport.card_lost"});
    CHECK(run.executed == 2);
    CHECK(run.calls == "xxp");
    CHECK(run.reset_after == "transport.card_lost");
}

TEST_CASE("a card torn in the middle is told to cut before it gets the command", "[transport]") {
    const auto run = with(Fault::torn_half);
    CHECK(run.outcomes == Outcomes{"019000", "transport.no_answer", "transport.card_lost"});
    CHECK(run.calls == "xcxp");
}

TEST_CASE("a lost reader is an error of the reader, and for good", "[transport]") {
    const auto run = with(Fault::reader_gone);
    CHECK(run.outcomes == Outcomes{"019000", "transport.reader_failed", "transport.card_lost"});
    CHECK(run.executed == 1);
    CHECK(run.reset_after == "transport.card_lost");
}

TEST_CASE("faults of a single answer leave the card in the reader", "[transport]") {
    auto run = with(Fault::short_reply);
    CHECK(run.outcomes == Outcomes{"019000", "transport.no_answer", "039000"});
    CHECK(run.reset_after == "none");
    run = with(Fault::status_word, 0x6581);
    CHECK(run.outcomes == Outcomes{"019000", "6581", "039000"});
    CHECK(run.executed == 2);  // not the faulty one
    CHECK(run.reset_after == "none");
    run = with(Fault::garbage);
    CHECK(run.outcomes[1].size() > 4);
    CHECK(run.outcomes[1] != "029000");
    CHECK(run.outcomes[2] == "039000");
    CHECK(run.calls == "xx");
}

TEST_CASE("a fault can stand at the first exchange, and one beyond the last never comes", "[transport]") {
    auto inner = echo();
    CHECK(error_of(transport::with_fault(borrow(inner), {Fault::torn_before, 0, 0, {}, {}})->transmit("01"_hex)) == "transport.card_lost");
    CHECK(inner.sent.empty());
    const auto t = transport::with_fault(borrow(inner), {Fault::torn_before, 5, 0, {}, {}});
    for (int i = 0; i < 5; ++i) CHECK(error_of(t->transmit("01"_hex)) == "none");
    CHECK(error_of(t->transmit("01"_hex)) == "transport.card_lost");
}

TEST_CASE("counters count exchanges and bytes each way, failed ones too", "[transport]") {
    int n = 0;
    Scripted inner([&](ByteView) -> Result<Bytes> {
        if (++n == 2) return fail(Errc::no_answer);
        return "AABB9000"_hex;
    });
    const auto counters = std::make_shared<transport::Counters>();
    const auto t = transport::with_counters(borrow(inner), counters);
    good(t->transmit(Bytes(5)));
    CHECK_FALSE(t->transmit(Bytes(7)));
    good(t->transmit(Bytes(11)));
    good(t->reset());
    CHECK(counters->commands == 3);
    CHECK(counters->bytes_to_chip == 23);
    CHECK(counters->bytes_from_chip == 8);
    CHECK(t->name() == "scripted");
}
