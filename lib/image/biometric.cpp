#include <idchip/image/biometric.hpp>

#include "base/try.hpp"
#include "image/kind.hpp"

namespace idchip::image {
namespace {

using iso39794::Code;

// One row for each code of ISO/IEC 39794-5, its index, with the code of ISO/IEC 19794-5:2005, tables 2 to 4.
// The old table of eyes has no hazel; its 8 is other or unknown. "Known coloured" hair is green, blue or the like: 255 other or unknown.
constexpr Byte old_gender[] = {0, 0, 1, 2};
constexpr Byte old_eye_colour[] = {0, 8, 1, 2, 3, 4, 5, 8, 6, 7};
constexpr Byte old_hair_colour[] = {0, 255, 1, 2, 3, 4, 5, 6, 7, 255};
// Likewise the colour space: RGB of 48 bits and grey of 16 are "other" in the old table.
constexpr Byte old_colour_space[] = {0, 4, 1, 4, 2, 3, 4};
constexpr Byte old_grey = 3;

template <std::size_t n>
Byte in_table(const Byte (&table)[n], int code) {
    return code >= 0 && static_cast<std::size_t>(code) < n ? table[code] : Byte{0};
}
template <std::size_t n>
Byte in_table(const Byte (&table)[n], const std::optional<Code>& code) {
    return in_table(table, code ? code->value().value_or(0) : 0);
}

// What is given, else what the image says; it must fit two bytes. Errors: lds.bad_image.
Result<Size> size_for(ByteView image, std::uint16_t width, std::uint16_t height) {
    if (width != 0 && height != 0) return Size{width, height};
    const auto size = TRY(size_of(image));
    if (size.width == 0 || size.height == 0 || size.width > 0xFFFF || size.height > 0xFFFF)
        return fail(Errc::lds_bad_image, "image", "states no size that fits a record");
    return Size{width != 0 ? width : size.width, height != 0 ? height : size.height};
}

std::uint16_t pixels(int number) { return number > 0 && number <= 0xFFFF ? static_cast<std::uint16_t>(number) : std::uint16_t{0}; }

Failure wrong_kind(const char* where, Kind kind) { return fail(Errc::lds_bad_image, where, std::string(name(kind)) + " image"); }

// --- ISO/IEC 19794:2005

Result<Bytes> old_face(const FaceDescription& d) {
    const auto kind = kind_of(d.image);
    if (kind != Kind::jpeg && kind != Kind::jpeg2000) return wrong_kind("ISO 19794-5", kind);
    const auto size = TRY(size_for(d.image, d.width, d.height));
    const auto header = read_header(d.image);
    FaceImage face;
    if (header && header->components == 1) face.colour_space = old_grey;
    face.gender = in_table(old_gender, static_cast<int>(d.gender));
    face.eye_colour = in_table(old_eye_colour, static_cast<int>(d.eye_colour));
    face.hair_colour = in_table(old_hair_colour, static_cast<int>(d.hair_colour));
    face.data_type = kind == Kind::jpeg ? 0 : 1;
    face.width = static_cast<std::uint16_t>(size.width);
    face.height = static_cast<std::uint16_t>(size.height);
    face.image = d.image;
    return encode_face_record(face);
}

std::optional<FingerCompression> old_compression(Kind kind) {
    switch (kind) {
        case Kind::wsq: return finger_wsq;
        case Kind::jpeg: return finger_jpeg;
        case Kind::jpeg2000: return finger_jpeg2000;
        case Kind::png: return finger_png;
        default: return std::nullopt;
    }
}

// ISO/IEC 19794-4:2005, table 1: only these resolutions make an acquisition level.
std::uint16_t acquisition_level(std::uint16_t pixels_per_inch) {
    switch (pixels_per_inch) {
        case 125: return 10;
        case 250: return 20;
        case 500: return 31;
        case 1000: return 41;
        default: return 0;
    }
}

Result<Bytes> old_finger(const FingerDescription& d) {
    const auto kind = kind_of(d.image);
    const auto compression = old_compression(kind);
    if (!compression) return wrong_kind("ISO 19794-4", kind);
    const auto level = acquisition_level(d.resolution);
    if (level == 0) return fail(Errc::bad_field, "ISO 19794-4", "resolution is none of 125, 250, 500, 1000 pixels per inch");
    const auto size = TRY(size_for(d.image, d.width, d.height));
    FingerRecord record;
    record.image_acquisition_level = level;
    record.horizontal_scan_resolution = record.vertical_scan_resolution = d.resolution;
    record.horizontal_image_resolution = record.vertical_image_resolution = d.resolution;
    record.compression = *compression;
    auto& finger = record.fingers.emplace_back();
    finger.position = d.position;
    finger.width = static_cast<std::uint16_t>(size.width);
    finger.height = static_cast<std::uint16_t>(size.height);
    finger.image = d.image;
    return encode_finger_record(record);
}

Result<Bytes> old_iris(const IrisDescription& d) {
    const auto kind = kind_of(d.image);
    if (kind != Kind::jpeg && kind != Kind::jpeg2000) return wrong_kind("ISO 19794-6", kind);
    const auto components = TRY(read_header(d.image)).components;
    const auto size = TRY(size_for(d.image, d.width, d.height));
    const bool colour = components >= 3;
    IrisRecord record;
    record.horizontal_orientation = record.vertical_orientation = 1;
    record.scan_type = 1;
    if (kind == Kind::jpeg) record.image_format = colour ? iris_rgb_jpeg : iris_mono_jpeg;
    else record.image_format = colour ? iris_rgb_jpeg2000 : iris_mono_jpeg2000;
    record.image_width = static_cast<std::uint16_t>(size.width);
    record.image_height = static_cast<std::uint16_t>(size.height);
    auto& eye = record.eyes.emplace_back();
    eye.eye = d.eye;
    eye.images.emplace_back().image = d.image;
    return encode_iris_record(record);
}

// --- ISO/IEC 39794

Result<Bytes> new_face(const FaceDescription& d) {
    auto block = TRY(iso39794::face_image_data_block(d.image));
    auto& representation = block.representations.front();
    const auto size = TRY(size_for(d.image, d.width, d.height));
    representation.image_2d->information.image_size = {static_cast<int>(size.width), static_cast<int>(size.height), {}};
    representation.capture_date_time = d.captured;
    iso39794::IdentityMetadataBlock person;
    if (d.gender != Gender::unknown) person.gender = Code::extension(static_cast<int>(d.gender));
    if (d.eye_colour != EyeColour::unknown) person.eye_colour = Code::extension(static_cast<int>(d.eye_colour));
    if (d.hair_colour != HairColour::unknown) person.hair_colour = Code::extension(static_cast<int>(d.hair_colour));
    if (person.gender || person.eye_colour || person.hair_colour) representation.identity_metadata = std::move(person);
    return encode(block);
}

Result<Bytes> new_finger(const FingerDescription& d) {
    auto block = TRY(iso39794::finger_image_data_block(d.image, d.position));
    auto& representation = block.representations.front();
    representation.capture_date_time = d.captured;
    representation.spatial_sampling_rate = {d.resolution, 0, {}};
    return encode(block);
}

Result<Bytes> new_iris(const IrisDescription& d) {
    constexpr int uncropped = 1, vga = 2;
    if (!d.captured) return fail(Errc::bad_field, "ISO 39794-6", "no date of capture");
    const auto size = TRY(size_for(d.image, d.width, d.height));
    const int image_kind = size.width == 640 && size.height == 480 ? vga : uncropped;
    return encode(TRY(iso39794::iris_image_data_block(d.image, d.eye, image_kind, *d.captured)));
}

FaceImage in_old_terms(const iso39794::FaceRepresentationBlock& representation) {
    const auto& [image, information, device, unknown] = *representation.image_2d;
    FaceImage face;
    face.image = image;
    face.data_type = information.image_data_format.value() == iso39794::face_jpeg ? 0 : 1;
    face.colour_space = in_table(old_colour_space, information.image_colour_space);
    if (information.image_size) {
        face.width = pixels(information.image_size->width);
        face.height = pixels(information.image_size->height);
    }
    face.source_type = device && device->technology ? static_cast<Byte>(device->technology->value().value_or(0)) : Byte{0};
    if (const auto& person = representation.identity_metadata) {
        face.gender = in_table(old_gender, person->gender);
        face.eye_colour = in_table(old_eye_colour, person->eye_colour);
        face.hair_colour = in_table(old_hair_colour, person->hair_colour);
    }
    return face;
}

}  // namespace

Result<Bytes> make_face_record(const FaceDescription& face, RecordFormat format) {
    return format == RecordFormat::iso19794 ? old_face(face) : new_face(face);
}

Result<Bytes> make_finger_record(const FingerDescription& finger, RecordFormat format) {
    return format == RecordFormat::iso19794 ? old_finger(finger) : new_finger(finger);
}

Result<Bytes> make_iris_record(const IrisDescription& iris, RecordFormat format) {
    return format == RecordFormat::iso19794 ? old_iris(iris) : new_iris(iris);
}

std::vector<FaceImage> faces_of(const iso39794::FaceImageDataBlock& block) {
    std::vector<FaceImage> faces;
    for (const auto& representation : block.representations)
        if (representation.image_2d) faces.push_back(in_old_terms(representation));
    return faces;
}

}  // namespace idchip::image
