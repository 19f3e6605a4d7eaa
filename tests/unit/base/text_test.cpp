#include "unit/unit.hpp"

#include <idchip/base/text.hpp>

using namespace idchip;
using namespace idchip::test;

TEST_CASE("printable keeps ordinary text of any script as it stands", "[base]") {
    for (const auto* text : {"", "ERIKSSON, ANNA", "Nguyễn Văn Mẫu", "Ωmega", "日本", "\U0001F600", "<b>&amp;</b>", "a\\b"})
        CHECK(printable(text) == text);
}

TEST_CASE("printable takes the effect from characters that change how text is shown", "[base]") {
    CHECK(printable("A\u202EB") == "A\\u{202E}B");               // right-to-left override
    CHECK(printable("\u2066x\u2069") == "\\u{2066}x\\u{2069}");  // isolates
    CHECK(printable("\u200B\u200F\u061C\uFEFF") == "\\u{200B}\\u{200F}\\u{61C}\\u{FEFF}");
    CHECK(printable("\u2028\u2029") == "\\u{2028}\\u{2029}");
    CHECK(printable("\U000E0041") == "\\u{E0041}");  // tag characters
    CHECK(printable(std::string_view("a\0b", 3)) == "a\\u{0}b");
    CHECK(printable("\x1B[2J\r\n\t\x7F") == "\\u{1B}[2J\\u{D}\\u{A}\\u{9}\\u{7F}");
    CHECK(printable("\xC2\x9B") == "\\u{9B}");  // C1 control sequence introducer
}

TEST_CASE("printable shows broken UTF-8 byte by byte", "[base]") {
    CHECK(printable("\x80") == "\\x80");
    CHECK(printable("\xC0\xAF") == "\\xC0\\xAF");  // overlong '/'
    CHECK(printable("\xE0\x80\xAF") == "\\xE0\\x80\\xAF");
    CHECK(printable("\xF0\x80\x80\xAF") == "\\xF0\\x80\\x80\\xAF");
    CHECK(printable("\xED\xA0\x80") == "\\xED\\xA0\\x80");           // a surrogate
    CHECK(printable("\xF4\x90\x80\x80") == "\\xF4\\x90\\x80\\x80");  // beyond U+10FFFF
    CHECK(printable("\xC3") == "\\xC3");                             // cut off
    CHECK(printable("\xE2\x82"
                    "A") == "\\xE2\\x82A");  // cut off by another character
    CHECK(printable("\xFF\xFE") == "\\xFF\\xFE");
}

TEST_CASE("whatever goes in, printable gives valid UTF-8 without control characters", "[base]") {
    TestRng rng;
    for (int round = 0; round < 2000; ++round) {
        const auto text = printable(as_text(rng.bytes(rng.below(24))));
        REQUIRE(is_valid_utf8(as_bytes(text)));
        REQUIRE(text.find_first_of(std::string_view("\0\x01\x07\b\t\n\r\x1B\x7F", 9)) == std::string::npos);
        REQUIRE(printable(text) == text);
    }
}

TEST_CASE("UTF-8 validity has the boundaries of RFC 3629", "[base]") {
    for (const auto* ok : {"\x7F", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80", "\xEF\xBF\xBF",
                           "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"})
        CHECK(is_valid_utf8(as_bytes(ok)));
    for (const auto* bad : {"\x80", "\xBF", "\xC1\xBF", "\xC2", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xED\xBF\xBF", "\xF0\x8F\xBF\xBF",
                            "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFE", "\xC2\xC2"})
        CHECK_FALSE(is_valid_utf8(as_bytes(bad)));
}

TEST_CASE("split keeps empty parts, trim takes white space off both ends", "[base]") {
    CHECK(split("a,,b,", ',') == std::vector<std::string>{"a", "", "b", ""});
    CHECK(split("", ',') == std::vector<std::string>{""});
    CHECK(trim(" \t a b \r\n") == "a b");
    CHECK(trim(" \n").empty());
    CHECK(upper_ascii("aZ9<é") == "AZ9<é");
}
