#include "unit/unit.hpp"

#include <algorithm>

using namespace idchip;
using namespace idchip::test;

TEST_CASE("hexadecimal is written in upper case and read in either", "[base]") {
    CHECK(to_hex(Bytes{0x00, 0x0F, 0xA5, 0xFF}) == "000FA5FF");
    CHECK(to_hex({}).empty());
    CHECK(good(from_hex("000fa5Ff")) == Bytes{0x00, 0x0F, 0xA5, 0xFF});
    CHECK(good(from_hex("")).empty());
    CHECK(good(from_hex(" 00 A4\t04\r\n0C ")) == Bytes{0x00, 0xA4, 0x04, 0x0C});
}

TEST_CASE("every byte survives its hexadecimal text", "[base]") {
    Bytes all(256);
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<Byte>(i);
    CHECK(good(from_hex(to_hex(all))) == all);
}

TEST_CASE("bad hexadecimal is refused with the offset of the first wrong character", "[base]") {
    struct Case {
        std::string_view text;
        std::size_t offset;
    };
    const Case cases[] = {{"0", 1}, {"000", 3}, {"0G", 1}, {"G0", 0}, {"0 0", 1}, {"00 0x", 4}, {"00-01", 2}, {"\xEF\xBC\x90", 0}};
    for (const auto& c : cases) {
        CAPTURE(c.text);
        const auto result = from_hex(c.text);
        REQUIRE(error_of(result) == "input.bad_hex");
        CHECK(result.error().offset == c.offset);
    }
}

TEST_CASE("base64 gives the test vectors of RFC 4648, section 10", "[base]") {
    const std::pair<std::string_view, std::string_view> vectors[] = {
        {"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"}};
    for (const auto& [plain, encoded] : vectors) {
        CHECK(to_base64(as_bytes(plain)) == encoded);
        CHECK(as_text(good(from_base64(encoded))) == plain);
    }
    CHECK(good(from_base64("Zm9v\r\nYmFy \t")) == bytes_of("foobar"));
    CHECK(to_base64(Bytes{0xFB, 0xEF, 0xFF}) == "++//");
}

TEST_CASE("base64 of every length survives", "[base]") {
    TestRng rng;
    for (std::size_t n = 0; n < 70; ++n) {
        const auto b = rng.bytes(n);
        CHECK(good(from_base64(to_base64(b))) == b);
    }
}

TEST_CASE("broken base64 is refused", "[base]") {
    for (const auto* text : {"Z", "Zg", "Zg=", "Zm9", "=", "==", "====", "Z===", "=Zg=", "Zg==Zg==", "Zm8=Zg==", "Zg== =", "Zm9v!", "Zm9-",
                             "Zm9_", "Zg==\n==", "Zg==\n===="}) {
        CAPTURE(text);
        CHECK(error_of(from_base64(text)) == "input.bad_base64");
    }
}

TEST_CASE("big-endian numbers are written in exactly the width asked for and read back", "[base]") {
    Bytes b;
    append_be(b, 0x0102, 2);
    append_be(b, 0x01020304050607FF, 8);
    append_be(b, 0x1FF, 1);  // the upper bits do not fit and fall away
    append_be(b, 5, 10);     // wider than a number
    CHECK(to_hex(b) == "010201020304050607FFFF00000000000000000005");
    CHECK(read_be(ByteView(b).first(2)) == 0x0102);
    CHECK(read_be(ByteView(b).subspan(2, 8)) == 0x01020304050607FFU);
    CHECK(read_be({}) == 0);
}

TEST_CASE("concat and append join their parts in order", "[base]") {
    const Bytes a{1, 2};
    const Bytes b{3};
    CHECK(concat({a, {}, b, a}) == Bytes{1, 2, 3, 1, 2});
    CHECK(concat({}).empty());
    Bytes c = a;
    append(c, b);
    CHECK(c == Bytes{1, 2, 3});
}

TEST_CASE("constant-time comparison answers as plain comparison does", "[base]") {
    TestRng rng;
    const auto a = rng.bytes(16);
    CHECK(equal_constant_time(a, a));
    CHECK(equal_constant_time({}, {}));
    CHECK_FALSE(equal_constant_time(a, ByteView(a).first(15)));
    CHECK_FALSE(equal_constant_time({}, a));
    CHECK_FALSE(equal(a, ByteView(a).first(15)));
    // Every single changed bit is seen: a difference must not be folded away by another one.
    for (std::size_t bit = 0; bit < 8 * a.size(); ++bit) {
        auto b = a;
        b[bit / 8] = static_cast<Byte>(b[bit / 8] ^ (1U << bit % 8));
        CHECK_FALSE(equal_constant_time(a, b));
        CHECK_FALSE(equal(a, b));
        b[(bit / 8 + 1) % a.size()] = static_cast<Byte>(b[(bit / 8 + 1) % a.size()] ^ (1U << bit % 8));
        CHECK_FALSE(equal_constant_time(a, b));
    }
}
