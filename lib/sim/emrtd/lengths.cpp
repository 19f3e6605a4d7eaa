#include "sim/emrtd/chip.hpp"

namespace idchip::sim::emrtd {
namespace {

std::size_t length_field(std::size_t n) { return n < 0x80 ? 1 : n < 0x100 ? 2 : n < 0x10000 ? 3 : 4; }

// Doc 9303-11, 9.8.4: DO'87' (with padding indicator) or DO'85', DO'99', DO'8E'.
std::size_t protected_size(std::size_t block, std::size_t plain) {
    const std::size_t value = 1 + (plain / block + 1) * block;
    return 1 + length_field(value) + value + 4 + 10;
}

}  // namespace

std::size_t largest_plain(crypto::Cipher cipher, std::size_t limit) {
    auto plain = limit;
    while (plain > 0 && protected_size(crypto::block_size(cipher), plain) > limit) --plain;
    return plain;
}

bool asks_for_all(const Command& c) { return c.le == (c.extended ? 65'536U : 256U); }

}  // namespace idchip::sim::emrtd
