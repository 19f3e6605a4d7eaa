#include "pictures.hpp"

#include <idchip/sample/sample.hpp>

#include "shared_data.hpp"

using namespace idchip;
using namespace idchip::test;
using codec::Picture;

namespace {

Picture filled(std::uint32_t width, std::uint32_t height, const Bytes& pixel) {
    Picture p{width, height, static_cast<unsigned>(pixel.size()), {}, {}};
    for (std::uint32_t i = 0; i < width * height; ++i) append(p.pixels, pixel);
    return p;
}

// Nearest neighbour.
Picture scaled(const Picture& p, std::uint32_t width, std::uint32_t height) {
    Picture q{width, height, p.components, {}, {}};
    for (std::uint32_t y = 0; y < height; ++y)
        for (std::uint32_t x = 0; x < width; ++x) {
            const std::size_t at = (std::size_t{y * p.height / height} * p.width + x * p.width / width) * p.components;
            append(q.pixels, ByteView(p.pixels).subspan(at, p.components));
        }
    return q;
}

Picture portrait_of(std::uint64_t number) {
    const auto person = sample::make_person(7, number, Date{2026, 1, 1});
    return plainly_decoded(good(sample::draw_portrait(person, 7)));
}

}  // namespace

TEST_CASE("luminance, contrast and colour are those of known pixels", "[codec]") {
    const auto flat = codec::facts(filled(16, 16, "80"_hex));
    CHECK(flat.mean_luminance == 128);
    CHECK(flat.contrast == 0);
    CHECK(flat.grey);
    CHECK(flat.dhash == 0);
    // ITU-R BT.601: 0.299, 0.587, 0.114.
    CHECK(codec::facts(filled(9, 9, "FF0000"_hex)).mean_luminance == 76);
    CHECK(codec::facts(filled(9, 9, "00FF00"_hex)).mean_luminance == 150);
    CHECK(codec::facts(filled(9, 9, "0000FF"_hex)).mean_luminance == 29);
    CHECK(codec::facts(filled(9, 9, "FFFFFF"_hex)).mean_luminance == 255);
    CHECK(codec::facts(filled(9, 9, "FF0010"_hex)).colourfulness == 255);
    // Half black, half white: mean 127.5, deviation 127.5.
    const auto halves = codec::facts({2, 1, 1, "00FF"_hex, {}});
    CHECK(halves.mean_luminance == Approx(127.5));
    CHECK(halves.contrast == Approx(127.5));
}

TEST_CASE("a picture of three equal channels is grey; one pixel of colour makes it none", "[codec]") {
    auto p = filled(20, 20, "404040"_hex);
    CHECK(codec::facts(p).grey);
    p.pixels[500] = 0x41;
    CHECK_FALSE(codec::facts(p).grey);
    CHECK(codec::facts(p).colourfulness < 0.01);
    // A grey portrait saved as a colour JPEG stays grey.
    auto grey = painted(120, 160, 1);
    Picture tripled{120, 160, 3, {}, {}};
    for (const Byte b : grey.pixels) append(tripled.pixels, Bytes{b, b, b});
    CHECK(codec::facts(good(codec::decode(jpeg_of(tripled)))).grey);
    CHECK_FALSE(codec::facts(painted(120, 160, 3)).grey);
}

TEST_CASE("each bit of the difference hash says which neighbour is brighter", "[codec]") {
    Picture rising{9, 8, 1, {}, {}}, falling = rising;
    for (unsigned i = 0; i < 72; ++i) {
        rising.pixels.push_back(static_cast<Byte>(i % 9 * 20));
        falling.pixels.push_back(static_cast<Byte>(200 - i % 9 * 20));
    }
    CHECK(codec::facts(rising).dhash == ~std::uint64_t{0});
    CHECK(codec::facts(falling).dhash == 0);
    // The first bit is the upper left pair, the last one the lower right.
    Picture one = falling;
    one.pixels[1] = 255;
    CHECK(codec::facts(one).dhash == std::uint64_t{1} << 63U);
    one = falling;
    one.pixels[71] = 255;
    CHECK(codec::facts(one).dhash == 1);
    CHECK(codec::hash_distance(0, ~std::uint64_t{0}) == 64);
    CHECK(codec::hash_distance(5, 6) == 2);
}

TEST_CASE("the same portrait keeps its hash through encoding and scaling, other persons have others", "[codec]") {
    std::vector<std::uint64_t> hashes;
    for (std::uint64_t n = 0; n < 12; ++n) {
        const auto p = portrait_of(n);
        const auto hash = codec::facts(p).dhash;
        for (const int quality : {95, 50, 20})
            CHECK(codec::hash_distance(hash, codec::facts(plainly_decoded(jpeg_of(p, {quality, false, false, 0}))).dhash) < 8);
        CHECK(codec::hash_distance(hash, codec::facts(scaled(p, 600, 800)).dhash) < 8);
        CHECK(codec::hash_distance(hash, codec::facts(scaled(p, 150, 200)).dhash) < 8);
        hashes.push_back(hash);
    }
    int near = 0, sum = 0, pairs = 0;
    for (std::size_t a = 0; a < hashes.size(); ++a)
        for (std::size_t b = a + 1; b < hashes.size(); ++b, ++pairs) {
            const int d = codec::hash_distance(hashes[a], hashes[b]);
            near += d < 8 ? 1 : 0;
            sum += d;
        }
    CAPTURE(near, sum, pairs);
    CHECK(sum / pairs >= 14);
    CHECK(near <= 3);
}

TEST_CASE("a plain background is told from a busy one", "[codec]") {
    auto p = portrait_of(1);
    CHECK(codec::facts(p).background_spread < 20);
    for (std::uint32_t y = 0; y < p.height / 4; y += 16)
        for (std::uint32_t dy = 0; dy < 8 && y + dy < p.height; ++dy)
            std::fill_n(p.pixels.begin() + static_cast<std::ptrdiff_t>((y + dy) * p.width * 3), p.width * 3, Byte{0});
    CHECK(codec::facts(p).background_spread > 40);
}

TEST_CASE("pictures that contradict themselves have no facts, small ones do", "[codec]") {
    for (const auto& p : {Picture{}, Picture{2, 2, 3, Bytes(11), {}}, Picture{2, 2, 2, Bytes(8), {}}, Picture{0, 5, 1, {}, {}},
                          Picture{0x80000000, 0x80000000, 1, {}, {}}}) {
        const auto f = codec::facts(p);
        CHECK(f.mean_luminance == 0);
        CHECK(f.dhash == 0);
    }
    for (std::uint32_t w = 1; w < 12; ++w)
        for (std::uint32_t h = 1; h < 12; ++h) CHECK(codec::facts(filled(w, h, "112233"_hex)).contrast == 0);
}
