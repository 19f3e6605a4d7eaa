#include "image/hostile.hpp"
#include "shared_data.hpp"
#include "unit/unit.hpp"

#include <idchip/image/iris39794.hpp>
#include <idchip/tlv/writer.hpp>

using namespace idchip;
using namespace idchip::test;
using namespace idchip::image::iso39794;
using tlv::element;

namespace {

const Bytes png = "89504E470D0A1A0A 0000000D 49484452 00000280 000001E0"_hex;

Bytes encoded(const IrisImageDataBlock& block) { return encode(block); }

IrisImageDataBlock everything() {
    auto block = good(iris_image_data_block(png, 2, 7, DateTimeBlock{2026, 11, 21, 9, {}, {}, {}, {}}));
    auto& r = block.representations[0];
    r.range = RangeOrError{300, {}, {}};
    r.capture_device.emplace().model = RegistryIdBlock{1, 2, {}};
    r.capture_device->technology = Code::plain(1);
    QualityBlock quality;
    quality.score_or_error.score = 50;
    r.quality_blocks = {quality};
    r.roll_angle = RollAngleBlock{-3, 4, {}};
    r.localisation.emplace().iris_center_x_smallest = 310;
    r.localisation->iris_diameter_largest = 220;
    r.pad_data.emplace().risk_level = 9;
    return block;
}

}  // namespace

TEST_CASE("the published sample of part 6 is read to its last field and written back", "[image]") {
    const auto path = shared_data("biometrics/sample-39794-6-ed-1-v1.der");
    if (!path) return;
    const auto record = good(read_file(*path));
    const auto block = good(parse_iris_image_data_block(record));
    CHECK(block.notes.empty());
    CHECK_FALSE(block.standardized);
    CHECK(encode(block) == record);
    REQUIRE(block.representations.size() == 1);
    const auto& r = block.representations[0];
    CHECK(r.unknown.empty());
    CHECK(r.eye_label == 1);
    CHECK(r.iris_image_kind.code == 2);
    CHECK(r.bit_depth == 8);
    CHECK(r.image_data_format.code == iris_png);
    CHECK(r.horizontal_orientation == 1);
    CHECK(r.vertical_orientation == 1);
    CHECK(r.compression_history == 0);
    CHECK(r.capture_date_time->year == 2019);
    CHECK(r.capture_date_time->month == 9);
    CHECK(r.capture_date_time->hour == 13);
    CHECK(r.image.size() == 148593);
    REQUIRE(r.range);
    CHECK_FALSE(r.range->range);
    CHECK(r.range->error_code == 0);
    // The same from the image on: what we make of it differs in nothing.
    auto made = good(iris_image_data_block(r.image, 1, 2, *r.capture_date_time));
    made.standardized = false;
    CHECK(encode(made) == record);
    const auto cut = ByteView(record);
    for (const std::size_t n : {std::size_t{0}, std::size_t{1}, std::size_t{5}, std::size_t{70}, record.size() - 5, record.size() - 1})
        CHECK_FALSE(parse_iris_image_data_block(cut.first(n)));
}

TEST_CASE("an iris with every field is written back byte for byte", "[image]") {
    const auto record = encode(everything());
    const auto block = good(parse_iris_image_data_block(record));
    CHECK(block.notes.empty());
    const auto& r = block.representations.at(0);
    CHECK(r.unknown.empty());
    CHECK(r.range->range == 300);
    CHECK(r.capture_device->technology->code == 1);
    CHECK(r.roll_angle->angle == -3);
    CHECK(r.localisation->iris_center_x_smallest == 310);
    CHECK(r.localisation->iris_diameter_largest == 220);
    CHECK_FALSE(r.localisation->iris_center_y_largest);
    CHECK(r.pad_data->risk_level == 9);
    CHECK(encode(block) == record);
    check_truncation(record, parse_iris_image_data_block);
    CHECK(check_bits(record, parse_iris_image_data_block, encoded) > 400);
    CHECK(error_of(parse_iris_image_data_block("A10D 640B A007800103810207E3 A100"_hex)) == "tlv.unexpected");  // a finger
}

TEST_CASE("the other numbering of range, date and image is read, noted and kept", "[image]") {
    const auto front = "800101 A103800102 820108 A303800102 840101 850101 860100"_hex;
    const auto date = "800207E3 810109"_hex;
    const auto in = [&](std::initializer_list<ByteView> fields) {
        Bytes all = front;
        for (const auto f : fields) append(all, f);
        return element(0xA1, element(0x66, {"A007 800103 810207E3"_hex, element(0xA1, element(0x30, all))}));
    };
    const auto other = in({"A703 810101"_hex, element(0xA8, date), element(0x89, png)});
    const auto block = good(parse_iris_image_data_block(other));
    CHECK(ids(block.notes) == "iso39794.iris_numbering");
    const auto& r = block.representations.at(0);
    CHECK(r.unknown.empty());
    CHECK(r.capture_date_time->month == 9);
    CHECK(r.range->error_code == 1);
    CHECK(equal(r.image, png));
    CHECK(encode(block) == other);
    // JMRTD writes the range bare: kept, without a field.
    const auto bare = in({"87020400"_hex, element(0xA8, date), element(0x89, png)});
    const auto read = good(parse_iris_image_data_block(bare));
    CHECK(read.representations.at(0).unknown.size() == 1);
    CHECK(encode(read) == bare);
    const auto usual = in({element(0xA7, date), element(0x88, png), "A903 810101"_hex});
    CHECK(good(parse_iris_image_data_block(usual)).notes.empty());
    CHECK(error_of(parse_iris_image_data_block(in({element(0xA7, date), "A903 810101"_hex}))) == "tlv.missing");  // no image
}

TEST_CASE("an iris image must be of a kind that part 6 knows, and of the one declared", "[image]") {
    struct Case {
        Bytes image;
        int format;
        int depth;
    };
    for (const auto& c : {Case{"5035"_hex, iris_pgm, 8}, Case{"5036"_hex, iris_ppm, 24}, Case{png, iris_png, 8},
                          Case{"FF4FFF51"_hex, iris_jpeg2000_lossy, 8}}) {
        auto block = good(iris_image_data_block(c.image, 1, 1, {}));
        CHECK(block.representations.at(0).image_data_format.code == c.format);
        CHECK(block.representations.at(0).bit_depth == c.depth);
        const auto right = encode(block);
        CHECK(good(parse_iris_image_data_block(right)).notes.empty());
        block.representations[0].image_data_format = Code::plain(c.format == iris_pgm ? iris_ppm : iris_pgm);
        const auto wrong = encode(block);
        CHECK(ids(good(parse_iris_image_data_block(wrong)).notes) == "iso39794.image_type_differs");
    }
    CHECK(error_of(iris_image_data_block("FFD8FFE0"_hex, 1, 1, {})) == "lds.bad_image");
    CHECK(error_of(iris_image_data_block({}, 1, 1, {})) == "lds.bad_image");
}
