#include "sample/look.hpp"

namespace idchip::sample {
namespace {

template <class T, std::size_t n>
T one_of(Dice& dice, const std::array<T, n>& choices) {
    return choices[dice.below(static_cast<std::uint32_t>(n))];
}

Hair pick_hair(Dice& dice, bool woman, float age) {
    if (woman && age >= 50) return one_of(dice, std::array{Hair::perm, Hair::perm, Hair::tied, Hair::bob});
    if (woman) return one_of(dice, std::array{Hair::long_centre, Hair::long_side, Hair::bob, Hair::tied, Hair::long_side});
    if (age >= 60) return one_of(dice, std::array{Hair::receding, Hair::receding, Hair::bald, Hair::crew, Hair::parted});
    if (age >= 42) return one_of(dice, std::array{Hair::receding, Hair::crew, Hair::parted, Hair::swept});
    return one_of(dice, std::array{Hair::parted, Hair::crew, Hair::fringe, Hair::swept});
}

Rgb pick_hair_colour(Dice& dice, float age) {
    const Rgb young = one_of(dice, std::array{hex(0x1E1A1A), hex(0x241C19), hex(0x2B211C), hex(0x191A1F), hex(0x3A281E)});
    const float grey = std::clamp((age - between(dice, 38, 58)) / 26, 0.0F, 1.0F);
    return mix(young, hex(0xD4D3D1), grey * 0.92F);
}

void pick_clothes(Dice& dice, Look& l) {
    l.dress = l.woman ? one_of(dice, std::array{Dress::ao_dai, Dress::blouse, Dress::round_neck, Dress::blouse, Dress::ao_dai})
                      : one_of(dice, std::array{Dress::shirt, Dress::suit, Dress::polo, Dress::shirt});
    constexpr std::array pale = {hex(0xF2F4F6), hex(0xE3ECF4), hex(0xF3EDE2), hex(0xD9E4EF), hex(0xEFE3E6)};
    constexpr std::array deep = {hex(0x2F4A6D), hex(0x7A2E3A), hex(0x33604F), hex(0x5B4A78), hex(0x3E4650), hex(0x8C5A2B), hex(0x2A6F86)};
    constexpr std::array soft = {hex(0xE7B7BF), hex(0xC9D8EE), hex(0xF0DDB0), hex(0xBFDCCB), hex(0xD8C8E6), hex(0xC4475A), hex(0x2E7D8C)};
    const bool light = l.dress == Dress::shirt || l.dress == Dress::blouse;
    constexpr std::array dark = {hex(0x28303C), hex(0x343434), hex(0x2B3A55)};
    if (l.dress == Dress::suit) l.cloth = one_of(dice, dark);
    else if (light) l.cloth = one_of(dice, pale);
    else l.cloth = l.woman ? one_of(dice, soft) : one_of(dice, deep);
    l.trim = l.dress == Dress::suit ? one_of(dice, deep) : l.cloth * 0.86F;
}

}  // namespace

Look look_of(const Person& person, Dice& dice) {
    Look l{};
    l.woman = person.sex == 'F';
    l.age = static_cast<float>(person.issued.year - person.birth.year);
    constexpr std::array skins = {hex(0xF4D3B8), hex(0xECC4A4), hex(0xE3B794), hex(0xD6A680), hex(0xC4926C), hex(0xF0CCAC)};
    const Rgb skin = one_of(dice, skins);
    l.skin = mix(skin, hex(0xE9BE9C), between(dice, 0, 0.5F));
    l.hair = pick_hair_colour(dice, l.age);
    l.style = pick_hair(dice, l.woman, l.age);
    pick_clothes(dice, l);
    l.background = one_of(dice, std::array{hex(0xDDE6EF), hex(0xE4E7EA), hex(0xD3E0EC), hex(0xE6E9EC), hex(0xCFDDE8)});
    l.face = between(dice, 66, 77) - (l.woman ? 2.0F : 0.0F);
    l.jaw = between(dice, 0, 1) + (l.woman ? -0.2F : 0.25F);
    l.chin = between(dice, 98, 112) - (l.woman ? 3.0F : 0.0F);
    l.eye_gap = between(dice, 29, 34);
    l.eye_open = between(dice, 0.8F, 1.15F) - std::clamp((l.age - 45) / 160, 0.0F, 0.25F);
    l.eye_tilt = between(dice, -0.5F, 2.5F);
    l.lid = between(dice, 0, 1);
    l.brow = (l.woman ? 2.1F : 3.0F) * between(dice, 0.8F, 1.25F);
    l.brow_rise = between(dice, -1.5F, 4);
    l.nose = between(dice, 0.85F, 1.2F);
    l.mouth = between(dice, 19, 25);
    l.smile = between(dice, 0.5F, 5);
    l.lips = between(dice, 0.75F, 1.2F);
    if (!l.woman && l.age > 19) l.beard = dice.chance(350) ? between(dice, 0.3F, 0.9F) : 0;
    if (!l.woman && l.age > 24) l.moustache = dice.chance(170) ? between(dice, 0.6F, 1) : 0;
    l.side = dice.chance(500) ? 1.0F : -1.0F;
    l.glasses = dice.chance(l.age > 50 ? 380 : 200) ? 1 + static_cast<int>(dice.below(2)) : 0;
    l.offset = {between(dice, -5, 5), between(dice, -5, 6)};
    l.scale = between(dice, 1.02F, 1.12F);
    return l;
}

}  // namespace idchip::sample
