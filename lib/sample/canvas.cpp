#include "sample/canvas.hpp"

namespace idchip::sample {
namespace {

// Adds what an edge changes from one pixel of a row to the next; summed up along the rows, this is the cover.
void add_edge(Mask& m, Point a, Point b) {
    if (a.y == b.y) return;
    const float sign = a.y < b.y ? 1.0F : -1.0F;
    if (a.y > b.y) std::swap(a, b);
    const float slope = (b.x - a.x) / (b.y - a.y);
    float x = a.x;
    for (auto row = static_cast<int>(a.y); static_cast<float>(row) < b.y && row < m.h; ++row) {
        const float dy = std::min(static_cast<float>(row + 1), b.y) - std::max(static_cast<float>(row), a.y);
        const float next = x + slope * dy;
        const float from = std::min(x, next), to = std::max(x, next);
        float area = 0, covered = 0;  // right of the edge: up to here in the row, and of the last pixel
        for (auto column = static_cast<int>(from); column < m.w; ++column) {
            const auto border = static_cast<float>(column + 1);
            const float beyond = border - from;
            const float all = to <= border ? border - 0.5F * (from + to) : 0.5F * beyond * beyond / (to - from);
            m.cover[static_cast<std::size_t>(row * m.w + column)] += sign * dy * (all - area - covered);
            covered = all - area;
            area = all;
            if (to <= border - 1) break;
        }
        x = next;
    }
}

}  // namespace

Path curve(const Path& knots, bool closed) {
    constexpr int steps = 8;
    const auto n = static_cast<int>(knots.size());
    const auto knot = [&](int i) { return knots[static_cast<std::size_t>(closed ? (i + n) % n : std::clamp(i, 0, n - 1))]; };
    Path path;
    for (int i = 0; i < (closed ? n : n - 1); ++i) {
        const Point a = knot(i - 1), b = knot(i), c = knot(i + 1), d = knot(i + 2);
        if (b.x == c.x && b.y == c.y) continue;  // the two of a corner
        for (int s = 0; s < steps; ++s) {
            const float t = static_cast<float>(s) / steps;
            const auto at = [t](float p, float q, float r, float u) {
                return q + 0.5F * t * (r - p + t * (2 * p - 5 * q + 4 * r - u + t * (3 * (q - r) + u - p)));
            };
            path.push_back({at(a.x, b.x, c.x, d.x), at(a.y, b.y, c.y, d.y)});
        }
    }
    if (!closed) path.push_back(knots.back());
    return path;
}

Path both_sides(Path right) {
    for (std::size_t i = right.size(); i-- > 0;)
        if (right[i].x != 0) right.push_back({-right[i].x, right[i].y});
    return right;
}

Path mirrored(Path path) {
    for (Point& p : path) p.x = -p.x;
    return path;
}

Path ellipse(Point c, float rx, float ry) {
    constexpr float h = 0.70710678F;
    Path knots;
    for (const Point p : {Point{1, 0}, {h, h}, {0, 1}, {-h, h}, {-1, 0}, {-h, -h}, {0, -1}, {h, -h}})
        knots.push_back({c.x + p.x * rx, c.y + p.y * ry});
    return blob(knots);
}

Path stroke(const Path& knots, float w, float w0, float w1) {
    const Path line = curve(knots, false);
    Path left, right;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const Point a = line[i == 0 ? 0 : i - 1], b = line[std::min(i + 1, line.size() - 1)];
        const float length = std::max(std::sqrt((b.x - a.x) * (b.x - a.x) + (b.y - a.y) * (b.y - a.y)), 1e-3F);
        const float t = static_cast<float>(i) / static_cast<float>(line.size() - 1);
        const float bulge = 4 * t * (1 - t);
        const float half = w * (bulge + (1 - bulge) * (t < 0.5F ? w0 : w1));
        const Point side{-(b.y - a.y) / length * half, (b.x - a.x) / length * half};
        left.push_back({line[i].x + side.x, line[i].y + side.y});
        right.push_back({line[i].x - side.x, line[i].y - side.y});
    }
    left.insert(left.end(), right.rbegin(), right.rend());
    return left;
}

Mask cover(const Path& path) {
    Point low{1e6F, 1e6F}, high{-1e6F, -1e6F};
    for (const Point p : path) {
        low = {std::min(low.x, p.x), std::min(low.y, p.y)};
        high = {std::max(high.x, p.x), std::max(high.y, p.y)};
    }
    Mask m;
    m.x = static_cast<int>(std::floor(low.x));
    m.y = static_cast<int>(std::floor(low.y));
    m.w = static_cast<int>(std::ceil(high.x)) - m.x + 2;
    m.h = static_cast<int>(std::ceil(high.y)) - m.y;
    m.cover.resize(static_cast<std::size_t>(m.w * m.h));
    const auto local = [&m](Point p) { return Point{p.x - static_cast<float>(m.x), p.y - static_cast<float>(m.y)}; };
    for (std::size_t i = 0; i < path.size(); ++i) add_edge(m, local(path[i]), local(path[(i + 1) % path.size()]));
    for (int y = 0; y < m.h; ++y) {
        float sum = 0;
        for (int x = 0; x < m.w; ++x) {
            float& c = m.cover[static_cast<std::size_t>(y * m.w + x)];
            sum += c;
            c = std::min(std::fabs(sum), 1.0F);
        }
    }
    return m;
}

}  // namespace idchip::sample
