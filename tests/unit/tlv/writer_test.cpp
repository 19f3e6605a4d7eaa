#include "unit/unit.hpp"

#include <idchip/tlv/reader.hpp>
#include <idchip/tlv/writer.hpp>

using namespace idchip;
using namespace idchip::test;

TEST_CASE("tags are written with the bytes they have", "[tlv]") {
    CHECK(to_hex(tlv::encode_tag(0x04)) == "04");
    CHECK(to_hex(tlv::encode_tag(0x5F1F)) == "5F1F");
    CHECK(to_hex(tlv::encode_tag(0x7F817F)) == "7F817F");
    CHECK(to_hex(tlv::encode_tag(0)) == "00");
    CHECK(tlv::tag_text(0x04) == "04");
    CHECK(tlv::tag_text(0x7F61) == "7F61");
}

TEST_CASE("lengths are written in the shortest form", "[tlv]") {
    const std::pair<std::size_t, std::string_view> cases[] = {
        {0, "00"},         {1, "01"},          {0x7F, "7F"},          {0x80, "8180"},         {0xFF, "81FF"},
        {0x100, "820100"}, {0xFFFF, "82FFFF"}, {0x10000, "83010000"}, {0xFFFFFF, "83FFFFFF"}, {0x1000000, "8401000000"}};
    for (const auto& [length, hex] : cases) CHECK(to_hex(tlv::encode_length(length)) == hex);
}

TEST_CASE("an element holds its parts in order, and reads back", "[tlv]") {
    CHECK(to_hex(tlv::element(0x5F1F, "AABB"_hex)) == "5F1F02AABB");
    CHECK(to_hex(tlv::element(0x30, {"01"_hex, {}, "0203"_hex})) == "3003010203");
    TestRng rng;
    for (std::size_t n = 0; n < 300; ++n) {
        const auto value = rng.bytes(n);
        const auto bytes = tlv::element(0x7F61, value);
        const auto e = good(tlv::parse_single(bytes, tlv::Rules::der));
        CHECK(e.tag == 0x7F61);
        CHECK(equal(e.value, value));
    }
}
