#include "unit.hpp"

#include <idchip/base/columns.hpp>
#include <idchip/base/text.hpp>

using namespace idchip;

TEST_CASE("columns: letters take one, marks none, wide characters two", "[columns]") {
    CHECK(columns("") == 0);
    CHECK(columns("reader") == 6);
    CHECK(columns("Thừa Thiên Huế") == 14);
    CHECK(columns("Hue\u0302\u0301") == 3);  // decomposed
    CHECK(columns("読取") == 4);
    CHECK(columns("…█░▏") == 4);
    CHECK(columns("\U0001F4B3") == 2);
    CHECK(columns("\U000E8000\u0378\u00AD") == 3);  // private, unassigned, soft hyphen: rather too many than too few
}

TEST_CASE("columns: text is cut at its end, never within a character", "[columns]") {
    CHECK(cut("reader", 6) == "reader");
    CHECK(cut("reader", 5) == "read…");
    CHECK(cut("reader", 1) == "…");
    CHECK(cut("reader", 0).empty());
    CHECK(cut("読取読取", 5) == "読取…");
    CHECK(cut("読取読取", 4) == "読…");  // half a character is none
    CHECK(cut("Hue\u0302\u0301 City", 4) == "Hue\u0302\u0301…");
}

TEST_CASE("columns: names are cut in the middle", "[columns]") {
    CHECK(cut_middle("ACS ACR1281 00 01", 17) == "ACS ACR1281 00 01");
    CHECK(cut_middle("ACS ACR1281 00 01", 11) == "ACS A…00 01");
    CHECK(cut_middle("ACS ACR1281 00 01", 12) == "ACS AC…00 01");
    CHECK(cut_middle("ACS ACR1281 00 01", 2) == "A…");
    CHECK(cut_middle("ACS ACR1281 00 01", 1) == "…");
    CHECK(cut_middle("ACS ACR1281 00 01", 0).empty());
    CHECK(cut_middle("読取読取読取", 7) == "読…取");
    CHECK(cut_middle("abcde\u0302\u0301fg", 4) == "ab…g");
    CHECK(cut_middle("abcdue\u0302\u0301", 4) == "ab…e\u0302\u0301");
    CHECK(cut_middle("abcduê\u0302f", 4) == "ab…f");  // no mark without its letter
}

TEST_CASE("columns: no text of any kind becomes longer than it may be, or is broken", "[columns]") {
    const std::string text = "A읽기e\u0302\u0301読取…\U0001F4B3z\u0301";
    for (std::size_t most = 0; most < 20; ++most) {
        for (const auto& shorter : {cut(text, most), cut_middle(text, most)}) {
            CHECK(columns(shorter) <= most);
            CHECK(columns(shorter) + 2 >= std::min(most, columns(text)));
            CHECK(is_valid_utf8(as_bytes(shorter)));
        }
    }
}
