// What the parts of ISO/IEC 39794 share, on face image data blocks.
#include "image/hostile.hpp"
#include "shared_data.hpp"
#include "unit/unit.hpp"

#include <limits>

#include <idchip/image/face39794.hpp>
#include <idchip/tlv/writer.hpp>

using namespace idchip;
using namespace idchip::test;
using namespace idchip::image::iso39794;
using tlv::element;

namespace {

const Bytes jpeg = "FFD8 FFC0 0008 08 0140 00F0 03 FFD9"_hex;
const Bytes version = "A007 800103 810207E3"_hex;

// Written by hand after the ASN.1 modules: a block 65 around one representation, whose other elements are given.
Bytes block_of(ByteView representations) { return element(0xA1, element(0x65, {version, element(0xA1, representations)})); }
Bytes image_2d(ByteView information = "A003800102"_hex, ByteView image = jpeg) {
    return element(0xA1, element(0xA0, element(0xA0, {element(0x80, image), element(0xA1, information)})));
}
Bytes record_of(ByteView more) { return block_of(element(0x30, {"800100"_hex, image_2d(), more})); }

FaceImageDataBlock read(ByteView record) { return good(parse_face_image_data_block(record)); }
std::string error_in(ByteView more) { return error_of(parse_face_image_data_block(record_of(more))); }

// Reads a record with these elements after the image, and wants it back.
FaceRepresentationBlock read_with(ByteView more) {
    static Bytes record;  // outlives the views
    record = record_of(more);
    auto block = read(record);
    CHECK(ids(block.notes).empty());
    CHECK(to_hex(encode(block)) == to_hex(record));
    REQUIRE(block.representations.size() == 1);
    return block.representations[0];
}

}  // namespace

TEST_CASE("the published sample of the ICAO application profile reads and is written back, and ours is the same", "[image]") {
    const auto path = shared_data("biometrics/ICAO_39794_5_AP_MandFields.dat");
    const auto portrait = shared_data("biometrics/silver.jp2");
    if (!path || !portrait) return;
    const auto record = good(read_file(*path));
    const auto block = read(record);
    CHECK(block.notes.empty());
    CHECK(block.standardized);
    CHECK(block.version.generation == 3);
    CHECK(block.version.year == 2019);
    REQUIRE(block.representations.size() == 1);
    const auto& representation = block.representations[0];
    CHECK(representation.representation_id == 0);
    REQUIRE(representation.image_2d);
    CHECK(representation.image_2d->information.image_data_format.code == face_jpeg2000_lossy);
    CHECK(representation.image_2d->image.data() == record.data() + 44);  // a view, no copy
    CHECK(encode(block) == record);
    const auto image = good(read_file(*portrait));
    CHECK(equal(representation.image_2d->image, image));
    CHECK(encode(good(face_image_data_block(image))) == record);
}

TEST_CASE("a date may be as short as a year", "[image]") {
    const auto whole = read_with("A217 800207E8 81010C 82011F 830117 84013B 85013B 860203E7"_hex).capture_date_time;
    REQUIRE(whole);
    CHECK(whole->year == 2024);
    CHECK(whole->month == 12);
    CHECK(whole->day == 31);
    CHECK(whole->hour == 23);
    CHECK(whole->minute == 59);
    CHECK(whole->second == 59);
    CHECK(whole->millisecond == 999);
    const auto year = read_with("A204 800207E8"_hex).capture_date_time;
    REQUIRE(year);
    CHECK(year->year == 2024);
    CHECK_FALSE(year->month);
    CHECK(error_in("A203 81010C"_hex) == "tlv.missing");
}

TEST_CASE("quality is a score, or an error in either form", "[image]") {
    const auto algorithm = "A007 80020101 810101"_hex;
    const auto quality = [&](ByteView score) { return element(0x30, {algorithm, element(0xA1, score)}); };
    const auto blocks =
        read_with(element(0xA3, {quality("800164"_hex), quality("A103 800100"_hex), quality("A105 A103 800100"_hex)})).quality_blocks;
    REQUIRE(blocks.size() == 3);
    CHECK(blocks[0].algorithm.organization == 0x101);
    CHECK(blocks[0].algorithm.id == 1);
    CHECK(blocks[0].score_or_error.score == 100);
    CHECK_FALSE(blocks[0].score_or_error.error);
    REQUIRE(blocks[1].score_or_error.error);
    CHECK(blocks[1].score_or_error.error->code == 0);
    REQUIRE(blocks[2].score_or_error.error);
    CHECK_FALSE(blocks[2].score_or_error.error->code);
    CHECK(blocks[2].score_or_error.error->value() == 0);
    CHECK(error_in(element(0xA3, quality("800164 A103800100"_hex))) == "tlv.unexpected");
    CHECK(error_in(element(0xA3, quality({}))) == "tlv.unexpected");
    CHECK(error_in("A302 8000"_hex) == "tlv.unexpected");  // not a member of a SEQUENCE OF SEQUENCE
}

TEST_CASE("an extended code falls back to an old one, and keeps what it says beside", "[image]") {
    const auto gender = [](ByteView code) { return read_with(element(0xA8, element(0xA0, code))).identity_metadata->gender.value(); };
    CHECK(gender("800102"_hex).value() == 2);
    CHECK(gender("A103 800103"_hex).value() == 3);
    const auto newer = gender("A10A 800101 8105 4142434445"_hex);
    CHECK(newer.value() == 1);
    REQUIRE(newer.extension_block);
    REQUIRE(newer.extension_block->unknown.size() == 1);
    CHECK(to_hex(newer.extension_block->unknown[0]) == "81054142434445");
    CHECK_FALSE(gender("A100"_hex).value());
    CHECK(gender("80020FFF"_hex).value() == 0xFFF);  // out of range: as it stands
    CHECK(gender("8001FF"_hex).value() == -1);
    CHECK(error_in("A802 A000"_hex) == "tlv.unexpected");
    CHECK(error_in("A808 A006 800101 A1008200"_hex) != "none");
    CHECK(error_in("A805 A003 820101"_hex) == "tlv.unexpected");
}

TEST_CASE("presentation attack detection is read to its fields", "[image]") {
    const auto mechanism = "A006 800101 810102"_hex;
    const auto pad = read_with(element(0xA4, {"A005 A103800101"_hex, element(0xA1, element(0x30, {mechanism, "A103 800137"_hex})),
                                              element(0xA2, element(0x30, {"A006 800103 810104"_hex, "8103 55AA55"_hex})),
                                              "A303 800102"_hex, "A403 800103"_hex, "850125"_hex, "A603 800101"_hex, "8702 BEEF"_hex,
                                              "A806 0402 0102 0400"_hex, "A904 800207E8"_hex}))
                         .pad_data;
    REQUIRE(pad);
    CHECK(pad->decision->value() == 1);
    REQUIRE(pad->score_blocks.size() == 1);
    CHECK(pad->score_blocks[0].score_or_error.score == 0x37);
    REQUIRE(pad->extended_data_blocks.size() == 1);
    CHECK(pad->extended_data_blocks[0].data_type.id == 4);
    CHECK(to_hex(pad->extended_data_blocks[0].data) == "55AA55");
    CHECK(pad->capture_context->value() == 2);
    CHECK(pad->supervision_level->value() == 3);
    CHECK(pad->risk_level == 0x25);
    CHECK(pad->criteria_category->value() == 1);
    CHECK(to_hex(pad->parameter.value()) == "BEEF");
    REQUIRE(pad->challenges.size() == 2);
    CHECK(to_hex(pad->challenges[0]) == "0102");
    CHECK(pad->challenges[1].empty());
    CHECK(pad->capture_date_time->year == 2024);
    CHECK(pad->unknown.empty());
}

TEST_CASE("fields of a later edition are kept, wherever they stand", "[image]") {
    CHECK(read_with("8A0101 BF2003 020107"_hex).unknown.size() == 2);
    CHECK(read_with("A800 A900"_hex).unknown.size() == 1);  // an empty list cannot be told from none but by its element
    const auto representations = element(0xA1, element(0x30, {"800100"_hex, image_2d()}));
    const auto newer = element(0xA1, element(0x65, {"A00A 800103 810207E3 820105"_hex, representations, "A2028000"_hex}));
    const auto block = read(newer);
    CHECK(block.notes.empty());
    CHECK(block.version.unknown.size() == 1);
    CHECK(block.unknown.size() == 1);
    CHECK(encode(block) == newer);
}

TEST_CASE("a field that is set wins over the unknown element with its tag", "[image]") {
    const auto record = record_of("A900"_hex);
    auto block = read(record);
    REQUIRE(block.representations[0].unknown.size() == 1);
    block.representations[0].landmarks.emplace_back().mpeg4_feature_point = Code::extension(84);
    const auto changed = encode(block);
    const auto again = read(changed);
    CHECK(again.notes.empty());
    CHECK(again.representations[0].unknown.empty());
    CHECK(again.representations[0].landmarks.size() == 1);
}

TEST_CASE("a change is written, all else as it was read", "[image]") {
    const auto record = record_of("850105 A804 83020700 8A0101"_hex);
    auto block = read(record);
    block.representations[0].session_id = 200;
    block.representations[0].identity_metadata->gender = Code::extension(2);
    CHECK(to_hex(encode(block)) == to_hex(record_of("850200C8 A80B A005A103800102 83020700 8A0101"_hex)));
}

TEST_CASE("a bare block without A1 is read and written bare", "[image]") {
    const auto whole = record_of({});
    const auto bare = to_bytes(ByteView(whole).subspan(2));
    const auto block = read(bare);
    CHECK_FALSE(block.standardized);
    CHECK(block.notes.empty());
    CHECK(encode(block) == bare);
    CHECK(part_of(whole) == Part::face);
    CHECK(part_of(bare) == Part::face);
    CHECK(part_of("64028000"_hex) == Part::finger);
    CHECK(part_of("A104 66028000"_hex) == Part::iris);
    CHECK_FALSE(part_of("A104 67028000"_hex));
    CHECK_FALSE(part_of("A100"_hex));
    CHECK_FALSE(part_of({}));
    CHECK_FALSE(part_of("46414300"_hex));
    CHECK(error_of(parse_face_image_data_block("A104 66028000"_hex)) == "tlv.unexpected");
}

TEST_CASE("what departs from DER or from the order of the fields is noted", "[image]") {
    auto trailing = record_of({});
    trailing.push_back(0);
    CHECK(ids(read(trailing).notes) == "iso39794.trailing_bytes");
    const auto two = element(0xA1, {ByteView(record_of({})).subspan(2), "0400"_hex});
    CHECK(ids(read(two).notes) == "iso39794.trailing_bytes");
    CHECK(ids(read(record_of("860101 850101"_hex)).notes) == "iso39794.order");
    CHECK(ids(read(record_of("A88100"_hex)).notes) == "iso39794.long_length");
    CHECK(ids(read(record_of("850101 860101 A800"_hex)).notes).empty());
}

TEST_CASE("a record whose image is not two-dimensional or not of its kind is noted", "[image]") {
    const auto shape = block_of(element(0x30, {"800100"_hex, "A106 A004 A1028000"_hex}));
    const auto block = read(shape);
    CHECK(ids(block.notes) == "iso39794.no_image");
    CHECK_FALSE(block.representations[0].image_2d);
    CHECK(encode(block) == shape);
    const auto none = block_of({});
    CHECK(ids(read(none).notes) == "iso39794.no_image");
    CHECK(encode(read(none)) == none);
    // JPEG 2000 of both sorts, an unknown code, and a format of a later edition: the image is JPEG.
    for (const auto& format : {"A003 800103"_hex, "A003 800104"_hex, "A003 800101"_hex, "A002 A100"_hex}) {
        const auto record = block_of(element(0x30, {"800100"_hex, image_2d(format)}));
        CHECK(ids(read(record).notes) == "iso39794.image_type_differs");
    }
    CHECK(ids(read(block_of(element(0x30, {"800100"_hex, image_2d("A003 800102"_hex)}))).notes).empty());
    const auto strange = block_of(element(0x30, {"800100"_hex, image_2d("A003 800109"_hex, "00"_hex)}));  // nobody knows what it is
    CHECK(ids(read(strange).notes) == "iso39794.image_type_differs");
}

TEST_CASE("nested choices with none or two alternatives are kept, and no field is read from them", "[image]") {
    const auto none = read_with("A904 3002 A000"_hex).landmarks.at(0);
    CHECK_FALSE(none.mpeg4_feature_point);
    CHECK(none.unknown.size() == 1);
    const auto two = read_with("A914 3012 A010 A00E A005 A003 800101 A105 A003 800102"_hex).landmarks.at(0);
    CHECK_FALSE(two.mpeg4_feature_point);
    CHECK(two.unknown.size() == 1);
    const auto one = read_with("A90D 300B A009 A007 A005 A103 800101"_hex).landmarks.at(0);
    CHECK(one.mpeg4_feature_point->value() == 1);
    CHECK(one.unknown.empty());
}

TEST_CASE("malformed values are refused with the place", "[image]") {
    CHECK(error_in("8500"_hex) == "der.bad_value");      // an INTEGER of no bytes
    CHECK(error_in("85020001"_hex) == "der.bad_value");  // not in its shortest form
    CHECK(error_in("8502FF80"_hex) == "der.bad_value");
    CHECK(error_in("85050100000000"_hex) == "der.bad_value");  // too large
    CHECK(read_with("85047FFFFFFF"_hex).session_id == 0x7FFFFFFF);
    CHECK(read_with("850480000000"_hex).session_id == std::numeric_limits<int>::min());
    CHECK(read_with("85020080"_hex).session_id == 128);
    CHECK(read_with("8502FF7F"_hex).session_id == -129);
    CHECK(error_in("850101 850102"_hex) == "tlv.duplicate");
    CHECK(error_in("850101 A500"_hex) == "tlv.duplicate");
    CHECK(error_of(parse_face_image_data_block(block_of(element(0x30, image_2d())))) == "tlv.missing");
    CHECK(error_of(parse_face_image_data_block("A10D 650B A007800103810207E3 8200"_hex)) == "tlv.missing");
    const auto failed = parse_face_image_data_block(record_of("A804 A402 8000"_hex));
    REQUIRE(error_of(failed) == "der.bad_value");
    CHECK(failed.error().where == "ISO 39794-5/A1/65/A1/30/A8/A4/80");
    CHECK(failed.error().offset == record_of({}).size() + 4);
}

TEST_CASE("more blocks or elements than any record has are refused before memory is asked for", "[image]") {
    const auto landmarks = [](std::size_t n) {
        Bytes all;
        for (std::size_t i = 0; i < n; ++i) append(all, "3004 A002 A100"_hex);
        return element(0xA9, all);
    };
    CHECK(read_with(landmarks(max_blocks)).landmarks.size() == max_blocks);
    CHECK(error_in(landmarks(max_blocks + 1)) == "tlv.too_many");
    Bytes elements;
    for (int i = 0; i < 100; ++i) append(elements, "0400"_hex);
    CHECK(error_in(elements) == "tlv.too_many");
    Bytes deep;
    for (int i = 0; i < 40; ++i) deep = element(0xA0, deep);
    CHECK(read_with(element(0xAA, deep)).unknown.size() == 1);  // what is not looked into may be as deep as it likes
}
