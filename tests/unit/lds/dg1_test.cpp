#include "shared_data.hpp"
#include "unit/unit.hpp"

#include <idchip/lds/dg1.hpp>
#include <idchip/tlv/writer.hpp>

using namespace idchip;
using namespace idchip::test;
using lds::Dg1;

namespace {

const std::vector<std::string> td3 = {"PPUTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F3404159ZE184226B<<<<<16"};
const std::vector<std::string> td1 = {"I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"};
const std::vector<std::string> td2 = {"I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6"};

Bytes zone(const std::vector<std::string>& lines) {
    Bytes text;
    for (const auto& line : lines) append(text, as_bytes(line));
    return tlv::element(0x5F1F, text);
}

}  // namespace

TEST_CASE("DG1 holds each of the three zones, and gives it back", "[lds]") {
    for (const auto* lines : {&td1, &td2, &td3}) {
        const auto bytes = Dg1::encode(*lines);
        const auto dg1 = good(Dg1::parse(bytes));
        CHECK(dg1.mrz.lines == *lines);
        CHECK(dg1.mrz.mrz.primary == "ERIKSSON");
        CHECK(dg1.mrz.faults.empty());
        CHECK(dg1.notes.empty());
        CHECK(Dg1::encode(dg1.mrz.lines) == bytes);
    }
    CHECK(to_hex(ByteView(Dg1::encode(td3)).first(5)) == "615B5F1F58");
    CHECK(to_hex(ByteView(Dg1::encode(td1)).first(5)) == "615D5F1F5A");
}

TEST_CASE("a second zone in DG1 is noted, the first one is used", "[lds]") {
    const auto two = tlv::element(0x61, {zone(td3), zone(td1)});
    const auto dg1 = good(Dg1::parse(two));
    CHECK(ids(dg1.notes) == "lds.dg1_second_mrz");
    CHECK(dg1.mrz.lines == td3);
    CHECK(ids(good(Dg1::parse(tlv::element(0x61, {zone(td3), "0400"_hex}))).notes) == "lds.dg1_extra_objects");
}

TEST_CASE("padding behind DG1 and long lengths are noted", "[lds]") {
    auto padded = Dg1::encode(td3);
    padded.resize(padded.size() + 7);
    const auto dg1 = good(Dg1::parse(padded));
    REQUIRE(ids(dg1.notes) == "lds.trailing_bytes");
    CHECK(dg1.notes[0].detail == "7 bytes after the object");
    const auto text = to_bytes(ByteView(zone(td3)).subspan(3));
    CHECK(ids(good(Dg1::parse(concat({"61815B5F1F58"_hex, text}))).notes) == "lds.length_not_minimal");
    CHECK(ids(good(Dg1::parse(concat({"615C5F1F8158"_hex, text}))).notes) == "lds.length_not_minimal");
}

TEST_CASE("a wrong check digit in a signed zone is a fault, not an error", "[lds]") {
    auto lines = td3;
    lines[1][9] = '7';
    const auto dg1 = good(Dg1::parse(Dg1::encode(lines)));
    REQUIRE(dg1.mrz.faults.size() == 2);
    CHECK(dg1.mrz.faults[0].field == "document_number");
    CHECK(dg1.mrz.faults[1].field == "composite");
}

TEST_CASE("what is no zone is refused, with the place in the file", "[lds]") {
    const auto refused = [](const Bytes& file) { return error_of(Dg1::parse(file)); };
    const auto with_text = [](std::string_view text) { return tlv::element(0x61, tlv::element(0x5F1F, as_bytes(text))); };
    CHECK(refused({}) == "tlv.missing");
    CHECK(refused("7500"_hex) == "tlv.unexpected");
    CHECK(refused("6100"_hex) == "tlv.missing");
    CHECK(refused(tlv::element(0x61, tlv::element(0x5F2E, Bytes(88)))) == "tlv.unexpected");
    CHECK(refused(with_text("")) == "mrz.bad_shape");
    CHECK(refused(with_text(std::string(87, '<'))) == "mrz.bad_shape");
    CHECK(refused(with_text(std::string(60'000, 'A'))) == "mrz.bad_shape");
    auto lower = td3;
    lower[0][5] = 'e';
    const auto failed = Dg1::parse(Dg1::encode(lower));
    REQUIRE(error_of(failed) == "mrz.bad_character");
    CHECK(failed.error().where.starts_with("DG1/5F1F"));
    auto nul = td3;
    nul[1][43] = '\0';
    CHECK(refused(Dg1::encode(nul)) == "mrz.bad_character");
    const auto right = Dg1::encode(td3);
    for (std::size_t n = 0; n < right.size(); ++n) REQUIRE_FALSE(Dg1::parse(ByteView(right).first(n)));
}

TEST_CASE("DG1 of the specimens of 2006 and 2008 holds the known persons", "[lds]") {
    const auto loes = shared_data("lds/loes2006/ef0101.bin");
    const auto erika = shared_data("lds/bsi2008/Datagroup1.bin");
    if (!loes || !erika) return;
    const auto loes_bytes = good(read_file(*loes));
    const auto a = good(Dg1::parse(loes_bytes));
    CHECK(a.mrz.mrz.primary == "MEULENDIJK");
    CHECK(a.mrz.mrz.secondary == "LOES<ALBERTINE");
    CHECK(a.mrz.mrz.document_number == "XX0001328");
    CHECK(a.mrz.mrz.issuing_state == "NLD");
    CHECK(a.mrz.mrz.optional_data_1 == "123456789");
    CHECK(a.mrz.faults.empty());
    CHECK(a.notes.empty());
    CHECK(Dg1::encode(a.mrz.lines) == loes_bytes);
    const auto erika_bytes = good(read_file(*erika));
    const auto b = good(Dg1::parse(erika_bytes));
    CHECK(b.mrz.mrz.primary == "MUSTERMANN");
    CHECK(b.mrz.mrz.secondary == "ERIKA");
    CHECK(b.mrz.mrz.document_number == "C11T002JM");
    CHECK(b.mrz.mrz.nationality == "D");
    CHECK(b.mrz.mrz.birth == "960812");
    CHECK(b.mrz.mrz.sex == 'F');
    CHECK(b.mrz.faults.empty());
    CHECK(Dg1::encode(b.mrz.lines) == erika_bytes);
}
