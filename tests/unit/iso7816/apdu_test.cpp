#include "unit/unit.hpp"

#include <idchip/iso7816/apdu.hpp>
#include <idchip/iso7816/status_word.hpp>

using namespace idchip;
using namespace idchip::test;
using iso7816::CommandApdu;
using iso7816::ResponseApdu;

namespace {

CommandApdu command(Bytes data, std::optional<std::uint32_t> le, bool extended = false) {
    return {0x00, 0xA4, 0x04, 0x0C, std::move(data), le, extended};
}

std::string hex_of(const CommandApdu& c) { return to_hex(good(c.encode())); }

std::string error_of_parse(std::string_view hex) {
    const auto bytes = good(from_hex(hex));
    return error_of(CommandApdu::parse(bytes));
}

}  // namespace

// ISO/IEC 7816-4, 5.2, table 1: the cases of a command, short and extended.
TEST_CASE("a command is encoded in each of the four cases, short and extended", "[iso7816]") {
    const auto data = "AABB"_hex;
    CHECK(hex_of(command({}, {})) == "00A4040C");
    CHECK(hex_of(command({}, 8)) == "00A4040C08");
    CHECK(hex_of(command({}, 256)) == "00A4040C00");
    CHECK(hex_of(command(data, {})) == "00A4040C02AABB");
    CHECK(hex_of(command(data, 8)) == "00A4040C02AABB08");
    CHECK(hex_of(command(data, 256)) == "00A4040C02AABB00");
    CHECK(hex_of(command({}, 257)) == "00A4040C000101");
    CHECK(hex_of(command({}, 65536)) == "00A4040C000000");
    CHECK(hex_of(command(data, 257)) == "00A4040C000002AABB0101");
    CHECK(hex_of(command(data, 65536)) == "00A4040C000002AABB0000");
    CHECK(hex_of(command(data, {}, true)) == "00A4040C000002AABB");
    CHECK(hex_of(command(data, 8, true)) == "00A4040C000002AABB0008");
    CHECK(hex_of(command({}, 8, true)) == "00A4040C000008");
}

TEST_CASE("data beyond 255 bytes makes a command extended by itself", "[iso7816]") {
    CHECK(good(command(Bytes(255), {}).encode()).size() == 4 + 1 + 255);
    const auto bytes = good(command(Bytes(256), 1).encode());
    CHECK(to_hex(ByteView(bytes).first(7)) == "00A4040C000100");
    CHECK(to_hex(ByteView(bytes).last(2)) == "0001");
    CHECK(good(command(Bytes(65535), 65536).encode()).size() == 4 + 3 + 65535 + 2);
}

TEST_CASE("what no form carries is refused", "[iso7816]") {
    CHECK(error_of(command(Bytes(65536), {}).encode()) == "apdu.too_long");
    CHECK(error_of(command({}, 65537).encode()) == "apdu.too_long");
    CHECK(error_of(command({}, 0).encode()) == "apdu.too_long");
}

TEST_CASE("every command that can be encoded is parsed back", "[iso7816]") {
    for (const std::size_t size : {0U, 1U, 2U, 254U, 255U, 256U, 65535U})
        for (const std::uint32_t le : {0U, 1U, 255U, 256U, 257U, 65535U, 65536U})
            for (const bool extended : {false, true}) {
                const auto c = command(Bytes(size, 0x5A), le == 0 ? std::nullopt : std::optional(le), extended);
                CAPTURE(size, le, extended);
                const auto back = good(CommandApdu::parse(good(c.encode())));
                CHECK(back.header() == c.header());
                CHECK(back.data == c.data);
                CHECK(back.le == c.le);
                // Case 1 has no length field that could say so.
                CHECK(back.extended == (c.needs_extended() && (size > 0 || le > 0)));
            }
}

TEST_CASE("commands whose lengths do not fit are refused", "[iso7816]") {
    for (const auto* hex :
         {"", "00", "00A404", "00A4040C02AA", "00A4040C02AABBCCDD", "00A4040C0000", "00A4040C00000000", "00A4040C000002AA",
          "00A4040C000002AABBCC", "00A4040C000002AABBCCDDEE", "00A4040C00FFFFAABB", "00A4040C0000000000"}) {
        CAPTURE(hex);
        CHECK(error_of_parse(hex) == "apdu.malformed");
    }
}

TEST_CASE("a response is data and a status word", "[iso7816]") {
    const auto r = good(ResponseApdu::parse("AABB9000"_hex));
    CHECK(to_hex(r.data) == "AABB");
    CHECK(r.ok());
    CHECK(to_hex(r.encode()) == "AABB9000");
    CHECK(to_hex(ResponseApdu::of(0x6A82).encode()) == "6A82");
    CHECK_FALSE(ResponseApdu::of(0x6282).ok());
    CHECK(error_of(ResponseApdu::parse({})) == "apdu.malformed");
    CHECK(error_of(ResponseApdu::parse("90"_hex)) == "apdu.malformed");
    const Bytes longest(65'538, 0x90);
    CHECK(good(ResponseApdu::parse(longest)).data.size() == 65'536);
}

TEST_CASE("a status word is printed with its number and its meaning", "[iso7816]") {
    namespace sw = iso7816::sw;
    CHECK(sw::describe(sw::ok) == "9000 ok");
    CHECK(sw::describe(sw::file_not_found) == "6A82 file not found");
    CHECK(sw::describe(0x63C2) == "63C2 authentication failed, 2 tries left");
    CHECK(sw::describe(0x6110) == "6110 more data waiting");
    CHECK(sw::describe(0x6C08) == "6C08 wrong Le");
    CHECK(sw::describe(0x6401) == "6401 execution error");
    CHECK(sw::describe(0x0000) == "0000 unknown status");
    for (unsigned v = 0; v <= 0xFFFF; ++v) {
        const auto text = sw::describe(static_cast<std::uint16_t>(v));
        REQUIRE(text.size() > 5);
        REQUIRE(text.substr(0, 4) == to_hex(Bytes{static_cast<Byte>(v >> 8U), static_cast<Byte>(v)}));
    }
}
