// Seeds of finger_record, iris_record and iso39794, and of the data groups around them.
#include <cstdlib>

#include <idchip/base/file.hpp>
#include <idchip/image/biometric.hpp>

#include "make_seeds.hpp"

using namespace idchip;

namespace {

const Bytes jpeg = from_hex("FFD8 FFC0 0011 08 0140 00F0 03 011100 021101 031101 FFD9").value();
const Bytes codestream =
    from_hex("FF4FFF51 002F 0000 0000019D 00000213 00000000 00000000 0000019D 00000213 00000000 00000000 0003 070101 070101 070101 FFD9")
        .value();

}  // namespace

void seeds::biometric_records() {
    using namespace image;
    const Bytes wsq = seeds::hex("FFA0 FFA4 0004 0000 FFA2 000F 00FF 0140 00F0 01020304050607 FFA1");
    const Bytes png = seeds::hex("89504E470D0A1A0A 0000000D 49484452 00000280 000001E0");
    FingerRecord finger;
    seeds::save("finger_record", "none", encode_finger_record(finger).value());
    finger.fingers.push_back({2, 2, 1, 100, 0, 240, 320, 0, wsq});
    const auto one = encode_finger_record(finger).value();
    seeds::save("finger_record", "wsq", one);
    seeds::save("finger_record", "trailing", concat({one, Bytes(4)}));
    finger.fingers.push_back({2, 2, 2, 90, 0, 240, 320, 0, wsq});
    auto two = encode_finger_record(finger).value();
    seeds::save("finger_record", "two", two);
    two[18] = 3;
    seeds::save("finger_record", "count_lies", two);
    finger.fingers.resize(1);
    for (const auto& [name, compression, picture] : {std::tuple{"jpeg", finger_jpeg, jpeg}, std::tuple{"jp2", finger_jpeg2000, codestream},
                                                     std::tuple{"png", finger_png, png}, std::tuple{"raw", finger_raw, Bytes(16)}}) {
        finger.compression = compression;
        finger.fingers[0].image = picture;
        seeds::save("finger_record", name, encode_finger_record(finger).value());
    }

    IrisRecord iris;
    seeds::save("iris_record", "none", encode_iris_record(iris).value());
    iris.image_format = iris_rgb_jpeg2000;
    iris.eyes.push_back({1, {{1, 90, 0xFFFF, 0xFFFF, codestream}, {2, 80, 0, 0, codestream}}});
    iris.eyes.push_back({2, {{1, 70, 0xFFFF, 0xFFFF, codestream}}});
    auto both = encode_iris_record(iris).value();
    seeds::save("iris_record", "both", both);
    seeds::save("iris_record", "trailing", concat({both, Bytes(4)}));
    both[14] = 3;
    seeds::save("iris_record", "count_lies", both);
    iris.eyes.resize(1);
    iris.eyes[0].images.resize(1);
    iris.image_format = iris_rgb_jpeg;
    iris.eyes[0].images[0].image = jpeg;
    seeds::save("iris_record", "jpeg", encode_iris_record(iris).value());
    iris.image_format = iris_mono_raw;
    iris.eyes[0].images[0].image = ByteView(jpeg).first(4);
    seeds::save("iris_record", "raw", encode_iris_record(iris).value());

    using namespace iso39794;
    auto face = face_image_data_block(jpeg).value();
    seeds::save("iso39794", "face", encode(face));
    {
        auto& r = face.representations[0];
        r.capture_date_time = DateTimeBlock{2026, 11, 21, 9, 30, 0, 0, {}};
        QualityBlock quality;
        quality.score_or_error.score = 77;
        QualityBlock failed;
        failed.score_or_error.error = Code::extension(0);
        r.quality_blocks = {quality, failed};
        auto& pad = r.pad_data.emplace();
        pad.decision = Code::extension(0);
        pad.score_blocks = {quality};
        pad.extended_data_blocks.emplace_back().data = ByteView(jpeg).first(2);
        pad.parameter = ByteView(jpeg).first(1);
        pad.challenges = {ByteView(jpeg).first(3)};
        r.session_id = 5;
        r.derived_from = 6;
        r.capture_device.emplace().certifications = {{9, 10, {}}};
        auto& person = r.identity_metadata.emplace();
        person.gender = Code::extension(3);
        person.eye_colour = Code::plain(4);
        person.subject_height = 1750;
        person.properties.emplace().glasses = true;
        person.expression.emplace().neutral = false;
        person.pose_angles.emplace().yaw = AngleDataBlock{-90, 5, {}};
        auto& a = r.landmarks.emplace_back();
        a.mpeg4_feature_point = Code::extension(84);
        a.coordinate = Coordinate2D{100, 150, {}};
        auto& b = r.landmarks.emplace_back();
        b.anthropometric_landmark_point_id = Code::extension(62);
        b.coordinate_3d = Coordinate3D{1, 2, 3, {}};
        auto& information = r.image_2d->information;
        information.image_size = ImageSizeBlock{240, 320, {}};
        information.reference_colour_mapping.emplace().definitions_and_values.emplace_back().value = ByteView(jpeg).first(2);
        r.image_2d->capture_device.emplace().technology = Code::extension(2);
    }
    seeds::save("iso39794", "face_all", encode(face));
    face.standardized = false;
    seeds::save("iso39794", "face_bare", encode(face));
    auto print = finger_image_data_block(wsq, 2).value();
    seeds::save("iso39794", "finger", encode(print));
    {
        auto& r = print.representations[0];
        r.spatial_sampling_rate = SpatialSamplingRateBlock{500, 0, {}};
        r.original_rotation = 35;
        r.image_rotated_to_vertical = true;
        auto& segment = r.segmentations.emplace_back().segments.emplace_back();
        segment.position = Code::plain(2);
        segment.enclosing_coordinates = {{0, 0, {}}, {23, 23, {}}};
        segment.confidence.emplace().score = 100;
        auto& annotation = r.annotations.emplace_back();
        annotation.position = Code::plain(3);
        annotation.reason = Code::plain(2);
        r.comments = {"a", ""};
        r.vendor_specific_data.emplace_back().data = ByteView(wsq).first(2);
    }
    seeds::save("iso39794", "finger_all", encode(print));
    auto eye = iris_image_data_block(png, 1, 2, DateTimeBlock{2026, 11, {}, {}, {}, {}, {}, {}}).value();
    seeds::save("iso39794", "iris", encode(eye));
    {
        auto& r = eye.representations[0];
        r.capture_device.emplace().technology = Code::plain(1);
        r.roll_angle = RollAngleBlock{-3, 4, {}};
        r.localisation.emplace().iris_center_x_smallest = 310;
    }
    seeds::save("iso39794", "iris_all", encode(eye));
    eye.representations[0].range_first = true;
    seeds::save("iso39794", "iris_other_numbering", encode(eye));
    seeds::save("iso39794", "newer", seeds::hex("A118 6516 A00A 800103 810207E3 820105 A105 3003 800100 82020500"));
}
