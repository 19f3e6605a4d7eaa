// A QR symbol (ISO/IEC 18004) and its pictures.
#pragma once

#include <idchip/base/bytes.hpp>

namespace idchip::vietnam {

enum class ErrorCorrection { low, medium, quartile, high };

struct QrSymbol {
    std::size_t size = 0;       // modules a side, without quiet zone
    std::vector<bool> modules;  // row by row, true is dark
    bool dark(std::size_t row, std::size_t column) const { return modules[row * size + column]; }
};

// Byte mode, the smallest version that holds the text.
// Errors: input.bad_field (empty), input.bad_utf8, input.too_large, base.internal.
Result<QrSymbol> make_qr_symbol(std::string_view utf8, ErrorCorrection level = ErrorCorrection::medium);

// All pictures have the quiet zone of 4 modules around the symbol.
// `millimetres` is the side of the symbol without it: 18 on the card of 2024.
std::string to_svg(const QrSymbol& symbol, unsigned millimetres = 18);
// Binary portable bitmap (P4), `scale` pixels a module (1 to 32, others are brought there).
Bytes to_pbm(const QrSymbol& symbol, std::size_t scale = 8);
// Half blocks, two rows of modules a line, light on dark: for a terminal with light text on dark ground.
std::string to_half_blocks(const QrSymbol& symbol);

}  // namespace idchip::vietnam
