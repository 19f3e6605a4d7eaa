#include "shared_data.hpp"
#include "unit/unit.hpp"

#include <cstdio>
#include <jpeglib.h>

#include <idchip/image/header.hpp>

using namespace idchip;
using namespace idchip::test;
using image::Format;

namespace {

// A real picture by libjpeg.
Bytes jpeg(unsigned width, unsigned height, int components, bool progressive = false) {
    jpeg_compress_struct c{};
    jpeg_error_mgr errors{};
    c.err = jpeg_std_error(&errors);
    jpeg_create_compress(&c);
    unsigned char* data = nullptr;
    unsigned long size = 0;
    jpeg_mem_dest(&c, &data, &size);
    c.image_width = width;
    c.image_height = height;
    c.input_components = components;
    c.in_color_space = components == 1 ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_set_defaults(&c);
    if (progressive) jpeg_simple_progression(&c);
    jpeg_start_compress(&c, TRUE);
    std::vector<JSAMPLE> row(static_cast<std::size_t>(width) * static_cast<std::size_t>(components), 0x40);
    JSAMPROW rows[] = {row.data()};
    while (c.next_scanline < height) jpeg_write_scanlines(&c, rows, 1);
    jpeg_finish_compress(&c);
    jpeg_destroy_compress(&c);
    Bytes bytes(data, data + size);
    std::free(data);
    return bytes;
}

Bytes box(std::string_view type, ByteView contents) {
    Bytes b;
    append_be(b, 8 + contents.size(), 4);
    append(b, as_bytes(type));
    append(b, contents);
    return b;
}

// SOC and SIZ: a picture on a reference grid that need not begin at its origin.
Bytes codestream(std::uint32_t x, std::uint32_t y, std::uint32_t x0 = 0, std::uint32_t y0 = 0, unsigned components = 3) {
    auto c = "FF4F FF51 002F 0000"_hex;
    for (const auto v : {x, y, x0, y0, x, y, 0U, 0U}) append_be(c, v, 4);
    append_be(c, components, 2);
    append(c, "070101 070101 070101"_hex);
    return c;
}

const Bytes jp2_start = concat({"0000000C 6A502020 0D0A870A"_hex, box("ftyp", "6A703220 00000000 6A703220"_hex)});

std::string refused(ByteView bytes) { return error_of(image::read_header(bytes)); }

}  // namespace

TEST_CASE("the size of a JPEG made by libjpeg is read from its frame header", "[image]") {
    for (const auto& [width, height] : {std::pair{1U, 1U}, std::pair{240U, 320U}, std::pair{413U, 531U}, std::pair{65'500U, 2U}})
        for (const int components : {1, 3})
            for (const bool progressive : {false, true}) {
                const auto bytes = jpeg(width, height, components, progressive);
                CAPTURE(width, height, components, progressive);
                CHECK(image::sniff(bytes) == Format::jpeg);
                const auto h = good(image::read_header(bytes));
                CHECK(h.format == Format::jpeg);
                CHECK(h.width == width);
                CHECK(h.height == height);
                CHECK(h.components == static_cast<unsigned>(components));
            }
}

TEST_CASE("a JPEG cut off anywhere before its frame header ends is refused, without reading beyond", "[image]") {
    const auto bytes = jpeg(240, 320, 3);
    std::size_t first_good = 0;
    for (std::size_t n = 0; n < bytes.size(); ++n) {
        const Bytes cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(n));  // its own allocation: ASan sees a read behind it
        if (image::read_header(cut)) {
            if (first_good == 0) first_good = n;
        } else {
            REQUIRE(first_good == 0);
            REQUIRE(refused(cut) == "lds.bad_image");
        }
    }
    CHECK(first_good > 100);  // the quantization tables stand before it
}

TEST_CASE("hostile JPEG markers are refused", "[image]") {
    for (const auto* hex : {"FFD8FF", "FFD8FFC0", "FFD8FFC00000", "FFD8FFC00001", "FFD8FFC0000208", "FFD8FFC00007080010001003",
                            "FFD8FFC000080800000010 03", "FFD8FFC000080800100000 03", "FFD8FFDA0008080010001003",
                            "FFD8FFD90008080010001003", "FFD8FFE0FFFF00", "FFD8FFE00002 0000 00000000", "FFD8FFFFFFFFFFFFFFFFFF"}) {
        CAPTURE(hex);
        CHECK(refused(good(from_hex(hex))) == "lds.bad_image");
    }
    // Fill bytes before a marker are legal, and tables (C4, CC) are no frames.
    const auto h = good(image::read_header("FFD8 FFFFFFE00002 FFC40003AA FFC80002 FFC20008080010002001"_hex));
    CHECK(h.width == 0x20);
    CHECK(h.height == 0x10);
    CHECK(h.components == 1);
}

TEST_CASE("the size of a JPEG 2000 codestream is what lies right of and below its offset", "[image]") {
    const auto h = good(image::read_header(codestream(413, 531)));
    CHECK(h.format == Format::jpeg2000);
    CHECK(h.width == 413);
    CHECK(h.height == 531);
    CHECK(h.components == 3);
    const auto shifted = good(image::read_header(codestream(500, 600, 87, 69)));
    CHECK(shifted.width == 413);
    CHECK(shifted.height == 531);
    // A bomb is only told of, never decoded.
    CHECK(good(image::read_header(codestream(0xFFFFFFFF, 0xFFFFFFFF))).width == 0xFFFFFFFF);
    for (const auto& bad :
         {codestream(0, 5), codestream(5, 0), codestream(5, 5, 5, 0), codestream(5, 5, 0, 9), codestream(5, 5, 0xFFFFFFFF, 0)})
        CHECK(refused(bad) == "lds.bad_image");
    const auto whole = codestream(413, 531);
    for (std::size_t n = 0; n < 42; ++n)
        CHECK(refused(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n))) == "lds.bad_image");
}

TEST_CASE("a JP2 file is searched for its codestream box by box", "[image]") {
    const auto stream = codestream(240, 320);
    const auto file = concat({jp2_start, box("jp2h", Bytes(30)), box("jp2c", stream)});
    CHECK(image::sniff(file) == Format::jpeg2000);
    CHECK(good(image::read_header(file)).height == 320);
    // The last box may have length zero: up to the end of the file.
    auto open_end = concat({jp2_start, "00000000"_hex, as_bytes("jp2c"), stream});
    CHECK(good(image::read_header(open_end)).width == 240);
    for (const auto& bad :
         {jp2_start, concat({jp2_start, box("jp2h", Bytes(30))}), concat({jp2_start, box("jp2c", Bytes(50))}),
          concat({jp2_start, box("jp2c", {})}), concat({jp2_start, "00000007"_hex, as_bytes("jp2h")}),
          concat({jp2_start, "FFFFFFFF"_hex, as_bytes("jp2h"), Bytes(20)}), concat({jp2_start, "00000001"_hex, as_bytes("jp2c"), stream}),
          concat({jp2_start, "00000004"_hex, as_bytes("free")})})
        CHECK(refused(bad) == "lds.bad_image");
    for (std::size_t n = 0; n < file.size() - stream.size() + 42; ++n)
        REQUIRE(refused(Bytes(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(n))) == "lds.bad_image");
}

TEST_CASE("what is neither is unknown, at every short length", "[image]") {
    CHECK(image::sniff({}) == Format::unknown);
    for (std::size_t n = 0; n <= 16; ++n) {
        CHECK(image::sniff(Bytes(n)) == Format::unknown);
        CHECK(refused(Bytes(n)) == "lds.bad_image");
    }
    CHECK(image::sniff(bytes_of("\x89PNG\r\n\x1A\n")) == Format::unknown);
    CHECK(image::name(Format::jpeg) == "JPEG");
    CHECK(image::name(Format::jpeg2000) == "JPEG 2000");
    CHECK(image::name(Format::unknown) == "unknown");
}

TEST_CASE("the size of a JPEG 2000 picture of another program is read", "[image]") {
    const auto path = shared_data("biometrics/silver.jp2");
    if (!path) return;
    const auto h = good(image::read_header(good(read_file(*path))));
    CHECK(h.format == Format::jpeg2000);
    CHECK(h.width == 413);
    CHECK(h.height == 531);
    CHECK(h.components == 3);
}

TEST_CASE("a picture that is cut off behind its header is found by its missing end marker", "[image]") {
    const auto whole = jpeg(60, 80, 3);
    CHECK(good(image::check_complete(whole)).width == 60);
    auto padded = whole;
    padded.resize(padded.size() + 10);  // zeros behind the end are how some writers pad
    CHECK(error_of(image::check_complete(padded)) == "none");
    for (std::size_t n = 0; n < whole.size(); ++n) {
        const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n));
        REQUIRE(error_of(image::check_complete(cut)) == "lds.bad_image");
    }
    auto stream = codestream(240, 320);
    CHECK(error_of(image::check_complete(stream)) == "lds.bad_image");
    append(stream, "FFD9"_hex);
    CHECK(good(image::check_complete(concat({jp2_start, box("jp2c", stream)}))).height == 320);
}

TEST_CASE("a picture that Exif wants turned is known by its header, in either byte order", "[image]") {
    // TIFF 6.0: byte order, 42, offset of the directory; two entries of 12 bytes, the second of them orientation 6.
    const auto little = *from_hex("457869660000 49492A0008000000 0200 0E010200 04000000 61620000 12010300 01000000 06000000 00000000");
    const auto big = *from_hex("457869660000 4D4D002A00000008 0002 010E0002 00000004 61620000 01120003 00000001 00060000 00000000");
    const auto plain = jpeg(30, 40, 3);
    CHECK(image::read_header(plain)->orientation == 1);
    const auto with = [&plain](ByteView exif) {
        Bytes segment = {0xFF, 0xE1};
        append_be(segment, 2 + exif.size(), 2);
        return concat({ByteView(plain).first(2), segment, exif, ByteView(plain).subspan(2)});
    };
    CHECK(image::read_header(with(little))->orientation == 6);
    CHECK(image::read_header(with(big))->orientation == 6);
    CHECK(image::read_header(with(big))->width == 30);
    // Cut off anywhere, or a directory outside the segment: upright, and no read beyond.
    for (std::size_t n = 0; n < little.size(); ++n) CHECK(image::read_header(with(ByteView(little).first(n)))->width == 30);
    auto outside = little;
    outside[12] = outside[13] = 0xFF;
    CHECK(image::read_header(with(outside))->orientation == 1);
    auto nonsense = big;
    nonsense[37] = 9;
    CHECK(image::read_header(with(nonsense))->orientation == 1);
}
