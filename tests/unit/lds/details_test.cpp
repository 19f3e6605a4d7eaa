#include "unit/unit.hpp"

#include <idchip/lds/details.hpp>
#include <idchip/tlv/writer.hpp>

using namespace idchip;
using namespace idchip::test;
using namespace idchip::lds;

namespace {

// By hand, after Doc 9303-10, table 71.
const Bytes dg11_file = "6B 3A 5C 08 5F0E A0 5F10 5F2B 02"_hex;

Bytes by_hand(const Bytes& list, std::initializer_list<Bytes> objects, Byte tag = 0x6B) {
    auto contents = tlv::element(0x5C, list);
    for (const auto& o : objects) append(contents, o);
    return tlv::element(tag, contents);
}
Bytes object(std::uint32_t tag, std::string_view text) { return tlv::element(tag, as_bytes(text)); }

std::string notes_of(const Bytes& file, Ef ef = Ef::dg11) {
    const auto parsed = good(DetailFile::parse(ef, file));
    CHECK(parsed.encode() == file);
    return ids(parsed.notes);
}

}  // namespace

TEST_CASE("DG11 comes out as table 71 of Doc 9303-10 has it, diacritics included", "[lds]") {
    DetailFile file;
    file.ef = Ef::dg11;
    file.set(dg11::full_name, "NGUYỄN<<VĂN<MẪU");
    file.set_names({"MẪU<<THỬ", "X<<Y"});
    file.set(dg11::personal_number, "999099000017");
    file.set(dg11::birth_date, "19990515");
    file.set(dg11::birth_place, "Xã Mẫu<Hà Nội");
    const auto names = concat({"020102"_hex, object(0x5F0F, "MẪU<<THỬ"), object(0x5F0F, "X<<Y")});
    const auto expected =
        by_hand("5F0E A0 5F10 5F2B 5F11"_hex, {object(0x5F0E, "NGUYỄN<<VĂN<MẪU"), tlv::element(0xA0, names), object(0x5F10, "999099000017"),
                                               object(0x5F2B, "19990515"), object(0x5F11, "Xã Mẫu<Hà Nội")});
    CHECK(file.encode() == expected);
    const auto back = good(DetailFile::parse(Ef::dg11, expected));
    CHECK(back.notes.empty());
    CHECK(back.text(dg11::full_name) == "NGUYỄN<<VĂN<MẪU");
    CHECK(back.names() == std::vector<std::string>{"MẪU<<THỬ", "X<<Y"});
    CHECK(back.date(dg11::birth_date) == "19990515");
    CHECK_FALSE(back.text(dg11::telephone));
    CHECK(back.encode() == expected);
}

TEST_CASE("dates stand as digits or packed, and the packed form is named", "[lds]") {
    CHECK(notes_of(by_hand("5F2B"_hex, {object(0x5F2B, "19990515")})).empty());
    const auto packed = by_hand("5F2B"_hex, {tlv::element(0x5F2B, "19990515"_hex)});
    CHECK(notes_of(packed) == "lds.details_bcd_date");
    CHECK(good(DetailFile::parse(Ef::dg11, packed)).date(dg11::birth_date) == "19990515");
    CHECK(notes_of(by_hand("5F2B"_hex, {object(0x5F2B, "1999-515")})) == "lds.details_bad_date");
    CHECK(notes_of(by_hand("5F2B"_hex, {tlv::element(0x5F2B, "1999AB15"_hex)})) == "lds.details_bad_date");
    CHECK(notes_of(by_hand("5F55"_hex, {object(0x5F55, "20220620101500")}, 0x6C), Ef::dg12).empty());
    const auto time = by_hand("5F55"_hex, {tlv::element(0x5F55, "20220620101500"_hex)}, 0x6C);
    CHECK(notes_of(time, Ef::dg12) == "lds.details_bcd_date");
    CHECK(good(DetailFile::parse(Ef::dg12, time)).date(dg12::personalization_time) == "20220620101500");
}

TEST_CASE("each departure of an additional detail has its own name", "[lds]") {
    CHECK(notes_of(by_hand("5F10"_hex, {object(0x5F10, "")})) == "lds.details_empty_object");
    CHECK(notes_of(by_hand("5F10"_hex, {tlv::element(0x5F10, "C080"_hex)})) == "lds.details_not_utf8");
    CHECK(notes_of(by_hand("5F10"_hex, {})) == "lds.details_listed_absent");
    CHECK(notes_of(by_hand(""_hex, {object(0x5F10, "1")})) == "lds.details_not_listed");
    CHECK(notes_of(by_hand("5F10"_hex, {object(0x5F10, "1"), object(0x5F10, "2")})) == "lds.details_doubled");
    CHECK(notes_of(by_hand("5F3F"_hex, {object(0x5F3F, "1")})) == "lds.details_unknown_object");
    CHECK(notes_of(by_hand("A0"_hex, {tlv::element(0xA0, concat({"020102"_hex, object(0x5F0F, "A")}))})) == "lds.details_count_differs");
    CHECK(notes_of(by_hand("A0"_hex, {tlv::element(0xA0, "0205"_hex)})).find("lds.details_names_malformed") == 0);
    CHECK(notes_of(by_hand("5F0F"_hex, {tlv::element(0xA0, concat({"020101"_hex, object(0x5F0F, "A")}))})).empty());
    auto padded = by_hand("5F10"_hex, {object(0x5F10, "1")});
    padded.push_back(0);
    CHECK(ids(good(DetailFile::parse(Ef::dg11, padded)).notes) == "lds.trailing_bytes");
    const auto first = good(DetailFile::parse(Ef::dg11, by_hand("5F10"_hex, {object(0x5F10, "1"), object(0x5F10, "2")})));
    CHECK(first.text(dg11::personal_number) == "1");
}

TEST_CASE("DG11 and DG12 do not stand for each other, and hostile bytes are refused", "[lds]") {
    const auto file = by_hand("5F10"_hex, {object(0x5F10, "1")});
    CHECK(error_of(DetailFile::parse(Ef::dg12, file)) == "tlv.unexpected");
    CHECK(error_of(DetailFile::parse(Ef::dg11, dg11_file)) == "tlv.truncated");
    CHECK(error_of(DetailFile::parse(Ef::dg11, "6B035C015F"_hex)) == "lds.bad_file");
    CHECK(error_of(DetailFile::parse(Ef::dg11, "6B00"_hex)) == "tlv.missing");
    for (std::size_t size = 0; size < file.size(); ++size)
        CHECK(error_of(DetailFile::parse(Ef::dg11, ByteView(file).first(size))) != "none");
    // A tag list without end is not compared with anything.
    CHECK(error_of(DetailFile::parse(Ef::dg11, tlv::element(0x6B, tlv::element(0x5C, Bytes(1'000'000, 0x50))))) == "tlv.too_many");
    CHECK(error_of(DetailFile::parse(Ef::dg11, tlv::element(0x6B, tlv::element(0x5C, Bytes(256, 0x50))))) == "none");
    // 10^5 siblings end at a limit, in linear time.
    Bytes many = tlv::element(0x5C, Bytes());
    for (int i = 0; i < 120'000; ++i) append(many, "5000"_hex);
    CHECK(error_of(DetailFile::parse(Ef::dg11, tlv::element(0x6B, many))) == "tlv.too_many");
}
