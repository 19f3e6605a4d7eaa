// A flat illustration, drawn from back to front, with a little grain.
#include <idchip/sample/sample.hpp>

#include <fmt/format.h>

#include "base/try.hpp"
#include "sample/jpeg.hpp"
#include "sample/look.hpp"

namespace idchip::sample {
namespace {

void draw_background(Canvas& c, const Look& l) {
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
            const float v = static_cast<float>(y) / height, u = static_cast<float>(x) / width - 0.5F;
            const float light = 1 - 0.10F * u * u - 0.06F * v + 0.03F * u * l.side;
            c.at(x, y) = mix(l.background, hex(0xFFFFFF), 0.45F - 0.35F * v) * light;
        }
}

bool has_long_hair(const Look& l) { return l.style == Hair::long_centre || l.style == Hair::long_side; }

void draw_hair_behind(Canvas& c, const Look& l) {
    const float w = l.face;
    if (has_long_hair(l))
        c.fill(
            c.mask(blob(both_sides({{0, -122}, {52, -110}, {82, -60}, {w + 15, 10}, {w + 20, 80}, {w + 16, 150}, {w - 6, 196}, {0, 200}}))),
            l.hair * 0.8F, l.hair * 0.6F);
    if (l.style == Hair::bob)
        c.fill(c.mask(blob(both_sides({{0, -122}, {52, -110}, {82, -60}, {w + 14, 0}, {w + 17, 50}, {w + 8, 88}, {w - 14, 96}, {0, 96}}))),
               l.hair * 0.8F, l.hair * 0.62F);
    if (l.style == Hair::perm)
        for (const Point p : {Point{14, -112}, {40, -101}, {60, -80}, {73, -54}, {79, -28}, {80, -2}, {76, 22}})
            for (const float side : {-1.0F, 1.0F}) {
                const Mask lock = c.mask(ellipse({p.x * side * w / 72, p.y}, 18, 18));
                c.fill(lock, l.hair * 0.95F, l.hair * 0.75F);
            }
    if (l.style == Hair::tied && l.age < 50) c.fill(ellipse({0, -118}, 27, 21), l.hair * 0.85F);
}

void draw_neck(Canvas& c, const Look& l) {
    const float n = l.woman ? 27.0F : 34.0F;
    const Mask neck =
        c.mask(blob(both_sides({{0, 60}, {n, 60}, {n, 100}, {n + 4, 122}, {n + 22, 140}, {n + 30, 160}, {0, 200}, {0, 200}})));
    c.fill(neck, l.skin * 0.86F, l.skin * 0.97F);
    c.glow({0, l.chin - 4}, 62, 44, l.skin * 0.52F, 0.75F, &neck);
    if (!l.woman) c.glow({3 * l.side, 124}, 7, 12, l.skin * 0.7F, 0.35F, &neck);
}

Path torso(const Look& l, float neckline, float depth) {
    const float shoulder = l.woman ? 106.0F : 126.0F;
    return both_sides({{0, depth},
                       {neckline * 0.6F, depth - 6},
                       {neckline, 118},
                       {neckline, 118},
                       {neckline + 26, 136},
                       {shoulder - 24, 152},
                       {shoulder, 174},
                       {shoulder + 14, 220},
                       {shoulder + 14, 260},
                       {0, 260},
                       {0, 260}});
}

void draw_collar_flaps(Canvas& c, Rgb colour, float n, float drop) {
    for (const float side : {-1.0F, 1.0F}) {
        const Path flap{{n * side, 108}, {(n + 9) * side, 128}, {(n - 6) * side, drop + 22}, {2 * side, drop}, {2 * side, drop - 3}};
        Path shadow = flap;
        for (Point& p : shadow) p.y += 4;
        c.fill(shadow, hex(0x202028), 0.16F);
        c.fill(flap, colour);
        c.fill(stroke({flap[1], flap[2], flap[3]}, 0.8F, 0.6F, 0.6F), colour * 0.72F, 0.8F);
    }
}

void draw_buttons(Canvas& c, Rgb colour, float x, float from, float step) {
    for (float y = from; y < 250; y += step) c.fill(ellipse({x, y}, 2.6F, 2.6F), colour);
}

void draw_mens_dress(Canvas& c, const Look& l) {
    const Rgb linen = l.dress == Dress::suit ? hex(0xF1F3F6) : l.cloth;
    c.fill(c.mask(blob(torso(l, 36, 148))), linen, linen * 0.86F);
    if (l.dress == Dress::suit) {
        const Mask jacket = c.mask(blob(torso(l, 40, 260)));
        c.fill(jacket, l.cloth * 1.15F, l.cloth * 0.8F);
        c.fill({{-37, 118}, {0, 262}, {37, 118}, {0, 158}}, linen * 0.94F);
        c.fill({{-8, 150}, {8, 150}, {6, 165}, {12, 260}, {-12, 260}, {-6, 165}}, l.trim);
        c.fill({{-6, 165}, {6, 165}, {7, 170}, {-7, 170}}, l.trim * 0.7F);
        for (const float side : {-1.0F, 1.0F}) {
            const Path lapel{{37 * side, 117}, {54 * side, 140}, {58 * side, 172}, {46 * side, 176}, {49 * side, 186}, {2 * side, 262}};
            c.fill(lapel, l.cloth * 1.25F);
            c.fill(stroke({lapel[1], lapel[2], lapel[2], lapel[3], lapel[3], lapel[4], lapel[4], lapel[5]}, 0.9F, 0.8F, 0.8F),
                   l.cloth * 0.55F);
        }
    } else {
        c.fill({{-2, 152}, {2, 152}, {2, 260}, {-2, 260}}, linen * 0.8F);
        draw_buttons(c, linen * 0.66F, 0, 174, 34);
    }
    draw_collar_flaps(c, l.dress == Dress::polo ? l.trim : linen * 1.03F, 33, 150);
}

void draw_womens_dress(Canvas& c, const Look& l) {
    const bool ao_dai = l.dress == Dress::ao_dai;
    const float depth = ao_dai ? 132.0F : l.dress == Dress::blouse ? 154.0F : 150.0F;
    c.fill(c.mask(blob(torso(l, ao_dai ? 30.0F : 38.0F, depth))), l.cloth, l.cloth * 0.84F);
    if (ao_dai) {
        const Path band = both_sides({{0, 117}, {18, 114}, {30, 104}, {30, 104}, {33, 124}, {33, 124}, {16, 134}, {0, 138}});
        c.fill(c.mask(blob(band)), l.cloth * 1.05F, l.cloth * 0.88F);
        c.fill(stroke({{-30, 105}, {-18, 114}, {0, 117}, {18, 114}, {30, 105}}, 1.2F, 0.8F, 0.8F), hex(0xE9D9A8));
        c.fill(stroke({{2, 138}, {18 * l.side, 152}, {50 * l.side, 166}, {86 * l.side, 206}}, 1.0F, 0.8F, 0.8F), l.cloth * 0.66F);
        draw_buttons(c, hex(0xE9D9A8), 20 * l.side, 153, 200);
    } else if (l.dress == Dress::blouse) {
        draw_collar_flaps(c, l.cloth * 1.03F, 30, 158);
        c.fill({{-1.5F, 158}, {1.5F, 158}, {1.5F, 260}, {-1.5F, 260}}, l.cloth * 0.82F);
        draw_buttons(c, l.cloth * 0.7F, 0, 180, 34);
    } else {
        c.fill(stroke({{-38, 119}, {-22, 144}, {0, 151}, {22, 144}, {38, 119}}, 2.4F, 0.9F, 0.9F), l.cloth * 0.8F);
    }
}

void draw_clothes(Canvas& c, const Look& l) {
    if (l.woman) draw_womens_dress(c, l);
    else draw_mens_dress(c, l);
    for (const float side : {-1.0F, 1.0F}) {
        c.fill(stroke({{84 * side, 178}, {80 * side, 205}, {84 * side, 245}}, 1.6F), l.cloth * 0.62F, 0.5F);
        c.glow({100 * side, 230}, 70, 60, l.cloth * 0.5F, 0.30F);
    }
}

void draw_ears(Canvas& c, const Look& l) {
    if (has_long_hair(l) || l.style == Hair::bob) return;
    for (const float side : {-1.0F, 1.0F}) {
        const float x = l.face * side;
        const Mask ear = c.mask(blob(
            {{x - 4 * side, -16}, {x + 8 * side, -18}, {x + 12 * side, -4}, {x + 8 * side, 16}, {x + 3 * side, 28}, {x - 4 * side, 24}}));
        c.fill(ear, l.skin * 0.95F, l.skin * 0.88F);
        c.fill(stroke({{x + 2 * side, -10}, {x + 7 * side, -8}, {x + 6 * side, 6}, {x + 2 * side, 14}}, 1.8F), l.skin * 0.68F, 0.7F);
    }
}

Mask face_mask(const Canvas& c, const Look& l) {
    const float w = l.face, j = l.jaw * 7;
    return c.mask(blob(both_sides({{0, -106},
                                   {34, -98},
                                   {w - 12, -66},
                                   {w, -20},
                                   {w - 1, 22},
                                   {w - 9 + j * 0.4F, 54},
                                   {42 + j, l.chin - 19},
                                   {17 + j * 0.4F, l.chin - 2},
                                   {0, l.chin}})));
}

void draw_face(Canvas& c, const Look& l, const Mask& face) {
    c.fill(face, l.skin * 1.02F, l.skin * 0.97F);
    const Rgb shade = l.skin * 0.66F;
    c.glow({-l.face * l.side * 1.08F, 20}, 42, 120, shade, 0.55F, &face);
    c.glow({l.face * l.side * 1.12F, 20}, 26, 110, shade, 0.35F, &face);
    c.glow({0, l.chin + 8}, 60, 26, shade, 0.5F, &face);
    c.glow({0, -108}, 84, 46, shade, 0.45F, &face);
    c.glow({12 * l.side, -52}, 40, 26, hex(0xFFF6EC), 0.22F, &face);
    const Rgb blush = mix(l.skin, hex(0xE0605A), 0.45F);
    for (const float side : {-1.0F, 1.0F}) {
        c.glow({side * 41, 36}, 30, 22, blush, l.woman ? 0.42F : 0.25F, &face);
        c.glow({side * l.eye_gap, -3}, 26, 16, shade, 0.30F, &face);
    }
    if (l.beard > 0) {
        const Rgb stubble = mix(l.skin, l.hair, 0.5F);
        c.glow({0, 84}, 70, 44, stubble, 0.40F * l.beard, &face);
        c.glow({0, 60}, 34, 13, stubble, 0.45F * l.beard, &face);
    }
}

void draw_eye(Canvas& c, const Look& l, float side) {
    const float x = l.eye_gap * side, o = l.eye_open, t = l.eye_tilt;
    const auto at = [&](float dx, float y) { return Point{x + dx * side, y}; };  // dx grows outwards
    const Path top{at(-16, 3), at(-9, -4 * o), at(1, -7.6F * o), at(11, -4.6F * o - t * 0.6F), at(17, -t)};
    const Mask eye =
        c.mask(blob({top[0], top[0], top[1], top[2], top[3], top[4], top[4], at(9, 5.2F * o), at(-1, 6.2F * o), at(-10, 5 * o)}));
    c.fill(eye, hex(0xE4E2E0), hex(0xF8F6F4));
    const Point iris = at(-0.2F, -0.6F);
    c.fill(c.mask(ellipse(iris, 7.6F, 7.6F)), hex(0x2A1A12), hex(0x5D3C26), 1, &eye);
    c.fill(ellipse(iris, 3.6F, 3.6F), hex(0x0E0908), 1, &eye);
    c.fill(ellipse({iris.x + 2.4F * l.side, iris.y - 2.6F}, 1.7F, 1.7F), hex(0xFFFFFF), 0.9F, &eye);
    c.fill(stroke({at(-14, -2), at(1, -5.4F * o), at(16, -2)}, 2.0F), hex(0x403030), 0.25F, &eye);
    const Rgb line = hex(0x241A18);
    c.fill(stroke(top, l.woman && l.age < 50 ? 1.9F : 1.5F, 0.35F, 0.7F), line, 0.95F);
    if (l.woman && l.age < 50) c.fill(stroke({top[3], at(17, -t - 1), at(21, -t - 4.5F)}, 1.3F, 0.8F, 0.1F), line, 0.9F);
    c.fill(stroke({at(-11, 5.2F * o), at(-1, 6.6F * o), at(10, 5.4F * o), at(16, 1)}, 0.7F), l.skin * 0.5F, 0.7F);
    const Path fold{at(-12, -4 - 3 * o), at(-3, -7 - 5 * o), at(8, -6 - 4.6F * o - t * 0.6F), at(18, -4 - t)};
    c.fill(stroke(fold, 1.0F), l.skin * 0.52F, 0.25F + 0.6F * l.lid);
    const float bag = std::clamp((l.age - 48) / 40, 0.0F, 0.7F);
    c.fill(stroke({at(-12, 13), at(-1, 17), at(12, 13)}, 1.2F), l.skin * 0.7F, bag);
}

void draw_brow(Canvas& c, const Look& l, float side) {
    const float x = l.eye_gap * side, r = l.brow_rise;
    const Rgb colour = mix(l.hair, hex(0x2A211E), l.age > 65 ? 0.25F : 0.6F);
    const Path line{{x - 17 * side, -17}, {x - 4 * side, -20 - r}, {x + 10 * side, -21.5F - r}, {x + 22 * side, -15 - r * 0.4F}};
    c.fill(stroke(line, l.brow, 0.75F, 0.15F), colour, 0.85F);
    c.fill(stroke(line, l.brow * 0.5F, 0.8F, 0.2F), colour * 0.8F, 0.5F);
}

void draw_nose(Canvas& c, const Look& l) {
    const Rgb shade = l.skin * 0.62F;
    const float n = l.nose;
    c.glow({-8 * l.side, 14}, 8, 30, shade, 0.34F);
    c.glow({2 * l.side, 12}, 5, 30, hex(0xFFF4E8), 0.25F);
    c.glow({1.5F * l.side, 37}, 9 * n, 8, hex(0xFFF4E8), 0.28F);
    c.glow({0, 49}, 20 * n, 8, shade, 0.55F);
    for (const float side : {-1.0F, 1.0F}) {
        c.fill(stroke({{10 * n * side, 32}, {15 * n * side, 38}, {14.5F * n * side, 44}, {9 * n * side, 46}}, 1.3F), shade * 0.85F, 0.75F);
        c.fill(ellipse({6.2F * n * side, 45.5F}, 3.6F * n, 1.9F), l.skin * 0.34F, 0.75F);
    }
    c.fill(stroke({{-5 * n, 47}, {0, 49.5F}, {5 * n, 47}}, 1.1F), shade * 0.8F, 0.7F);
}

void draw_mouth(Canvas& c, const Look& l) {
    const float m = l.mouth, s = l.smile, h = l.lips * (l.age > 60 ? 0.75F : 1.0F), y = 70;
    const Rgb lip = mix(l.skin * 0.86F, l.woman ? hex(0xC8434F) : hex(0xB5584F), l.woman ? 0.68F : 0.5F);
    c.glow({0, y + 17}, 22, 8, l.skin * 0.6F, 0.45F);
    const Point left{-m, y - s}, right{m, y - s};
    const Path upper{left,  left,  {-7, y - 6.5F * h}, {0, y - 4.6F * h}, {7, y - 6.5F * h},
                     right, right, {8, y + 1.5F},      {0, y + 2},        {-8, y + 1.5F}};
    const Path lower{left,  left,  {-8, y + 1},     {0, y + 1.6F},      {8, y + 1},
                     right, right, {11, y + 8 * h}, {0, y + 10.5F * h}, {-11, y + 8 * h}};
    c.fill(c.mask(blob(upper)), lip * 0.9F, lip * 0.82F);
    c.fill(c.mask(blob(lower)), lip * 1.04F, lip * 0.98F);
    c.glow({3 * l.side, y + 6 * h}, 9, 3.4F, hex(0xFFF0EA), 0.35F);
    const Path between_lips{{-m - 1.5F, y - s - 0.5F}, {-8, y + 1.2F}, {0, y + 1.8F}, {8, y + 1.2F}, {m + 1.5F, y - s - 0.5F}};
    c.fill(stroke(between_lips, 1.2F, 0.5F, 0.5F), lip * 0.42F, 0.85F);
    if (l.moustache > 0)
        for (const float side : {-1.0F, 1.0F})
            c.fill(stroke({{-1.5F * side, 58.5F}, {11 * side, 58.5F}, {(m + 1) * side, 65}}, 4.0F * l.moustache, 0.9F, 0.1F), l.hair,
                   0.88F);
}

void draw_years(Canvas& c, const Look& l, const Mask& face) {
    const float a = std::clamp((l.age - 34) / 50, 0.0F, 1.0F);
    if (a <= 0) return;
    const Rgb line = l.skin * 0.58F;
    for (const float side : {-1.0F, 1.0F}) {
        c.fill(stroke({{19 * side, 40}, {27 * side, 52}, {30 * side, 66}, {28 * side, 74}}, 1.6F), line, 0.75F * a);
        c.fill(stroke({{(l.mouth + 5) * side, 76}, {(l.mouth + 6) * side, 86}, {(l.mouth + 3) * side, 93}}, 1.2F), line, 0.5F * a);
        for (const float y : {-4.0F, 2.0F, 8.0F})
            c.fill(stroke({{(l.eye_gap + 21) * side, y * 0.6F}, {(l.eye_gap + 29) * side, y * 1.3F}}, 0.9F), line, 0.6F * a);
        c.glow({side * 46, 58}, 16, 26, l.skin * 0.7F, 0.3F * a, &face);
    }
    if (a > 0.25F)
        for (const float y : {-48.0F, -59.0F, -69.0F})
            c.fill(stroke({{-36, y + 2}, {-14, y - 1}, {8, y + 1}, {36, y + 1}}, 1.0F), line, 0.55F * a);
}

// A cap of hair from one temple over the crown to the other, and back along the hairline (right to left).
Path cap(const Look& l, float top, float wide, float sideburn, const Path& hairline) {
    const float w = l.face;
    const Path half{{0, -top},       {w * 0.38F, 4 - top}, {w * 0.72F, 18 - top}, {w + wide - 6, -70},
                    {w + wide, -34}, {w + 1, sideburn},    {w + 1, sideburn},     {w - 5, sideburn - 6}};
    Path knots = mirrored(half);
    std::reverse(knots.begin(), knots.end());
    knots.insert(knots.end(), half.begin() + 1, half.end());
    knots.insert(knots.end(), hairline.begin(), hairline.end());
    return blob(knots);
}

Path hair_in_front(const Look& l) {
    const float w = l.face;
    switch (l.style) {
        case Hair::parted:
            return cap(l, 123, 5, -4,
                       {{w - 8, -40}, {w - 19, -60}, {30, -70}, {-4, -79}, {-30, -91}, {20 - w, -72}, {15 - w, -58}, {8 - w, -38}});
        case Hair::crew: return cap(l, 115, 2, -8, both_sides({{w - 7, -38}, {w - 15, -66}, {28, -78}, {0, -80}}));
        case Hair::fringe:
            return cap(l, 124, 6, -2,
                       {{w - 8, -33}, {w - 19, -48}, {36, -47}, {10, -53}, {-18, -61}, {-38, -66}, {18 - w, -54}, {8 - w, -33}});
        case Hair::swept: return cap(l, 130, 4, -8, both_sides({{w - 8, -40}, {w - 17, -70}, {28, -84}, {0, -90}}));
        case Hair::receding: return cap(l, 113, 3, -4, both_sides({{w - 7, -36}, {w - 19, -64}, {37, -88}, {14, -82}}));
        case Hair::long_centre: return cap(l, 126, 13, 34, both_sides({{w - 4, -6}, {w - 11, -36}, {36, -64}, {13, -84}, {0.1F, -98}}));
        case Hair::long_side:
            return cap(l, 127, 13, 34,
                       {{w - 3, -2}, {w - 11, -36}, {20, -62}, {-22, -88}, {-38, -101}, {-38, -101}, {20 - w, -70}, {5 - w, -16}});
        case Hair::bob: return cap(l, 125, 14, 60, both_sides({{w - 3, 20}, {w - 6, -20}, {w - 16, -36}, {30, -30}, {6, -34}}));
        case Hair::tied: return cap(l, 119, 5, 0, both_sides({{w - 5, -36}, {w - 14, -64}, {30, -80}, {0, -86}}));
        case Hair::perm:
            return cap(l, 124, 12, 14,
                       {{w - 4, -16}, {w - 10, -44}, {36, -64}, {12, -66}, {-12, -74}, {-38, -62}, {10 - w, -42}, {4 - w, -16}});
        case Hair::bald: break;
    }
    return {};
}

void draw_strands(Canvas& c, const Look& l, const Mask& hair, Dice& dice) {
    const bool one_sided = l.style == Hair::parted || l.style == Hair::long_side;
    for (int i = 0; i < 40; ++i) {
        const float end = between(dice, -1, 1), reach = (l.face + 4) * end;
        const float crown = one_sided ? -30 + between(dice, -8, 8) : reach * 0.4F;
        const Point root{crown, -119 + 0.004F * crown * crown};
        const Point tip{reach, -70 + 48 * end * end + between(dice, -14, 14)};
        const Point middle{root.x + (tip.x - root.x) * 0.62F, root.y + (tip.y - root.y) * 0.3F};
        const Rgb tone = dice.chance(550) ? mix(l.hair, hex(0xFFFFFF), 0.22F) : l.hair * 0.6F;
        const float thick = between(dice, 0.7F, 2.4F), strong = between(dice, 0.1F, 0.32F);
        c.fill(stroke({root, middle, tip}, thick, 0.2F, 0.1F), tone, strong, &hair);
    }
}

void draw_hair(Canvas& c, const Look& l, Dice& dice) {
    if (l.style == Hair::bald) {
        for (const float side : {-1.0F, 1.0F}) {
            const float w = l.face;
            Path patch = blob({{w - 7, -8}, {w + 3, -6}, {w + 4, -34}, {w - 3, -62}, {w - 12, -72}, {w - 11, -50}, {w - 6, -30}});
            c.fill(side > 0 ? patch : mirrored(patch), l.hair, 0.9F);
        }
        c.glow({20 * l.side, -82}, 26, 14, hex(0xFFFFFF), 0.35F);
        return;
    }
    const Path front = hair_in_front(l);
    const Mask hair = c.mask(l.side > 0 ? front : mirrored(front));
    c.fill(hair, mix(l.hair, hex(0xFFFFFF), 0.06F), l.hair * 0.82F);
    if (l.style != Hair::perm) draw_strands(c, l, hair, dice);
    c.glow({24 * l.side, -98}, 52, 20, mix(l.hair, hex(0xFFFFFF), 0.5F), 0.35F, &hair);
    if (l.style == Hair::perm)
        for (int i = 0; i < 44; ++i) {
            const Point p{between(dice, -84, 84), between(dice, -120, -56)};
            const Path curl{{p.x - 9, p.y + 5}, {p.x - 7, p.y - 3}, {p.x, p.y - 6},
                            {p.x + 7, p.y - 2}, {p.x + 7, p.y + 5}, {p.x + 2, p.y + 6}};
            c.fill(stroke(curl, 1.5F), i % 2 == 0 ? l.hair * 0.62F : mix(l.hair, hex(0xFFFFFF), 0.3F), 0.45F, &hair);
        }
    if (has_long_hair(l))
        for (const float side : {-1.0F, 1.0F}) {
            const float w = l.face;
            Path lock = blob({{w - 4, 4},
                              {w + 11, 0},
                              {w + 18, 60},
                              {w + 17, 130},
                              {w + 4, 188},
                              {w - 18, 200},
                              {w - 14, 150},
                              {w - 2, 90},
                              {w + 1, 40}});
            c.fill(c.mask(side > 0 ? lock : mirrored(lock)), l.hair * 0.86F, l.hair * 0.72F);
            for (const float x : {3.0F, 8.0F, 12.0F})
                c.fill(stroke({{(w + x) * side, 20}, {(w + x + 3) * side, 90}, {(w + x - 10) * side, 186}}, 1.1F),
                       mix(l.hair, hex(0xFFFFFF), 0.25F), 0.25F);
        }
}

void draw_glasses(Canvas& c, const Look& l) {
    if (l.glasses == 0) return;
    const Rgb frame = l.glasses == 1 ? hex(0x4A3A2E) : hex(0x23262C);
    for (const float side : {-1.0F, 1.0F}) {
        const float x = (l.eye_gap + 1) * side;
        const auto rim = [&](float grow) {
            if (l.glasses == 1) return ellipse({x, 2}, 24 + grow, 21 + grow);
            const float w = 25 + grow, h = 17 + grow;
            return blob({{x - w, 0},
                         {x - w + 3, -h + 2},
                         {x, -h},
                         {x + w - 3, -h + 2},
                         {x + w, 0},
                         {x + w - 5, h + 3},
                         {x, h + 6},
                         {x - w + 5, h + 3}});
        };
        Path ring = rim(1.2F), inner = rim(-1.2F);
        c.fill(inner, hex(0xEAF4FF), 0.10F);
        c.fill(stroke({{x - 10, -6}, {x - 2, -12}}, 1.6F), hex(0xFFFFFF), 0.4F);
        ring.push_back(ring.front());
        inner.push_back(inner.front());
        ring.insert(ring.end(), inner.rbegin(), inner.rend());
        c.fill(ring, frame, 0.95F);
        c.fill(stroke({{x + 24 * side, -4}, {l.face * side, -6}}, 1.6F, 1, 1), frame);
    }
    c.fill(stroke({{-(l.eye_gap - 23), 0}, {0, -4}, {l.eye_gap - 23, 0}}, 1.5F, 1, 1), frame);
}

// Paper and sensor: without grain the JPEG would be far smaller than a photograph's.
Bytes with_grain(const Canvas& c, Dice& dice, float amount) {
    Bytes out;
    out.reserve(std::size_t{width} * height * 3);
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
            const std::uint64_t bits = dice.next();
            const auto part = [bits](unsigned shift) { return static_cast<float>(bits >> shift & 0xFFFFU) / 65536.0F - 0.5F; };
            const float luma = (part(0) + part(16)) * amount;
            const Rgb p = c.at(x, y);
            for (const float v : {p.r + luma, p.g + luma, p.b + luma + part(32) * amount * 0.3F})
                out.push_back(static_cast<Byte>(std::clamp(v, 0.0F, 1.0F) * 255.0F + 0.5F));
        }
    return out;
}
Canvas draw(const Look& l, Dice& dice) {
    Canvas c({width / 2.0F + l.offset.x, 176 + l.offset.y}, l.scale);
    draw_background(c, l);
    draw_hair_behind(c, l);
    draw_neck(c, l);
    draw_clothes(c, l);
    draw_ears(c, l);
    const Mask face = face_mask(c, l);
    draw_face(c, l, face);
    draw_years(c, l, face);
    draw_nose(c, l);
    draw_mouth(c, l);
    for (const float side : {-1.0F, 1.0F}) {
        draw_eye(c, l, side);
        draw_brow(c, l, side);
    }
    draw_hair(c, l, dice);
    draw_glasses(c, l);
    return c;
}

}  // namespace

Result<Bytes> draw_portrait(const Person& person, std::uint64_t seed) {
    std::uint64_t key = seed;
    for (const char digit : person.personal_number) key = Dice::mix(key * 31 + static_cast<Byte>(digit));
    Dice dice(key);
    const Look look = look_of(person, dice);
    const Canvas canvas = draw(look, dice);
    for (const float grain : {0.03F, 0.06F, 0.015F, 0.12F}) {
        auto jpeg = TRY(encode_to_size(with_grain(canvas, dice, grain)));
        if (!jpeg.empty()) return jpeg;
    }
    return fail(Errc::io_error, "portrait", fmt::format("no quality gives {} to {} bytes", smallest_jpeg, largest_jpeg));
}

}  // namespace idchip::sample
