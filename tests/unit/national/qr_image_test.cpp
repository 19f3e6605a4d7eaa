#include "unit/unit.hpp"

#include <idchip/base/text.hpp>
#include <idchip/national/vietnam/qr_image.hpp>

using namespace idchip;
using namespace idchip::test;
using namespace idchip::vietnam;

namespace {

const std::string of_2024 = "999099000017|123456789|Nguyễn Văn Mẫu|15051999|Nam|Số 1 Phố Thử, Phường Mẫu, Hà Nội|20062022||||";

// --- a reader of symbols without faults, after ISO/IEC 18004; versions 1 to 10, level M, byte mode

struct Blocks {
    std::size_t short_count, short_data, long_count;  // data codewords of the short blocks; long ones have one more
};
constexpr Blocks level_m[] = {{1, 16, 0}, {1, 28, 0}, {1, 44, 0}, {2, 32, 0}, {2, 43, 0},
                              {4, 27, 0}, {4, 31, 0}, {2, 38, 2}, {3, 36, 2}, {4, 43, 1}};
constexpr std::size_t centres[][3] = {{6, 0, 0},  {6, 18, 0},  {6, 22, 0},  {6, 26, 0},  {6, 30, 0},
                                      {6, 34, 0}, {6, 22, 38}, {6, 24, 42}, {6, 26, 46}, {6, 28, 50}};

bool near(std::size_t a, std::size_t b) { return a + 2 >= b && a <= b + 2; }

bool is_function_module(std::size_t version, std::size_t size, std::size_t r, std::size_t c) {
    const bool corner = (r <= 8 && (c <= 8 || c >= size - 8)) || (r >= size - 8 && c <= 8);
    const bool version_area = version >= 7 && ((r < 6 && c >= size - 11) || (c < 6 && r >= size - 11));
    if (corner || version_area || r == 6 || c == 6) return true;
    const auto& at = centres[version - 1];
    const std::size_t last = at[2] != 0 ? at[2] : at[1];
    for (const auto y : at)
        for (const auto x : at) {
            const bool none = version == 1 || y == 0 || x == 0;
            const bool on_finder = (y == 6 && x == 6) || (y == 6 && x == last) || (y == last && x == 6);
            if (!none && !on_finder && near(r, y) && near(c, x)) return true;
        }
    return false;
}

bool mask(unsigned number, std::size_t r, std::size_t c) {
    switch (number) {
        case 0: return (r + c) % 2 == 0;
        case 1: return r % 2 == 0;
        case 2: return c % 3 == 0;
        case 3: return (r + c) % 3 == 0;
        case 4: return (r / 2 + c / 3) % 2 == 0;
        case 5: return r * c % 2 + r * c % 3 == 0;
        case 6: return (r * c % 2 + r * c % 3) % 2 == 0;
        default: return ((r + c) % 2 + r * c % 3) % 2 == 0;
    }
}

// The five bits of the format information, without its mask: level and number of the mask pattern.
unsigned format_of(const QrSymbol& s) {
    unsigned bits = 0;
    for (const std::size_t c : {0U, 1U, 2U, 3U, 4U}) bits = bits << 1U | (s.dark(8, c) ? 1U : 0U);
    return bits ^ 0b10101U;
}

Bytes codewords(const QrSymbol& s, std::size_t version) {
    const unsigned pattern = format_of(s) & 7U;
    Bytes words;
    unsigned word = 0, bits = 0;
    bool up = true;
    for (std::size_t right = s.size - 1; right >= 1; right -= 2, up = !up) {
        if (right == 6) --right;  // the column of the timing pattern
        for (std::size_t i = 0; i < s.size; ++i)
            for (const std::size_t c : {right, right - 1}) {
                const std::size_t r = up ? s.size - 1 - i : i;
                if (is_function_module(version, s.size, r, c)) continue;
                word = (word << 1U | (s.dark(r, c) != mask(pattern, r, c) ? 1U : 0U)) & 0xFFU;
                if (++bits % 8 == 0) words.push_back(static_cast<Byte>(word));
            }
        if (right == 1) break;
    }
    return words;
}

std::string read(const QrSymbol& s) {
    const auto version = (s.size - 17) / 4;
    REQUIRE(version <= 10);
    const auto& b = level_m[version - 1];
    const auto blocks = b.short_count + b.long_count;
    const auto words = codewords(s, version);
    Bytes data;
    for (std::size_t block = 0; block < blocks; ++block) {
        for (std::size_t i = 0; i < b.short_data; ++i) data.push_back(words.at(i * blocks + block));
        if (block >= b.short_count) data.push_back(words.at(b.short_data * blocks + block - b.short_count));
    }
    std::string bits;
    for (const auto byte : data)
        for (unsigned i = 0; i < 8; ++i) bits += (byte & 0x80U >> i) != 0 ? '1' : '0';
    REQUIRE(bits.substr(0, 4) == "0100");  // byte mode
    const std::size_t count_bits = version < 10 ? 8 : 16;
    const auto number = [&bits](std::size_t at, std::size_t length) { return std::stoul(bits.substr(at, length), nullptr, 2); };
    const auto count = number(4, count_bits);
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += static_cast<char>(number(4 + count_bits + 8 * i, 8));
    return text;
}

std::vector<std::string> lines_of(std::string_view text) { return split(text, '\n'); }

}  // namespace

TEST_CASE("the symbol holds the text as UTF-8 in byte mode, at level M", "[vietnam]") {
    for (const std::size_t size : {1U, 14U, 20U, 40U, 60U, 80U, 100U, 120U, 150U, 175U, 200U}) {
        const std::string text(size, 'x');
        const auto symbol = good(make_qr_symbol(text));
        CHECK(format_of(symbol) >> 3U == 0);  // 00: M
        CHECK(read(symbol) == text);
    }
    const auto symbol = good(make_qr_symbol(of_2024));
    CHECK(read(symbol) == of_2024);
    CHECK(symbol.size == 45);  // version 7: up to 122 bytes
    CHECK(good(make_qr_symbol("x")).size == 21);
    CHECK(read(good(make_qr_symbol("999099000017"))) == "999099000017");  // digits, too: no other mode
}

TEST_CASE("the level of error correction is the one asked for", "[vietnam]") {
    const auto level = [](ErrorCorrection l) { return format_of(good(make_qr_symbol("x", l))) >> 3U; };
    CHECK(level(ErrorCorrection::low) == 0b01);
    CHECK(level(ErrorCorrection::medium) == 0b00);
    CHECK(level(ErrorCorrection::quartile) == 0b11);
    CHECK(level(ErrorCorrection::high) == 0b10);
}

TEST_CASE("a text that no symbol holds is refused", "[vietnam]") {
    CHECK(error_of(make_qr_symbol("")) == "input.bad_field");
    CHECK(error_of(make_qr_symbol("\xFF")) == "input.bad_utf8");
    CHECK(error_of(make_qr_symbol(std::string(2331, 'x'))) == "none");  // version 40, level M
    CHECK(error_of(make_qr_symbol(std::string(2332, 'x'))) == "input.too_large");
    CHECK(error_of(make_qr_symbol(std::string(2953, 'x'), ErrorCorrection::low)) == "none");
    CHECK(error_of(make_qr_symbol(std::string(2954, 'x'), ErrorCorrection::low)) == "input.too_large");
}

TEST_CASE("the bitmap has every module and a quiet zone of four", "[vietnam]") {
    const auto symbol = good(make_qr_symbol(of_2024));
    const std::size_t n = symbol.size + 8;
    for (const std::size_t scale : {1U, 3U}) {
        const auto pbm = to_pbm(symbol, scale);
        const auto header = "P4\n" + std::to_string(n * scale) + " " + std::to_string(n * scale) + "\n";
        const auto row_bytes = (n * scale + 7) / 8;
        REQUIRE(pbm.size() == header.size() + row_bytes * n * scale);
        CHECK(as_text(ByteView(pbm).first(header.size())) == header);
        std::size_t wrong = 0;
        for (std::size_t y = 0; y < n * scale; ++y)
            for (std::size_t x = 0; x < row_bytes * 8; ++x) {
                const bool black = (pbm[header.size() + y * row_bytes + x / 8] & 0x80U >> x % 8) != 0;
                const auto row = y / scale, column = x / scale;
                const bool inside = row >= 4 && column >= 4 && row < n - 4 && column < n - 4;
                if (black != (inside && symbol.dark(row - 4, column - 4))) ++wrong;
            }
        CHECK(wrong == 0);
    }
    CHECK(to_pbm(symbol, 0) == to_pbm(symbol, 1));
    CHECK(to_pbm(symbol, 1'000'000) == to_pbm(symbol, 32));
}

TEST_CASE("the vector picture is as wide as asked for and has every dark module", "[vietnam]") {
    const auto symbol = good(make_qr_symbol("x"));
    const auto svg = to_svg(symbol, 21);  // 21 modules: one millimetre each
    CHECK(svg.find("width=\"29.000mm\" height=\"29.000mm\" viewBox=\"0 0 29 29\"") != std::string::npos);
    CHECK(to_svg(symbol).find("width=\"24.857mm\"") != std::string::npos);
    std::size_t dark = 0, drawn = 0;
    for (const bool module : symbol.modules) dark += module ? 1U : 0U;
    const auto path = svg.substr(svg.find("d=\"M4") + 2);
    for (auto at = path.find('h'); at != std::string::npos; at = path.find('h', at + 1))
        if (path[at + 1] != '-') drawn += std::stoul(path.substr(at + 1));
    CHECK(drawn == dark);
    CHECK(path.starts_with("\"M4 4h7v1h-7z"));  // the first row of the first finder
    CHECK(to_svg(QrSymbol{}).find("nan") == std::string::npos);
}

TEST_CASE("half blocks show two rows a line, light modules as blocks", "[vietnam]") {
    const auto symbol = good(make_qr_symbol("x"));
    const auto text = to_half_blocks(symbol);
    const auto lines = lines_of(text);
    REQUIRE(lines.size() == 16);  // 29 rows in 15 lines, and what stands behind the last line end
    std::string all_light;
    for (int i = 0; i < 29; ++i) all_light += "█";
    CHECK(lines[0] == all_light);
    CHECK(lines[1] == all_light);
    CHECK(lines[14] == all_light);
    // The finder: a row all dark, the next with dark ends.
    CHECK(lines[2].starts_with("████ ▄▄▄▄▄ █"));
}
