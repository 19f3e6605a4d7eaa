// Who is drawn: everything about a face that varies.
#pragma once

#include <array>

#include <idchip/sample/sample.hpp>

#include "sample/canvas.hpp"

namespace idchip::sample {

enum class Hair { parted, crew, fringe, swept, receding, bald, long_centre, long_side, bob, tied, perm };
enum class Dress { shirt, suit, polo, ao_dai, blouse, round_neck };

struct Look {
    bool woman;
    float age;
    Rgb skin, hair, cloth, trim, background;
    Hair style;
    Dress dress;
    float face, jaw, chin;                   // half widths of face and jaw, length of chin
    float eye_gap, eye_open, eye_tilt, lid;  // lid: how visible the fold is
    float brow, brow_rise, nose, mouth, smile, lips;
    float beard, moustache;  // 0..1
    float side;              // 1 or -1: where the parting and the light are
    int glasses;             // 0 none, 1 round, 2 angular
    Point offset;
    float scale;
};

inline float between(Dice& dice, float low, float high) { return low + (high - low) * static_cast<float>(dice.below(1001)) / 1000; }

Look look_of(const Person& person, Dice& dice);

}  // namespace idchip::sample
