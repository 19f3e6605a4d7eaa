#include "image/exif.hpp"

namespace idchip::image {
namespace {

constexpr std::size_t entry_size = 12;
constexpr std::uint16_t tag_orientation = 0x0112, type_short = 3;

// TIFF 6.0, section 2: integers in the byte order that the first two bytes state.
class Tiff {
public:
    explicit Tiff(ByteView bytes) : bytes_(bytes), little_(!bytes.empty() && bytes[0] == 'I') {}
    std::optional<std::uint32_t> number(std::size_t at, std::size_t width) const {
        if (at > bytes_.size() || width > bytes_.size() - at) return std::nullopt;
        std::uint32_t value = 0;
        for (std::size_t i = 0; i < width; ++i) value = value << 8U | bytes_[at + (little_ ? width - 1 - i : i)];
        return value;
    }

private:
    ByteView bytes_;
    bool little_;
};

}  // namespace

unsigned exif_orientation(ByteView app1) {
    constexpr std::string_view identifier("Exif\0\0", 6);
    if (app1.size() < identifier.size() || as_text(app1.first(identifier.size())) != identifier) return 1;
    const Tiff tiff(app1.subspan(identifier.size()));
    const auto directory = tiff.number(4, 4);
    const auto entries = directory ? tiff.number(*directory, 2) : std::nullopt;
    if (!entries) return 1;
    for (std::size_t i = 0; i < *entries; ++i) {
        const std::size_t at = *directory + std::size_t{2} + i * entry_size;
        const auto tag = tiff.number(at, 2);
        if (!tag) return 1;
        if (*tag != tag_orientation) continue;
        const auto value = tiff.number(at + 8, 2);
        return tiff.number(at + 2, 2) == type_short && value && *value >= 1 && *value <= 8 ? *value : 1;
    }
    return 1;
}

}  // namespace idchip::image
