// Family B of docs/inspection-cases.md: what stands twice or not at all in DG1 and DG2, and the portrait.
#include "inspect/document_maker.hpp"

#include "catch.hpp"

using namespace idchip;
using namespace idchip::inspect;
using namespace idchip::inspect::maker;
using lds::Ef;
using tlv::element;

namespace {

// 5F1F
Bytes zone_of(const mrz::Mrz& m) {
    const auto file = dg1(m);
    return {file.begin() + 2, file.end()};
}

}  // namespace

TEST_CASE("B18 two zones in DG1, two images in one template") {
    const auto zone = zone_of(td1());
    SECTION("two zones: the first one is used, and said to be") {
        auto other = td1();
        other.document_number = "099000018";
        check_noted(judged_with(Ef::dg1, element(0x61, {zone, zone_of(other)})), Outcome::note, "lds.dg1_second_mrz", "B18");
    }
    SECTION("something else behind the zone") {
        check_noted(judged_with(Ef::dg1, element(0x61, {zone, element(0x53, Bytes{1})})), Outcome::note, "lds.dg1_extra_objects", "B18");
    }
    SECTION("two images in one template") {
        const auto header = element(0xA1, element(0x80, Bytes{1, 1}));
        const auto both = element(0x7F60, {header, element(0x5F2E, face_record(jpeg())), element(0x5F2E, face_record(jpeg(100, 100)))});
        check_noted(judged_with(Ef::dg2, dg2_of(1, {both})), Outcome::note, "lds.biometric_second_record", "B18");
    }
    SECTION("something else among the templates") {
        auto file = dg2_of(1, {face_template(face_record(jpeg())), element(0x53, Bytes{1})});
        check_noted(judged_with(Ef::dg2, file), Outcome::note, "lds.biometric_extra_objects", "B18");
    }
    SECTION("neighbour: one zone, one image") { check_clean(judged(clean())); }
}

TEST_CASE("B20 DG2 without images, with several, with a wrong count") {
    const auto one = face_template(face_record(jpeg()));
    SECTION("none") { check_noted(judged_with(Ef::dg2, dg2_of(0, {})), Outcome::note, "lds.dg2_no_face", "B20"); }
    SECTION("two, and so it says") {
        check_noted(judged_with(Ef::dg2, dg2_of(2, {one, one})), Outcome::note, "lds.dg2_several_faces", "B20");
    }
    SECTION("two, and it says one") {
        const auto verdict = judged_with(Ef::dg2, dg2_of(1, {one, one}));
        check(verdict, Overall::accept_with_notes, Outcome::note, "lds.biometric_count_differs", "B20");
        check(verdict, Overall::accept_with_notes, Outcome::note, "lds.dg2_several_faces", "B20");
    }
    SECTION("one, and it says 255") {
        check_noted(judged_with(Ef::dg2, dg2_of(255, {one})), Outcome::note, "lds.biometric_count_differs", "B20");
    }
    SECTION("a record that announces three faces and holds one") {
        auto record = face_record(jpeg());
        record[13] = 3;
        check_noted(judged_with(Ef::dg2, dg2_of(1, {face_template(record)})), Outcome::note, "face.count_differs", "B20");
    }
    SECTION("a count of two bytes") {
        const auto file = element(0x75, element(0x7F61, {element(0x02, Bytes{0, 1}), one}));
        check(judged_with(Ef::dg2, file), Overall::refer, Outcome::fail, "file.DG2", "B16");
    }
    SECTION("neighbour: one face") { check_clean(judged_with(Ef::dg2, dg2_of(1, {one}))); }
}

TEST_CASE("B21 images that are not what they are declared, bombs, malformed ones") {
    SECTION("JPEG 2000 declared as JPEG") {
        check_noted(judged_with(Ef::dg2, dg2_of(1, {face_template(face_record(jp2(), 0))})), Outcome::note, "face.image_type_differs",
                    "B21");
    }
    SECTION("JPEG declared as JPEG 2000") {
        check_noted(judged_with(Ef::dg2, dg2_of(1, {face_template(face_record(jpeg(), 1))})), Outcome::note, "face.image_type_differs",
                    "B21");
    }
    SECTION("malformed: the hash is judged by itself") {
        auto image = jpeg();
        image.resize(24);
        const auto verdict = judged_with(Ef::dg2, dg2(image));
        check_noted(verdict, Outcome::unavailable, "image.DG2", "B21");
        check(verdict, Overall::accept_with_notes, Outcome::pass, "pa.hash.DG2");
    }
    SECTION("of no kind") {
        const auto verdict = judged_with(Ef::dg2, dg2(as_bytes("GIF89a")));
        check(verdict, Overall::accept_with_notes, Outcome::unavailable, "image.DG2", "B21");
    }
    SECTION("a bomb: four thousand million pixels are announced, none is decoded") {
        check_clean(judged_with(Ef::dg2, dg2_of(1, {face_template(face_record(jp2(65'535, 65'535), 1))})));
    }
    SECTION("neighbours: each kind declared as it is") {
        check_clean(judged_with(Ef::dg2, dg2_of(1, {face_template(face_record(jpeg(), 0))})));
        check_clean(judged_with(Ef::dg2, dg2_of(1, {face_template(face_record(jp2(), 1))})));
    }
}

TEST_CASE("B22 the number of feature points runs out of the face record") {
    auto record = face_record(jpeg());
    SECTION("65535 points") {
        record[18] = record[19] = 0xFF;
        check(judged_with(Ef::dg2, dg2_of(1, {face_template(record)})), Overall::accept_with_notes, Outcome::unavailable, "image.DG2",
              "B22");
    }
    SECTION("a face longer than the record") {
        record[14] = 0xFF;
        check(judged_with(Ef::dg2, dg2_of(1, {face_template(record)})), Overall::accept_with_notes, Outcome::unavailable, "image.DG2",
              "B22");
    }
    SECTION("neighbour: one point, and room for it") {
        const Bytes point = {1, 0x12, 0, 10, 0, 10, 0, 0};
        record.insert(record.begin() + 34, point.begin(), point.end());
        record[19] = 1;
        record[11] = static_cast<Byte>(record[11] + 8);
        record[17] = static_cast<Byte>(record[17] + 8);
        check_clean(judged_with(Ef::dg2, dg2_of(1, {face_template(record)})));
    }
}

TEST_CASE("B23 ISO/IEC 39794-5 faces") {
    const auto header =
        element(0xA1, {element(0x80, Bytes{1, 1}), element(0x81, Bytes{2}), element(0x87, Bytes{1, 1}), element(0x88, Bytes{0, 8})});
    const auto picture = jpeg();
    image::FaceDescription portrait;
    portrait.image = picture;
    const auto face = image::make_face_record(portrait, image::RecordFormat::iso39794).value();
    const auto modern = element(0x7F60, {header, element(0x7F2E, face)});
    SECTION("neighbour: one, as readers must take it since 2026") { check_clean(judged_with(Ef::dg2, dg2_of(1, {modern}))); }
    SECTION("mixed with one of the old kind: both are shown") {
        check_noted(judged_with(Ef::dg2, dg2_of(2, {modern, face_template(face_record(jpeg()))})), Outcome::note, "lds.dg2_several_faces",
                    "B20");
    }
    SECTION("one that cannot be read: its hash is judged by itself") {
        const auto broken = element(0x7F60, {header, element(0x7F2E, element(0x30, Bytes{0x80, 1, 0}))});
        const auto verdict = judged_with(Ef::dg2, dg2_of(1, {broken}));
        check(verdict, Overall::accept_with_notes, Outcome::unavailable, "image.DG2", "B22");
    }
    SECTION("attack: neither image tag") {
        const auto odd = element(0x7F60, {header, element(0x5F2D, Bytes{1})});
        check(judged_with(Ef::dg2, dg2_of(1, {odd})), Overall::refer, Outcome::fail, "file.DG2", "B16");
    }
}
