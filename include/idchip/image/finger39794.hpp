// ISO/IEC 39794-4 finger image data blocks, for DG3.
#pragma once

#include <idchip/image/iso39794.hpp>

namespace idchip::image::iso39794 {

enum FingerImageFormat { finger_pgm = 0, finger_wsq = 1, finger_jpeg2000_lossy = 2, finger_jpeg2000_lossless = 3, finger_png = 4 };

struct SpatialSamplingRateBlock {
    int samples_per_unit = 0;
    int unit_dimension = 0;  // 0 inch, 1 centimetre
    Unknown unknown;
};

struct SegmentBlock {
    Code position;
    std::vector<Coordinate2D> enclosing_coordinates;  // two corners, or a polygon
    std::optional<int> orientation;
    std::vector<QualityBlock> quality_blocks;
    std::optional<ScoreOrError> confidence;
    Unknown unknown;
};

struct SegmentationBlock {
    RegistryIdBlock algorithm;
    std::vector<SegmentBlock> segments;
    Unknown unknown;
};

struct AnnotationBlock {
    Code position;
    Code reason;  // 0 unknown, 1 other, 2 amputated, 3 unable to print, 4 bandaged, 5 physically challenged, 6 diseased
    Unknown unknown;
};

struct FingerRepresentationBlock {
    Code position;           // 0 unknown, 1 right thumb to 5 right little finger, 6 left thumb to 10 left little finger
    Code impression;         // 0 plain contact, 1 rolled contact, 4 latent, 8 swipe, 24 contactless plain, 28 other, 29 unknown
    Code image_data_format;  // FingerImageFormat
    ByteView image;          // a view into the record
    std::optional<DateTimeBlock> capture_date_time;
    std::optional<CaptureDeviceBlock> capture_device;  // technology: 3 optical bright field, 9 capacitive ...
    std::vector<QualityBlock> quality_blocks;
    std::optional<SpatialSamplingRateBlock> spatial_sampling_rate;
    std::optional<bool> position_computed_by_capture_system;
    std::optional<int> original_rotation;  // degrees, 0 to 359
    std::optional<bool> image_rotated_to_vertical;
    std::optional<bool> image_has_been_lossily_compressed;
    std::vector<SegmentationBlock> segmentations;
    std::vector<AnnotationBlock> annotations;
    std::optional<PadDataBlock> pad_data;
    std::vector<std::string> comments;
    std::vector<ExtendedDataBlock> vendor_specific_data;
    Unknown unknown;
};

struct FingerImageDataBlock {
    VersionBlock version;
    std::vector<FingerRepresentationBlock> representations;
    Unknown unknown;
    bool standardized = true;  // A1 stands around the block, as Doc 9303-10 wants it
    Notes notes;
};

// What stands in 7F2E.
Bytes encode(const FingerImageDataBlock& block);
// The contents of 7F2E, or the bare block 64; the result refers to `record`. Errors and notes as for a face.
Result<FingerImageDataBlock> parse_finger_image_data_block(ByteView record);

// One finger with the mandatory elements: position, impression, image and its format.
// Errors: lds.bad_image when the image is of no kind that part 4 knows.
Result<FingerImageDataBlock> finger_image_data_block(ByteView image, int position, int impression = 0);

}  // namespace idchip::image::iso39794
