// What pixels say without a model of a face.
#include <idchip/codec/portrait.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

namespace idchip::codec {
namespace {

struct Spread {
    std::uint64_t count = 0, sum = 0, squares = 0;
    void add(unsigned v) {
        ++count;
        sum += v;
        squares += std::uint64_t{v} * v;
    }
    double mean() const { return count == 0 ? 0 : static_cast<double>(sum) / static_cast<double>(count); }
    double deviation() const {
        if (count == 0) return 0;
        return std::sqrt(std::max(0.0, static_cast<double>(squares) / static_cast<double>(count) - mean() * mean()));
    }
};

// ITU-R BT.601-7, 2.5.1, in 1/1000.
unsigned luminance(const Byte* p, unsigned components) {
    if (components == 1) return p[0];
    return (299U * p[0] + 587U * p[1] + 114U * p[2] + 500U) / 1000U;
}

// Means over a grid of 9 x 8 fields; each bit says whether a field is darker than its right neighbour.
class DifferenceHash {
public:
    DifferenceHash(std::uint32_t width, std::uint32_t height) : width_(width), height_(height) {}
    void add(std::uint32_t x, std::uint32_t y, unsigned v) {
        const auto column = static_cast<std::size_t>(std::uint64_t{x} * columns / width_);
        const auto row = static_cast<std::size_t>(std::uint64_t{y} * rows / height_);
        fields_[row * columns + column].add(v);
    }
    std::uint64_t value() const {
        std::uint64_t hash = 0;
        for (std::size_t row = 0; row < rows; ++row)
            for (std::size_t column = 0; column + 1 < columns; ++column) {
                const auto& left = fields_[row * columns + column];
                const auto& right = fields_[row * columns + column + 1];
                hash = hash << 1U | (left.mean() < right.mean() ? 1U : 0U);
            }
        return hash;
    }

private:
    static constexpr std::size_t columns = 9, rows = 8;
    std::uint32_t width_, height_;
    std::array<Spread, columns * rows> fields_{};
};

bool valid(const Picture& p) {
    return (p.components == 1 || p.components == 3) && p.width > 0 && p.height > 0 && p.width <= 65'535 && p.height <= 65'535 &&
           p.pixels.size() == std::uint64_t{p.width} * p.height * p.components;
}

}  // namespace

PictureFacts facts(const Picture& picture) {
    PictureFacts f;
    if (!valid(picture)) return f;
    Spread all, corners, colour;
    DifferenceHash hash(picture.width, picture.height);
    // The head reaches neither upper corner in a portrait of ISO/IEC 19794-5, 8.3: an eighth of the width on each side.
    const std::uint32_t edge = picture.width / 8, top = picture.height / 4;
    const Byte* p = picture.pixels.data();
    for (std::uint32_t y = 0; y < picture.height; ++y)
        for (std::uint32_t x = 0; x < picture.width; ++x, p += picture.components) {
            const unsigned v = luminance(p, picture.components);
            all.add(v);
            hash.add(x, y, v);
            if (y < top && (x < edge || x >= picture.width - edge)) corners.add(v);
            if (picture.components == 3) {
                const auto [least, most] = std::minmax({p[0], p[1], p[2]});
                colour.add(static_cast<unsigned>(most - least));
            }
        }
    f.mean_luminance = all.mean();
    f.contrast = all.deviation();
    f.grey = colour.sum == 0;
    f.colourfulness = colour.mean();
    f.background_spread = corners.deviation();
    f.dhash = hash.value();
    return f;
}

int hash_distance(std::uint64_t a, std::uint64_t b) { return std::popcount(a ^ b); }

}  // namespace idchip::codec
