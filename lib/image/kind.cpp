#include "image/kind.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/try.hpp"

namespace idchip::image {
namespace {

bool begins(ByteView image, std::initializer_list<Byte> with) {
    return image.size() >= with.size() && std::equal(with.begin(), with.end(), image.begin());
}

Failure cut_off(std::string detail) { return fail(Errc::lds_bad_image, "image", std::move(detail)); }

std::uint32_t number(ByteView bytes) { return static_cast<std::uint32_t>(read_be(bytes)); }

// ISO/IEC 15948: the first chunk is IHDR.
Result<Size> png_size(ByteView image) {
    if (image.size() < 24 || !equal(image.subspan(12, 4), as_bytes("IHDR"))) return cut_off("PNG without its header");
    return Size{number(image.subspan(16, 4)), number(image.subspan(20, 4))};
}

// The WSQ grey-scale fingerprint specification: marker segments until the start of the frame.
Result<Size> wsq_size(ByteView image) {
    constexpr std::uint64_t start_of_frame = 0xFFA2, start_of_block = 0xFFA3;
    auto rest = image.subspan(2);
    while (rest.size() >= 4) {
        const auto marker = read_be(rest.first(2));
        const auto length = static_cast<std::size_t>(read_be(rest.subspan(2, 2)));
        if (marker < 0xFF00 || marker == start_of_block || length < 2 || length > rest.size() - 2) break;
        const auto segment = rest.subspan(4, length - 2);
        if (marker == start_of_frame) {  // black, white, lines, samples of a line
            if (segment.size() < 6) break;
            return Size{number(segment.subspan(4, 2)), number(segment.subspan(2, 2))};
        }
        rest = rest.subspan(2 + length);
    }
    return cut_off("WSQ without a frame header");
}

}  // namespace

std::string_view name(Kind kind) {
    switch (kind) {
        case Kind::jpeg: return "JPEG";
        case Kind::jpeg2000: return "JPEG 2000";
        case Kind::png: return "PNG";
        case Kind::wsq: return "WSQ";
        case Kind::pgm: return "PGM";
        case Kind::ppm: return "PPM";
        case Kind::unknown: break;
    }
    return "unknown";
}

Kind kind_of(ByteView image) {
    const auto format = sniff(image);
    if (format == Format::jpeg) return Kind::jpeg;
    if (format == Format::jpeg2000) return Kind::jpeg2000;
    if (begins(image, {0x89, 'P', 'N', 'G', 0x0D, 0x0A, 0x1A, 0x0A})) return Kind::png;
    if (begins(image, {0xFF, 0xA0})) return Kind::wsq;
    if (begins(image, {'P', '5'})) return Kind::pgm;
    if (begins(image, {'P', '6'})) return Kind::ppm;
    return Kind::unknown;
}

void note_kind(Kind declared, ByteView image, const char* id, const char* where, Notes& notes) {
    const auto found = kind_of(image);
    if (declared == Kind::unknown || declared != found)
        notes.push_back({id, where, fmt::format("declared {}, found {}", name(declared), name(found))});
}

Result<Size> size_of(ByteView image) {
    const auto kind = kind_of(image);
    if (kind == Kind::png) return png_size(image);
    if (kind == Kind::wsq) return wsq_size(image);
    if (kind == Kind::jpeg || kind == Kind::jpeg2000) {
        const auto header = TRY(read_header(image));
        return Size{header.width, header.height};
    }
    return fail(Errc::lds_bad_image, "image", "no size is read from a " + std::string(name(kind)) + " image");
}

}  // namespace idchip::image
