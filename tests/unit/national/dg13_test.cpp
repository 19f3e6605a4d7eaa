#include "shared_data.hpp"
#include "unit/unit.hpp"

#include <idchip/national/vietnam/dg13.hpp>
#include <idchip/tlv/writer.hpp>

using namespace idchip;
using namespace idchip::test;
using namespace idchip::vietnam;

namespace {

const Bytes head = "020101 060628D316010008"_hex;

Bytes file_of(ByteView members) { return tlv::element(0x6D, tlv::element(0x30, {head, tlv::element(0x31, members)})); }
Bytes field(ByteView contents) { return tlv::element(0x30, contents); }

const Bytes name = field("020102 0C03416E68"_hex);

}  // namespace

TEST_CASE("DG13 of a foreign file is read field by field and written byte by byte", "[vietnam]") {
    const auto path = shared_data("lds/dg13_vietnam_synthetic.bin");
    if (!path) return;
    const auto file = good(read_file(*path));
    REQUIRE(file.size() == 409);
    const auto dg13 = good(Dg13::parse(file));
    CHECK(ids(dg13.notes).empty());
    CHECK(dg13.version == 1);
    CHECK(dg13.charset.dotted() == "1.0.10646.1.0.8");
    REQUIRE(dg13.fields.size() == 16);
    for (std::size_t i = 0; i < 16; ++i) CHECK(dg13.fields[i].number == static_cast<std::int64_t>(i + 1));
    CHECK(dg13.text(dg13_field::personal_number) == "999099000017");
    CHECK(dg13.fields[0].strings[0].tag == der::printable_string);
    CHECK(dg13.text(dg13_field::full_name) == "Nguyễn Văn Mẫu");
    CHECK(dg13.fields[1].strings[0].tag == der::utf8_string);
    CHECK(dg13.text(dg13_field::sex) == "Nam");
    CHECK(dg13.text(dg13_field::residence) == "Số 1 Phố Thử, Phường Mẫu, Hà Nội");
    CHECK(dg13.text(dg13_field::expiry) == "15/05/2039");
    CHECK(dg13.fields[11].strings[0].tag == der::utf8_string);
    const auto* parents = dg13.find(dg13_field::parents);
    REQUIRE(parents != nullptr);
    CHECK(parents->shape == Dg13Shape::siblings);
    REQUIRE(parents->strings.size() == 2);
    CHECK(parents->strings[0].text == "Nguyễn Văn Cha");
    CHECK(parents->strings[1].text == "Trần Thị Mẹ");
    CHECK(dg13.presence(dg13_field::spouse) == Presence::no_value);
    CHECK(dg13.text(dg13_field::serial) == "0123456789ABCDEF");
    CHECK(dg13.frame == Dg13::Frame{});
    CHECK(dg13.encode() == file);
}

TEST_CASE("DG13 keeps apart a field that is absent, without value and of length zero", "[vietnam]") {
    const auto file = file_of(concat({field("02010A 0C00"_hex), field("02010E"_hex), field("02010D 3000 30050C03416E68"_hex)}));
    const auto dg13 = good(Dg13::parse(file));
    CHECK(dg13.presence(dg13_field::full_name) == Presence::absent);
    CHECK(dg13.presence(dg13_field::spouse) == Presence::no_value);
    CHECK(dg13.presence(dg13_field::personal_identification) == Presence::empty);
    CHECK(dg13.presence(dg13_field::parents) == Presence::present);
    REQUIRE(dg13.fields[2].strings.size() == 2);  // the mother keeps her place
    CHECK(dg13.fields[2].strings[0].tag == 0);
    CHECK(dg13.fields[2].strings[1].text == "Anh");
    CHECK(dg13.notes.empty());
    CHECK(dg13.encode() == file);
}

TEST_CASE("parents of DG13 are read as siblings and nested", "[vietnam]") {
    const auto siblings = good(Dg13::parse(file_of(field("02010D 30030C0143 30030C014D"_hex))));
    const auto nested = good(Dg13::parse(file_of(field("02010D 3006 0C0143 0C014D"_hex))));
    CHECK(siblings.fields[0].shape == Dg13Shape::siblings);
    CHECK(nested.fields[0].shape == Dg13Shape::nested);
    CHECK(siblings.fields[0].strings == nested.fields[0].strings);
    CHECK(Dg13Field::siblings(13, {{der::utf8_string, "C"}, {der::utf8_string, "M"}}) == siblings.fields[0]);
}

TEST_CASE("fields of DG13 keep the order of the file; duplicates and unknown ones are noted and kept", "[vietnam]") {
    const auto file = file_of(concat({field("02010F 1300"_hex), name, field("020102 0C0142"_hex), field("020111 0401FF"_hex),
                                      field("020200FF 0C0141"_hex), "0C0141"_hex, field("0C0141"_hex), field("020103 020101"_hex)}));
    const auto dg13 = good(Dg13::parse(file));
    REQUIRE(dg13.fields.size() == 8);
    CHECK(dg13.fields[0].number == 15);
    CHECK(dg13.text(2) == "Anh");  // the first of two
    CHECK(dg13.fields[3].number == 17);
    CHECK(dg13.fields[3].shape == Dg13Shape::unknown);
    CHECK(dg13.fields[4].number == 255);
    CHECK(dg13.fields[4].strings[0].text == "A");
    CHECK_FALSE(dg13.fields[5].number.has_value());
    CHECK_FALSE(dg13.fields[6].number.has_value());
    CHECK(dg13.fields[7].shape == Dg13Shape::unknown);
    CHECK(dg13.presence(3) == Presence::present);
    CHECK(ids(dg13.notes) ==
          "vn.dg13_unknown_shape vn.dg13_unknown_field vn.dg13_unknown_field vn.dg13_unknown_shape "
          "vn.dg13_unknown_shape vn.dg13_unknown_shape vn.dg13_duplicate_field");
    CHECK(dg13.encode() == file);
}

TEST_CASE("DG13 has values longer than 127 bytes and their lengths in the long form", "[vietnam]") {
    for (const std::size_t size : {120U, 127U, 128U, 255U, 256U, 1000U}) {
        Dg13 dg13;
        dg13.fields = {Dg13Field::plain(9, {der::utf8_string, std::string(size, 'x')})};
        const auto file = dg13.encode();
        const auto again = good(Dg13::parse(file));
        CHECK(again.notes.empty());
        CHECK(again.text(9).size() == size);
        CHECK(again.fields == dg13.fields);
        CHECK(again.encode() == file);
    }
}

TEST_CASE("lengths of DG13 in more bytes than needed, padding and extra objects are noted and written again", "[vietnam]") {
    const auto round = [](const Bytes& file) {
        const auto dg13 = good(Dg13::parse(file));
        CHECK(dg13.encode() == file);
        return ids(dg13.notes);
    };
    const auto members = name;
    const auto inner = concat({head, tlv::element(0x31, members)});
    const auto long_form = [](Byte tag, ByteView value) { return concat({Bytes{tag, 0x82, 0, static_cast<Byte>(value.size())}, value}); };
    CHECK(round(file_of(members)).empty());
    CHECK(round(long_form(0x6D, tlv::element(0x30, inner))) == "lds.length_not_minimal");
    CHECK(round(tlv::element(0x6D, long_form(0x30, inner))) == "lds.length_not_minimal");
    CHECK(round(tlv::element(0x6D, tlv::element(0x30, {head, long_form(0x31, members)}))) == "lds.length_not_minimal");
    CHECK(round(file_of(long_form(0x30, "020102"_hex))) == "lds.length_not_minimal");
    CHECK(round(tlv::element(0x6D, tlv::element(0x30, {"02810101 060628D316010008"_hex, "3100"_hex}))) == "lds.length_not_minimal");
    CHECK(round(concat({file_of(members), Bytes(5)})) == "lds.trailing_bytes");
    CHECK(round(tlv::element(0x6D, tlv::element(0x30, {inner, "0500"_hex}))) == "vn.dg13_extra_objects");
    CHECK(round(tlv::element(0x6D, {tlv::element(0x30, inner), "0500"_hex})) == "vn.dg13_extra_objects");
    CHECK(round(tlv::element(0x6D, tlv::element(0x30, {"020102 060628D316010008"_hex, "3100"_hex}))) == "vn.dg13_version");
    CHECK(round(tlv::element(0x6D, tlv::element(0x30, {"020101 06032A0304"_hex, "3100"_hex}))) == "vn.dg13_charset");
}

TEST_CASE("text of DG13 that deceives or is not what its type says is noted", "[vietnam]") {
    const auto noted = [](std::string_view hex) { return ids(good(Dg13::parse(file_of(field(from_hex(hex).value())))).notes); };
    CHECK(noted("020102 0C03 416E68").empty());
    CHECK(noted("020102 0C02 C328") == "vn.dg13_unsafe_text");         // broken UTF-8
    CHECK(noted("020102 0C03 410042") == "vn.dg13_unsafe_text");       // a control character
    CHECK(noted("020102 0C05 41E280AE42") == "vn.dg13_unsafe_text");   // a right-to-left override
    CHECK(noted("020102 0C04 41E1BB85") == "");                        // a letter of Vietnamese
    CHECK(noted("020102 0C05 65CC82CC83") == "vn.dg13_not_composed");  // the same, in three code points
    CHECK(noted("020101 1303 412A42") == "vn.dg13_string_type");       // '*' in a PrintableString
    CHECK(noted("020101 1303 412B42").empty());                        // '+' may stand there
    CHECK(noted("020101 1602 C3A1") == "vn.dg13_string_type");         // beyond ASCII
}

TEST_CASE("what is no DG13 is refused", "[vietnam]") {
    const auto refused = [](const Bytes& file) { return error_of(Dg13::parse(file)); };
    CHECK(refused({}) == "tlv.missing");
    CHECK(refused("6D00"_hex) == "tlv.missing");
    CHECK(refused("6B00"_hex) == "tlv.unexpected");
    CHECK(refused(tlv::element(0x6D, tlv::element(0x30, "0201010600"_hex))) == "der.bad_value");
    CHECK(refused(tlv::element(0x6D, tlv::element(0x30, head))) == "tlv.missing");
    CHECK(refused(tlv::element(0x6D, tlv::element(0x30, {head, "3000"_hex}))) == "tlv.unexpected");
    CHECK(refused("6D80 0000"_hex) == "tlv.indefinite");
    CHECK(refused(file_of(field("02020001"_hex))) == "der.bad_value");
    CHECK(refused(file_of(field("020101 0C05 41"_hex))) == "tlv.truncated");
    CHECK(refused(Bytes(Dg13::max_size + 1)) == "input.too_large");
}

TEST_CASE("fields and strings of DG13 are counted before they are kept", "[vietnam]") {
    const auto many = [](std::size_t count, const Bytes& one) {
        Bytes all;
        for (std::size_t i = 0; i < count; ++i) append(all, one);
        return all;
    };
    CHECK(error_of(Dg13::parse(file_of(many(Dg13::max_fields, name)))) == "none");
    CHECK(error_of(Dg13::parse(file_of(many(Dg13::max_fields + 1, name)))) == "tlv.too_many");
    const auto strings = [&](std::size_t count) { return file_of(field(concat({"02010D"_hex, many(count, "30020C00"_hex)}))); };
    CHECK(error_of(Dg13::parse(strings(Dg13::max_strings))) == "none");
    CHECK(error_of(Dg13::parse(strings(Dg13::max_strings + 1))) == "tlv.too_many");
    const auto nested = [&](std::size_t count) { return file_of(field(concat({"02010D"_hex, field(many(count, "0C00"_hex))}))); };
    CHECK(error_of(Dg13::parse(nested(Dg13::max_strings))) == "none");
    CHECK(error_of(Dg13::parse(nested(Dg13::max_strings + 1))) == "tlv.too_many");
}

TEST_CASE("DG13 cut at any byte is refused, and changed at any byte is refused or written as it was", "[vietnam]") {
    const auto path = shared_data("lds/dg13_vietnam_synthetic.bin");
    if (!path) return;
    const auto file = good(read_file(*path));
    for (std::size_t size = 0; size < file.size(); ++size) CHECK_FALSE(Dg13::parse(ByteView(file).first(size)).has_value());
    std::size_t accepted = 0;
    for (std::size_t at = 0; at < file.size(); ++at)
        for (const unsigned flip : {0x01U, 0x20U, 0x80U, 0xFFU}) {
            auto changed = file;
            changed[at] = static_cast<Byte>(changed[at] ^ flip);
            const auto dg13 = Dg13::parse(changed);
            if (!dg13) continue;
            ++accepted;
            if (dg13->encode() != changed) FAIL("not the same again after a change at " << at);
        }
    CHECK(accepted > 500);  // text may change
}
