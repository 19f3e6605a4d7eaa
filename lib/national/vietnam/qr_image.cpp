#include <idchip/national/vietnam/qr_image.hpp>

#include <algorithm>
#include <cerrno>
#include <memory>

#include <fmt/format.h>
#include <qrencode.h>

#include <idchip/base/text.hpp>

namespace idchip::vietnam {
namespace {

// ISO/IEC 18004, 5.3.8: as many light modules on each side.
constexpr std::size_t quiet = 4;
constexpr std::size_t largest_scale = 32;

QRecLevel level_of(ErrorCorrection level) {
    switch (level) {
        case ErrorCorrection::low: return QR_ECLEVEL_L;
        case ErrorCorrection::medium: return QR_ECLEVEL_M;
        case ErrorCorrection::quartile: return QR_ECLEVEL_Q;
        case ErrorCorrection::high: break;
    }
    return QR_ECLEVEL_H;
}

// With the quiet zone: rows and columns count from its corner, everything outside is light.
bool dark_at(const QrSymbol& symbol, std::size_t row, std::size_t column) {
    const bool inside = row >= quiet && column >= quiet && row < symbol.size + quiet && column < symbol.size + quiet;
    return inside && symbol.dark(row - quiet, column - quiet);
}

std::size_t full_size(const QrSymbol& symbol) { return symbol.size + 2 * quiet; }

}  // namespace

Result<QrSymbol> make_qr_symbol(std::string_view utf8, ErrorCorrection level) {
    constexpr std::size_t most = 2953;  // byte mode, version 40, level L
    if (utf8.empty()) return fail(Errc::bad_field, "QR", "empty");
    if (!is_valid_utf8(as_bytes(utf8))) return fail(Errc::bad_utf8, "QR");
    if (utf8.size() > most) return fail(Errc::too_large, "QR", fmt::format("{} bytes, limit {}", utf8.size(), most));
    const auto* bytes = as_bytes(utf8).data();
    errno = 0;
    const std::unique_ptr<QRcode, decltype(&QRcode_free)> code(QRcode_encodeData(static_cast<int>(utf8.size()), bytes, 0, level_of(level)),
                                                               &QRcode_free);
    if (!code && errno == ERANGE) return fail(Errc::too_large, "QR", "no symbol holds so much at this level");
    if (!code) return fail(Errc::internal, "QR", "libqrencode refused");
    QrSymbol symbol;
    symbol.size = static_cast<std::size_t>(code->width);
    symbol.modules.reserve(symbol.size * symbol.size);
    for (std::size_t i = 0; i < symbol.size * symbol.size; ++i) symbol.modules.push_back((code->data[i] & 1U) != 0);
    return symbol;
}

std::string to_svg(const QrSymbol& symbol, unsigned millimetres) {
    const auto n = full_size(symbol);
    const double side = symbol.size == 0 ? 0 : static_cast<double>(millimetres) * static_cast<double>(n) / static_cast<double>(symbol.size);
    std::string path;
    for (std::size_t row = 0; row < n; ++row)
        for (std::size_t column = 0; column < n;) {
            std::size_t end = column;
            while (dark_at(symbol, row, end)) ++end;
            if (end > column) path += fmt::format("M{} {}h{}v1h-{}z", column, row, end - column, end - column);
            column = std::max(end, column + 1);
        }
    return fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0:.3f}mm\" height=\"{0:.3f}mm\" viewBox=\"0 0 {1} {1}\" "
        "shape-rendering=\"crispEdges\">\n<path fill=\"#fff\" d=\"M0 0h{1}v{1}h-{1}z\"/>\n<path d=\"{2}\"/>\n</svg>\n",
        side, n, path);
}

Bytes to_pbm(const QrSymbol& symbol, std::size_t scale) {
    scale = std::clamp<std::size_t>(scale, 1, largest_scale);
    const auto pixels = full_size(symbol) * scale;
    const auto header = fmt::format("P4\n{0} {0}\n", pixels);
    const auto row_bytes = (pixels + 7) / 8;
    auto file = to_bytes(as_bytes(header));
    file.reserve(file.size() + row_bytes * pixels);
    for (std::size_t row = 0; row < full_size(symbol); ++row) {
        Bytes line(row_bytes);
        for (std::size_t x = 0; x < pixels; ++x)
            if (dark_at(symbol, row, x / scale)) line[x / 8] = static_cast<Byte>(line[x / 8] | 0x80U >> x % 8);
        for (std::size_t i = 0; i < scale; ++i) append(file, line);
    }
    return file;
}

std::string to_half_blocks(const QrSymbol& symbol) {
    std::string text;
    for (std::size_t row = 0; row < full_size(symbol); row += 2) {
        for (std::size_t column = 0; column < full_size(symbol); ++column) {
            const bool upper = dark_at(symbol, row, column), lower = dark_at(symbol, row + 1, column);
            text += upper ? (lower ? " " : "▄") : (lower ? "▀" : "█");
        }
        text += '\n';
    }
    return text;
}

}  // namespace idchip::vietnam
