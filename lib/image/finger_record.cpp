#include <idchip/image/finger_record.hpp>

#include <fmt/format.h>

#include "base/try.hpp"
#include "image/fields.hpp"
#include "image/kind.hpp"

namespace idchip::image {
namespace {

// ISO/IEC 19794-4:2005, 7.1 and 7.2: sizes of the fixed blocks.
constexpr std::size_t record_header = 32, finger_header = 14, length_width = 6;
constexpr std::size_t max_views = 0xFF, max_length = 0xFFFFFFFF;

ByteView magic() {
    return as_bytes(
        std::string_view("FIR\0"
                         "010\0",
                         8));
}

Failure bad(std::size_t offset, std::string detail) { return fail(Error(Errc::lds_bad_file, "ISO 19794-4", std::move(detail)).at(offset)); }

// The kind an image must be of; nothing for pixels as they are, which bear no mark.
std::optional<Kind> declared_kind(Byte compression) {
    switch (compression) {
        case finger_wsq: return Kind::wsq;
        case finger_jpeg: return Kind::jpeg;
        case finger_jpeg2000: return Kind::jpeg2000;
        case finger_png: return Kind::png;
        default: return std::nullopt;
    }
}

void read_header(Fields& f, FingerRecord& r) {
    f.into(r.scale_units);
    f.into(r.horizontal_scan_resolution);
    f.into(r.vertical_scan_resolution);
    f.into(r.horizontal_image_resolution);
    f.into(r.vertical_image_resolution);
    f.into(r.pixel_depth);
    f.into(r.compression);
    f.into(r.reserved);
}

Result<FingerImage> read_finger(ByteView record, std::size_t& at) {
    if (record.size() - at < finger_header) return bad(at, "finger image header cut off");
    Fields f(record.subspan(at));
    const auto length = static_cast<std::size_t>(f.take(4));
    if (length < finger_header || length > record.size() - at)
        return bad(at, fmt::format("finger image of {} bytes announced, {} bytes left", length, record.size() - at));
    FingerImage finger;
    f.into(finger.position);
    f.into(finger.view_count);
    f.into(finger.view_number);
    f.into(finger.quality);
    f.into(finger.impression_type);
    f.into(finger.width);
    f.into(finger.height);
    f.into(finger.reserved);
    finger.image = f.bytes(length - finger_header);
    at += length;
    return finger;
}

void put_finger(Bytes& r, const FingerImage& finger) {
    append_be(r, finger_header + finger.image.size(), 4);
    put(r, finger.position);
    put(r, finger.view_count);
    put(r, finger.view_number);
    put(r, finger.quality);
    put(r, finger.impression_type);
    put(r, finger.width);
    put(r, finger.height);
    put(r, finger.reserved);
    append(r, finger.image);
}

}  // namespace

Result<Bytes> encode_finger_record(const FingerRecord& record) {
    if (record.fingers.size() > max_views) return fail(Errc::too_large, "ISO 19794-4", "more than 255 views");
    std::size_t length = record_header;
    for (const auto& finger : record.fingers) {
        if (finger.image.size() > max_length - finger_header)
            return fail(Errc::too_large, "ISO 19794-4", "an image of more than 4 gigabytes");
        length += finger_header + finger.image.size();
    }
    Bytes r;
    r.reserve(length);
    append(r, magic());
    append_be(r, length, length_width);
    put(r, record.capture_device);
    put(r, record.image_acquisition_level);
    append_be(r, record.fingers.size(), 1);
    put(r, record.scale_units);
    put(r, record.horizontal_scan_resolution);
    put(r, record.vertical_scan_resolution);
    put(r, record.horizontal_image_resolution);
    put(r, record.vertical_image_resolution);
    put(r, record.pixel_depth);
    put(r, record.compression);
    put(r, record.reserved);
    for (const auto& finger : record.fingers) put_finger(r, finger);
    return r;
}

Result<FingerRecord> parse_finger_record(ByteView record) {
    if (record.size() < record_header) return bad(0, "record header cut off");
    if (!equal(record.first(8), magic())) return bad(0, "not a finger image record of version 010");
    Fields header(record.subspan(8));
    const auto length = header.take(length_width);
    if (length < record_header) return bad(8, fmt::format("record of {} bytes announced, less than its header", length));
    if (length > record.size()) return bad(8, fmt::format("record of {} bytes announced, {} present", length, record.size()));
    FingerRecord result;
    header.into(result.capture_device);
    header.into(result.image_acquisition_level);
    const auto count = static_cast<std::size_t>(header.take(1));
    read_header(header, result);
    if (length < record.size())
        result.notes.push_back({"finger.trailing_bytes", "ISO 19794-4", fmt::format("{} bytes", record.size() - length)});
    const auto body = record.first(static_cast<std::size_t>(length));
    const auto declared = declared_kind(result.compression);
    std::size_t at = record_header;
    while (at < body.size() && result.fingers.size() < count) {
        result.fingers.push_back(TRY(read_finger(body, at)));
        if (declared) note_kind(*declared, result.fingers.back().image, "finger.image_type_differs", "ISO 19794-4", result.notes);
    }
    if (result.fingers.size() != count || at != body.size())
        result.notes.push_back(
            {"finger.count_differs", "ISO 19794-4",
             fmt::format("{} views announced, {} found, {} bytes over", count, result.fingers.size(), body.size() - at)});
    return result;
}

}  // namespace idchip::image
