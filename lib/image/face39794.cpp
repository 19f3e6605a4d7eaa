#include <idchip/image/face39794.hpp>

#include "image/iso39794_codec.hpp"
#include "image/kind.hpp"

namespace idchip::image::iso39794 {

template <class IO>
void fields(IO& io, Is<PropertiesBlock> auto& b) {
    io.field(0, b.glasses);
    io.field(1, b.moustache);
    io.field(2, b.beard);
    io.field(3, b.teeth_visible);
    io.field(4, b.pupil_or_iris_not_visible);
    io.field(5, b.mouth_open);
    io.field(6, b.left_eye_patch);
    io.field(7, b.right_eye_patch);
    io.field(8, b.dark_glasses);
    io.field(9, b.biometric_absent);
    io.field(10, b.head_coverings_present);
    io.rest(b.unknown);
}

template <class IO>
void fields(IO& io, Is<ExpressionBlock> auto& b) {
    io.field(0, b.neutral);
    io.field(1, b.smile);
    io.field(2, b.raised_eyebrows);
    io.field(3, b.eyes_looking_away_from_the_camera);
    io.field(4, b.squinting);
    io.field(5, b.frowning);
    io.rest(b.unknown);
}

template <class IO>
void fields(IO& io, Is<AngleDataBlock> auto& b) {
    io.field(0, b.value);
    io.field(1, b.uncertainty);
    io.rest(b.unknown);
}

template <class IO>
void fields(IO& io, Is<PoseAngleBlock> auto& b) {
    io.field(0, b.yaw);
    io.field(1, b.pitch);
    io.field(2, b.roll);
    io.rest(b.unknown);
}

template <class IO>
void fields(IO& io, Is<IdentityMetadataBlock> auto& b) {
    io.field(0, b.gender);
    io.field(1, b.eye_colour);
    io.field(2, b.hair_colour);
    io.field(3, b.subject_height);
    io.field(4, b.properties);
    io.field(5, b.expression);
    io.field(6, b.pose_angles);
    io.rest(b.unknown);
}

// [0] kind: base, then MPEG-4 or anthropometric, base, then name, point name or identifier. [1] coordinates: base, then one of three.
template <class IO>
void fields(IO& io, Is<LandmarkBlock> auto& b) {
    io.path({0, 0, 0}, b.mpeg4_feature_point);
    io.path({0, 0, 1, 0, 0}, b.anthropometric_landmark_name);
    io.path({0, 0, 1, 0, 1}, b.anthropometric_landmark_point_name);
    io.path({0, 0, 1, 0, 2}, b.anthropometric_landmark_point_id);
    io.path({1, 0, 0}, b.coordinate);
    io.path({1, 0, 1}, b.texture_coordinate);
    io.path({1, 0, 2}, b.coordinate_3d);
    io.rest(b.unknown);
}

template <class IO>
void fields(IO& io, Is<CaptureDeviceSpectral2DBlock> auto& b) {
    io.field(0, b.white_light);
    io.field(1, b.near_infrared);
    io.field(2, b.thermal);
    io.rest(b.unknown);
}

template <class IO>
void fields(IO& io, Is<CaptureDevice2DBlock> auto& b) {
    io.field(0, b.spectral);
    io.field(1, b.technology);
    io.rest(b.unknown);
}

template <class IO>
void fields(IO& io, Is<PostAcquisitionProcessingBlock> auto& b) {
    io.field(0, b.rotated);
    io.field(1, b.cropped);
    io.field(2, b.down_sampled);
    io.field(3, b.white_balance_adjusted);
    io.field(4, b.multiply_compressed);
    io.field(5, b.interpolated);
    io.field(6, b.contrast_stretched);
    io.field(7, b.pose_corrected);
    io.field(8, b.multi_view_image);
    io.field(9, b.age_progressed);
    io.field(10, b.super_resolution_processed);
    io.field(11, b.normalised);
    io.rest(b.unknown);
}

template <class IO>
void fields(IO& io, Is<ImageSizeBlock> auto& b) {
    io.field(0, b.width);
    io.field(1, b.height);
    io.rest(b.unknown);
}

template <class IO>
void fields(IO& io, Is<ImageFaceMeasurementsBlock> auto& b) {
    io.field(0, b.head_width);
    io.field(1, b.inter_eye_distance);
    io.field(2, b.eye_to_mouth_distance);
    io.field(3, b.head_length);
    io.rest(b.unknown);
}

template <class IO>
void fields(IO& io, Is<ReferenceColourDefinitionAndValueBlock> auto& b) {
    io.field(0, b.definition);
    io.field(1, b.value);
    io.rest(b.unknown);
}

template <class IO>
void fields(IO& io, Is<ReferenceColourMappingBlock> auto& b) {
    io.field(0, b.schema);
    io.field(1, b.definitions_and_values);
    io.rest(b.unknown);
}

template <class IO>
void fields(IO& io, Is<ImageInformation2DBlock> auto& b) {
    io.field(0, b.image_data_format);
    io.field(1, b.face_image_kind);
    io.field(2, b.post_acquisition_processing);
    io.field(3, b.lossy_transformation_attempts);
    io.field(4, b.camera_to_subject_distance);
    io.field(5, b.sensor_diagonal);
    io.field(6, b.lens_focal_length);
    io.field(7, b.image_size);
    io.field(8, b.image_face_measurements);
    io.field(9, b.image_colour_space);
    io.field(10, b.reference_colour_mapping);
    io.rest(b.unknown);
}

template <class IO>
void fields(IO& io, Is<ImageRepresentation2DBlock> auto& b) {
    io.field(0, b.image);
    io.field(1, b.information);
    io.field(2, b.capture_device);
    io.rest(b.unknown);
}

template <class IO>
void fields(IO& io, Is<FaceCaptureDeviceBlock> auto& b) {
    io.field(0, b.model);
    io.field(1, b.certifications);
    io.rest(b.unknown);
}

// [1] image representation: base, then two-dimensional; others are shapes, which no travel document has.
template <class IO>
void fields(IO& io, Is<FaceRepresentationBlock> auto& b) {
    io.field(0, b.representation_id);
    io.path({1, 0, 0}, b.image_2d);
    io.field(2, b.capture_date_time);
    io.field(3, b.quality_blocks);
    io.field(4, b.pad_data);
    io.field(5, b.session_id);
    io.field(6, b.derived_from);
    io.field(7, b.capture_device);
    io.field(8, b.identity_metadata);
    io.field(9, b.landmarks);
    io.rest(b.unknown);
}

template <class IO>
void fields(IO& io, Is<FaceImageDataBlock> auto& b) {
    io.field(0, b.version);
    io.list(1, b.representations);
    io.rest(b.unknown);
}

namespace {

constexpr const char* where = "ISO 39794-5";

Kind declared_kind(const Code& format) {
    switch (format.value().value_or(-1)) {
        case face_jpeg: return Kind::jpeg;
        case face_jpeg2000_lossy:
        case face_jpeg2000_lossless: return Kind::jpeg2000;
        default: return Kind::unknown;
    }
}

void note_image(const FaceRepresentationBlock& representation, Notes& notes) {
    if (!representation.image_2d) return notes.push_back({"iso39794.no_image", where, "the representation is not a two-dimensional image"});
    const auto& image = *representation.image_2d;
    note_kind(declared_kind(image.information.image_data_format), image.image, "iso39794.image_type_differs", where, notes);
}

}  // namespace

Bytes encode(const FaceImageDataBlock& block) { return codec::close(Part::face, block.standardized, codec::Encoder::contents(block)); }

Result<FaceImageDataBlock> parse_face_image_data_block(ByteView record) {
    auto block = TRY(codec::parse<FaceImageDataBlock>(record, Part::face, where));
    if (block.representations.empty()) block.notes.push_back({"iso39794.no_image", where, "no representation"});
    for (const auto& representation : block.representations) note_image(representation, block.notes);
    return block;
}

Result<FaceImageDataBlock> face_image_data_block(ByteView image) {
    const auto kind = kind_of(image);
    if (kind != Kind::jpeg && kind != Kind::jpeg2000) return fail(Errc::lds_bad_image, where, "neither JPEG nor JPEG 2000");
    ImageRepresentation2DBlock representation;
    representation.image = image;
    representation.information.image_data_format = Code::plain(kind == Kind::jpeg ? face_jpeg : face_jpeg2000_lossy);
    FaceImageDataBlock block;
    block.representations.emplace_back().image_2d = std::move(representation);
    return block;
}

}  // namespace idchip::image::iso39794
