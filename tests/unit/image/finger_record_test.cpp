#include "image/hostile.hpp"
#include "shared_data.hpp"
#include "unit/unit.hpp"

#include <idchip/image/finger_record.hpp>

using namespace idchip;
using namespace idchip::test;
using image::FingerRecord;

namespace {

const Bytes wsq = "FFA0 FFA2 000F 00FF 0140 00F0 01020304050607 FFA1"_hex;

FingerRecord sample() {
    FingerRecord r;
    r.capture_device = 0x0A0B;
    r.image_acquisition_level = 31;
    r.horizontal_scan_resolution = 501;
    r.vertical_scan_resolution = 502;
    r.horizontal_image_resolution = 503;
    r.vertical_image_resolution = 504;
    r.reserved = 0x0506;
    image::FingerImage finger;
    finger.position = 2;
    finger.view_count = 2;
    finger.view_number = 1;
    finger.quality = 100;
    finger.impression_type = 9;
    finger.width = 240;
    finger.height = 320;
    finger.reserved = 0x0C;
    finger.image = wsq;
    r.fingers.assign(2, finger);
    r.fingers[1].view_number = 2;
    return r;
}

Bytes encoded(const FingerRecord& record) { return good(image::encode_finger_record(record)); }

void put(Bytes& record, std::size_t at, std::uint64_t value, std::size_t width) {
    Bytes b;
    append_be(b, value, width);
    std::copy(b.begin(), b.end(), record.begin() + static_cast<std::ptrdiff_t>(at));
}

}  // namespace

TEST_CASE("a finger record has its fields where ISO/IEC 19794-4 has them", "[image]") {
    const auto record = encoded(sample());
    REQUIRE(record.size() == 32 + 2 * (14 + wsq.size()));
    CHECK(to_hex(ByteView(record).first(32)) ==
          "46495200"
          "30313000"
          "000000000066"
          "0A0B"
          "001F"
          "02"
          "01"
          "01F5"
          "01F6"
          "01F7"
          "01F8"
          "08"
          "02"
          "0506");
    CHECK(to_hex(ByteView(record).subspan(32, 14)) ==
          "00000023"
          "02"
          "02"
          "01"
          "64"
          "09"
          "00F0"
          "0140"
          "0C");
    const auto parsed = good(image::parse_finger_record(record));
    CHECK(parsed.notes.empty());
    CHECK(parsed.capture_device == 0x0A0B);
    CHECK(parsed.horizontal_scan_resolution == 501);
    CHECK(parsed.vertical_image_resolution == 504);
    CHECK(parsed.compression == image::finger_wsq);
    REQUIRE(parsed.fingers.size() == 2);
    CHECK(parsed.fingers[1].position == 2);
    CHECK(parsed.fingers[1].view_number == 2);
    CHECK(parsed.fingers[1].impression_type == 9);
    CHECK(parsed.fingers[1].width == 240);
    CHECK(parsed.fingers[1].image.data() == record.data() + record.size() - wsq.size());  // a view, no copy
    CHECK(equal(parsed.fingers[1].image, wsq));
    CHECK(encoded(parsed) == record);
}

TEST_CASE("specimen fingers are written back byte for byte", "[image]") {
    const auto path = shared_data("lds/bsi2008/Datagroup3.bin");
    if (!path) return;
    const auto records = records_in(good(read_file(*path)),
                                    std::string_view("FIR\0"
                                                     "010\0",
                                                     8),
                                    6);
    REQUIRE(records.size() == 2);
    for (const auto& record : records) {
        const auto parsed = good(image::parse_finger_record(record));
        CHECK(parsed.notes.empty());
        CHECK(parsed.compression == image::finger_wsq);
        CHECK(parsed.image_acquisition_level == 31);
        CHECK(parsed.horizontal_image_resolution == 500);
        REQUIRE(parsed.fingers.size() == 1);
        CHECK(parsed.fingers[0].quality == 100);
        CHECK(parsed.fingers[0].width == 620);
        CHECK(parsed.fingers[0].height == 620);
        CHECK(encoded(parsed) == record);
    }
    CHECK(good(image::parse_finger_record(records[0])).fingers.at(0).position == 2);
    CHECK(good(image::parse_finger_record(records[1])).fingers.at(0).position == 7);
}

TEST_CASE("what is read of a finger record without a note is written back byte for byte", "[image]") {
    const auto record = encoded(sample());
    check_truncation(record, image::parse_finger_record);
    CHECK(check_bits(record, image::parse_finger_record, encoded) > 300);
}

TEST_CASE("lengths of a finger record that lie are refused with their offset", "[image]") {
    const auto right = encoded(sample());
    struct Case {
        std::size_t at;
        std::uint64_t value;
        std::size_t width;
        std::size_t offset;
    };
    for (const auto& c :
         {Case{8, 0xFFFFFFFFFFFF, 6, 8}, Case{8, right.size() + 1, 6, 8}, Case{8, 31, 6, 8}, Case{8, 0, 6, 8}, Case{32, 0, 4, 32},
          Case{32, 13, 4, 32}, Case{32, 0xFFFFFFFF, 4, 32}, Case{32, right.size() - 31, 4, 32}, Case{32, 34, 4, 66}}) {
        CAPTURE(c.at, c.value);
        auto record = right;
        put(record, c.at, c.value, c.width);
        const auto failed = image::parse_finger_record(record);
        REQUIRE(error_of(failed) == "lds.bad_file");
        CHECK(failed.error().offset == c.offset);
    }
}

TEST_CASE("views of a finger record that are too few or too many, and bytes behind them, are noted", "[image]") {
    auto record = encoded(sample());
    for (const unsigned count : {0U, 1U, 3U, 255U}) {
        put(record, 18, count, 1);
        const auto parsed = good(image::parse_finger_record(record));
        CHECK(ids(parsed.notes) == "finger.count_differs");
        CHECK(parsed.fingers.size() == std::min(count, 2U));
    }
    put(record, 18, 2, 1);
    record.push_back(0);
    CHECK(ids(good(image::parse_finger_record(record)).notes) == "finger.trailing_bytes");
    CHECK(good(image::parse_finger_record(encoded(FingerRecord{}))).fingers.empty());
    CHECK(good(image::parse_finger_record(encoded(FingerRecord{}))).notes.empty());
}

TEST_CASE("a finger image of another kind than declared is noted, raw pixels are taken as they are", "[image]") {
    const Bytes jpeg = "FFD8FFE0"_hex, jp2 = "FF4FFF51002F"_hex, png = "89504E470D0A1A0A"_hex, nothing;
    struct Case {
        Byte compression;
        const Bytes& image;
        bool right;
    };
    for (const auto& c : {Case{2, wsq, true}, Case{2, jpeg, false}, Case{3, jpeg, true}, Case{3, wsq, false}, Case{4, jp2, true},
                          Case{4, png, false}, Case{5, png, true}, Case{5, jp2, false}, Case{5, nothing, false}, Case{0, nothing, true},
                          Case{1, wsq, true}, Case{77, jpeg, true}}) {
        auto r = sample();
        r.fingers.resize(1);
        r.compression = c.compression;
        r.fingers[0].image = c.image;
        CAPTURE(int{c.compression}, to_hex(c.image));
        const auto record = encoded(r);
        CHECK(ids(good(image::parse_finger_record(record)).notes) == (c.right ? "" : "finger.image_type_differs"));
    }
}

TEST_CASE("a finger record has room for 255 views, not for more", "[image]") {
    FingerRecord r;
    r.compression = image::finger_raw;
    r.fingers.resize(255);
    CHECK(good(image::parse_finger_record(encoded(r))).fingers.size() == 255);
    r.fingers.resize(256);
    CHECK(error_of(image::encode_finger_record(r)) == "input.too_large");
}

TEST_CASE("another magic or version is no finger record", "[image]") {
    const auto right = encoded(sample());
    for (std::size_t at = 0; at < 8; ++at) {
        auto record = right;
        record[at] = static_cast<Byte>(record[at] ^ 1U);
        CHECK(error_of(image::parse_finger_record(record)) == "lds.bad_file");
    }
}
