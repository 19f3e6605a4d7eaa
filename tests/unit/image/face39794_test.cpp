#include "image/hostile.hpp"
#include "unit/unit.hpp"

#include <idchip/image/face39794.hpp>
#include <idchip/tlv/writer.hpp>

using namespace idchip;
using namespace idchip::test;
using namespace idchip::image::iso39794;
using tlv::element;

namespace {

const Bytes jpeg = "FFD8 FFC0 0008 08 0140 00F0 03 FFD9"_hex;

LandmarkBlock landmark(int code, int x, int y) {
    LandmarkBlock b;
    b.mpeg4_feature_point = Code::extension(code);
    b.coordinate = Coordinate2D{x, y, {}};
    return b;
}

// Every field once.
FaceImageDataBlock everything() {
    auto block = good(face_image_data_block(jpeg));
    auto& r = block.representations[0];
    r.representation_id = 3;
    r.capture_date_time = DateTimeBlock{2026, 11, 21, 9, 30, 0, 0, {}};
    QualityBlock quality;
    quality.algorithm = {0x101, 2, {}};
    quality.score_or_error.score = 77;
    r.quality_blocks = {quality};
    r.pad_data.emplace().decision = Code::extension(0);
    r.session_id = 5;
    r.derived_from = 6;
    r.capture_device.emplace().model = RegistryIdBlock{7, 8, {}};
    r.capture_device->certifications = {{9, 10, {}}, {11, 12, {}}};
    auto& person = r.identity_metadata.emplace();
    person.gender = Code::extension(3);
    person.eye_colour = Code::extension(4);
    person.hair_colour = Code::extension(5);
    person.subject_height = 1750;
    auto& properties = person.properties.emplace();
    properties.glasses = true;
    properties.head_coverings_present = false;
    person.expression.emplace().neutral = true;
    person.expression->frowning = false;
    auto& pose = person.pose_angles.emplace();
    pose.yaw = AngleDataBlock{-180, 5, {}};
    pose.pitch = AngleDataBlock{180, {}, {}};
    pose.roll = AngleDataBlock{0, 180, {}};
    r.landmarks = {landmark(84, 100, 150), landmark(85, 0, 65535)};
    auto& named = r.landmarks.emplace_back();
    named.anthropometric_landmark_name = Code::extension(21);
    named.texture_coordinate = Coordinate2D{1, 2, {}};
    r.landmarks.emplace_back().anthropometric_landmark_point_name = Code::extension(36);
    auto& identified = r.landmarks.emplace_back();
    identified.anthropometric_landmark_point_id = Code::extension(62);
    identified.coordinate_3d = Coordinate3D{1, 2, 3, {}};
    auto& device = r.image_2d->capture_device.emplace();
    device.spectral.emplace().white_light = true;
    device.technology = Code::extension(2);
    auto& information = r.image_2d->information;
    information.face_image_kind = Code::extension(0);
    information.post_acquisition_processing.emplace().cropped = true;
    information.lossy_transformation_attempts = Code::extension(2);
    information.camera_to_subject_distance = 1500;
    information.sensor_diagonal = 270;
    information.lens_focal_length = 500;
    information.image_size = ImageSizeBlock{240, 320, {}};
    information.image_face_measurements.emplace().inter_eye_distance = 90;
    information.image_colour_space = Code::extension(2);
    information.reference_colour_mapping.emplace().definitions_and_values.emplace_back().value = ByteView(jpeg).first(2);
    return block;
}

}  // namespace

TEST_CASE("every field of a face representation stands where the module of part 5 has it", "[image]") {
    // By hand after the ASN.1 modules of the ICAO application profile.
    const auto code = [](unsigned n) { return element(0xA1, Bytes{0x80, 1, static_cast<Byte>(n)}); };
    const auto mpeg4 = [&](unsigned n) { return element(0xA0, element(0xA0, element(0xA0, code(n)))); };
    const auto anthropometric = [&](Byte kind, unsigned n) {
        return element(0xA0, element(0xA0, element(0xA1, element(0xA0, element(kind, code(n))))));
    };
    const auto at = [](Byte kind, const Bytes& coordinates) { return element(0xA1, element(0xA0, element(kind, coordinates))); };
    const auto information = element(
        0xA1, {"A003 800102"_hex, element(0xA1, code(0)), "A203 8101FF"_hex, element(0xA3, code(2)), "840205DC 8502010E 860201F4"_hex,
               "A708 800200F0 81020140"_hex, "A803 81015A"_hex, element(0xA9, code(2)), "AA08 A106 3004 8102FFD8"_hex});
    const auto device = element(0xA2, {"A003 8001FF"_hex, element(0xA1, code(2))});
    const auto image = element(0xA1, element(0xA0, element(0xA0, {element(0x80, jpeg), information, device})));
    const auto pose = element(0xA6, {"A007 8002FF4C 810105"_hex, "A104 800200B4"_hex, "A207 800100 810200B4"_hex});
    const auto person = element(0xA8, {element(0xA0, code(3)), element(0xA1, code(4)), element(0xA2, code(5)), "830206D6"_hex,
                                       "A406 8001FF 8A0100"_hex, "A506 8001FF 850100"_hex, pose});
    const auto landmarks = element(
        0xA9, {element(0x30, {mpeg4(84), at(0xA0, "800164 81020096"_hex)}), element(0x30, {mpeg4(85), at(0xA0, "800100 810300FFFF"_hex)}),
               element(0x30, {anthropometric(0xA0, 21), at(0xA1, "800101 810102"_hex)}), element(0x30, anthropometric(0xA1, 36)),
               element(0x30, {anthropometric(0xA2, 62), at(0xA2, "800101 810102 820103"_hex)})});
    const auto representation =
        element(0x30, {"800103"_hex, image, "A216 800207EA 81010B 820115 830109 84011E 850100 860100"_hex,
                       "A310 300E A007 80020101 810102 A103 80014D"_hex, element(0xA4, element(0xA0, code(0))), "850105"_hex, "860106"_hex,
                       "A71A A006 800107 810108 A110 3006 800109 81010A 3006 80010B 81010C"_hex, person, landmarks});
    const auto record = element(0xA1, element(0x65, {"A007 800103 810207E3"_hex, element(0xA1, representation)}));
    CHECK(to_hex(encode(everything())) == to_hex(record));

    const auto parsed = good(parse_face_image_data_block(record));
    CHECK(parsed.notes.empty());
    CHECK(encode(parsed) == record);
    const auto& r = parsed.representations.at(0);
    CHECK(r.unknown.empty());
    CHECK(equal(r.image_2d->image, jpeg));
    CHECK(r.identity_metadata->pose_angles->yaw->value == -180);
    CHECK(r.identity_metadata->pose_angles->pitch->value == 180);
    CHECK_FALSE(r.identity_metadata->pose_angles->pitch->uncertainty);
    CHECK(r.identity_metadata->properties->glasses == true);
    CHECK(r.identity_metadata->properties->head_coverings_present == false);
    CHECK_FALSE(r.identity_metadata->properties->beard);
    CHECK(r.identity_metadata->gender->value() == 3);
    REQUIRE(r.landmarks.size() == 5);
    CHECK(r.landmarks[1].mpeg4_feature_point->value() == 85);
    CHECK(r.landmarks[1].coordinate->y == 65535);
    CHECK(r.landmarks[2].anthropometric_landmark_name->value() == 21);
    CHECK(r.landmarks[2].texture_coordinate->x == 1);
    CHECK(r.landmarks[4].coordinate_3d->z == 3);
    CHECK(r.image_2d->capture_device->technology->value() == 2);
    CHECK(r.image_2d->information.image_size->height == 320);
    CHECK(r.capture_device->certifications.at(1).id == 12);
}

TEST_CASE("what is read of a face image data block without a note is written back byte for byte", "[image]") {
    const auto record = encode(everything());
    check_truncation(record, parse_face_image_data_block);
    const auto encode_block = [](const FaceImageDataBlock& block) { return encode(block); };
    CHECK(check_bits(record, parse_face_image_data_block, encode_block) > 1000);
}

TEST_CASE("a portrait makes a block only when it is JPEG or JPEG 2000", "[image]") {
    const auto format_of = [](ByteView image) {
        return good(face_image_data_block(image)).representations.at(0).image_2d->information.image_data_format.code;
    };
    CHECK(format_of(jpeg) == face_jpeg);
    CHECK(format_of("FF4FFF51002F"_hex) == face_jpeg2000_lossy);
    CHECK(error_of(face_image_data_block("89504E470D0A1A0A"_hex)) == "lds.bad_image");
    CHECK(error_of(face_image_data_block({})) == "lds.bad_image");
}

TEST_CASE("of two kinds of one landmark the first is written", "[image]") {
    auto block = good(face_image_data_block(jpeg));
    auto& l = block.representations[0].landmarks.emplace_back();
    l.mpeg4_feature_point = Code::extension(1);
    l.anthropometric_landmark_name = Code::extension(2);
    const auto record = encode(block);
    const auto again = good(parse_face_image_data_block(record));
    CHECK(again.notes.empty());
    CHECK(again.representations.at(0).landmarks.at(0).mpeg4_feature_point->value() == 1);
    CHECK_FALSE(again.representations.at(0).landmarks.at(0).anthropometric_landmark_name);
}
