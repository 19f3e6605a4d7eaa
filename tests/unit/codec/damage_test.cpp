// Damaged pictures: the parent neither crashes nor hangs, and no picture that is cut off passes for a whole one.
#include "pictures.hpp"

using namespace idchip;
using namespace idchip::test;

namespace {

struct Specimen {
    const char* name;
    Bytes bytes;
};

std::vector<Specimen> specimens() {
    const auto p = painted(24, 32, 3);
    return {{"JPEG", jpeg_of(p)},
            {"progressive JPEG", jpeg_of(p, {80, true, false, 0})},
            {"PNG", png(24, 32, 8, Png::rgb, p.pixels)},
            {"JP2", jpeg2000_of(24, 32, planes_of(p), OPJ_CLRSPC_SRGB)},
            {"codestream", jpeg2000_of(24, 32, planes_of(p), OPJ_CLRSPC_SRGB, false)}};
}

// Good, or an error of the picture; a crash of a library is one too, but none is known.
bool bearable(const Result<codec::Picture>& p) {
    if (p) return p->pixels.size() == std::size_t{p->width} * p->height * p->components;
    UNSCOPED_INFO(p.error().message());
    return p.error().name() == "lds.bad_image" || p.error().name() == "codec.too_costly";
}

codec::Limits small() { return {1'000'000, 256U << 20U, 10}; }

}  // namespace

TEST_CASE("a picture cut off before its last pixels is refused", "[codec]") {
    for (const auto& [name, whole] : specimens()) {
        REQUIRE(error_of(codec::decode(whole, small())) == "none");
        const auto pixels = good(codec::decode(whole, small())).pixels;
        const std::size_t step = std::max<std::size_t>(1, whole.size() / 97);
        for (std::size_t n = 0; n < whole.size(); n += (n + 40 > whole.size() || n < 40) ? 1 : step) {
            CAPTURE(name, n, whole.size());
            const auto p = codec::decode(ByteView(whole).first(n), small());
            CHECK(bearable(p));
            if (!p) continue;
            // Only what stands behind the pixels may be missing: the end chunk of a PNG (and the sum before it).
            CHECK(p->pixels == pixels);
            CHECK(n + 24 > whole.size());
            CHECK(std::string(name) == "PNG");
        }
    }
}

TEST_CASE("pictures with bytes changed at random are decoded or refused, in time", "[codec]") {
    TestRng rng(2026);
    for (const auto& [name, whole] : specimens())
        for (int round = 0; round < 150; ++round) {
            auto damaged = whole;
            // The first half of the rounds aims at the headers, which stand at the beginning.
            const std::size_t range = round % 2 == 0 ? std::min<std::size_t>(200, damaged.size()) : damaged.size();
            for (std::size_t i = 0; i <= rng.below(3); ++i) damaged[rng.below(range)] ^= static_cast<Byte>(1 + rng.below(255));
            CAPTURE(name, round);
            CHECK(bearable(codec::decode(damaged, small())));
        }
}

TEST_CASE("a PNG whose sums are right but whose contents are not is decoded or refused", "[codec]") {
    TestRng rng(3);
    for (int round = 0; round < 60; ++round) {
        Bytes header(13);
        rng.fill(header);
        for (const std::size_t i : {0U, 1U, 2U, 4U, 5U, 6U}) header[i] = 0;
        header[8] = static_cast<Byte>(1U << rng.below(5));
        header[9] = static_cast<Byte>(rng.below(7));
        header[10] = header[11] = 0;
        header[12] = static_cast<Byte>(rng.below(2));
        Bytes noise(rng.below(5000));
        rng.fill(noise);
        for (auto& b : noise) b = b < 200 ? static_cast<Byte>(b % 6) : b;
        const auto image = concat({"89504E470D0A1A0A"_hex, png_chunk("IHDR", header), png_chunk("PLTE", Bytes(30)),
                                   png_chunk("IDAT", zlib_stored(noise)), png_chunk("IEND", {})});
        CAPTURE(round);
        CHECK(bearable(codec::decode(image, small())));
    }
}
