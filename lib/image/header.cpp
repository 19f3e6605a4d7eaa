#include <idchip/image/header.hpp>

#include <algorithm>
#include <array>

#include "base/try.hpp"
#include "image/exif.hpp"

namespace idchip::image {
namespace {

constexpr std::array<Byte, 12> jp2_signature = {0, 0, 0, 0x0C, 'j', 'P', ' ', ' ', 0x0D, 0x0A, 0x87, 0x0A};
constexpr std::array<Byte, 4> codestream_start = {0xFF, 0x4F, 0xFF, 0x51};

Failure bad(std::string detail) { return fail(Errc::lds_bad_image, {}, std::move(detail)); }

bool starts_with(ByteView image, ByteView prefix) { return image.size() >= prefix.size() && equal(image.first(prefix.size()), prefix); }

// ITU-T T.81, B.2.2: the frame header stands behind a SOFn marker; markers before it are skipped by their lengths.
Result<Header> read_jpeg(ByteView image) {
    constexpr Byte app1 = 0xE1;
    std::size_t at = 2;
    unsigned orientation = 1;
    while (at + 4 <= image.size()) {
        if (image[at] != 0xFF) return bad("JPEG marker expected");
        const Byte marker = image[at + 1];
        if (marker == 0xFF) {
            ++at;
            continue;
        }
        const auto length = static_cast<std::size_t>(read_be(image.subspan(at + 2, 2)));
        const bool frame = marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
        if (marker == 0xD9 || marker == 0xDA || length < 2 || at + 2 + length > image.size()) return bad("JPEG without a frame header");
        if (frame) {
            if (length < 8) return bad("JPEG frame header cut off");
            const auto f = image.subspan(at + 4);
            const Header h{Format::jpeg, static_cast<std::uint32_t>(read_be(f.subspan(3, 2))),
                           static_cast<std::uint32_t>(read_be(f.subspan(1, 2))), f[5], orientation};
            if (h.width == 0 || h.height == 0) return bad("JPEG of no size");
            return h;
        }
        if (marker == app1 && orientation == 1) orientation = exif_orientation(image.subspan(at + 4, length - 2));
        at += 2 + length;
    }
    return bad("JPEG cut off before its frame header");
}

// ISO/IEC 15444-1, A.5.1: SIZ is the first marker segment of a codestream.
Result<Header> read_codestream(ByteView c) {
    if (c.size() < 42) return bad("JPEG 2000 codestream cut off");
    const auto field = [&c](std::size_t at, std::size_t n) { return static_cast<std::uint32_t>(read_be(c.subspan(at, n))); };
    const std::uint32_t x = field(8, 4);
    const std::uint32_t y = field(12, 4);
    const std::uint32_t x0 = field(16, 4);
    const std::uint32_t y0 = field(20, 4);
    if (x <= x0 || y <= y0) return bad("JPEG 2000 of no size");
    return Header{Format::jpeg2000, x - x0, y - y0, field(40, 2)};
}

// ISO/IEC 15444-1, annex I: a sequence of boxes; the codestream stands in 'jp2c'.
Result<Header> read_jp2(ByteView image) {
    std::size_t at = 0;
    while (at + 8 <= image.size()) {
        auto length = static_cast<std::size_t>(read_be(image.subspan(at, 4)));
        const auto type = as_text(image.subspan(at + 4, 4));
        if (length == 0) length = image.size() - at;
        if (length < 8 || length > image.size() - at) return bad("JP2 box runs out of the file");
        if (type == "jp2c") {
            const auto stream = image.subspan(at + 8, length - 8);
            if (!starts_with(stream, codestream_start)) return bad("JP2 without a codestream");
            return read_codestream(stream);
        }
        at += length;
    }
    return bad("JP2 without a codestream box");
}

}  // namespace

std::string_view name(Format format) { return format == Format::jpeg ? "JPEG" : format == Format::jpeg2000 ? "JPEG 2000" : "unknown"; }

Format sniff(ByteView image) {
    constexpr std::array<Byte, 3> jpeg = {0xFF, 0xD8, 0xFF};
    if (starts_with(image, jpeg)) return Format::jpeg;
    if (starts_with(image, jp2_signature) || starts_with(image, codestream_start)) return Format::jpeg2000;
    return Format::unknown;
}

Result<Header> read_header(ByteView image) {
    switch (sniff(image)) {
        case Format::jpeg: return read_jpeg(image);
        case Format::jpeg2000: return starts_with(image, codestream_start) ? read_codestream(image) : read_jp2(image);
        case Format::unknown: break;
    }
    return bad(image.empty() ? "no image" : "neither JPEG nor JPEG 2000");
}

Result<Header> check_complete(ByteView image) {
    const auto header = TRY(read_header(image));
    // ITU-T T.81, B.2.1 and ISO/IEC 15444-1, A.4.4 end the stream with the same marker; some writers pad with zeros behind it.
    auto end = image;
    while (end.size() > 2 && end.back() == 0) end = end.first(end.size() - 1);
    if (end[end.size() - 2] != 0xFF || end.back() != 0xD9) return bad("cut off: no end marker");
    return header;
}

}  // namespace idchip::image
