// Which program tests take for the child, and pictures to give it.
#pragma once

#include "unit.hpp"

#include <idchip/codec/portrait.hpp>

namespace idchip::test {

// The program of the build tree, unless the environment names one.
inline const bool child_named = [] { return ::setenv("IDCHIP_CODEC", IDCHIP_CODEC_CHILD, 0) == 0; }();

class OtherChild {
public:
    explicit OtherChild(const std::string& path) : before_(std::getenv("IDCHIP_CODEC")) { ::setenv("IDCHIP_CODEC", path.c_str(), 1); }
    OtherChild(const OtherChild&) = delete;
    OtherChild& operator=(const OtherChild&) = delete;
    ~OtherChild() { ::setenv("IDCHIP_CODEC", before_.c_str(), 1); }

private:
    std::string before_;
};

// Soft forms with a little grain: neither flat nor noise. Asymmetric, so that turned, mirrored or colour-swapped pictures differ.
inline codec::Picture painted(std::uint32_t width, std::uint32_t height, unsigned components, std::uint64_t seed = 1) {
    codec::Picture p{width, height, components, {}, {}};
    TestRng rng(seed);
    const auto cx = static_cast<double>(width) * (0.35 + 0.01 * static_cast<double>(seed % 7));
    const auto cy = static_cast<double>(height) * (0.45 + 0.02 * static_cast<double>(seed % 5));
    for (std::uint32_t y = 0; y < height; ++y)
        for (std::uint32_t x = 0; x < width; ++x) {
            const double dx = (x - cx) / width, dy = (y - cy) / height;
            const double head = 150.0 / (1 + 25 * (dx * dx + dy * dy));
            const double light = 60.0 * x / width, fall = 40.0 * y / height;
            const auto grain = static_cast<double>(rng.below(6));
            const double rgb[] = {40 + head + light + grain, 70 + head * 0.7 + grain, 30 + fall * 2 + head * 0.4 + grain};
            if (components == 1) p.pixels.push_back(static_cast<Byte>(rgb[0]));
            else
                for (const double v : rgb) p.pixels.push_back(static_cast<Byte>(v));
        }
    return p;
}

inline double mean_difference(const codec::Picture& a, const codec::Picture& b) {
    if (a.pixels.size() != b.pixels.size() || a.pixels.empty()) return 256;
    double sum = 0;
    for (std::size_t i = 0; i < a.pixels.size(); ++i) sum += std::abs(int{a.pixels[i]} - int{b.pixels[i]});
    return sum / static_cast<double>(a.pixels.size());
}

// The words of the error: what a person reads.
template <class T>
std::string words_of(const Result<T>& result) {
    return result ? "none" : result.error().detail;
}

}  // namespace idchip::test
