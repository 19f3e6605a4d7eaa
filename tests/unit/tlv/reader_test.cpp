#include "unit/unit.hpp"

#include <idchip/tlv/reader.hpp>
#include <idchip/tlv/writer.hpp>

using namespace idchip;
using namespace idchip::test;
using tlv::Element;
using tlv::Reader;
using tlv::Rules;

namespace {

constexpr Rules all_rules[] = {Rules::ber, Rules::der, Rules::ber_indefinite};

std::string error_of_first(std::string_view hex, Rules rules) {
    const auto bytes = good(from_hex(hex));
    return error_of(Reader(bytes, rules).next());
}

// `levels` constructed elements one in the other, with definite lengths.
Bytes nested(std::size_t levels) {
    Bytes b;
    for (std::size_t i = 0; i < levels; ++i) b = tlv::element(0x30, b);
    return b;
}

// Follows the first child as deep as it goes; the number of levels read, and the error that ended it.
std::pair<std::size_t, std::string> descend(ByteView input, Rules rules) {
    Reader r(input, rules);
    for (std::size_t levels = 0;; ++levels) {
        if (levels > 0 && r.at_end()) return {levels, "end"};
        const auto e = r.next();
        if (!e) return {levels, std::string(e.error().name())};
        r = r.enter(*e);
    }
}

}  // namespace

TEST_CASE("tags of one to three bytes are read as they stand", "[tlv]") {
    struct Case {
        std::string_view hex;
        std::uint32_t tag;
        bool constructed;
    };
    const Case cases[] = {
        {"0400", 0x04, false},     {"3000", 0x30, true},         {"5F1F00", 0x5F1F, false},        {"7F6100", 0x7F61, true},
        {"5F0100", 0x5F01, false}, {"7F817F00", 0x7F817F, true}, {"DF81827F00", 0xDF81827F, false}};
    for (const auto& c : cases) {
        CAPTURE(c.hex);
        const auto bytes = good(from_hex(c.hex));
        const auto e = good(tlv::parse_single(bytes, Rules::ber));
        CHECK(e.tag == c.tag);
        CHECK(e.constructed == c.constructed);
        CHECK(e.value.empty());
        // X.690, 8.1.2.2: DER writes numbers up to 30 in one byte; EF.COM has 5F01 all the same.
        CHECK(error_of(tlv::parse_single(bytes, Rules::der)) == (c.tag == 0x5F01 ? "tlv.bad_tag" : "none"));
    }
}

TEST_CASE("malformed tags are refused under every rule", "[tlv]") {
    for (const auto rules : all_rules) {
        CHECK(error_of_first("5F8001 00", rules) == "tlv.bad_tag");     // leading zero in the tag number
        CHECK(error_of_first("DF8182830100", rules) == "tlv.bad_tag");  // five bytes
        CHECK(error_of_first("5F", rules) == "tlv.truncated");
        CHECK(error_of_first("5F81", rules) == "tlv.truncated");
        CHECK(error_of_first("04", rules) == "tlv.truncated");
    }
}

TEST_CASE("lengths in longer forms than needed are read, marked, and refused by DER", "[tlv]") {
    for (const auto* hex : {"048100", "04820001AA", "0483000001AA", "048400000001AA", "04817F"}) {
        CAPTURE(hex);
        auto bytes = good(from_hex(hex));
        if (std::string_view(hex) == "04817F") bytes.resize(3 + 0x7F);
        for (const auto rules : {Rules::ber, Rules::ber_indefinite}) {
            const auto e = good(tlv::parse_single(bytes, rules));
            CHECK_FALSE(e.minimal_length);
            CHECK(e.raw.size() == bytes.size());
        }
        CHECK(error_of(tlv::parse_single(bytes, Rules::der)) == "tlv.not_minimal");
    }
    for (const std::size_t n : {0U, 1U, 0x7FU, 0x80U, 0xFFU, 0x100U, 0xFFFFU, 0x10000U}) {
        const auto bytes = tlv::element(0x04, Bytes(n));
        const auto e = good(tlv::parse_single(bytes, Rules::der));
        CHECK(e.minimal_length);
        CHECK(e.value.size() == n);
    }
}

TEST_CASE("hostile lengths end in an error before anything is read", "[tlv]") {
    for (const auto rules : all_rules) {
        CHECK(error_of_first("0401", rules) == "tlv.truncated");
        CHECK(error_of_first("047F", rules) == "tlv.truncated");
        CHECK(error_of_first("0484FFFFFFFF", rules) == "tlv.truncated");
        CHECK(error_of_first("048480000000", rules) == "tlv.truncated");
        CHECK(error_of_first("0485000000000100", rules) == "tlv.bad_length");
        CHECK(error_of_first("0488FFFFFFFFFFFFFFFF", rules) == "tlv.bad_length");
        CHECK(error_of_first("04FF", rules) == "tlv.bad_length");
        CHECK(error_of_first("0482FF", rules) == "tlv.truncated");
        CHECK(error_of_first("0484FFFFFF", rules) == "tlv.truncated");
    }
}

TEST_CASE("an inner length that runs out of the outer object is refused though the file goes on", "[tlv]") {
    const auto bytes = "30 03 04 05 AA BBBBBBBBBB"_hex;
    Reader r(bytes, Rules::ber, "DG1");
    auto inner = r.enter(good(r.next()));
    const auto e = inner.next();
    REQUIRE(error_of(e) == "tlv.truncated");
    CHECK(e.error().where == "DG1/30");
    CHECK(e.error().offset == 2U);
}

TEST_CASE("offsets count from the start of the outermost input", "[tlv]") {
    const auto bytes = "75 09 02 01 05 7F61 03 80 01 FF"_hex;
    Reader r(bytes, Rules::der);
    const auto outer = good(r.next());
    CHECK(outer.offset == 0);
    CHECK(outer.value_offset() == 2);
    CHECK(r.offset() == bytes.size());
    auto in = r.enter(outer);
    CHECK(in.offset() == 2);
    CHECK(good(in.next()).offset == 2);
    const auto group = good(in.next());
    CHECK(group.offset == 5);
    CHECK(group.value_offset() == 8);
    auto leaf = in.enter(group);
    const auto e = good(leaf.next());
    CHECK(e.offset == 8);
    CHECK(bytes[e.value_offset()] == 0xFF);
    CHECK(leaf.at_end());
}

TEST_CASE("errors name the path of tags that leads to them", "[tlv]") {
    const auto bytes = "75 06 7F61 03 30 01 05"_hex;
    Reader r(bytes, Rules::ber, "DG2");
    auto a = r.enter(good(r.expect(0x75)));
    auto b = a.enter(good(a.expect(0x7F61)));
    auto c = b.enter(good(b.expect(0x30)));
    const auto failed = c.next();
    REQUIRE_FALSE(failed);
    CHECK(failed.error().where == "DG2/75/7F61/30");
    CHECK(failed.error().offset == 7U);
    // Without a name the path begins with the first tag.
    Reader nameless(bytes, Rules::ber);
    CHECK(nameless.enter(good(nameless.next())).where() == "75");
}

TEST_CASE("expect consumes the element it names and complains at its place about another", "[tlv]") {
    const auto bytes = "0201 05 0400"_hex;
    Reader r(bytes, Rules::der, "x");
    const auto wrong = Reader(r).expect(0x04);
    REQUIRE(error_of(wrong) == "tlv.unexpected");
    CHECK(wrong.error().offset == 0U);
    CHECK(wrong.error().detail.find("02") != std::string::npos);
    CHECK(good(r.expect(0x02)).value[0] == 5);
    CHECK(error_of(r.expect_end()) == "tlv.trailing");
    CHECK(good(r.expect(0x04)).value.empty());
    CHECK(error_of(r.expect(0x04)) == "tlv.missing");
    CHECK(error_of(r.next()) == "tlv.missing");
    CHECK(error_of(r.expect_end()) == "none");
}

TEST_CASE("take consumes only what it asks for", "[tlv]") {
    const auto bytes = "A0 00 04 01 07"_hex;
    Reader r(bytes, Rules::der);
    CHECK_FALSE(good(r.take(0xA1)));
    CHECK(r.offset() == 0);
    CHECK(good(r.take(0xA0)));
    CHECK(r.offset() == 2);
    CHECK(good(r.take(0x04))->value[0] == 7);
    CHECK_FALSE(good(r.take(0x04)));
    // A broken element with the tag asked for is an error, not an absence.
    const auto cut = "A0 05 00"_hex;
    Reader broken(cut, Rules::der);
    CHECK(error_of(broken.take(0xA0)) == "tlv.truncated");
}

TEST_CASE("parse_single wants one element and nothing behind it", "[tlv]") {
    CHECK(error_of(tlv::parse_single("0400"_hex, Rules::der)) == "none");
    CHECK(error_of(tlv::parse_single("040000"_hex, Rules::der)) == "tlv.trailing");
    CHECK(error_of(tlv::parse_single({}, Rules::der)) == "tlv.missing");
}

TEST_CASE("indefinite lengths are for CMS of the field only", "[tlv]") {
    for (const auto rules : {Rules::ber, Rules::der}) CHECK(error_of_first("3080 0400 0000", rules) == "tlv.indefinite");
    CHECK(error_of_first("0480 0000", Rules::ber_indefinite) == "tlv.indefinite");  // a primitive cannot be
    CHECK(error_of_first("3080 0480 0000 0000", Rules::ber_indefinite) == "tlv.indefinite");
}

TEST_CASE("an indefinite length runs to the end of contents of its own level", "[tlv]") {
    const auto bytes = "3080 3080 0401AA 0000 3004 0000 0000 0402 0000 0000 0500"_hex;
    Reader r(bytes, Rules::ber_indefinite);
    const auto e = good(r.next());
    CHECK(e.indefinite);
    CHECK(to_hex(e.raw) ==
          "3080308004"
          "01AA0000"
          "3004000000000402000000"
          "00");
    CHECK(to_hex(e.value) ==
          "308004"
          "01AA0000"
          "3004000000000402"
          "0000");
    CHECK(to_hex(r.rest()) == "0500");
    auto in = r.enter(e);
    const auto first = good(in.next());
    CHECK(to_hex(first.value) == "0401AA");
    CHECK(first.raw.size() == 7);
    CHECK(to_hex(good(in.next()).value) == "00000000");  // end-of-contents octets inside a definite length are contents
    CHECK(to_hex(good(in.next()).value) == "0000");
    CHECK(in.at_end());
}

TEST_CASE("an indefinite length without its end is truncated", "[tlv]") {
    for (const auto* hex : {"3080", "308000", "30800400", "308030800000", "3080040100", "30800402000000"}) {
        CAPTURE(hex);
        CHECK(error_of_first(hex, Rules::ber_indefinite) == "tlv.truncated");
    }
}

TEST_CASE("sixteen levels can be read and the seventeenth is too deep", "[tlv]") {
    for (const auto rules : all_rules) {
        CHECK(descend(nested(16), rules) == std::pair<std::size_t, std::string>{16, "end"});
        CHECK(descend(nested(17), rules) == std::pair<std::size_t, std::string>{16, "tlv.too_deep"});
    }
}

TEST_CASE("indefinite lengths count against the same depth", "[tlv]") {
    const auto indefinite = [](std::size_t levels) {
        Bytes b;
        for (std::size_t i = 0; i < levels; ++i) append(b, Bytes{0x30, 0x80});
        b.resize(b.size() + 2 * levels);
        return b;
    };
    CHECK(descend(indefinite(16), Rules::ber_indefinite) == std::pair<std::size_t, std::string>{16, "end"});
    CHECK(error_of(Reader(indefinite(17), Rules::ber_indefinite).next()) == "tlv.too_deep");
    // 100 kB of openings end at the depth limit, not at the end of the input.
    Bytes openings;
    while (openings.size() < 100'000) append(openings, Bytes{0x30, 0x80});
    CHECK(error_of(Reader(openings, Rules::ber_indefinite).next()) == "tlv.too_deep");
}

TEST_CASE("the number of elements is limited over all readers of one input", "[tlv]") {
    Bytes siblings(2 * 100'000);  // tag 00, length 00
    Reader r(siblings, Rules::ber);
    std::size_t n = 0;
    while (!r.at_end() && r.next()) ++n;
    CHECK(n == 100'000);
    CHECK(r.at_end());
    siblings.resize(siblings.size() + 2);
    Reader one_more(siblings, Rules::ber);
    n = 0;
    std::string last;
    while (!one_more.at_end()) {
        const auto e = one_more.next();
        if (!e) {
            last = e.error().name();
            break;
        }
        ++n;
    }
    CHECK(n == 100'000);
    CHECK(last == "tlv.too_many");
    // A reader of the contents spends from the same budget as the reader outside.
    const auto outer_bytes = tlv::element(0x30, Bytes(2 * 100'000));
    Reader outer(outer_bytes, Rules::ber);
    auto inner = outer.enter(good(outer.next()));
    n = 0;
    while (!inner.at_end() && inner.next()) ++n;
    CHECK(n == 99'999);
    CHECK(error_of(inner.next()) == "tlv.too_many");
    CHECK(error_of(outer.next()) == "tlv.too_many");
}

TEST_CASE("indefinite lengths one in the other cannot make the walk quadratic", "[tlv]") {
    // Each level is searched for its end when it is read; every header the search passes is paid from the budget, so the
    // number of headers parsed over all levels is bounded whatever the nesting.
    constexpr std::size_t levels = 15;
    constexpr std::size_t siblings = 40'000;
    Bytes b;
    for (std::size_t i = 0; i < levels; ++i) append(b, Bytes{0x30, 0x80});
    for (std::size_t i = 0; i < siblings; ++i) append(b, Bytes{0x04, 0x00});
    b.resize(b.size() + 2 * levels);
    const auto [reached, error] = descend(b, Rules::ber_indefinite);
    CHECK(error == "tlv.too_many");
    CHECK(reached == 2);  // twice 40,000 headers, the third search ends at 100,000
}

TEST_CASE("the size of a file is known from its first bytes, and not before they are there", "[tlv]") {
    struct Case {
        std::string_view header;
        std::size_t size;
    };
    const Case cases[] = {{"6015", 23},
                          {"758235D5", 4 + 0x35D5},
                          {"7F617F", 3 + 0x7F},
                          {"7F618180", 4 + 0x80},
                          {"5F1F83010000", 6 + 0x10000},
                          {"6184FFFFFFFF", 6 + 0xFFFFFFFFULL},
                          {"6100", 2},
                          {"61820005", 4 + 5}};
    for (const auto& c : cases) {
        CAPTURE(c.header);
        auto bytes = good(from_hex(c.header));
        for (std::size_t n = 0; n < bytes.size(); ++n) CHECK_FALSE(good(tlv::announced_size(ByteView(bytes).first(n))));
        CHECK(good(tlv::announced_size(bytes)) == c.size);
        bytes.push_back(0xFF);
        CHECK(good(tlv::announced_size(bytes)) == c.size);
    }
    CHECK(error_of(tlv::announced_size("7F80"_hex)) == "tlv.bad_tag");
    CHECK(error_of(tlv::announced_size("6185"_hex)) == "tlv.bad_length");
    CHECK(error_of(tlv::announced_size("6180"_hex)) == "tlv.indefinite");
}
