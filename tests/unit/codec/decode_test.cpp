#include "pictures.hpp"

#include <idchip/image/header.hpp>
#include <idchip/lds/dg2.hpp>

#include "shared_data.hpp"

using namespace idchip;
using namespace idchip::test;
using Catch::Matchers::Contains;
using codec::Format;

TEST_CASE("a JPEG is decoded to the very pixels that libjpeg sees", "[codec]") {
    for (const unsigned components : {1U, 3U})
        for (const auto& style : {JpegStyle{}, JpegStyle{60, true, false, 0}, JpegStyle{95, false, true, 3}})
            for (const auto& [width, height] : {std::pair{1U, 1U}, {17U, 9U}, {240U, 320U}}) {
                CAPTURE(components, style.progressive, width, height);
                const auto image = jpeg_of(painted(width, height, components), style);
                const auto p = good(codec::decode(image));
                const auto want = plainly_decoded(image);
                CHECK(p.width == width);
                CHECK(p.height == height);
                CHECK(p.components == components);
                CHECK(p.pixels == want.pixels);
                CHECK(p.notes.empty());
            }
}

TEST_CASE("a JPEG of other colours than grey and three is refused", "[codec]") {
    auto p = painted(20, 20, 1);
    p.pixels.resize(20 * 20 * 4);
    p.components = 4;
    const auto decoded = codec::decode(jpeg_of(p, {}, JCS_CMYK));
    CHECK(error_of(decoded) == "lds.bad_image");
    CHECK_THAT(words_of(decoded), Contains("unsupported"));
}

TEST_CASE("bytes between the segments of a JPEG are noted, the pixels are whole", "[codec]") {
    const auto whole = jpeg_of(painted(40, 50, 3));
    const auto with_junk = concat({ByteView(whole).first(2), "000102"_hex, ByteView(whole).subspan(2)});
    const auto p = codec::decode(with_junk);
    // FF D8 00: no longer a JPEG by its first bytes.
    CHECK(words_of(p) == "not a JPEG, JPEG 2000 or PNG");
    const std::size_t first_segment_end = 4 + static_cast<std::size_t>(read_be(ByteView(whole).subspan(4, 2)));
    const auto later = concat({ByteView(whole).first(first_segment_end), "000102"_hex, ByteView(whole).subspan(first_segment_end)});
    const auto q = good(codec::decode(later));
    CHECK(ids(q.notes) == "codec.jpeg_irregular");
    CHECK(q.pixels == plainly_decoded(whole).pixels);
    // Behind the end marker anything may stand.
    CHECK(good(codec::decode(concat({whole, Bytes(100)}))).notes.empty());
}

TEST_CASE("every kind of PNG is brought to 8 bits of grey or RGB", "[codec]") {
    const auto grey = [](Byte depth, ByteView rows, std::uint32_t width) {
        return good(codec::decode(png(width, static_cast<std::uint32_t>(rows.size()), depth, Png::grey, rows)));
    };
    CHECK(grey(1, "A0"_hex, 4).pixels == "FF00FF00"_hex);
    CHECK(grey(2, "1B"_hex, 4).pixels == "0055AAFF"_hex);
    CHECK(grey(4, "0F 80"_hex, 2).pixels == "00FF 8800"_hex);
    CHECK(grey(8, "00 7F FF"_hex, 1).pixels == "007FFF"_hex);
    CHECK(grey(8, "00"_hex, 1).components == 1);

    const auto rgb = good(codec::decode(png(2, 1, 8, Png::rgb, "010203 FF8000"_hex)));
    CHECK(rgb.width == 2);
    CHECK(rgb.height == 1);
    CHECK(rgb.components == 3);
    CHECK(rgb.pixels == "010203FF8000"_hex);
    CHECK(rgb.notes.empty());

    const auto palette = good(codec::decode(png(3, 1, 8, Png::palette, "020001"_hex, png_chunk("PLTE", "111111 AABBCC FF0000"_hex))));
    CHECK(palette.pixels == "FF0000 111111 AABBCC"_hex);

    // Without gAMA or sRGB libpng takes 16 bits as linear light; sRGB says what is meant.
    const auto deep = good(codec::decode(png(2, 1, 16, Png::rgb, "0000 8080 FFFF 1111 2222 3333"_hex, png_chunk("sRGB", "00"_hex))));
    CHECK(ids(deep.notes) == "codec.depth_reduced");
    CHECK(mean_difference(deep, {2, 1, 3, "0080FF112233"_hex, {}}) <= 1);
}

TEST_CASE("what is transparent in a PNG becomes white, and is noted", "[codec]") {
    const auto p = good(codec::decode(png(3, 1, 8, Png::rgb_alpha, "01020300 010203FF 00000080"_hex)));
    CHECK(ids(p.notes) == "codec.alpha_flattened");
    CHECK(p.pixels.size() == 9);
    CHECK(ByteView(p.pixels).first(6)[0] == 0xFF);
    CHECK(Bytes(p.pixels.begin(), p.pixels.begin() + 6) == "FFFFFF010203"_hex);
    CHECK(p.pixels[6] > 0x70);
    CHECK(p.pixels[6] < 0xD0);
    CHECK(good(codec::decode(png(2, 1, 8, Png::grey_alpha, "0000 20FF"_hex))).pixels == "FF20"_hex);
}

TEST_CASE("a JPEG 2000 is decoded with or without boxes, in tiles, in grey or colour", "[codec]") {
    for (const unsigned components : {1U, 3U})
        for (const bool boxes : {true, false})
            for (const std::uint32_t tile : {0U, 32U}) {
                CAPTURE(components, boxes, tile);
                const auto p = painted(77, 101, components);
                const auto space = components == 1 ? OPJ_CLRSPC_GRAY : OPJ_CLRSPC_SRGB;
                const auto image = jpeg2000_of(p.width, p.height, planes_of(p), space, boxes, tile);
                const auto decoded = good(codec::decode(image));
                CHECK(decoded.width == 77);
                CHECK(decoded.height == 101);
                CHECK(decoded.components == components);
                CHECK(decoded.pixels == p.pixels);
                CHECK(decoded.notes.empty());
            }
}

TEST_CASE("components of JPEG 2000 of other depth, sign and sampling come to 8 bits", "[codec]") {
    const std::vector<int> ramp = {0, 1024, 2048, 4095, 100, 200, 300, 400, 0, 0, 0, 0, 4095, 4095, 4095, 4095};
    const auto deep = good(codec::decode(jpeg2000_of(4, 4, {{ramp, 12, false, 1, false}}, OPJ_CLRSPC_GRAY)));
    CHECK(ids(deep.notes) == "codec.depth_reduced");
    CHECK(deep.pixels[0] == 0);
    CHECK(deep.pixels[1] == 64);
    CHECK(deep.pixels[2] == 128);
    CHECK(deep.pixels[3] == 255);
    std::vector<int> centred(16, 0);
    centred[0] = -128;
    centred[1] = 127;
    const auto sign = good(codec::decode(jpeg2000_of(4, 4, {{centred, 8, true, 1, false}}, OPJ_CLRSPC_GRAY)));
    CHECK(Bytes(sign.pixels.begin(), sign.pixels.begin() + 3) == "00FF80"_hex);
    std::vector<int> bits(16, 0);
    bits[5] = 1;
    CHECK(good(codec::decode(jpeg2000_of(4, 4, {{bits, 1, false, 1, false}}, OPJ_CLRSPC_GRAY))).pixels[5] == 255);

    // sYCC 4:2:0: pure red is Y 76, Cb 85, Cr 255 (ITU-T T.871, 7).
    const std::vector<Component> red = {{std::vector<int>(64, 76), 8, false, 1, false},
                                        {std::vector<int>(16, 85), 8, false, 2, false},
                                        {std::vector<int>(16, 255), 8, false, 2, false}};
    for (const auto space : {OPJ_CLRSPC_SYCC, OPJ_CLRSPC_UNSPECIFIED}) {
        const auto p = good(codec::decode(jpeg2000_of(8, 8, red, space, space == OPJ_CLRSPC_SYCC)));
        CHECK(p.pixels[0] >= 253);
        CHECK(p.pixels[1] <= 2);
        CHECK(p.pixels[2] <= 2);
        CHECK(p.pixels.size() == 192);
    }
    const auto flat = [](int v, bool alpha = false) { return Component{std::vector<int>(16, v), 8, false, 1, alpha}; };
    const auto clear = good(codec::decode(jpeg2000_of(4, 4, {flat(10), flat(20), flat(30), flat(0, true)}, OPJ_CLRSPC_SRGB)));
    CHECK(ids(clear.notes) == "codec.alpha_flattened");
    CHECK(clear.components == 3);
    CHECK(clear.pixels == Bytes(48, 0xFF));
    for (const std::size_t count : {2U, 4U, 5U}) {  // none of them alpha
        CAPTURE(count);
        const auto p = codec::decode(jpeg2000_of(4, 4, std::vector<Component>(count, flat(1)), OPJ_CLRSPC_UNSPECIFIED, false));
        CHECK_THAT(words_of(p), Contains("unsupported"));
    }
}

TEST_CASE("portraits of foreign programs are decoded", "[codec]") {
    if (const auto path = shared_data("biometrics/silver.jp2")) {
        const auto p = good(codec::decode(good(read_file(*path))));
        CHECK(p.width == 413);
        CHECK(p.height == 531);
        CHECK(p.components == 3);
        const auto f = codec::facts(p);
        CHECK_FALSE(f.grey);
        CHECK(f.contrast > 30);
        CHECK(f.background_spread < 20);
    }
    for (const auto* name : {"lds/bsi2008/Datagroup2.bin", "lds/loes2006/ef0102.bin"}) {
        const auto path = shared_data(name);
        if (!path) continue;
        CAPTURE(name);
        const auto file = good(read_file(*path));
        const auto dg2 = good(lds::Dg2::parse(file));
        REQUIRE(dg2.faces.size() == 1);
        const auto header = good(image::read_header(dg2.faces[0].image));
        const auto p = good(codec::decode(dg2.faces[0].image));
        CHECK(p.width == header.width);
        CHECK(p.height == header.height);
        const auto f = codec::facts(p);
        CHECK(f.contrast > 30);
        CHECK(f.mean_luminance > 60);
        CHECK(f.mean_luminance < 220);
        // The German specimen of 2006 is a black and white photograph in three components.
        CHECK(f.grey == (std::string_view(name) == "lds/loes2006/ef0102.bin"));
    }
}

TEST_CASE("what is too large is refused before its pixels are decoded", "[codec]") {
    codec::Limits limits;
    limits.max_pixels = 99;
    const auto p = painted(10, 10, 3);
    for (const auto& image : {jpeg_of(p), png(10, 10, 8, Png::rgb, p.pixels), jpeg2000_of(10, 10, planes_of(p), OPJ_CLRSPC_SRGB)}) {
        CHECK(words_of(codec::decode(image, limits)) == "too large: 10 x 10 pixels, limit 99");
        limits.max_pixels = 100;
        CHECK(good(codec::decode(image, limits)).width == 10);
        limits.max_pixels = 99;
    }
    // Headers that promise what nobody sent: no memory is asked for, no time spent.
    CHECK_THAT(words_of(codec::decode(png(0x7FFFFFFF, 0, 8, Png::rgb, {}))), Contains("damaged"));
    CHECK_THAT(words_of(codec::decode(png(60'000, 1, 8, Png::rgb, Bytes(180'000)))), Contains("none"));
    auto bomb = png(60'000, 1, 8, Png::rgb, Bytes(180'000));
    const auto tall = png_chunk("IHDR", "0000EA60 0000EA60 0802000000"_hex);
    std::copy(tall.begin(), tall.end(), bomb.begin() + 8);
    CHECK_THAT(words_of(codec::decode(bomb)), Contains("too large: 60000 x 60000"));
    auto huge = jpeg2000_of(10, 10, planes_of(p), OPJ_CLRSPC_SRGB, false);
    for (const std::size_t at : {8U, 12U, 24U, 28U}) huge[at] = 0x7F;  // Xsiz, Ysiz, XTsiz, YTsiz
    const auto refused = codec::decode(huge);
    CHECK_THAT(words_of(refused), Contains("too large"));
}

TEST_CASE("a budget of memory too small for the picture is an error, one that suffices is not", "[codec]") {
    const auto p = painted(2000, 1500, 3);
    const auto image = jpeg_of(p, {90, true, false, 0});
    CHECK(words_of(codec::decode(image, {40'000'000, 20U << 20U, 20})) == "the budget of memory is exceeded");
    CHECK(good(codec::decode(image, {40'000'000, 100U << 20U, 20})).width == 2000);
    // Too small for the bytes that come in: the child refuses while the parent still sends.
    auto padded = image;
    padded.resize(40'000'000);
    CHECK(words_of(codec::decode(padded, {40'000'000, 30U << 20U, 20})) == "the budget of memory is exceeded");
    // Too small for the program itself.
    CHECK(error_of(codec::decode(image, {40'000'000, 1U << 20U, 20})) != "none");
}

TEST_CASE("what is none of the three is refused without starting anything", "[codec]") {
    const OtherChild nobody("/nonexistent");
    for (std::size_t n = 0; n < 20; ++n) CHECK(words_of(codec::decode(Bytes(n))) == "not a JPEG, JPEG 2000 or PNG");
    CHECK(words_of(codec::decode(bytes_of("GIF89a, and so on"))) == "not a JPEG, JPEG 2000 or PNG");
    CHECK(codec::sniff("89504E470D0A1A0A"_hex) == Format::png);
    CHECK_FALSE(codec::sniff("89504E470D0A1A"_hex));
    CHECK(codec::sniff("FFD8FF"_hex) == Format::jpeg);
    CHECK(codec::sniff("FF4FFF51"_hex) == Format::jpeg2000);
    CHECK(codec::name(Format::png) == "PNG");
    CHECK(codec::name(Format::jpeg2000) == "JPEG 2000");
}
