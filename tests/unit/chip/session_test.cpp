#include "unit/scripted.hpp"

#include <idchip/chip/session.hpp>
#include <idchip/sim/card.hpp>
#include <idchip/tlv/writer.hpp>

using namespace idchip;
using namespace idchip::test;
using chip::Limits;
using chip::Session;
using iso7816::CommandApdu;
using iso7816::ResponseApdu;
using lds::Ef;

namespace {

Result<Bytes> sw(std::uint16_t status, ByteView data = {}) { return ResponseApdu{to_bytes(data), status}.encode(); }

// A chip with one file that can be read in plain, and its whims.
struct PlainFile {
    Bytes content;
    std::size_t largest_le = 256;     // beyond: 6700
    std::uint16_t past_end = 0x6B00;  // answer to an offset behind the end
    std::size_t cut_to = 65'536;      // at most so many bytes an answer
    bool refuse_beyond_end = false;   // Le that reaches behind the end: `past_end`
    std::uint16_t short_ids = 0;      // the answer to a short file id; 0: it is taken
    std::function<std::optional<Result<Bytes>>(std::size_t offset, std::size_t le)> first = nullptr;  // asked before all else

    Result<Bytes> operator()(ByteView bytes) const {
        const auto c = good(CommandApdu::parse(bytes));
        if (c.ins == iso7816::ins::select) return sw(0x9000);
        if (c.ins == iso7816::ins::read_binary_odd) return odd(c);
        if (c.ins != iso7816::ins::read_binary) return sw(0x6D00);
        if (c.p1 >= 0x80 && short_ids != 0) return sw(short_ids);
        // ISO/IEC 7816-4, 11.3.3: with the highest bit of P1 set, P1 names a short file id and P2 alone is the offset.
        const std::size_t offset = c.p1 >= 0x80 ? c.p2 : static_cast<std::size_t>(c.p1) << 8U | c.p2;
        const std::size_t le = c.le.value_or(0);
        if (first)
            if (auto answer = first(offset, le)) return *answer;
        if (le > largest_le) return sw(0x6700);
        if (offset >= content.size()) return sw(past_end);
        if (refuse_beyond_end && offset + le > content.size()) return sw(past_end);
        const auto n = std::min({le, content.size() - offset, cut_to});
        return sw(0x9000, ByteView(content).subspan(offset, n));
    }

    // ISO/IEC 7816-4, 11.3.3: the offset in DO'54', the data in DO'53', and Le counts the whole object.
    Result<Bytes> odd(const CommandApdu& c) const {
        if (c.p1 != 0 || c.p2 != 0 || c.data.size() < 3 || c.data[0] != 0x54 || c.data[1] != c.data.size() - 2) return sw(0x6A80);
        const auto offset = static_cast<std::size_t>(read_be(ByteView(c.data).subspan(2)));
        if (offset >= content.size()) return sw(past_end);
        auto n = std::min(std::size_t{c.le.value_or(0)}, content.size() - offset);
        while (tlv::element(0x53, ByteView(content).subspan(offset, n)).size() > c.le.value_or(0)) --n;
        return sw(0x9000, tlv::element(0x53, ByteView(content).subspan(offset, n)));
    }
};

// DG2 of so many bytes in all.
Bytes file_of(std::size_t size) {
    TestRng rng(size);
    Bytes b{0x75};
    const std::size_t header = size < 130 ? 2 : size < 259 ? 3 : size < 65'540 ? 4 : 5;
    append(b, tlv::encode_length(size - header));
    append(b, rng.bytes(size - b.size()));
    return b;
}

Result<chip::ReadOutcome> read(const PlainFile& file, Limits limits = {}) {
    Scripted t(file);
    return Session(t, limits).read_file(Ef::dg2);
}

}  // namespace

TEST_CASE("a file is read whole, at every size around the steps of the reading", "[chip]") {
    for (const std::size_t size : {2U, 3U, 8U, 9U, 129U, 230U, 231U, 232U, 258U, 462U, 463U, 5000U, 15'087U, 32'476U, 32'767U}) {
        CAPTURE(size);
        const auto content = file_of(size);
        const auto outcome = good(read({content}));
        REQUIRE(outcome.content);
        CHECK((*outcome.content == content));
        CHECK(outcome.sw == 0x9000);
        CHECK(outcome.after_end.empty());
        CHECK_FALSE(outcome.protected_status);
    }
}

TEST_CASE("chips that refuse large or overlong reads are read all the same", "[chip]") {
    for (const std::size_t size : {9U, 231U, 300U, 5000U})
        for (const std::size_t largest : {256U, 230U, 224U, 200U, 130U, 100U})
            for (const bool refuse : {false, true})
                for (const std::uint16_t past : std::initializer_list<std::uint16_t>{0x6B00, 0x6282, 0x6700}) {
                    CAPTURE(size, largest, refuse, past);
                    PlainFile file{file_of(size)};
                    file.largest_le = largest;
                    file.refuse_beyond_end = refuse;
                    file.past_end = past;
                    const auto outcome = good(read(file));
                    REQUIRE(outcome.content);
                    CHECK((*outcome.content == file.content));
                }
    // Below the last step of the ladder the chip's refusal stands.
    PlainFile file{file_of(300)};
    file.largest_le = 50;
    const auto outcome = good(read(file));
    CHECK_FALSE(outcome.content);
    CHECK(outcome.sw == 0x6700);
}

TEST_CASE("the step that a chip accepts is kept for the session", "[chip]") {
    PlainFile file{file_of(2000)};
    file.largest_le = 200;
    Scripted t(file);
    Session session(t);
    good(session.read_file(Ef::dg2));
    const auto before = t.sent.size();
    good(session.read_file(Ef::dg2));
    std::size_t refused = 0;
    for (std::size_t i = before; i < t.sent.size(); ++i)
        if (const auto c = good(CommandApdu::parse(t.sent[i])); c.le.value_or(0) > 200) ++refused;
    CHECK(refused == 0);
}

TEST_CASE("short answers are gathered, and end-of-file with data is data", "[chip]") {
    PlainFile file{file_of(700)};
    file.cut_to = 16;
    CHECK(good(read(file)).content == file.content);
    PlainFile warning{file_of(500)};
    warning.first = [&](std::size_t offset, std::size_t le) -> std::optional<Result<Bytes>> {
        const auto n = std::min(le, warning.content.size() - offset);
        return sw(offset + le > warning.content.size() ? 0x6282 : 0x9000, ByteView(warning.content).subspan(offset, n));
    };
    CHECK(good(read(warning)).content == warning.content);
}

TEST_CASE("bytes behind the object are told, not taken for content", "[chip]") {
    auto padded = file_of(100);
    const auto content = padded;
    padded.resize(160);
    const auto outcome = good(read({padded}));
    CHECK(outcome.content == content);
    CHECK(outcome.after_end == Bytes(60));
}

TEST_CASE("a refusal is an outcome with its status word", "[chip]") {
    for (const std::uint16_t status : std::initializer_list<std::uint16_t>{0x6A82, 0x6982, 0x6985, 0x6F00}) {
        Scripted select_refused([&](ByteView) { return sw(status); });
        const auto a = good(Session(select_refused).read_file(Ef::card_access));
        CHECK_FALSE(a.content);
        CHECK(a.sw == status);
        // The chip may know no short ids: only SELECT tells.
        CHECK(select_refused.sent == std::vector<Bytes>{"00B09C0000"_hex, "00A4020C02011C"_hex});
        PlainFile refused{file_of(300)};
        refused.first = [&](std::size_t, std::size_t) { return std::optional(sw(status)); };
        const auto b = good(read(refused));
        CHECK_FALSE(b.content);
        CHECK(b.sw == status);
        PlainFile later{file_of(300)};
        later.first = [&](std::size_t offset, std::size_t) { return offset > 0 ? std::optional(sw(status)) : std::nullopt; };
        const auto c = good(read(later));
        CHECK_FALSE(c.content);
        CHECK(c.sw == status);
        CHECK(c.after_end.size() == 256);  // what had come until then
    }
}

// Inspection case A40.
TEST_CASE("a chip that says 9000 and gives nothing is nonsense, at the first block and at a later one", "[chip]") {
    PlainFile empty{file_of(300)};
    empty.first = [](std::size_t, std::size_t) { return std::optional(sw(0x9000)); };
    CHECK(error_of(read(empty)) == "chip.nonsense");
    PlainFile later{file_of(300)};
    later.first = [](std::size_t offset, std::size_t) { return offset > 0 ? std::optional(sw(0x9000)) : std::nullopt; };
    Scripted t(later);
    CHECK(error_of(Session(t).read_file(Ef::dg2)) == "chip.nonsense");
    CHECK(t.sent.size() <= 4);
}

TEST_CASE("a hostile size is refused before it is read", "[chip]") {
    for (const auto* header : {"7584FFFFFFFF", "758480000000", "7583110000", "7583100000"}) {
        PlainFile file{good(from_hex(header))};
        file.content.resize(300);
        Scripted t(file);
        CAPTURE(header);
        CHECK(error_of(Session(t).read_file(Ef::dg2)) == "chip.file_too_large");
        CHECK(t.sent.size() == 2);  // SELECT of the application, one read
    }
    CHECK(error_of(read({file_of(1001)}, {1000, 231})) == "chip.file_too_large");
    CHECK(error_of(read({file_of(1000)}, {1000, 231})) == "none");
    for (const auto* header : {"7585000000000000", "7580000000000000"}) {
        PlainFile file{good(from_hex(header))};
        CHECK(error_of(read(file)).starts_with("tlv."));
    }
    CHECK(error_of(read({"75"_hex})) == "chip.nonsense");
    CHECK(error_of(read({"7582"_hex})) == "chip.nonsense");
}

// Inspection case B32.
TEST_CASE("offsets that P1 and P2 cannot hold travel in DO54: they would name another file", "[chip]") {
    for (const std::size_t size : {32'768U, 32'802U, 33'000U, 66'000U, 70'000U}) {
        PlainFile file{file_of(size)};
        Scripted t(file);
        Session session(t);
        const auto outcome = good(session.read_file(Ef::dg2));
        CAPTURE(size);
        CHECK((outcome.content == file.content));
        std::size_t odd = 0;
        for (std::size_t i = 2; i < t.sent.size(); ++i) {  // behind SELECT and the read by short id
            CHECK((t.sent[i][1] != iso7816::ins::read_binary || t.sent[i][2] < 0x80));
            odd += t.sent[i][1] == iso7816::ins::read_binary_odd ? 1U : 0U;
        }
        CHECK((odd > 0) == (size > 32'768));
    }
    // Without DO53 around them the bytes are nobody's.
    PlainFile bare{file_of(33'500)};
    Scripted t([&](ByteView command) -> Result<Bytes> {
        return command[1] == iso7816::ins::read_binary_odd ? sw(0x9000, Bytes(100)) : bare(command);
    });
    CHECK(error_of(Session(t).read_file(Ef::dg2)) == "chip.nonsense");
}

TEST_CASE("a chip without short file ids is read by SELECT, and asked only once", "[chip]") {
    for (const std::uint16_t status : std::initializer_list<std::uint16_t>{0x6A82, 0x6A86, 0x6B00, 0x6D00, 0x6982, 0x6985, 0x6700}) {
        CAPTURE(status);
        PlainFile file{file_of(600)};
        file.short_ids = status;
        Scripted t(file);
        Session session(t);
        CHECK(good(session.read_file(Ef::dg2)).content == file.content);
        CHECK(session.quirks_used() == chip::Quirks{chip::Quirk::no_short_ids});
        const auto before = t.sent.size();
        CHECK(good(session.read_file(Ef::dg1)).content == file.content);
        CHECK(t.sent.size() - before == 4);  // SELECT, three reads
    }
    // Once they have worked, a refusal is the file's.
    PlainFile file{file_of(100)};
    Scripted t([&](ByteView command) { return command[2] == 0x83 ? sw(0x6982) : file(command); });
    Session session(t);
    good(session.read_file(Ef::dg2));
    const auto before = t.sent.size();
    CHECK(good(session.read_file(Ef::dg3)).sw == 0x6982);
    CHECK(t.sent.size() - before == 1);
    CHECK(session.quirks_used().empty());
}

TEST_CASE("the directory of a file is selected before it is read", "[chip]") {
    PlainFile file{file_of(50)};
    Scripted t(file);
    Session session(t);
    good(session.read_file(Ef::card_access));
    good(session.read_file(Ef::dg1));
    good(session.read_file(Ef::dg2));
    good(session.read_file(Ef::card_security));
    CHECK(t.sent == std::vector<Bytes>{"00B09C0000"_hex, "00A4040C07A0000002471001"_hex, "00B0810000"_hex, "00B0820000"_hex, "00A4000C"_hex,
                                       "00B09D0000"_hex});
}

TEST_CASE("long reads only where the chip says how long its answers may be", "[chip]") {
    PlainFile file{file_of(5000)};
    file.largest_le = 65'536;
    Scripted t(file);
    Session session(t);
    session.announce("3B8F80010031B873840190007F"_hex);  // nothing usable: not a whole ATR
    CHECK(session.block_size() == 256);
    const auto sizes = [](std::uint64_t command, std::uint64_t response) {
        lds::EfAtrInfo info;
        info.objects.push_back({0x47, "840040"_hex});
        info.objects.push_back(
            {0x7F66, concat({tlv::element(0x02, tlv::shortest_number(command)), tlv::element(0x02, tlv::shortest_number(response))})});
        return info;
    };
    session.announce(sizes(1000, 2000));
    CHECK(session.block_size() == 1998);
    CHECK(good(session.read_file(Ef::dg2)).content == file.content);
    CHECK(t.sent.size() == 4);  // SELECT, 1998, 1998, 1004
    // Under secure messaging the answer holds DO87, DO99 and DO8E too.
    session.start_secure_messaging({{crypto::Cipher::aes128, Secret(16), Secret(16)}, sm::SendSequenceCounter(Bytes(16))});
    CHECK(session.block_size() == 1967);  // (1998 - 14 - 5) / 16 * 16 - 1
    Session shorter(t);
    shorter.start_secure_messaging({{crypto::Cipher::aes256, Secret(32), Secret(32)}, sm::SendSequenceCounter(Bytes(16))});
    CHECK(shorter.block_size() == 223);
    shorter.start_secure_messaging({{crypto::Cipher::tdes, Secret(16), Secret(16)}, sm::SendSequenceCounter(Bytes(8))});
    CHECK(shorter.block_size() == 231);
    auto no_extended = sizes(1000, 2000);
    no_extended.objects[0].value[2] = 0x00;
    Session other(t);
    other.announce(no_extended);
    CHECK(other.block_size() == 256);
}

TEST_CASE("long data go out in chained commands where extended length is not announced", "[chip]") {
    Scripted t([](ByteView) { return sw(0x9000); });
    Session session(t);
    good(session.send_long({0x00, 0x2A, 0x00, 0xBE, Bytes(600, 0xAB), {}}));
    REQUIRE(t.sent.size() == 3);
    CHECK(to_hex(ByteView(t.sent[0]).first(5)) == "102A00BEFF");
    CHECK(to_hex(ByteView(t.sent[1]).first(5)) == "102A00BEFF");
    CHECK(to_hex(ByteView(t.sent[2]).first(5)) == "002A00BE5A");
    CHECK(session.quirks_used() == chip::Quirks{chip::Quirk::certificate_chaining});
    // A part that is refused ends the chain.
    Scripted refusing([](ByteView) { return sw(0x6883); });
    CHECK(good(Session(refusing).send_long({0x00, 0x2A, 0x00, 0xBE, Bytes(600), {}})).sw == 0x6883);
    CHECK(refusing.sent.size() == 1);
}

TEST_CASE("61xx is followed with GET RESPONSE and the parts are joined", "[chip]") {
    int n = 0;
    Scripted t([&](ByteView) -> Result<Bytes> {
        switch (++n) {
            case 1: return sw(0x6102, "01"_hex);
            case 2: return sw(0x6100, "0203"_hex);
            default: return sw(0x9000, "04"_hex);
        }
    });
    const auto response = good(Session(t).send({0x00, 0xCA, 0, 0, {}, 256}));
    CHECK(to_hex(response.data) == "01020304");
    CHECK(response.sw == 0x9000);
    CHECK(t.sent == std::vector<Bytes>{"00CA000000"_hex, "00C0000002"_hex, "00C0000000"_hex});
}

// OpenSC CVE-2025-49010.
TEST_CASE("endless 61xx ends: at once without data, at 64 KiB with data, and more than announced is no overflow", "[chip]") {
    Scripted empty([](ByteView) { return sw(0x6110); });
    CHECK(error_of(Session(empty).send({0x00, 0xCA, 0, 0, {}, 256})) == "chip.nonsense");
    CHECK(empty.sent.size() == 2);
    Scripted endless([](ByteView) { return sw(0x61FF, Bytes(200)); });
    CHECK(error_of(Session(endless).send({0x00, 0xCA, 0, 0, {}, 256})) == "chip.nonsense");
    CHECK(endless.sent.size() <= 65'536 / 200 + 2);
    Scripted flood([](ByteView) { return sw(0x6101, Bytes(65'000)); });
    CHECK(error_of(Session(flood).send({0x00, 0xCA, 0, 0, {}, 256})) == "chip.nonsense");
    CHECK(flood.sent.size() == 2);
}

TEST_CASE("6Cxx is repeated once with the right Le, and only where there was one", "[chip]") {
    const auto run = [](std::uint16_t first, std::optional<std::uint32_t> le) {
        Scripted t([&](ByteView command) { return good(CommandApdu::parse(command)).le == 8U ? sw(0x9000, Bytes(8)) : sw(first); });
        const auto response = good(Session(t).send({0x00, 0x84, 0, 0, {}, le}));
        return std::pair(response.sw, t.sent.size());
    };
    CHECK(run(0x6C08, 256) == std::pair<std::uint16_t, std::size_t>{0x9000, 2});
    CHECK(run(0x6C08, std::nullopt) == std::pair<std::uint16_t, std::size_t>{0x6C08, 1});
    CHECK(run(0x6C09, 256) == std::pair<std::uint16_t, std::size_t>{0x6C09, 2});  // wrong again: no third try
    Scripted zero([](ByteView command) { return good(CommandApdu::parse(command)).le == 256U ? sw(0x9000) : sw(0x6C00); });
    CHECK(good(Session(zero).send({0x00, 0x84, 0, 0, {}, 8})).sw == 0x9000);
}

TEST_CASE("errors of the transport and answers that are none come through", "[chip]") {
    Scripted lost([](ByteView) -> Result<Bytes> { return fail(Errc::card_lost, "reader"); });
    CHECK(error_of(Session(lost).send({0x00, 0x84, 0, 0, {}, 8})) == "transport.card_lost");
    CHECK(error_of(Session(lost).read_file(Ef::dg1)) == "transport.card_lost");
    CHECK(error_of(Session(lost).select_application()) == "transport.card_lost");
    Scripted shortest([](ByteView) -> Result<Bytes> { return Bytes{0x90}; });
    CHECK(error_of(Session(shortest).send({0x00, 0x84, 0, 0, {}, 8})) == "apdu.malformed");
    // OpenSC CVE-2021-42782: the longest reply there is, to each command. Inspection case H09.
    Scripted flood([](ByteView) { return sw(0x9000, Bytes(65'533, 0x75)); });
    CHECK(error_of(Session(flood).read_file(Ef::dg2)) == "chip.nonsense");
}

TEST_CASE("a protected answer in parts is put together before it is believed", "[chip]") {
    const sm::SessionKeys keys{crypto::Cipher::aes128, Secret(16), Secret(16)};
    const auto session_of = [&] {
        return sm::Session{{keys.cipher, keys.ks_enc.clone(), keys.ks_mac.clone()}, sm::SendSequenceCounter(Bytes(16))};
    };
    sm::Chip chip(session_of());
    Bytes rest;
    Scripted t([&](ByteView command) -> Result<Bytes> {
        const auto c = good(CommandApdu::parse(command));
        if (c.ins == 0xC0) return sw(0x9000, std::exchange(rest, {}));
        const auto plain = good(chip.open(c));
        const auto whole = good(chip.seal({Bytes(300, 0x42), 0x9000}, plain.ins)).data;
        rest.assign(whole.begin() + 256, whole.end());
        return sw(0x6146, ByteView(whole).first(256));
    });
    Session session(t);
    session.start_secure_messaging(session_of());
    CHECK(good(session.send({0x00, 0x88, 0, 0, Bytes(8), 256})).data == Bytes(300, 0x42));
    CHECK(session.quirks_used() == chip::Quirks{chip::Quirk::answers_in_parts});
}

TEST_CASE("the application is selected by its identifier", "[chip]") {
    Scripted t([](ByteView) { return sw(0x9000); });
    good(Session(t).select_application());
    CHECK(t.sent == std::vector<Bytes>{"00A4040C07A0000002471001"_hex});
    Scripted none([](ByteView) { return sw(0x6A82); });
    const auto failed = Session(none).select_application();
    REQUIRE(error_of(failed) == "chip.no_application");
    CHECK(failed.error().sw == 0x6A82);
}

TEST_CASE("under secure messaging no plain status word is followed or believed", "[chip]") {
    for (const std::uint16_t status : std::initializer_list<std::uint16_t>{0x6110, 0x6C08, 0x6A82, 0x9000, 0x6700}) {
        Scripted t([&](ByteView) { return sw(status); });
        Session session(t);
        session.start_secure_messaging({{crypto::Cipher::tdes, Secret(16), Secret(16)}, sm::SendSequenceCounter(Bytes(8))});
        CHECK(session.secured());
        const auto failed = session.send({0x00, 0xB0, 0, 0, {}, 8});
        REQUIRE(error_of(failed) == "sm.broken");
        CHECK(failed.error().sw == status);
        CHECK(t.sent.size() == 1);
        // The session is over; nothing more goes out.
        CHECK(error_of(session.read_file(Ef::dg1)) == "sm.broken");
        CHECK(t.sent.size() == 1);
        CHECK(error_of(session.select_application()) == "sm.broken");
        // Only a chip that was reset brings it back to plain.
        session.start_over();
        CHECK_FALSE(session.secured());
        CHECK(error_of(session.send({0x00, 0xB0, 0, 0, {}, 8})) != "sm.broken");
    }
}
