#include "shared_data.hpp"
#include "unit/unit.hpp"

#include <idchip/image/biometric.hpp>

#include "image/kind.hpp"

using namespace idchip;
using namespace idchip::test;
using namespace idchip::image;

namespace {

const Bytes jpeg = "FFD8 FFC0 0011 08 0140 00F0 03 011100 021101 031101 FFD9"_hex;
const Bytes grey_jpeg = "FFD8 FFC0 000B 08 0140 00F0 01 011100 FFD9"_hex;
const Bytes jp2 =
    "FF4FFF51 002F 0000 00000280 000001E0 00000000 00000000 00000280 000001E0 00000000 00000000 0003 070101 070101 070101 FFD9"_hex;
const Bytes wsq = "FFA0 FFA4 0004 0000 FFA2 000F 00FF 0140 00F0 01020304050607 FFA1"_hex;
const Bytes png = "89504E470D0A1A0A 0000000D 49484452 00000280 000001E0"_hex;

FaceDescription portrait() {
    FaceDescription d;
    d.image = jpeg;
    d.gender = Gender::female;
    d.eye_colour = EyeColour::green;
    d.hair_colour = HairColour::red;
    return d;
}

}  // namespace

TEST_CASE("one description makes a face record of either generation", "[image]") {
    const auto d = portrait();
    const auto old_record = good(make_face_record(d, RecordFormat::iso19794));
    const auto old_face = good(parse_face_record(old_record));
    CHECK(old_face.notes.empty());
    REQUIRE(old_face.faces.size() == 1);
    const auto new_record = good(make_face_record(d, RecordFormat::iso39794));
    const auto block = good(iso39794::parse_face_image_data_block(new_record));
    CHECK(block.notes.empty());
    const auto new_faces = faces_of(block);
    REQUIRE(new_faces.size() == 1);
    for (const auto& face : {old_face.faces[0], new_faces[0]}) {
        CHECK(face.gender == 2);
        CHECK(face.eye_colour == 5);
        CHECK(face.hair_colour == 7);
        CHECK(face.width == 240);
        CHECK(face.height == 320);
        CHECK(face.data_type == 0);
        CHECK(equal(face.image, jpeg));
    }
    CHECK(old_face.faces[0].colour_space == 1);
    const auto& person = *block.representations.at(0).identity_metadata;
    CHECK(person.gender->value() == 3);
    CHECK_FALSE(person.gender->code);  // the application profile wants the extension block
    CHECK(data_object_tag(RecordFormat::iso19794) == 0x5F2E);
    CHECK(data_object_tag(RecordFormat::iso39794) == 0x7F2E);
}

TEST_CASE("what is not known of a face is left out of the new generation and unspecified in the old", "[image]") {
    FaceDescription d;
    d.image = jp2;
    const auto new_record = good(make_face_record(d, RecordFormat::iso39794));
    const auto block = good(iso39794::parse_face_image_data_block(new_record));
    CHECK_FALSE(block.representations.at(0).identity_metadata);
    CHECK_FALSE(block.representations.at(0).capture_date_time);
    d.captured = iso39794::DateTimeBlock{2026, 11, 21, {}, {}, {}, {}, {}};
    const auto dated = good(make_face_record(d, RecordFormat::iso39794));
    CHECK(good(iso39794::parse_face_image_data_block(dated)).representations.at(0).capture_date_time->day == 21);
    const auto old_record = good(make_face_record(d, RecordFormat::iso19794));
    const auto face = good(parse_face_record(old_record)).faces.at(0);
    CHECK(int{face.gender} + face.eye_colour + face.hair_colour == 0);
    CHECK(face.data_type == 1);
    CHECK(face.width == 640);
}

TEST_CASE("every gender and colour has its code in both generations", "[image]") {
    // Codes of ISO/IEC 19794-5:2005, tables 2 to 4, in the order of those of ISO/IEC 39794-5.
    const std::vector<int> genders = {0, 0, 1, 2}, eyes = {0, 8, 1, 2, 3, 4, 5, 8, 6, 7}, hair = {0, 255, 1, 2, 3, 4, 5, 6, 7, 255};
    for (std::size_t i = 0; i < eyes.size(); ++i) {
        auto d = portrait();
        d.gender = static_cast<Gender>(i % genders.size());
        d.eye_colour = static_cast<EyeColour>(i);
        d.hair_colour = static_cast<HairColour>(i);
        const auto old_record = good(make_face_record(d, RecordFormat::iso19794));
        const auto new_record = good(make_face_record(d, RecordFormat::iso39794));
        const auto old_face = good(parse_face_record(old_record)).faces.at(0);
        const auto new_face = faces_of(good(iso39794::parse_face_image_data_block(new_record))).at(0);
        for (const auto& face : {old_face, new_face}) {
            CHECK(face.gender == genders[i % genders.size()]);
            CHECK(face.eye_colour == eyes[i]);
            CHECK(face.hair_colour == hair[i]);
        }
    }
}

TEST_CASE("a size that is given wins over the size in the image, which must state one otherwise", "[image]") {
    auto d = portrait();
    d.width = 100;
    auto record = good(make_face_record(d, RecordFormat::iso19794));
    CHECK(good(parse_face_record(record)).faces.at(0).width == 100);
    CHECK(good(parse_face_record(record)).faces.at(0).height == 320);
    const auto no_size = "FFD8FFD9"_hex;
    d.image = no_size;
    CHECK(error_of(make_face_record(d, RecordFormat::iso19794)) == "lds.bad_image");
    CHECK(error_of(make_face_record(d, RecordFormat::iso39794)) == "lds.bad_image");
    d.height = 200;
    CHECK(make_face_record(d, RecordFormat::iso19794));
    CHECK(make_face_record(d, RecordFormat::iso39794));
    d.image = png;
    CHECK(error_of(make_face_record(d, RecordFormat::iso19794)) == "lds.bad_image");
    CHECK(error_of(make_face_record(d, RecordFormat::iso39794)) == "lds.bad_image");
    d.image = grey_jpeg;
    record = good(make_face_record(d, RecordFormat::iso19794));
    CHECK(good(parse_face_record(record)).faces.at(0).colour_space == 3);
}

TEST_CASE("one description makes a finger record of either generation", "[image]") {
    FingerDescription d;
    d.image = wsq;
    d.position = 7;
    const auto old_record = good(make_finger_record(d, RecordFormat::iso19794));
    const auto record = good(parse_finger_record(old_record));
    CHECK(record.notes.empty());
    CHECK(record.image_acquisition_level == 31);
    CHECK(record.compression == finger_wsq);
    REQUIRE(record.fingers.size() == 1);
    CHECK(record.fingers[0].position == 7);
    CHECK(record.fingers[0].width == 240);
    CHECK(record.fingers[0].height == 320);
    const auto new_record = good(make_finger_record(d, RecordFormat::iso39794));
    const auto block = good(iso39794::parse_finger_image_data_block(new_record));
    CHECK(block.notes.empty());
    CHECK(block.representations.at(0).position.code == 7);
    CHECK(block.representations.at(0).spatial_sampling_rate->samples_per_unit == 500);
    CHECK(block.representations.at(0).spatial_sampling_rate->unit_dimension == 0);
    struct Case {
        std::uint16_t resolution;
        std::uint16_t level;
    };
    for (const auto& c : {Case{125, 10}, Case{250, 20}, Case{1000, 41}}) {
        d.resolution = c.resolution;
        const auto other = good(make_finger_record(d, RecordFormat::iso19794));
        CHECK(good(parse_finger_record(other)).image_acquisition_level == c.level);
    }
    d.resolution = 300;
    CHECK(error_of(make_finger_record(d, RecordFormat::iso19794)) == "input.bad_field");
    CHECK(make_finger_record(d, RecordFormat::iso39794));
    d.resolution = 500;
    d.image = jpeg;  // the new generation knows no JPEG
    CHECK(make_finger_record(d, RecordFormat::iso19794));
    CHECK(error_of(make_finger_record(d, RecordFormat::iso39794)) == "lds.bad_image");
    d.image = {};
    CHECK(error_of(make_finger_record(d, RecordFormat::iso19794)) == "lds.bad_image");
}

TEST_CASE("one description makes an iris record of either generation", "[image]") {
    IrisDescription d;
    d.image = jp2;
    d.eye = 2;
    const auto old_record = good(make_iris_record(d, RecordFormat::iso19794));
    const auto record = good(parse_iris_record(old_record));
    CHECK(record.notes.empty());
    CHECK(record.image_format == iris_rgb_jpeg2000);
    CHECK(record.image_width == 640);
    CHECK(record.eyes.at(0).eye == 2);
    CHECK(equal(record.eyes.at(0).images.at(0).image, jp2));
    CHECK(error_of(make_iris_record(d, RecordFormat::iso39794)) == "input.bad_field");  // the day of capture is mandatory
    d.captured = iso39794::DateTimeBlock{2026, 11, 21, {}, {}, {}, {}, {}};
    const auto new_record = good(make_iris_record(d, RecordFormat::iso39794));
    const auto block = good(iso39794::parse_iris_image_data_block(new_record));
    CHECK(block.notes.empty());
    CHECK(block.representations.at(0).eye_label == 2);
    CHECK(block.representations.at(0).iris_image_kind.code == 2);  // 640 by 480
    CHECK(block.representations.at(0).capture_date_time->year == 2026);
    d.image = grey_jpeg;
    const auto grey = good(make_iris_record(d, RecordFormat::iso19794));
    CHECK(good(parse_iris_record(grey)).image_format == iris_mono_jpeg);
    CHECK(error_of(make_iris_record(d, RecordFormat::iso39794)) == "lds.bad_image");
    d.image = png;
    CHECK(error_of(make_iris_record(d, RecordFormat::iso19794)) == "lds.bad_image");
    CHECK(make_iris_record(d, RecordFormat::iso39794));
}

TEST_CASE("the size of an image is read without decoding it, cut off or not", "[image]") {
    for (const auto& image : {wsq, png}) {
        const auto size = good(size_of(image));
        CHECK(size.width == (image == png ? 640 : 240));
        CHECK(size.height == (image == png ? 480 : 320));
        const std::size_t needed = image == png ? 24 : 2 + 6 + 4 + 13;
        for (std::size_t n = 0; n < image.size(); ++n) {
            CAPTURE(n);
            REQUIRE(error_of(size_of(ByteView(image).first(n))) == (n < needed ? "lds.bad_image" : "none"));
        }
    }
    CHECK(error_of(size_of("FFA0 FFA2 0007 00FF 014000"_hex)) == "lds.bad_image");  // a frame header too short
    CHECK(error_of(size_of("FFA0 FFA4 0001 FFA2"_hex)) == "lds.bad_image");
    CHECK(error_of(size_of("FFA0 FFA3 0004 0000 FFA2 000F 00FF 0140 00F0 01020304050607"_hex)) == "lds.bad_image");
    CHECK(error_of(size_of("5035"_hex)) == "lds.bad_image");
    const auto specimen = shared_data("lds/bsi2008/Datagroup3.bin");
    if (!specimen) return;
    const auto file = good(read_file(*specimen));
    const auto size = good(size_of(ByteView(file).subspan(38 + 32 + 14)));
    CHECK(size.width == 620);
    CHECK(size.height == 620);
}
