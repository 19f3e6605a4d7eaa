#include <idchip/image/iris39794.hpp>

#include "image/iso39794_codec.hpp"
#include "image/kind.hpp"

namespace idchip::image::iso39794 {

template <class IO>
void fields(IO& io, Is<RangeOrError> auto& b) {
    io.exactly_one();
    io.field(0, b.range);
    io.field(1, b.error_code);
    io.rest(b.unknown);
}

template <class IO>
void fields(IO& io, Is<RollAngleBlock> auto& b) {
    io.field(0, b.angle);
    io.field(1, b.uncertainty);
    io.rest(b.unknown);
}

template <class IO>
void fields(IO& io, Is<LocalisationBlock> auto& b) {
    io.field(0, b.iris_center_x_smallest);
    io.field(1, b.iris_center_x_largest);
    io.field(2, b.iris_center_y_smallest);
    io.field(3, b.iris_center_y_largest);
    io.field(4, b.iris_diameter_smallest);
    io.field(5, b.iris_diameter_largest);
    io.rest(b.unknown);
}

template <class IO>
void fields(IO& io, Is<IrisRepresentationBlock> auto& b) {
    io.field(0, b.eye_label);
    io.field(1, b.iris_image_kind);
    io.field(2, b.bit_depth);
    io.field(3, b.image_data_format);
    io.field(4, b.horizontal_orientation);
    io.field(5, b.vertical_orientation);
    io.field(6, b.compression_history);
    io.primitive(9, b.range_first);  // the image, the only primitive field of the three
    io.field(b.range_first ? 8 : 7, b.capture_date_time);
    io.field(b.range_first ? 9 : 8, b.image);
    io.field(b.range_first ? 7 : 9, b.range);
    io.field(10, b.capture_device);
    io.field(11, b.quality_blocks);
    io.field(12, b.roll_angle);
    io.field(13, b.localisation);
    io.field(14, b.pad_data);
    io.rest(b.unknown);
}

template <class IO>
void fields(IO& io, Is<IrisImageDataBlock> auto& b) {
    io.field(0, b.version);
    io.list(1, b.representations);
    io.rest(b.unknown);
}

namespace {

constexpr const char* where = "ISO 39794-6";

Kind declared_kind(const Code& format) {
    switch (format.value().value_or(-1)) {
        case iris_pgm: return Kind::pgm;
        case iris_ppm: return Kind::ppm;
        case iris_png: return Kind::png;
        case iris_jpeg2000_lossless:
        case iris_jpeg2000_lossy: return Kind::jpeg2000;
        default: return Kind::unknown;
    }
}

std::optional<int> format_of(Kind kind) {
    switch (kind) {
        case Kind::pgm: return iris_pgm;
        case Kind::ppm: return iris_ppm;
        case Kind::png: return iris_png;
        case Kind::jpeg2000: return iris_jpeg2000_lossy;
        default: return std::nullopt;
    }
}

}  // namespace

Bytes encode(const IrisImageDataBlock& block) { return codec::close(Part::iris, block.standardized, codec::Encoder::contents(block)); }

Result<IrisImageDataBlock> parse_iris_image_data_block(ByteView record) {
    auto block = TRY(codec::parse<IrisImageDataBlock>(record, Part::iris, where));
    if (block.representations.empty()) block.notes.push_back({"iso39794.no_image", where, "no representation"});
    for (const auto& representation : block.representations) {
        if (representation.range_first) block.notes.push_back({"iso39794.iris_numbering", where, "range, date and image are 7, 8, 9"});
        note_kind(declared_kind(representation.image_data_format), representation.image, "iso39794.image_type_differs", where, block.notes);
    }
    return block;
}

Result<IrisImageDataBlock> iris_image_data_block(ByteView image, int eye_label, int iris_image_kind, const DateTimeBlock& capture) {
    const auto kind = kind_of(image);
    const auto format = format_of(kind);
    if (!format) return fail(Errc::lds_bad_image, where, "neither PGM, PPM, PNG nor JPEG 2000");
    IrisImageDataBlock block;
    auto& representation = block.representations.emplace_back();
    representation.eye_label = eye_label;
    representation.iris_image_kind = Code::plain(iris_image_kind);
    representation.bit_depth = kind == Kind::ppm ? 24 : 8;
    representation.image_data_format = Code::plain(*format);
    representation.horizontal_orientation = 1;  // as one looks at the face
    representation.vertical_orientation = 1;
    representation.capture_date_time = capture;
    representation.image = image;
    representation.range.emplace().error_code = 0;  // unassigned
    return block;
}

}  // namespace idchip::image::iso39794
