#include "image/hostile.hpp"
#include "shared_data.hpp"
#include "unit/unit.hpp"

#include <idchip/image/face_record.hpp>

using namespace idchip;
using namespace idchip::test;
using image::FaceImage;

namespace {

const Bytes tiny_jpeg = "FFD8 FFC0 0008 08 0140 00F0 03 FFD9"_hex;

FaceImage sample() {
    FaceImage f;
    f.gender = 2;
    f.eye_colour = 3;
    f.hair_colour = 4;
    f.feature_mask = 0x010203;
    f.expression = 0x0001;
    f.image_type = 2;
    f.data_type = 0;
    f.width = 240;
    f.height = 320;
    f.colour_space = 1;
    f.source_type = 2;
    f.device_type = 0x0102;
    f.quality = 0x0304;
    f.image = tiny_jpeg;
    return f;
}

void put(Bytes& record, std::size_t at, std::uint64_t value, std::size_t width) {
    Bytes b;
    append_be(b, value, width);
    std::copy(b.begin(), b.end(), record.begin() + static_cast<std::ptrdiff_t>(at));
}

// A record with several faces: the header's count and length made right.
Bytes with_faces(std::size_t count) {
    const auto one = image::encode_face_record(sample());
    auto record = to_bytes(ByteView(one).first(14));
    for (std::size_t i = 0; i < count; ++i) append(record, ByteView(one).subspan(14));
    put(record, 8, record.size(), 4);
    put(record, 12, count, 2);
    return record;
}

}  // namespace

TEST_CASE("a face record reads back as it was encoded", "[image]") {
    const auto f = sample();
    const auto record = image::encode_face_record(f);
    CHECK(record.size() == 14 + 20 + 12 + tiny_jpeg.size());
    CHECK(to_hex(ByteView(record).first(14)) == "46414300303130000000003C0001");
    const auto parsed = good(image::parse_face_record(record));
    CHECK(parsed.notes.empty());
    REQUIRE(parsed.faces.size() == 1);
    const auto& p = parsed.faces[0];
    CHECK(p.gender == f.gender);
    CHECK(p.eye_colour == f.eye_colour);
    CHECK(p.hair_colour == f.hair_colour);
    CHECK(p.feature_mask == f.feature_mask);
    CHECK(p.expression == f.expression);
    CHECK(p.feature_points == 0);
    CHECK(p.image_type == f.image_type);
    CHECK(p.width == 240);
    CHECK(p.height == 320);
    CHECK(p.colour_space == f.colour_space);
    CHECK(p.source_type == f.source_type);
    CHECK(p.device_type == f.device_type);
    CHECK(p.quality == f.quality);
    CHECK(equal(p.image, tiny_jpeg));
    CHECK(p.image.data() == record.data() + record.size() - tiny_jpeg.size());  // a view, no copy
    CHECK(image::encode_face_record(p) == record);
}

TEST_CASE("several faces are read one after the other", "[image]") {
    const auto record = with_faces(3);
    const auto parsed = good(image::parse_face_record(record));
    CHECK(parsed.faces.size() == 3);
    CHECK(parsed.notes.empty());
}

TEST_CASE("feature points are passed over by their count", "[image]") {
    auto record = with_faces(1);
    record.insert(record.begin() + 14 + 20, 8 * 5, Byte{0x11});
    put(record, 8, record.size(), 4);
    put(record, 14, record.size() - 14, 4);
    put(record, 18, 5, 2);
    const auto parsed = good(image::parse_face_record(record));
    CHECK(parsed.faces.at(0).feature_points == 5);
    CHECK(parsed.faces.at(0).width == 240);
    CHECK(equal(parsed.faces.at(0).image, tiny_jpeg));
    // Inspection case B22: a count that runs out of the record.
    for (const std::uint64_t count : {7U, 0x1FFFU, 0xFFFFU}) {
        put(record, 18, count, 2);
        const auto failed = image::parse_face_record(record);
        REQUIRE(error_of(failed) == "lds.bad_file");
        CHECK(failed.error().offset == 14U);
    }
}

TEST_CASE("lengths that lie are refused before anything behind them is read", "[image]") {
    const auto right = with_faces(1);
    struct Case {
        std::size_t at;
        std::uint64_t value;
        std::size_t width;
    };
    for (const auto& c : {Case{8, 0xFFFFFFFF, 4}, Case{8, right.size() + 1, 4}, Case{8, 0, 4}, Case{8, 13, 4}, Case{14, 0, 4},
                          Case{14, 31, 4}, Case{14, 0xFFFFFFFF, 4}, Case{14, right.size() - 13, 4}}) {
        CAPTURE(c.at, c.value);
        auto record = right;
        put(record, c.at, c.value, c.width);
        CHECK(error_of(image::parse_face_record(record)) == "lds.bad_file");
    }
    for (std::size_t n = 0; n < right.size(); ++n)
        REQUIRE(error_of(image::parse_face_record(Bytes(right.begin(), right.begin() + static_cast<std::ptrdiff_t>(n)))) == "lds.bad_file");
}

TEST_CASE("another format identifier or version is refused", "[image]") {
    const auto right = with_faces(1);
    for (std::size_t at = 0; at < 8; ++at) {
        auto record = right;
        record[at] = static_cast<Byte>(record[at] ^ 1U);
        CHECK(error_of(image::parse_face_record(record)) == "lds.bad_file");
    }
}

TEST_CASE("counts that differ from what is there, and bytes behind it, are noted", "[image]") {
    auto record = with_faces(2);
    for (const std::uint64_t count : {0U, 1U, 3U, 0xFFFFU}) {
        put(record, 12, count, 2);
        const auto parsed = good(image::parse_face_record(record));
        CAPTURE(count);
        CHECK(ids(parsed.notes) == "face.count_differs");
        CHECK(parsed.faces.size() == std::min<std::size_t>(count, 2));
    }
    put(record, 12, 2, 2);
    record.push_back(0);
    CHECK(ids(good(image::parse_face_record(record)).notes) == "face.trailing_bytes");
    // A record that is only a header announces no face and has none.
    CHECK(good(image::parse_face_record(with_faces(0))).faces.empty());
    CHECK(ids(good(image::parse_face_record(with_faces(0))).notes).empty());
}

TEST_CASE("an image of another kind than declared is noted, at every short length", "[image]") {
    auto f = sample();
    f.data_type = 1;
    const auto wrong = image::encode_face_record(f);
    const auto parsed = good(image::parse_face_record(wrong));
    REQUIRE(ids(parsed.notes) == "face.image_type_differs");
    CHECK(parsed.notes[0].detail == "declared JPEG 2000, found JPEG");
    for (std::size_t n = 0; n <= 16; ++n) {
        const Bytes image(n);
        f.image = image;
        const auto record = image::encode_face_record(f);
        const auto read = good(image::parse_face_record(record));
        CHECK(read.faces.at(0).image.size() == n);
        CHECK(ids(read.notes) == "face.image_type_differs");
    }
    f = sample();
    f.data_type = 7;
    const auto odd = image::encode_face_record(f);
    CHECK(good(image::parse_face_record(odd)).notes.at(0).detail == "declared type 7, found JPEG");
    const auto stream = "FF4F FF51 002F"_hex;
    f = sample();
    f.data_type = 1;
    f.image = stream;
    const auto right = image::encode_face_record(f);
    CHECK(good(image::parse_face_record(right)).notes.empty());
}

namespace {

// Two faces, the first with all that an issuer may state.
image::FaceRecord two_faces() {
    image::FaceRecord record;
    auto f = sample();
    f.pose = {91, 90, 1};
    f.pose_uncertainty = {2, 0, 3};
    f.points = {{1, 0xC1, 100, 150, 0}, {1, 0xC2, 140, 150, 0}, {7, 0x21, 0xFFFF, 0, 0xABCD}};
    record.faces = {f, sample()};
    return record;
}

Bytes encoded(const image::FaceRecord& record) { return good(image::encode_face_record(record)); }

}  // namespace

TEST_CASE("feature points and pose angles stand where the standard has them", "[image]") {
    const auto record = encoded(two_faces());
    CHECK(to_hex(ByteView(record).first(14)) ==
          "46414300303130000000008200"
          "02");
    CHECK(to_hex(ByteView(record).subspan(14, 20)) ==
          "00000046"
          "0003"
          "02"
          "03"
          "04"
          "010203"
          "0001"
          "5B5A01"
          "020003");
    CHECK(to_hex(ByteView(record).subspan(34, 24)) ==
          "01C1006400960000"
          "01C2008C00960000"
          "0721FFFF0000ABCD");
    const auto parsed = good(image::parse_face_record(record));
    CHECK(parsed.notes.empty());
    REQUIRE(parsed.faces.size() == 2);
    const auto& f = parsed.faces[0];
    CHECK(f.feature_points == 3);
    CHECK(f.points == two_faces().faces[0].points);
    CHECK(f.pose == image::Pose{91, 90, 1});
    CHECK(f.pose_uncertainty == image::Pose{2, 0, 3});
    CHECK(parsed.faces[1].points.empty());
    CHECK(parsed.faces[1].pose == image::Pose{});
    CHECK(encoded(parsed) == record);
}

TEST_CASE("what is read of a face record without a note is written back byte for byte", "[image]") {
    const auto record = encoded(two_faces());
    check_truncation(record, image::parse_face_record);
    // Not readable any more, or noted: the magic, the lengths, the counts, the image types and the marks of the images.
    CHECK(check_bits(record, image::parse_face_record, encoded) > 400);
}

TEST_CASE("specimen faces are written back byte for byte", "[image]") {
    // The first states another size than its image has.
    struct Specimen {
        const char* name;
        unsigned width, height;
    };
    for (const auto& specimen : {Specimen{"lds/bsi2008/Datagroup2.bin", 337, 449}, Specimen{"lds/loes2006/ef0102.bin", 449, 598}}) {
        const auto path = shared_data(specimen.name);
        if (!path) continue;
        const auto records = records_in(good(read_file(*path)),
                                        std::string_view("FAC\0"
                                                         "010\0",
                                                         8),
                                        4);
        REQUIRE(records.size() == 1);
        const auto parsed = good(image::parse_face_record(records[0]));
        CHECK(parsed.notes.empty());
        REQUIRE(parsed.faces.size() == 1);
        CHECK(parsed.faces[0].data_type == 1);
        CHECK(image::sniff(parsed.faces[0].image) == image::Format::jpeg2000);
        CHECK(parsed.faces[0].width == specimen.width);
        CHECK(parsed.faces[0].height == specimen.height);
        CHECK(encoded(parsed) == records[0]);
    }
}

TEST_CASE("a face record with more points or faces than a count can say is refused, one less is not", "[image]") {
    image::FaceRecord record;
    record.faces.push_back(sample());
    record.faces[0].points.resize(0xFFFF);
    CHECK(encoded(record).size() == 14 + 20 + 8 * 0xFFFF + 12 + tiny_jpeg.size());
    CHECK(good(image::parse_face_record(encoded(record))).faces.at(0).points.size() == 0xFFFF);
    record.faces[0].points.resize(0x10000);
    CHECK(error_of(image::encode_face_record(record)) == "input.too_large");
    CHECK(good(image::parse_face_record(image::encode_face_record(record.faces[0]))).faces.at(0).points.size() == 0xFFFF);
    record.faces.assign(0x10000, {});
    CHECK(error_of(image::encode_face_record(record)) == "input.too_large");
    record.faces.pop_back();
    CHECK(good(image::parse_face_record(encoded(record))).faces.size() == 0xFFFF);
}
