// Families A and H of docs/inspection-cases.md as far as reading over basic access control goes: a whole chip, read through
// somebody on the line. Each case with its nearest legitimate neighbour.
#include "inspect/chip_maker.hpp"

#include <random>
#include <set>

#include "catch.hpp"

using namespace idchip;
using namespace idchip::inspect;
using namespace idchip::inspect::maker;
using lds::Ef;

namespace {

lds::Files whole() {
    auto groups = clean_files();
    groups[Ef::dg14] = dg14();
    groups[Ef::dg15] = dg15();
    return sign(groups);
}

// The reading order: EF.COM, EF.SOD, DG14, DG1, DG2, DG15.
constexpr int number_of_com = 1, number_of_sod = 2, number_of_dg14 = 3, number_of_dg2 = 5;
// Three commands look for EF.CardAccess, three open the chip.
constexpr std::size_t first_protected = 6;

using Change = std::function<void(Bytes& response)>;

// Reads the chip while `change` is done to the answers that `which` names.
template <class Which>
Evidence read_changed(const Which& which, const Change& change, const lds::Files& files = whole()) {
    const auto card = jmrtd_card(files);
    Line line(*card);
    line.tamper = [&](const Passing& p, Bytes& response) {
        if (which(p)) change(response);
    };
    return must(read_over(line));
}

// The answers about one file, in the first session and again when the reader has started over: it begins with that file.
auto persistently(int number) {
    return [number](const Passing& p) { return (p.session == 1 && p.selected == number) || (p.session == 2 && p.selected == 1); };
}
auto once(int number) {
    return [number](const Passing& p) { return p.session == 1 && p.selected == number; };
}

Change answer(std::uint16_t sw) {
    return [sw](Bytes& response) {
        response.clear();
        append_be(response, sw, 2);
    };
}

// Offsets from the end: 8E 08 MAC SW.
Bytes without_do99(const Bytes& r) { return concat({ByteView(r).first(r.size() - 16), ByteView(r).last(12)}); }

void flip_mac(Bytes& r) { r[r.size() - 3] ^= 0x01; }

// What must come of a change that no key stands behind: nothing when it is over the second time, else a second look.
void check_not_authentic(const Change& change, int number, const std::string& id) {
    check(judged(read_changed(persistently(number), change)), Overall::refer, Outcome::unavailable, id, "A44");
    check_clean(judged(read_changed(once(number), change)));
}

}  // namespace

TEST_CASE("A24 the chip's proof in basic access control is not right") {
    const auto card = jmrtd_card(whole());
    Line line(*card);
    SECTION("its MAC") {
        line.tamper = [](const Passing& p, Bytes& response) {
            if (p.is_authenticate) flip_mac(response);
        };
        check(judged(must(read_over(line))), Overall::refer, Outcome::fail, "access.control", "A24");
    }
    SECTION("the answer of an earlier session: authentic, but of other nonces") {
        Bytes earlier;
        line.tamper = [&](const Passing& p, Bytes& response) {
            if (!p.is_authenticate) return;
            if (earlier.empty()) earlier = response;
            response = earlier;
        };
        REQUIRE(read_over(line));
        check(judged(must(read_over(line))), Overall::refer, Outcome::fail, "access.control", "A24");
    }
    SECTION("cut off, or empty") {
        for (const std::size_t size : {0U, 16U, 39U}) {
            line.tamper = [size](const Passing& p, Bytes& response) {
                if (p.is_authenticate) response.erase(response.begin() + static_cast<std::ptrdiff_t>(size), response.end() - 2);
            };
            check(judged(must(read_over(line))), Overall::refer, Outcome::fail, "access.control", "A24");
        }
    }
    SECTION("neighbour: nobody on the line") { check_clean(judged(must(read_over(line)))); }
}

TEST_CASE("A03 the key of another document") {
    const auto card = jmrtd_card(whole());
    Line line(*card);
    auto other = td1();
    other.document_number = "099000018";
    const auto read = read_over(line, key_of(other));
    REQUIRE_FALSE(read);
    CHECK(read.error().name() == "bac.wrong_key");
    SECTION("neighbour: its own key, on the same chip, after that") { check_clean(judged(must(read_over(line)))); }
}

TEST_CASE("A26 a chip that opens to everybody") {
    const auto read_plain = [](const lds::Files& files) {
        TestChip chip(files, {});
        Line line(chip);
        return judged(must(read_over(line, {})));
    };
    check_noted(read_plain(whole()), Outcome::note, "access.control", "A26");
    auto groups = clean_files();
    groups[Ef::dg14] = dg14_with_pace();
    check(read_plain(sign(groups)), Overall::refer, Outcome::fail, "access.control", "A26");
    SECTION("neighbour: the same chip behind basic access control") {
        TestChip chip(whole(), key_of(td1()));
        Line line(chip);
        check_clean(judged(must(read_over(line))));
    }
}

TEST_CASE("A27 MAC of an answer flipped") {
    check_not_authentic(flip_mac, number_of_dg2, "file.DG2");
    check_not_authentic(flip_mac, number_of_com, "file.EF.COM");
    check_not_authentic(flip_mac, number_of_sod, "file.EF.SOD");
    check_not_authentic(flip_mac, number_of_dg14, "file.DG14");
}

TEST_CASE("A30 the protected status word is missing, or one byte long") {
    check_not_authentic([](Bytes& r) { r = without_do99(r); }, number_of_dg2, "file.DG2");
    const auto shortened = [](Bytes& r) {
        const std::size_t at = r.size() - 16;
        r[at + 1] = 1;
        r.erase(r.begin() + static_cast<std::ptrdiff_t>(at) + 2);
    };
    check_not_authentic(shortened, number_of_dg2, "file.DG2");
    SECTION("the MAC is missing too") {
        check_not_authentic([](Bytes& r) { r.erase(r.end() - 12, r.end() - 2); }, number_of_dg2, "file.DG2");
    }
}

TEST_CASE("A31 the protected status word is not the outer one") {
    const auto outer = [](std::uint16_t sw) {
        return [sw](Bytes& r) {
            r.resize(r.size() - 2);
            append_be(r, sw, 2);
        };
    };
    for (const int sw : {0x6A82, 0x6982, 0x6282, 0x9001})
        check_not_authentic(outer(static_cast<std::uint16_t>(sw)), number_of_dg14, "file.DG14");
    SECTION("the reverse: a protected 6A82 under an outer 9000") {
        auto incomplete = whole();
        incomplete.erase(Ef::dg14);
        const auto evidence = read_changed(persistently(number_of_dg14), outer(0x9000), incomplete);
        check(judged(evidence), Overall::refer, Outcome::unavailable, "file.DG14", "A44");
    }
    SECTION("neighbour: the chip itself says 6A82, under secure messaging") {
        auto incomplete = whole();
        incomplete.erase(Ef::dg14);
        const auto card = jmrtd_card(incomplete);
        Line line(*card);
        const auto evidence = must(read_over(line));
        CHECK(evidence.files.at(Ef::dg14).protected_status);
        check(judged(evidence), Overall::reject, Outcome::fail, "file.DG14", "B01");
    }
}

TEST_CASE("A32 an answer in the clear while secure messaging is on") {
    const auto forged = [](Bytes& r) { r = concat({dg2(jpeg(100, 100)), Bytes{0x90, 0x00}}); };
    check_not_authentic(forged, number_of_dg2, "file.DG2");
    check_not_authentic(answer(0x9000), number_of_dg2, "file.DG2");
}

TEST_CASE("A44 a bare status word hides a file") {
    for (const int sw : {0x6A82, 0x6982, 0x6700, 0x6F00, 0x9000, 0x6282}) {
        check_not_authentic(answer(static_cast<std::uint16_t>(sw)), number_of_dg14, "file.DG14");
        check_not_authentic(answer(static_cast<std::uint16_t>(sw)), number_of_dg2, "file.DG2");
    }
    SECTION("no policy makes it acceptable") {
        Policy policy;
        policy.overrides["file.DG14"] = Overall::accept;
        const auto evidence = read_changed(persistently(number_of_dg14), answer(0x6A82));
        check(judged(evidence, trust(), today, policy), Overall::refer, Outcome::unavailable, "file.DG14", "A44");
    }
    SECTION("it is never taken for absence") {
        const auto evidence = read_changed(persistently(number_of_dg14), answer(0x6A82));
        CHECK_FALSE(evidence.files.at(Ef::dg14).protected_status);
        CHECK(evidence.files.at(Ef::dg14).error == "sm.broken");
        CHECK(evidence.content(Ef::dg15) != nullptr);  // the reading went on
    }
}

TEST_CASE("A34 an earlier answer once more") {
    const auto card = jmrtd_card(whole());
    Line line(*card);
    Bytes earlier;
    line.tamper = [&](const Passing& p, Bytes& response) {
        if (p.session == 1 && p.selected == 3 && p.is_read) earlier = response;
        if (persistently(number_of_dg2)(p) && p.is_read) response = earlier;
    };
    check(judged(must(read_over(line))), Overall::refer, Outcome::unavailable, "file.DG2", "A44");
}

TEST_CASE("A37 any byte of a protected answer changed") {
    const auto card = jmrtd_card(whole());
    for (std::size_t at = 0; at < 150; ++at) {
        Line line(*card);
        line.tamper = [at](const Passing& p, Bytes& response) {
            if (persistently(number_of_dg2)(p) && p.is_read) response[std::min(at, response.size() - 1)] ^= 0x40;
        };
        const auto evidence = must(read_over(line));
        CHECK(evidence.files.at(Ef::dg2).error == "sm.broken");
        CHECK(evidence.content(Ef::dg2) == nullptr);
    }
}

TEST_CASE("A40 reads that give nothing, without end") {
    TestChip chip(whole(), key_of(td1()));
    const auto nothing_from = [&](Ef which, std::size_t start) {
        chip.read = [=](Ef ef, ByteView content, std::size_t offset, std::size_t length) {
            if (ef == which && offset >= start) return TestChip::Response::of(0x9000);
            return TestChip::good_read(ef, content, offset, std::min<std::size_t>(length, 50));
        };
        Line line(chip);
        const auto evidence = must(read_over(line));
        CHECK(line.exchanges() < 100);
        return judged(evidence);
    };
    check(nothing_from(Ef::dg2, 50), Overall::cannot, Outcome::unavailable, "file.DG2", "A40");
    check(nothing_from(Ef::dg2, 0), Overall::cannot, Outcome::unavailable, "file.DG2", "A40");
    check(nothing_from(Ef::dg14, 0), Overall::refer, Outcome::unavailable, "file.DG14", "A40");
    check(nothing_from(Ef::sod, 50), Overall::cannot, Outcome::unavailable, "file.EF.SOD", "B08");
    SECTION("neighbour: a few bytes at a time") {
        chip.read = [](Ef ef, ByteView content, std::size_t offset, std::size_t length) {
            return TestChip::good_read(ef, content, offset, std::min<std::size_t>(length, 11));
        };
        Line line(chip);
        check_clean(judged(must(read_over(line))));
    }
}

TEST_CASE("A42 every session has fresh nonces and keys of the terminal") {
    const auto card = jmrtd_card(whole());
    Line line(*card);
    std::set<Bytes> commands;
    line.tamper = [&](const Passing& p, Bytes&) {
        if (p.is_authenticate) commands.insert(to_bytes(p.command));
    };
    for (int i = 0; i < 3; ++i) REQUIRE(read_over(line));
    CHECK(commands.size() == 3);
}

TEST_CASE("B16 a file that announces more than any chip holds") {
    for (const auto* header : {"7584FFFFFFFF", "758400FFFFFF", "7588FFFFFFFFFFFFFFFF", "7580"}) {
        auto files = whole();
        files[Ef::dg2] = concat({must(from_hex(header)), Bytes(20)});
        const auto card = jmrtd_card(files);
        Line line(*card);
        check(judged(must(read_over(line))), Overall::refer, Outcome::fail, "file.DG2", "B16");
    }
    SECTION("a file that is shorter than it says") {
        auto files = whole();
        files[Ef::dg2].resize(files[Ef::dg2].size() - 10);
        const auto card = jmrtd_card(files);
        Line line(*card);
        check(judged(must(read_over(line))), Overall::cannot, Outcome::unavailable, "file.DG2", "B08");
    }
    SECTION("neighbour: 30000 bytes, and so it says") {
        auto groups = clean_files();
        auto image = jpeg();
        append(image, Bytes(30'000));
        groups[Ef::dg2] = dg2(image);
        const auto card = jmrtd_card(sign(groups));
        Line line(*card);
        check_clean(judged(must(read_over(line))));
    }
}

TEST_CASE("H01 status words at the end of a file") {
    TestChip chip(whole(), key_of(td1()));
    const auto judged_at_end = [&](std::uint16_t sw, bool with_data) {
        chip.read = [=](Ef ef, ByteView content, std::size_t offset, std::size_t length) {
            auto response = TestChip::good_read(ef, content, offset, length);
            if (offset + length <= content.size()) return response;
            if (!with_data) return TestChip::Response::of(sw);
            response.sw = sw;
            return response;
        };
        Line line(chip);
        return judged(must(read_over(line)));
    };
    check_clean(judged_at_end(0x6282, true));
    check_clean(judged_at_end(0x6282, false));
    check_clean(judged_at_end(0x6B00, false));
    check_clean(judged_at_end(0x6700, false));
    SECTION("bytes behind the object") {
        auto files = whole();
        append(files[Ef::dg1], Bytes(9));
        TestChip padded(files, key_of(td1()));
        Line line(padded);
        check_noted(judged(must(read_over(line))), Outcome::note, "lds.bytes_after_file", "B14");
    }
}

TEST_CASE("H03 a chip that refuses or cuts large reads") {
    for (const std::size_t largest : {224U, 192U, 128U, 100U}) {
        TestChip chip(whole(), key_of(td1()));
        chip.read = [largest](Ef ef, ByteView content, std::size_t offset, std::size_t length) {
            if (length > largest) return TestChip::Response::of(0x6700);
            return TestChip::good_read(ef, content, offset, length);
        };
        Line line(chip);
        check_clean(judged(must(read_over(line))));
    }
    SECTION("a chip that refuses every length: an answer all the same") {
        TestChip chip(whole(), key_of(td1()));
        chip.read = [](Ef, ByteView, std::size_t, std::size_t) { return TestChip::Response::of(0x6700); };
        Line line(chip);
        CHECK(judged(must(read_over(line))).overall == Overall::cannot);
    }
}

TEST_CASE("H05 the card is lost at any moment: an error, never a verdict") {
    const auto card = jmrtd_card(whole());
    std::size_t exchanges = 0;
    {
        Line line(*card);
        REQUIRE(read_over(line));
        exchanges = line.exchanges();
    }
    using transport::Fault;
    for (const auto fault : {Fault::torn_before, Fault::torn_after, Fault::short_reply, Fault::reader_gone})
        for (std::size_t at = 0; at < exchanges; ++at) {
            const auto line = transport::with_fault(transport::in_process(*card), {fault, at, 0, {}, {}});
            const auto read = read_over(*line);
            REQUIRE_FALSE(read);
            CHECK(read.error().name().starts_with("transport."));
        }
    SECTION("neighbour: a stray answer is no lost card") {
        for (std::size_t at = first_protected; at < exchanges; ++at) {
            const auto line = transport::with_fault(transport::in_process(*card), {Fault::garbage, at, 0, {}, {}});
            check_clean(judged(must(read_over(*line))));
        }
    }
}

TEST_CASE("H06 another card takes the place of the first in the middle") {
    const auto first = jmrtd_card(whole());
    auto groups = whole();
    groups[Ef::dg2] = dg2(jpeg(100, 100));
    const auto second = jmrtd_card(groups);
    Line line(*first);
    line.exchange_at(2, *second);
    line.tamper = [](const Passing& p, Bytes& response) {
        if (once(number_of_dg2)(p)) flip_mac(response);
    };
    check(judged(must(read_over(line))), Overall::reject, Outcome::fail, "pa.hash.DG2", "B07");
    SECTION("neighbour: the same card again") {
        Line same(*first);
        same.tamper = line.tamper;
        check_clean(judged(must(read_over(same))));
    }
}

TEST_CASE("I02 a chip that answers nonsense: an error or a finding, never a pass") {
    const auto card = jmrtd_card(whole());
    std::mt19937 random(9303);
    const auto truth = whole();
    for (int i = 0; i < 150; ++i) {
        Line line(*card);
        const auto share = 1 + random() % 12;
        line.tamper = [&](const Passing&, Bytes& response) {
            if (random() % share != 0) return;
            response.resize(2 + random() % 60);
            for (auto& b : response) b = static_cast<Byte>(random());
        };
        const auto read = read_over(line);
        if (!read) continue;
        for (const auto& f : judged(*read).findings) {
            const auto ef = lds::ef_by_name(f.id.substr(f.id.rfind('.') + 1));
            if (f.id.starts_with("pa.hash.") && f.outcome == Outcome::pass) CHECK(*read->content(*ef) == truth.at(*ef));
        }
    }
}
