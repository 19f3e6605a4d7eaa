// ISO/IEC 39794-6 iris image data blocks, for DG4.
#pragma once

#include <idchip/image/iso39794.hpp>

namespace idchip::image::iso39794 {

enum IrisImageFormat { iris_pgm = 0, iris_ppm = 1, iris_png = 2, iris_jpeg2000_lossless = 3, iris_jpeg2000_lossy = 4 };

// Exactly one of the two.
struct RangeOrError {
    std::optional<int> range;       // millimetres from the lens to the eye
    std::optional<int> error_code;  // 0 unassigned, 1 failed, 2 overflow
    Unknown unknown;
};

struct RollAngleBlock {
    int angle = 0, uncertainty = 0;  // as they stand
    Unknown unknown;
};

struct LocalisationBlock {
    std::optional<int> iris_center_x_smallest, iris_center_x_largest, iris_center_y_smallest, iris_center_y_largest, iris_diameter_smallest,
        iris_diameter_largest;  // pixels
    Unknown unknown;
};

struct IrisRepresentationBlock {
    int eye_label = 0;               // 0 unknown, 1 right, 2 left
    Code iris_image_kind;            // 1 uncropped, 2 VGA, 3 cropped, 7 cropped and masked
    int bit_depth = 8;               // 8 to 24
    Code image_data_format;          // IrisImageFormat
    int horizontal_orientation = 0;  // 0 undefined, 1 left to right, 2 right to left
    int vertical_orientation = 0;    // 0 undefined, 1 top to bottom, 2 bottom to top
    int compression_history = 0;     // 0 undefined, 1 lossless or none, 2 lossy
    std::optional<DateTimeBlock> capture_date_time;
    ByteView image;  // a view into the record
    std::optional<RangeOrError> range;
    std::optional<CaptureDeviceBlock> capture_device;  // technology: 0 unknown, 1 CMOS or CCD
    std::vector<QualityBlock> quality_blocks;
    std::optional<RollAngleBlock> roll_angle;
    std::optional<LocalisationBlock> localisation;
    std::optional<PadDataBlock> pad_data;
    Unknown unknown;
    // JMRTD numbers range, date and image 7, 8, 9; the standard's published sample 9, 7, 8. Written as read.
    bool range_first = false;
};

struct IrisImageDataBlock {
    VersionBlock version;
    std::vector<IrisRepresentationBlock> representations;
    Unknown unknown;
    bool standardized = true;  // A1 stands around the block, as Doc 9303-10 wants it
    Notes notes;
};

// What stands in 7F2E.
Bytes encode(const IrisImageDataBlock& block);
// The contents of 7F2E, or the bare block 66; the result refers to `record`. Errors and notes as for a face, and iso39794.iris_numbering.
Result<IrisImageDataBlock> parse_iris_image_data_block(ByteView record);

// One eye with the mandatory elements. `capture` is the day and time of capture, which the standard wants.
// Errors: lds.bad_image when the image is of no kind that part 6 knows.
Result<IrisImageDataBlock> iris_image_data_block(ByteView image, int eye_label, int iris_image_kind, const DateTimeBlock& capture);

}  // namespace idchip::image::iso39794
