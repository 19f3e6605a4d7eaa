#include <idchip/image/finger39794.hpp>

#include "image/iso39794_codec.hpp"
#include "image/kind.hpp"

namespace idchip::image::iso39794 {

template <class IO>
void fields(IO& io, Is<SpatialSamplingRateBlock> auto& b) {
    io.field(0, b.samples_per_unit);
    io.field(1, b.unit_dimension);
    io.rest(b.unknown);
}

template <class IO>
void fields(IO& io, Is<SegmentBlock> auto& b) {
    io.field(0, b.position);
    io.list(1, b.enclosing_coordinates);
    io.field(2, b.orientation);
    io.field(3, b.quality_blocks);
    io.field(4, b.confidence);
    io.rest(b.unknown);
}

template <class IO>
void fields(IO& io, Is<SegmentationBlock> auto& b) {
    io.field(0, b.algorithm);
    io.list(1, b.segments);
    io.rest(b.unknown);
}

template <class IO>
void fields(IO& io, Is<AnnotationBlock> auto& b) {
    io.field(0, b.position);
    io.field(1, b.reason);
    io.rest(b.unknown);
}

template <class IO>
void fields(IO& io, Is<FingerRepresentationBlock> auto& b) {
    io.field(0, b.position);
    io.field(1, b.impression);
    io.field(2, b.image_data_format);
    io.field(3, b.image);
    io.field(4, b.capture_date_time);
    io.field(5, b.capture_device);
    io.field(6, b.quality_blocks);
    io.field(7, b.spatial_sampling_rate);
    io.field(8, b.position_computed_by_capture_system);
    io.field(9, b.original_rotation);
    io.field(10, b.image_rotated_to_vertical);
    io.field(11, b.image_has_been_lossily_compressed);
    io.field(12, b.segmentations);
    io.field(13, b.annotations);
    io.field(14, b.pad_data);
    io.field(15, b.comments);
    io.field(16, b.vendor_specific_data);
    io.rest(b.unknown);
}

template <class IO>
void fields(IO& io, Is<FingerImageDataBlock> auto& b) {
    io.field(0, b.version);
    io.list(1, b.representations);
    io.rest(b.unknown);
}

namespace {

constexpr const char* where = "ISO 39794-4";

Kind declared_kind(const Code& format) {
    switch (format.value().value_or(-1)) {
        case finger_pgm: return Kind::pgm;
        case finger_wsq: return Kind::wsq;
        case finger_jpeg2000_lossy:
        case finger_jpeg2000_lossless: return Kind::jpeg2000;
        case finger_png: return Kind::png;
        default: return Kind::unknown;
    }
}

std::optional<int> format_of(Kind kind) {
    switch (kind) {
        case Kind::pgm: return finger_pgm;
        case Kind::wsq: return finger_wsq;
        case Kind::jpeg2000: return finger_jpeg2000_lossy;
        case Kind::png: return finger_png;
        default: return std::nullopt;
    }
}

}  // namespace

Bytes encode(const FingerImageDataBlock& block) { return codec::close(Part::finger, block.standardized, codec::Encoder::contents(block)); }

Result<FingerImageDataBlock> parse_finger_image_data_block(ByteView record) {
    auto block = TRY(codec::parse<FingerImageDataBlock>(record, Part::finger, where));
    if (block.representations.empty()) block.notes.push_back({"iso39794.no_image", where, "no representation"});
    for (const auto& representation : block.representations)
        note_kind(declared_kind(representation.image_data_format), representation.image, "iso39794.image_type_differs", where, block.notes);
    return block;
}

Result<FingerImageDataBlock> finger_image_data_block(ByteView image, int position, int impression) {
    const auto format = format_of(kind_of(image));
    if (!format) return fail(Errc::lds_bad_image, where, "neither PGM, WSQ, JPEG 2000 nor PNG");
    FingerImageDataBlock block;
    auto& representation = block.representations.emplace_back();
    representation.position = Code::plain(position);
    representation.impression = Code::plain(impression);
    representation.image_data_format = Code::plain(*format);
    representation.image = image;
    return block;
}

}  // namespace idchip::image::iso39794
