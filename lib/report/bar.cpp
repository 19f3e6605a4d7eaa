#include "report/bar.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace idchip::report {

std::string bar(std::uint64_t done, std::uint64_t target, std::size_t cells) {
    if (target == 0) return {};
    constexpr std::array<std::string_view, 8> part = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    const auto eighths = static_cast<std::size_t>(std::min(done, target) * cells * 8 / target);
    std::string text;
    for (std::size_t i = 0; i < eighths / 8; ++i) text += "█";
    text += part.at(eighths % 8);
    for (std::size_t i = (eighths + 7) / 8; i < cells; ++i) text += "░";
    return text;
}

}  // namespace idchip::report
