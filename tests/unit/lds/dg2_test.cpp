#include "shared_data.hpp"
#include "unit/unit.hpp"

#include <idchip/lds/dg2.hpp>
#include <idchip/tlv/writer.hpp>

using namespace idchip;
using namespace idchip::test;
using image::Format;
using lds::Dg2;

namespace {

const Bytes tiny_jpeg = "FFD8 FFC0 0008 08 0140 00F0 03 FFD9"_hex;
const Bytes header_template = tlv::element(0xA1, "80020101 810102 87020101 88020008"_hex);

image::FaceImage face() {
    image::FaceImage f;
    f.width = 240;
    f.height = 320;
    f.image = tiny_jpeg;
    return f;
}

Bytes record() { return image::encode_face_record(face()); }
Bytes template_of(ByteView data, std::uint32_t tag = 0x5F2E) { return tlv::element(0x7F60, {header_template, tlv::element(tag, data)}); }
Bytes file_of(int count, std::initializer_list<Bytes> templates) {
    auto group = tlv::element(0x02, Bytes{static_cast<Byte>(count)});
    for (const auto& t : templates) append(group, t);
    return tlv::element(0x75, tlv::element(0x7F61, group));
}

std::string notes_of(const Bytes& file) { return ids(good(Dg2::parse(file)).notes); }
std::string refused(const Bytes& file) { return error_of(Dg2::parse(file)); }

}  // namespace

TEST_CASE("DG2 nests one face as Doc 9303-10, table 44 wants, and gives it back", "[lds]") {
    const auto file = Dg2::encode(face());
    CHECK(file == file_of(1, {template_of(record())}));  // written by hand the same bytes come out
    const auto dg2 = good(Dg2::parse(file));
    CHECK(dg2.notes.empty());
    CHECK(dg2.announced_count == 1);
    REQUIRE(dg2.templates.size() == 1);
    CHECK(dg2.templates[0].format_owner == 0x0101);
    CHECK(dg2.templates[0].format_type == 0x0008);
    CHECK(dg2.templates[0].data_tag == 0x5F2E);
    CHECK(equal(dg2.templates[0].data, record()));
    CHECK(dg2.templates[0].data.data() == file.data() + dg2.templates[0].data_offset);
    REQUIRE(dg2.faces.size() == 1);
    CHECK(equal(dg2.faces[0].image, tiny_jpeg));
    CHECK(dg2.faces[0].image.data() >= file.data());
    CHECK(dg2.faces[0].image.data() < file.data() + file.size());
    CHECK(Dg2::encode(dg2.faces[0]) == file);
}

TEST_CASE("DG2 is right at every size around the steps of its length fields", "[lds]") {
    for (const std::size_t size :
         {0U, 1U, 40U, 60U, 80U, 81U, 100U, 120U, 127U, 128U, 150U, 180U, 200U, 255U, 256U, 15'000U, 65'400U, 65'535U, 65'536U, 70'000U}) {
        Bytes picture(size, 0xFF);
        auto f = face();
        f.image = picture;
        const auto file = Dg2::encode(f);
        CAPTURE(size);
        const auto dg2 = good(Dg2::parse(file));
        CHECK(dg2.faces.at(0).image.size() == size);
        CHECK(file == file_of(1, {template_of(image::encode_face_record(f))}));
        CHECK(ids(dg2.notes).find("lds.") == std::string::npos);
    }
}

TEST_CASE("a count that lies, several faces, no face and strange objects are noted", "[lds]") {
    const auto t = template_of(record());
    CHECK(notes_of(file_of(2, {t})) == "lds.biometric_count_differs");
    CHECK(notes_of(file_of(255, {t})) == "lds.biometric_count_differs");
    CHECK(notes_of(file_of(0, {})) == "lds.dg2_no_face");
    CHECK(notes_of(file_of(1, {})) == "lds.biometric_count_differs lds.dg2_no_face");
    CHECK(notes_of(file_of(2, {t, t})) == "lds.dg2_several_faces");
    CHECK(notes_of(file_of(1, {t, "0400"_hex})) == "lds.biometric_extra_objects");
    CHECK(notes_of(file_of(1, {template_of(record(), 0x7F2E)})) == "lds.dg2_face_unreadable lds.dg2_no_face");
    CHECK(notes_of(file_of(1, {template_of("46414300"_hex)})) == "lds.dg2_face_unreadable lds.dg2_no_face");
    auto padded = Dg2::encode(face());
    padded.push_back(0);
    CHECK(notes_of(padded) == "lds.trailing_bytes");
}

TEST_CASE("a long length anywhere in DG2 is noted once", "[lds]") {
    const auto long_form = [](std::uint32_t tag, const Bytes& value) {
        Bytes b = tlv::encode_tag(tag);
        append(b, Bytes{0x83});
        append_be(b, value.size(), 3);
        append(b, value);
        return b;
    };
    const auto deep = tlv::element(0x7F60, {header_template, long_form(0x5F2E, record())});
    CHECK(notes_of(file_of(1, {deep})) == "lds.length_not_minimal");
    CHECK(notes_of(long_form(0x75, to_bytes(ByteView(file_of(1, {deep})).subspan(2)))) == "lds.length_not_minimal");
}

TEST_CASE("a header without format owner leaves it open, one of wrong length too", "[lds]") {
    const auto t = tlv::element(0x7F60, {tlv::element(0xA1, "8703010101 8801 08"_hex), tlv::element(0x5F2E, record())});
    const auto file = file_of(1, {t});
    const auto dg2 = good(Dg2::parse(file));
    CHECK_FALSE(dg2.templates.at(0).format_owner);
    CHECK_FALSE(dg2.templates.at(0).format_type);
    CHECK(dg2.faces.size() == 1);
}

TEST_CASE("a malformed DG2 is refused by name", "[lds]") {
    CHECK(refused({}) == "tlv.missing");
    CHECK(refused("6100"_hex) == "tlv.unexpected");
    CHECK(refused("7500"_hex) == "tlv.missing");
    CHECK(refused(tlv::element(0x75, tlv::element(0x7F61, Bytes()))) == "tlv.missing");
    CHECK(refused(tlv::element(0x75, tlv::element(0x7F61, "0200"_hex))) == "lds.bad_file");
    CHECK(refused(tlv::element(0x75, tlv::element(0x7F61, "02020001"_hex))) == "lds.bad_file");
    CHECK(refused(file_of(1, {tlv::element(0x7F60, Bytes())})) == "tlv.missing");
    CHECK(refused(file_of(1, {tlv::element(0x7F60, tlv::element(0x5F2E, record()))})) == "tlv.unexpected");
    CHECK(refused(file_of(1, {tlv::element(0x7F60, header_template)})) == "tlv.missing");
    CHECK(refused(file_of(1, {tlv::element(0x7F60, {header_template, "0400"_hex})})) == "tlv.unexpected");
    const auto right = Dg2::encode(face());
    for (std::size_t n = 0; n < right.size(); ++n) {
        const Bytes cut(right.begin(), right.begin() + static_cast<std::ptrdiff_t>(n));
        REQUIRE_FALSE(Dg2::parse(cut));
    }
}

TEST_CASE("every short image in DG2 is carried without being looked into beyond its end", "[lds]") {
    for (std::size_t n = 0; n <= 16; ++n)
        for (const auto* start : {"FFD8FFC000080801", "0000000C6A5020200D0A870A00000000", "FF4FFF51002F00000001"}) {
            auto picture = good(from_hex(start));
            picture.resize(n);
            auto f = face();
            f.image = picture;
            const auto file = Dg2::encode(f);
            CHECK(good(Dg2::parse(file)).faces.at(0).image.size() == n);
        }
}

TEST_CASE("DG2 of the specimens of 2006 and 2008 holds JPEG 2000 pictures of known size", "[lds]") {
    struct Specimen {
        const char* file;
        std::uint16_t width, height;
        std::uint32_t real_width, real_height;
    };
    for (const auto& s :
         {Specimen{"lds/loes2006/ef0102.bin", 449, 598, 449, 598}, Specimen{"lds/bsi2008/Datagroup2.bin", 337, 449, 413, 531}}) {
        const auto path = shared_data(s.file);
        if (!path) return;
        const auto file = good(read_file(*path));
        const auto dg2 = good(Dg2::parse(file));
        CAPTURE(s.file);
        CHECK(dg2.notes.empty());
        CHECK(dg2.announced_count == 1);
        REQUIRE(dg2.faces.size() == 1);
        CHECK(dg2.faces[0].data_type == 1);
        CHECK(dg2.faces[0].width == s.width);  // what the record claims
        CHECK(dg2.faces[0].height == s.height);
        const auto h = good(image::read_header(dg2.faces[0].image));
        CHECK(h.format == Format::jpeg2000);
        CHECK(h.width == s.real_width);  // what the picture says of itself
        CHECK(h.height == s.real_height);
        CHECK(h.components == 3);
    }
}
