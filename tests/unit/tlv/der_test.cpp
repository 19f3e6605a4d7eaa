#include "unit/unit.hpp"

#include <limits>

#include <idchip/tlv/der.hpp>

using namespace idchip;
using namespace idchip::test;

namespace {

tlv::Element only(ByteView bytes) { return good(tlv::parse_single(bytes, tlv::Rules::der)); }

template <class F>
auto read_with(F read, ByteView bytes) {
    tlv::Reader r(bytes, tlv::Rules::der);
    return read(r);
}

std::string error_of_integer(std::string_view hex) {
    const auto bytes = good(from_hex(hex));
    return error_of(read_with(der::read_integer, bytes));
}

}  // namespace

TEST_CASE("object identifiers have the encodings that standards print", "[tlv]") {
    const std::pair<std::string_view, std::string_view> cases[] = {
        {"1.2.840.113549", "2A864886F70D"},  // X.690, and Microsoft's well-known page: RSA
        {"2.999.3", "883703"},               // X.690, 8.19.5
        {"2.23.136.1.1.1", "678108010101"},  // ldsSecurityObject
        {"0.0", "00"},
        {"0.39", "27"},
        {"1.0", "28"},
        {"1.39", "4F"},
        {"2.0", "50"},
        {"2.47", "7F"},
        {"2.48", "8100"},
        {"1.3.36.3.3.2.8.1.1.7", "2B2403030208010107"}};
    for (const auto& [dotted, hex] : cases) {
        const der::Oid id(dotted);
        CHECK(to_hex(id.contents()) == hex);
        CHECK(id.dotted() == dotted);
        const auto written = der::write(id);
        CHECK(good(read_with(der::read_oid, written)) == id);
    }
}

TEST_CASE("malformed object identifiers are refused", "[tlv]") {
    for (const auto* hex : {"", "80", "8001", "2A80", "2A8001", "2A86", "2A868086F70D80"}) {
        CAPTURE(hex);
        CHECK(error_of(der::Oid::from_contents(good(from_hex(hex)))) == "der.bad_value");
    }
    CHECK(error_of(der::Oid::from_contents(Bytes(65, 1))) == "der.bad_value");
    CHECK(error_of(der::Oid::from_contents(Bytes(64, 1))) == "none");
    const auto wrong_tag = "0403 2A0304"_hex;
    CHECK(error_of(read_with(der::read_oid, wrong_tag)) == "tlv.unexpected");
}

TEST_CASE("an arc that no 64-bit number holds does not print as another identifier", "[tlv]") {
    CHECK(good(der::Oid::from_contents("2A 81 FF FF FF FF FF FF FF FF 7F"_hex)).dotted() == "1.2.18446744073709551615");
    CHECK(good(der::Oid::from_contents("2A 82 80 80 80 80 80 80 80 80 00"_hex)).dotted() == "1.2.(82808080808080808000)");
    CHECK(good(der::Oid::from_contents("2A 82 80 80 80 80 80 80 80 80 00 05"_hex)).dotted() == "1.2.(82808080808080808000).5");
    CHECK(good(der::Oid::from_contents("82 80 80 80 80 80 80 80 80 00"_hex)).dotted() == "2.(82808080808080808000)");
}

TEST_CASE("object identifiers compare by their bytes", "[tlv]") {
    const der::Oid a("2.23.136.1.1");
    CHECK(der::Oid("2.23.136.1.1.1").starts_with(a));
    CHECK_FALSE(a.starts_with(der::Oid("2.23.136.1.1.1")));
    CHECK(der::Oid("2.23.136.1.1") == a);
    CHECK(a < der::Oid("2.23.136.1.2"));
}

TEST_CASE("integers of 64 bits are written and read in the shortest form", "[tlv]") {
    const std::pair<std::int64_t, std::string_view> cases[] = {{0, "020100"},
                                                               {127, "02017F"},
                                                               {128, "02020080"},
                                                               {256, "02020100"},
                                                               {-128, "020180"},
                                                               {-129, "0202FF7F"},  // X.690 examples as printed
                                                               {-1, "0201FF"},
                                                               {std::numeric_limits<std::int64_t>::max(), "02087FFFFFFFFFFFFFFF"},
                                                               {std::numeric_limits<std::int64_t>::min(), "02088000000000000000"}};
    for (const auto& [value, hex] : cases) {
        CHECK(to_hex(der::write_integer(value)) == hex);
        const auto bytes = good(from_hex(hex));
        CHECK(good(read_with(der::read_integer, bytes)) == value);
    }
    for (const auto* hex : {"0200", "02020000", "0202007F", "0202FFFF", "0202FF80", "0209008000000000000000", "0209FF0000000000000000"})
        CHECK(error_of_integer(hex) == "der.bad_value");
    CHECK(error_of_integer("0401AA") == "tlv.unexpected");
    CHECK(error_of_integer("") == "tlv.missing");
}

TEST_CASE("unsigned numbers stay positive", "[tlv]") {
    CHECK(to_hex(der::write_unsigned({})) == "020100");
    CHECK(to_hex(der::write_unsigned("000000"_hex)) == "020100");
    CHECK(to_hex(der::write_unsigned("007F"_hex)) == "02017F");
    CHECK(to_hex(der::write_unsigned("80"_hex)) == "02020080");
    CHECK(to_hex(der::write_unsigned("0000FF01"_hex)) == "020300FF01");
    const auto big = der::write_unsigned(Bytes(300, 0xEE));
    CHECK(good(read_with(der::read_big_integer, big)).size() == 301);
}

TEST_CASE("a boolean is 00 or FF", "[tlv]") {
    CHECK(good(der::read_boolean(only("0101FF"_hex))));
    CHECK_FALSE(good(der::read_boolean(only("010100"_hex))));
    for (const auto* hex : {"010101", "0100", "0102FFFF"}) CHECK(error_of(der::read_boolean(only(good(from_hex(hex))))) == "der.bad_value");
    CHECK(to_hex(der::write_boolean(true)) == "0101FF");
    CHECK(to_hex(der::write_boolean(false)) == "010100");
}

TEST_CASE("bit strings that carry bytes have no unused bits", "[tlv]") {
    const auto bytes = "0303 00 AABB"_hex;
    CHECK(to_hex(good(der::read_bit_string(only(bytes)))) == "AABB");
    CHECK(der::write_bit_string("AABB"_hex) == bytes);
    for (const auto* hex : {"0300", "030201AA", "030208AA"})
        CHECK(error_of(der::read_bit_string(only(good(from_hex(hex))))) == "der.bad_value");
    CHECK(good(der::read_bit_string(only("030100"_hex))).empty());
}

TEST_CASE("named bits count from the first bit on", "[tlv]") {
    CHECK(to_hex(der::write_named_bits({0})) == "03020780");     // digitalSignature
    CHECK(to_hex(der::write_named_bits({5, 6})) == "03020106");  // keyCertSign, cRLSign
    CHECK(to_hex(der::write_named_bits({8})) == "0303070080");   // decipherOnly
    const auto bytes = "03020106"_hex;
    CHECK(good(der::read_named_bits(only(bytes))) == std::vector<bool>{false, false, false, false, false, true, true});
    CHECK(good(der::read_named_bits(only("030100"_hex))).empty());
    for (const auto* hex : {"0300", "030108", "030101", "03020880", "03020181"})  // the last: an unused bit is set
        CHECK(error_of(der::read_named_bits(only(good(from_hex(hex))))) == "der.bad_value");
}

TEST_CASE("directory strings of every type come out as UTF-8", "[tlv]") {
    CHECK(good(der::read_string(only("0C03 E1BAAB"_hex))) == "\u1EAB");
    CHECK(good(der::read_string(only("1302 4445"_hex))) == "DE");
    CHECK(good(der::read_string(only("1602 4445"_hex))) == "DE");
    CHECK(good(der::read_string(only("1401 E9"_hex))) == "\u00E9");
    CHECK(good(der::read_string(only("1E06 0041 00E9 1EAB"_hex))) == "A\u00E9\u1EAB");
    CHECK(error_of(der::read_string(only("0C02 C080"_hex))) == "input.bad_utf8");
    CHECK(error_of(der::read_string(only("1301 E9"_hex))) == "der.bad_value");
    CHECK(error_of(der::read_string(only("1E01 41"_hex))) == "der.bad_value");
    CHECK(error_of(der::read_string(only("1E04 D800 DC00"_hex))) == "der.bad_value");
    CHECK(error_of(der::read_string(only("0401 41"_hex))) == "der.bad_value");
}

TEST_CASE("times are UTCTime until 2049 and GeneralizedTime beyond", "[tlv]") {
    const auto text_of = [](const Bytes& b) { return as_text(ByteView(b).subspan(2)); };
    const auto at = [](int year) { return start_of({year, 7, 1}) + 3661; };
    CHECK(text_of(der::write_time(at(2049))) == "490701010101Z");
    CHECK(der::write_time(at(2049))[0] == 0x17);
    CHECK(text_of(der::write_time(at(2050))) == "20500701010101Z");
    CHECK(der::write_time(at(2050))[0] == 0x18);
    CHECK(text_of(der::write_time(at(1950))) == "500701010101Z");
    CHECK(der::write_time(at(1949))[0] == 0x18);
    for (const int year : {1949, 1950, 1969, 1970, 1999, 2000, 2026, 2049, 2050, 9999}) {
        const auto bytes = der::write_time(at(year));
        CHECK(good(der::read_time(only(bytes))) == at(year));
        const auto general = der::write_generalized_time(at(year));
        CHECK(good(der::read_time(only(general))) == at(year));
    }
}

TEST_CASE("times that DER does not allow are refused", "[tlv]") {
    for (const auto* text : {"2607010101Z", "260701010101", "260701010101+0100", "260230010101Z", "261301010101Z", "260701240101Z",
                             "260701016001Z", "260701010101z", "2607010101 1Z", "-60701010101Z"}) {
        CAPTURE(text);
        CHECK(error_of(der::read_time(only(tlv::element(der::utc_time, as_bytes(text))))) == "der.bad_value");
    }
    for (const auto* text : {"202607010101Z", "20260701010101.5Z", "20260701010101", "260701010101Z", "20260229010101Z", ""}) {
        CAPTURE(text);
        CHECK(error_of(der::read_time(only(tlv::element(der::generalized_time, as_bytes(text))))) == "der.bad_value");
    }
    CHECK(error_of(der::read_time(only(tlv::element(der::octet_string, bytes_of("260701010101Z"))))) == "der.bad_value");
}

TEST_CASE("a set is sorted as DER wants, whatever the order given", "[tlv]") {
    const auto a = der::write_integer(1);
    const auto b = der::write_integer(2);
    const auto c = der::write_integer(256);
    CHECK(der::set_of({c, b, a}) == der::set_of({a, b, c}));
    CHECK(to_hex(der::set_of({c, b, a})) ==
          "310A0201010201020202"
          "0100");
    CHECK(to_hex(der::set_of({})) == "3100");
    CHECK(to_hex(der::sequence_of({b, a})) == "3006020102020101");
    CHECK(to_hex(der::write_null()) == "0500");
    CHECK(to_hex(der::write_octet_string("AA"_hex)) == "0401AA");
    CHECK(to_hex(der::write_printable("DE")) == "13024445");
    CHECK(to_hex(der::write_utf8("DE")) == "0C024445");
}
