#include <idchip/image/iris_record.hpp>

#include <algorithm>

#include <fmt/format.h>

#include "base/try.hpp"
#include "image/fields.hpp"
#include "image/kind.hpp"

namespace idchip::image {
namespace {

// ISO/IEC 19794-6:2005, tables 2 to 4: sizes of the fixed blocks.
constexpr std::size_t record_header = 45, eye_header = 3, image_header = 11;
constexpr std::size_t max_eyes = 0xFF, max_images = 0xFFFF, max_length = 0xFFFFFFFF;

ByteView magic() {
    return as_bytes(
        std::string_view("IIR\0"
                         "010\0",
                         8));
}

Failure bad(std::size_t offset, std::string detail) { return fail(Error(Errc::lds_bad_file, "ISO 19794-6", std::move(detail)).at(offset)); }

// The kind an image must be of; nothing for formats that bear no mark we know.
std::optional<Kind> declared_kind(std::uint16_t format) {
    switch (format) {
        case iris_mono_jpeg:
        case iris_rgb_jpeg: return Kind::jpeg;
        case iris_mono_jpeg2000:
        case iris_rgb_jpeg2000: return Kind::jpeg2000;
        default: return std::nullopt;
    }
}

// The image properties, from the lowest bit: 2 horizontal and 2 vertical orientation, 3 scan type, and one each for three switches.
void unpack_properties(unsigned bits, IrisRecord& r) {
    r.horizontal_orientation = static_cast<Byte>(bits & 3U);
    r.vertical_orientation = static_cast<Byte>((bits >> 2U) & 3U);
    r.scan_type = static_cast<Byte>((bits >> 4U) & 7U);
    r.iris_occlusions = ((bits >> 7U) & 1U) != 0;
    r.occlusion_filling = ((bits >> 8U) & 1U) != 0;
    r.boundary_extraction = ((bits >> 9U) & 1U) != 0;
    r.reserved = static_cast<Byte>((bits >> 10U) & 0x3FU);
}

unsigned pack_properties(const IrisRecord& r) {
    return (r.horizontal_orientation & 3U) | (r.vertical_orientation & 3U) << 2U | (r.scan_type & 7U) << 4U |
           (r.iris_occlusions ? 1U : 0U) << 7U | (r.occlusion_filling ? 1U : 0U) << 8U | (r.boundary_extraction ? 1U : 0U) << 9U |
           (r.reserved & 0x3FU) << 10U;
}

Result<IrisImage> read_image(ByteView record, std::size_t& at) {
    if (record.size() - at < image_header) return bad(at, "iris image header cut off");
    Fields f(record.subspan(at));
    IrisImage image;
    f.into(image.number);
    f.into(image.quality);
    f.into(image.rotation_angle);
    f.into(image.rotation_uncertainty);
    const auto length = static_cast<std::size_t>(f.take(4));
    const std::size_t left = record.size() - at - image_header;
    if (length > left) return bad(at, fmt::format("iris image of {} bytes announced, {} bytes left", length, left));
    image.image = f.bytes(length);
    at += image_header + length;
    return image;
}

// The images of one eye, as many as are announced or as there is data for; `missing` counts the rest.
Result<IrisEye> read_eye(ByteView record, std::size_t& at, std::size_t& missing) {
    if (record.size() - at < eye_header) return bad(at, "iris biometric subtype header cut off");
    Fields f(record.subspan(at));
    IrisEye eye;
    f.into(eye.eye);
    const auto count = static_cast<std::size_t>(f.take(2));
    at += eye_header;
    while (at < record.size() && eye.images.size() < count) eye.images.push_back(TRY(read_image(record, at)));
    missing += count - eye.images.size();
    return eye;
}

void put_eye(Bytes& r, const IrisEye& eye) {
    put(r, eye.eye);
    append_be(r, eye.images.size(), 2);
    for (const auto& image : eye.images) {
        put(r, image.number);
        put(r, image.quality);
        put(r, image.rotation_angle);
        put(r, image.rotation_uncertainty);
        append_be(r, image.image.size(), 4);
        append(r, image.image);
    }
}

Result<std::size_t> length_of(const IrisRecord& record) {
    const auto too_large = [](const char* what) { return fail(Errc::too_large, "ISO 19794-6", what); };
    if (record.eyes.size() > max_eyes) return too_large("more than 255 eyes");
    std::size_t length = record_header;
    for (const auto& eye : record.eyes) {
        if (eye.images.size() > max_images) return too_large("more than 65,535 images of an eye");
        length += eye_header;
        for (const auto& image : eye.images) length += image_header + image.image.size();
    }
    if (length > max_length) return too_large("more than 4 gigabytes");
    return length;
}

}  // namespace

Result<Bytes> encode_iris_record(const IrisRecord& record) {
    const auto length = TRY(length_of(record));
    Bytes r;
    r.reserve(length);
    append(r, magic());
    append_be(r, length, 4);
    put(r, record.capture_device);
    append_be(r, record.eyes.size(), 1);
    append_be(r, record_header, 2);
    append_be(r, pack_properties(record), 2);
    put(r, record.iris_diameter);
    put(r, record.image_format);
    put(r, record.image_width);
    put(r, record.image_height);
    put(r, record.intensity_depth);
    put(r, record.image_transformation);
    append(r, record.device_unique_id);
    for (const auto& eye : record.eyes) put_eye(r, eye);
    return r;
}

Result<IrisRecord> parse_iris_record(ByteView record) {
    if (record.size() < record_header) return bad(0, "record header cut off");
    if (!equal(record.first(8), magic())) return bad(0, "not an iris image record of version 010");
    Fields header(record.subspan(8));
    IrisRecord result;
    const auto length = static_cast<std::size_t>(header.take(4));
    header.into(result.capture_device);
    const auto count = static_cast<std::size_t>(header.take(1));
    const auto header_length = static_cast<std::size_t>(header.take(2));
    if (length < record_header) return bad(8, fmt::format("record of {} bytes announced, less than its header", length));
    if (length > record.size()) return bad(8, fmt::format("record of {} bytes announced, {} present", length, record.size()));
    if (header_length != record_header)
        return bad(15, fmt::format("record header of {} bytes announced, not {}", header_length, record_header));
    unpack_properties(static_cast<unsigned>(header.take(2)), result);
    header.into(result.iris_diameter);
    header.into(result.image_format);
    header.into(result.image_width);
    header.into(result.image_height);
    header.into(result.intensity_depth);
    header.into(result.image_transformation);
    const auto id = header.bytes(result.device_unique_id.size());
    std::copy(id.begin(), id.end(), result.device_unique_id.begin());
    if (length < record.size())
        result.notes.push_back({"iris.trailing_bytes", "ISO 19794-6", fmt::format("{} bytes", record.size() - length)});
    const auto body = record.first(length);
    const auto declared = declared_kind(result.image_format);
    std::size_t at = record_header, missing = 0;
    while (at < body.size() && result.eyes.size() < count) {
        result.eyes.push_back(TRY(read_eye(body, at, missing)));
        if (!declared) continue;
        for (const auto& image : result.eyes.back().images)
            note_kind(*declared, image.image, "iris.image_type_differs", "ISO 19794-6", result.notes);
    }
    if (result.eyes.size() != count || missing != 0 || at != body.size())
        result.notes.push_back({"iris.count_differs", "ISO 19794-6",
                                fmt::format("{} eyes announced, {} found, {} images missing, {} bytes over", count, result.eyes.size(),
                                            missing, body.size() - at)});
    return result;
}

}  // namespace idchip::image
