// Drawing primitives of the portraits: closed curves filled with analytic edges, soft glows for shade.
// Only + - * / and square roots, so that the picture does not depend on a mathematics library; where a compiler fuses
// multiplication and addition, a pixel may come out one step lighter or darker.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace idchip::sample {

constexpr int width = 300, height = 400;

struct Rgb {
    float r = 0, g = 0, b = 0;  // 0..1
};
inline Rgb operator*(Rgb c, float f) { return {c.r * f, c.g * f, c.b * f}; }
inline Rgb mix(Rgb a, Rgb b, float t) { return {a.r + (b.r - a.r) * t, a.g + (b.g - a.g) * t, a.b + (b.b - a.b) * t}; }
constexpr Rgb hex(std::uint32_t rgb) {
    const auto part = [rgb](unsigned shift) { return static_cast<float>(rgb >> shift & 0xFFU) / 255.0F; };
    return {part(16), part(8), part(0)};
}

struct Point {
    float x = 0, y = 0;
};
using Path = std::vector<Point>;

// The curve through the knots (Catmull-Rom); a knot given twice is a corner.
Path curve(const Path& knots, bool closed);
inline Path blob(const Path& knots) { return curve(knots, true); }
// Both halves of a shape that is given from its top to its bottom on the right of x = 0.
Path both_sides(Path right);
Path mirrored(Path path);
Path ellipse(Point c, float rx, float ry);
// A brush stroke along a curve: half width `w` in the middle, `w0` and `w1` of it at the ends.
Path stroke(const Path& knots, float w, float w0 = 0.1F, float w1 = 0.1F);

// How much of each pixel a shape covers, within its bounding box.
struct Mask {
    int x = 0, y = 0, w = 0, h = 0;
    std::vector<float> cover{};

    float at(int px, int py) const {
        if (px < x || py < y || px >= x + w || py >= y + h) return 0;
        return cover[static_cast<std::size_t>((py - y) * w + px - x)];
    }
};

Mask cover(const Path& path);

// Shapes are given in units of the head, y = 0 at the eyes; the canvas places them.
class Canvas {
public:
    Canvas(Point eyes, float scale) : eyes_(eyes), scale_(scale), pixels_(static_cast<std::size_t>(width * height)) {}

    const Rgb& at(int x, int y) const { return pixels_[static_cast<std::size_t>(y * width + x)]; }
    Rgb& at(int x, int y) { return pixels_[static_cast<std::size_t>(y * width + x)]; }

    Mask mask(Path path) const {
        for (Point& p : path) p = place(p);
        return cover(path);
    }

    // `top` to `bottom` is a gradient over the height of the mask.
    void fill(const Mask& m, Rgb top, Rgb bottom, float alpha = 1, const Mask* clip = nullptr) {
        for (int y = std::max(m.y, 0); y < std::min(m.y + m.h, height); ++y) {
            const Rgb colour = mix(top, bottom, static_cast<float>(y - m.y) / static_cast<float>(m.h));
            for (int x = std::max(m.x, 0); x < std::min(m.x + m.w, width); ++x) {
                const float a = alpha * m.at(x, y) * (clip != nullptr ? clip->at(x, y) : 1);
                if (a > 0) at(x, y) = mix(at(x, y), colour, a);
            }
        }
    }

    void fill(const Path& path, Rgb colour, float alpha = 1, const Mask* clip = nullptr) { fill(mask(path), colour, colour, alpha, clip); }

    // An ellipse that fades out towards its border.
    void glow(Point centre, float rx, float ry, Rgb colour, float alpha, const Mask* clip = nullptr) {
        const Point c = place(centre);
        const float sx = rx * scale_, sy = ry * scale_;
        for (int y = std::max(static_cast<int>(c.y - sy), 0); y < std::min(static_cast<int>(c.y + sy) + 1, height); ++y)
            for (int x = std::max(static_cast<int>(c.x - sx), 0); x < std::min(static_cast<int>(c.x + sx) + 1, width); ++x) {
                const float dx = (static_cast<float>(x) + 0.5F - c.x) / sx, dy = (static_cast<float>(y) + 0.5F - c.y) / sy;
                const float inside = 1 - dx * dx - dy * dy;
                if (inside <= 0) continue;
                const float a = alpha * inside * inside * (clip != nullptr ? clip->at(x, y) : 1);
                at(x, y) = mix(at(x, y), colour, a);
            }
    }

private:
    Point place(Point p) const { return {eyes_.x + p.x * scale_, eyes_.y + p.y * scale_}; }

    Point eyes_;
    float scale_;
    std::vector<Rgb> pixels_;
};
}  // namespace idchip::sample
