#include "image/hostile.hpp"
#include "shared_data.hpp"
#include "unit/unit.hpp"

#include <idchip/image/finger39794.hpp>

using namespace idchip;
using namespace idchip::test;
using namespace idchip::image::iso39794;

namespace {

const Bytes wsq = "FFA0 FFA2 000F 00FF 0140 00F0 01020304050607 FFA1"_hex;

Bytes encoded(const FingerImageDataBlock& block) { return encode(block); }

}  // namespace

TEST_CASE("the published sample of part 4 is read to its last field and written back", "[image]") {
    const auto path = shared_data("biometrics/sample-39794-4-ed-1-v1.der");
    if (!path) return;
    const auto record = good(read_file(*path));
    const auto block = good(parse_finger_image_data_block(record));
    CHECK(block.notes.empty());
    CHECK_FALSE(block.standardized);
    CHECK(encode(block) == record);
    CHECK(block.version.generation == 3);
    REQUIRE(block.representations.size() == 1);
    const auto& r = block.representations[0];
    CHECK(r.unknown.empty());
    CHECK(r.position.code == 2);
    CHECK(r.impression.code == 1);
    CHECK(r.image_data_format.code == finger_png);
    CHECK(r.image.size() == 689);
    CHECK(r.image.data() == record.data() + 40);  // a view, no copy
    CHECK(r.capture_date_time->year == 2018);
    CHECK(r.capture_date_time->hour == 13);
    CHECK_FALSE(r.capture_date_time->minute);
    CHECK(r.capture_device->model->organization == 200);
    CHECK(r.capture_device->technology->value() == 3);
    CHECK(r.capture_device->certifications.at(0).organization == 31);
    REQUIRE(r.quality_blocks.size() == 2);
    CHECK(r.quality_blocks[0].score_or_error.score == 44);
    CHECK(r.quality_blocks[1].algorithm.organization == 257);
    CHECK(r.quality_blocks[1].score_or_error.error->code == 0);
    CHECK(r.spatial_sampling_rate->samples_per_unit == 100);
    CHECK(r.spatial_sampling_rate->unit_dimension == 1);
    CHECK(r.position_computed_by_capture_system == false);
    CHECK(r.original_rotation == 35);
    CHECK(r.image_rotated_to_vertical == true);
    CHECK(r.image_has_been_lossily_compressed == false);
    REQUIRE(r.segmentations.size() == 1);
    REQUIRE(r.segmentations[0].segments.size() == 1);
    const auto& segment = r.segmentations[0].segments[0];
    CHECK(segment.position.code == 2);
    REQUIRE(segment.enclosing_coordinates.size() == 2);
    CHECK(segment.enclosing_coordinates[1].x == 23);
    CHECK(segment.confidence->score == 100);
    CHECK(r.annotations.at(0).position.code == 2);
    CHECK(r.annotations.at(0).reason.code == 5);
    CHECK(r.pad_data->decision->code == 1);
    CHECK(r.pad_data->score_blocks.at(0).score_or_error.score == 72);
    CHECK(r.pad_data->risk_level == 37);
    CHECK(as_text(r.pad_data->parameter.value()) == "PAD parameter bytes");
    CHECK(as_text(r.pad_data->challenges.at(0)) == "PAD challenge bytes");
    REQUIRE(r.comments.size() == 2);
    CHECK(r.comments[1] == "Small finger image");
    REQUIRE(r.vendor_specific_data.size() == 2);
    CHECK(r.vendor_specific_data[1].data_type.id == 2);
    CHECK(to_hex(r.vendor_specific_data[1].data) == "15385B7EA1C400234669");
}

TEST_CASE("whatever bit of the published sample of part 4 is turned", "[image]") {
    const auto path = shared_data("biometrics/sample-39794-4-ed-1-v1.der");
    if (!path) return;
    const auto record = good(read_file(*path));
    check_truncation(record, parse_finger_image_data_block);
    CHECK(check_bits(record, parse_finger_image_data_block, encoded) > 6000);
}

TEST_CASE("a finger with its mandatory elements", "[image]") {
    const auto block = good(finger_image_data_block(wsq, 7, 1));
    const auto record = encode(block);
    // The elements as the published sample has them, in A1 as Doc 9303-10 wants it.
    CHECK(to_hex(record) ==
          "A135"
          "6433"
          "A007"
          "800103"
          "810207E3"
          "A128"
          "3026"
          "A003800107"
          "A103800101"
          "A203800101"
          "8315" +
              to_hex(wsq));
    const auto parsed = good(parse_finger_image_data_block(record));
    CHECK(parsed.notes.empty());
    CHECK(parsed.standardized);
    CHECK(encode(parsed) == record);
    check_truncation(record, parse_finger_image_data_block);
    check_bits(record, parse_finger_image_data_block, encoded);
}

TEST_CASE("a finger image must be of a kind that part 4 knows, and of the one declared", "[image]") {
    struct Case {
        Bytes image;
        int format;
    };
    for (const auto& c : {Case{"5035"_hex, finger_pgm}, Case{wsq, finger_wsq}, Case{"FF4FFF51"_hex, finger_jpeg2000_lossy},
                          Case{"89504E470D0A1A0A"_hex, finger_png}}) {
        auto block = good(finger_image_data_block(c.image, 1));
        CHECK(block.representations.at(0).image_data_format.code == c.format);
        const auto right = encode(block);
        CHECK(good(parse_finger_image_data_block(right)).notes.empty());
        block.representations[0].image_data_format = Code::plain(c.format == finger_pgm ? finger_png : finger_pgm);
        const auto wrong = encode(block);
        CHECK(ids(good(parse_finger_image_data_block(wrong)).notes) == "iso39794.image_type_differs");
    }
    CHECK(error_of(finger_image_data_block("FFD8FFE0"_hex, 1)) == "lds.bad_image");  // JPEG
    CHECK(error_of(finger_image_data_block({}, 1)) == "lds.bad_image");
    CHECK(error_of(parse_finger_image_data_block("A10D 650B A007800103810207E3 A100"_hex)) == "tlv.unexpected");  // a face
}
