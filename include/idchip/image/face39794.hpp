// ISO/IEC 39794-5 face image data blocks, and the ICAO application profile of them for DG2.
#pragma once

#include <idchip/image/iso39794.hpp>

namespace idchip::image::iso39794 {

struct PropertiesBlock {
    std::optional<bool> glasses, moustache, beard, teeth_visible, pupil_or_iris_not_visible, mouth_open, left_eye_patch, right_eye_patch,
        dark_glasses, biometric_absent, head_coverings_present;
    Unknown unknown;
};

struct ExpressionBlock {
    std::optional<bool> neutral, smile, raised_eyebrows, eyes_looking_away_from_the_camera, squinting, frowning;
    Unknown unknown;
};

struct AngleDataBlock {
    int value = 0;                   // degrees, -180 to 180
    std::optional<int> uncertainty;  // degrees
    Unknown unknown;
};

struct PoseAngleBlock {
    std::optional<AngleDataBlock> yaw, pitch, roll;
    Unknown unknown;
};

struct IdentityMetadataBlock {
    std::optional<Code> gender;         // 0 unknown, 1 other, 2 male, 3 female
    std::optional<Code> eye_colour;     // 0 unknown, 1 other, 2 black, 3 blue, 4 brown, 5 grey, 6 green, 7 hazel, 8 multi-coloured, 9 pink
    std::optional<Code> hair_colour;    // 0 unknown, 1 other, 2 bald, 3 black, 4 blonde, 5 brown, 6 grey, 7 white, 8 red, 9 known coloured
    std::optional<int> subject_height;  // millimetres
    std::optional<PropertiesBlock> properties;
    std::optional<ExpressionBlock> expression;
    std::optional<PoseAngleBlock> pose_angles;
    Unknown unknown;
};

struct FaceCaptureDeviceBlock {
    std::optional<RegistryIdBlock> model;
    std::vector<RegistryIdBlock> certifications;
    Unknown unknown;
};

// At most one of the kinds and one of the coordinates; a kind or coordinate of a later edition stays in `unknown`.
struct LandmarkBlock {
    std::optional<Code> mpeg4_feature_point;           // 0 is 2.1, 87 is 12.4
    std::optional<Code> anthropometric_landmark_name;  // 0 vertex to 60 tragion
    std::optional<Code> anthropometric_landmark_point_name;
    std::optional<Code> anthropometric_landmark_point_id;
    std::optional<Coordinate2D> coordinate;  // pixels
    std::optional<Coordinate2D> texture_coordinate;
    std::optional<Coordinate3D> coordinate_3d;
    Unknown unknown;
};

struct CaptureDeviceSpectral2DBlock {
    std::optional<bool> white_light, near_infrared, thermal;
    Unknown unknown;
};

struct CaptureDevice2DBlock {
    std::optional<CaptureDeviceSpectral2DBlock> spectral;
    // 0 unknown, 1 to 3 photograph (unknown source, camera, scanner), 4 to 6 video (unknown, analogue, digital)
    std::optional<Code> technology;
    Unknown unknown;
};

struct PostAcquisitionProcessingBlock {
    std::optional<bool> rotated, cropped, down_sampled, white_balance_adjusted, multiply_compressed, interpolated, contrast_stretched,
        pose_corrected, multi_view_image, age_progressed, super_resolution_processed, normalised;
    Unknown unknown;
};

struct ImageSizeBlock {
    int width = 0, height = 0;  // pixels
    Unknown unknown;
};

struct ImageFaceMeasurementsBlock {
    std::optional<int> head_width, inter_eye_distance, eye_to_mouth_distance, head_length;  // pixels
    Unknown unknown;
};

struct ReferenceColourDefinitionAndValueBlock {
    std::optional<ByteView> definition, value;
    Unknown unknown;
};

struct ReferenceColourMappingBlock {
    std::optional<ByteView> schema;
    std::vector<ReferenceColourDefinitionAndValueBlock> definitions_and_values;
    Unknown unknown;
};

// Image data formats of part 5.
enum FaceImageFormat { face_jpeg = 2, face_jpeg2000_lossy = 3, face_jpeg2000_lossless = 4 };

struct ImageInformation2DBlock {
    Code image_data_format;               // FaceImageFormat
    std::optional<Code> face_image_kind;  // 0 MRTD
    std::optional<PostAcquisitionProcessingBlock> post_acquisition_processing;
    std::optional<Code> lossy_transformation_attempts;  // 0 unknown, 1 zero, 2 one, 3 more than one
    std::optional<int> camera_to_subject_distance;      // millimetres
    std::optional<int> sensor_diagonal;                 // tenths of a millimetre
    std::optional<int> lens_focal_length;               // tenths of a millimetre
    std::optional<ImageSizeBlock> image_size;
    std::optional<ImageFaceMeasurementsBlock> image_face_measurements;
    std::optional<Code> image_colour_space;  // 0 unknown, 1 other, 2 RGB 24, 3 RGB 48, 4 YUV 4:2:2, 5 grey 8, 6 grey 16 bits
    std::optional<ReferenceColourMappingBlock> reference_colour_mapping;
    Unknown unknown;
};

struct ImageRepresentation2DBlock {
    ByteView image;  // representationData2D: a view into the record
    ImageInformation2DBlock information;
    std::optional<CaptureDevice2DBlock> capture_device;
    Unknown unknown;
};

struct FaceRepresentationBlock {
    int representation_id = 0;
    std::optional<ImageRepresentation2DBlock> image_2d;  // nothing: the representation is of another kind, and in `unknown`
    std::optional<DateTimeBlock> capture_date_time;
    std::vector<QualityBlock> quality_blocks;
    std::optional<PadDataBlock> pad_data;
    std::optional<int> session_id;
    std::optional<int> derived_from;
    std::optional<FaceCaptureDeviceBlock> capture_device;
    std::optional<IdentityMetadataBlock> identity_metadata;
    std::vector<LandmarkBlock> landmarks;
    Unknown unknown;
};

struct FaceImageDataBlock {
    VersionBlock version;
    std::vector<FaceRepresentationBlock> representations;  // the ICAO application profile wants exactly one
    Unknown unknown;
    bool standardized = true;  // A1 stands around the block, as Doc 9303-10 wants it
    Notes notes;
};

// What stands in 7F2E. The image is copied a few times on the way.
Bytes encode(const FaceImageDataBlock& block);
// The contents of 7F2E, or the bare block 65; the result refers to `record`.
// Errors: tlv.*, der.bad_value, lds.bad_file with the offset. Notes: iso39794.long_length, iso39794.order, iso39794.trailing_bytes,
// iso39794.no_image, iso39794.image_type_differs.
Result<FaceImageDataBlock> parse_face_image_data_block(ByteView record);

// One portrait with what the ICAO application profile makes mandatory: version, representation, image and its format.
// JPEG 2000 is declared lossy: no pixel is looked at. Errors: lds.bad_image when the image is neither JPEG nor JPEG 2000.
Result<FaceImageDataBlock> face_image_data_block(ByteView image);

}  // namespace idchip::image::iso39794
