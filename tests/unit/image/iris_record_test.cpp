#include "image/hostile.hpp"
#include "shared_data.hpp"
#include "unit/unit.hpp"

#include <idchip/image/iris_record.hpp>

using namespace idchip;
using namespace idchip::test;
using image::IrisRecord;

namespace {

const Bytes jp2 = "FF4FFF51002F0000"_hex;

IrisRecord sample() {
    IrisRecord r;
    r.capture_device = 0x0102;
    r.horizontal_orientation = 1;
    r.vertical_orientation = 2;
    r.scan_type = 4;
    r.iris_occlusions = true;
    r.boundary_extraction = true;
    r.iris_diameter = 0x0203;
    r.image_format = image::iris_mono_jpeg2000;
    r.image_width = 640;
    r.image_height = 480;
    r.intensity_depth = 8;
    r.image_transformation = 1;
    r.device_unique_id = {'D', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'};
    r.eyes.resize(2);
    r.eyes[0].eye = 1;
    r.eyes[0].images = {{1, 90, 0x1234, 0x0010, jp2}, {2, 0xFE, 0xFFFF, 0xFFFF, jp2}};
    r.eyes[1].eye = 2;
    r.eyes[1].images = {{1, 76, 0, 0, jp2}};
    return r;
}

Bytes encoded(const IrisRecord& record) { return good(image::encode_iris_record(record)); }

void put(Bytes& record, std::size_t at, std::uint64_t value, std::size_t width) {
    Bytes b;
    append_be(b, value, width);
    std::copy(b.begin(), b.end(), record.begin() + static_cast<std::ptrdiff_t>(at));
}

}  // namespace

TEST_CASE("an iris record has its fields where ISO/IEC 19794-6 has them", "[image]") {
    const auto record = encoded(sample());
    REQUIRE(record.size() == 45 + 2 * 3 + 3 * (11 + jp2.size()));
    CHECK(to_hex(ByteView(record).first(45)) ==
          "49495200"
          "30313000"
          "0000006C"
          "0102"
          "02"
          "002D"
          "02C9"
          "0203"
          "000E"
          "0280"
          "01E0"
          "08"
          "01"
          "44313233343536373839414243444546");
    CHECK(to_hex(ByteView(record).subspan(45, 14)) ==
          "01"
          "0002"
          "0001"
          "5A"
          "1234"
          "0010"
          "00000008");
    const auto parsed = good(image::parse_iris_record(record));
    CHECK(parsed.notes.empty());
    CHECK(parsed.horizontal_orientation == 1);
    CHECK(parsed.vertical_orientation == 2);
    CHECK(parsed.scan_type == 4);
    CHECK(parsed.iris_occlusions);
    CHECK_FALSE(parsed.occlusion_filling);
    CHECK(parsed.boundary_extraction);
    CHECK(parsed.reserved == 0);
    CHECK(parsed.image_width == 640);
    CHECK(parsed.device_unique_id == sample().device_unique_id);
    REQUIRE(parsed.eyes.size() == 2);
    REQUIRE(parsed.eyes[0].images.size() == 2);
    CHECK(parsed.eyes[0].images[0].rotation_angle == 0x1234);
    CHECK(parsed.eyes[0].images[1].quality == 0xFE);
    CHECK(parsed.eyes[1].eye == 2);
    REQUIRE(parsed.eyes[1].images.size() == 1);
    CHECK(parsed.eyes[1].images[0].image.data() == record.data() + record.size() - jp2.size());  // a view, no copy
    CHECK(encoded(parsed) == record);
}

TEST_CASE("specimen irises are written back byte for byte", "[image]") {
    const auto path = shared_data("lds/bsi2008/Datagroup4.bin");
    if (!path) return;
    const auto records = records_in(good(read_file(*path)),
                                    std::string_view("IIR\0"
                                                     "010\0",
                                                     8),
                                    4);
    REQUIRE(records.size() == 2);
    for (std::size_t i = 0; i < 2; ++i) {
        const auto parsed = good(image::parse_iris_record(records[i]));
        CHECK(parsed.notes.empty());
        CHECK(parsed.image_format == image::iris_rgb_jpeg2000);
        CHECK(parsed.iris_diameter == 150);
        REQUIRE(parsed.eyes.size() == 1);
        CHECK(parsed.eyes[0].eye == i + 1);
        REQUIRE(parsed.eyes[0].images.size() == 1);
        const auto& iris = parsed.eyes[0].images[0];
        CHECK(iris.quality == 0x33);
        const auto header = good(image::read_header(iris.image));
        CHECK(header.width == parsed.image_width);
        CHECK(header.height == parsed.image_height);
        CHECK(encoded(parsed) == records[i]);
    }
}

TEST_CASE("what is read of an iris record without a note is written back byte for byte", "[image]") {
    const auto record = encoded(sample());
    check_truncation(record, image::parse_iris_record);
    CHECK(check_bits(record, image::parse_iris_record, encoded) > 350);
}

TEST_CASE("lengths and counts of an iris record that lie are refused or noted", "[image]") {
    const auto right = encoded(sample());
    struct Case {
        std::size_t at;
        std::uint64_t value;
        std::size_t width;
        std::size_t offset;
    };
    for (const auto& c : {Case{8, 0xFFFFFFFF, 4, 8}, Case{8, right.size() + 1, 4, 8}, Case{8, 44, 4, 8}, Case{15, 44, 2, 15},
                          Case{15, 46, 2, 15}, Case{55, 0xFFFFFFFF, 4, 48}, Case{55, right.size() - 58, 4, 48}}) {
        CAPTURE(c.at, c.value);
        auto record = right;
        put(record, c.at, c.value, c.width);
        const auto failed = image::parse_iris_record(record);
        REQUIRE(error_of(failed) == "lds.bad_file");
        CHECK(failed.error().offset == c.offset);
    }
    for (const unsigned count : {0U, 1U, 3U, 255U}) {
        auto record = right;
        put(record, 14, count, 1);
        const auto parsed = good(image::parse_iris_record(record));
        CHECK(ids(parsed.notes) == "iris.count_differs");
        CHECK(parsed.eyes.size() == std::min(count, 2U));
    }
    auto record = right;
    put(record, 45 + 3 + 2 * 19 + 1, 0xFFFF, 2);  // images of the last eye
    const auto parsed = good(image::parse_iris_record(record));
    REQUIRE(ids(parsed.notes) == "iris.count_differs");
    CHECK(parsed.notes[0].detail == "2 eyes announced, 2 found, 65534 images missing, 0 bytes over");
    record = right;
    record.push_back(0);
    CHECK(ids(good(image::parse_iris_record(record)).notes) == "iris.trailing_bytes");
}

TEST_CASE("an iris image of another kind than declared is noted, raw pixels are taken as they are", "[image]") {
    const Bytes jpeg = "FFD8FFE0"_hex, nothing;
    struct Case {
        std::uint16_t format;
        const Bytes& image;
        bool right;
    };
    for (const auto& c : {Case{14, jp2, true}, Case{16, jp2, true}, Case{14, jpeg, false}, Case{6, jpeg, true}, Case{8, jpeg, true},
                          Case{8, jp2, false}, Case{16, nothing, false}, Case{2, nothing, true}, Case{4, jpeg, true}}) {
        auto r = sample();
        r.image_format = c.format;
        r.eyes.resize(1);
        r.eyes[0].images.resize(1);
        r.eyes[0].images[0].image = c.image;
        CAPTURE(c.format, to_hex(c.image));
        const auto record = encoded(r);
        CHECK(ids(good(image::parse_iris_record(record)).notes) == (c.right ? "" : "iris.image_type_differs"));
    }
}

TEST_CASE("an iris record has room for 255 eyes and 65,535 images of each, not for more", "[image]") {
    IrisRecord r;
    r.image_format = image::iris_mono_raw;
    r.eyes.resize(255);
    r.eyes[0].images.resize(0xFFFF);
    CHECK(good(image::parse_iris_record(encoded(r))).eyes.at(0).images.size() == 0xFFFF);
    r.eyes[0].images.emplace_back();
    CHECK(error_of(image::encode_iris_record(r)) == "input.too_large");
    r.eyes[0].images.clear();
    r.eyes.emplace_back();
    CHECK(error_of(image::encode_iris_record(r)) == "input.too_large");
}
