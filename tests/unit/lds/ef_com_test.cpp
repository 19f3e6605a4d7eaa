#include "shared_data.hpp"
#include "unit/unit.hpp"

#include <idchip/lds/ef_com.hpp>

using namespace idchip;
using namespace idchip::test;
using lds::Ef;
using lds::EfCom;

TEST_CASE("EF.COM is encoded as Doc 9303-10, 4.6.1 shows it, and reads back", "[lds]") {
    // The example of the clause: LDS 1.7, Unicode 4.0.0, DG1, DG2, DG4, DG12.
    const auto bytes = EfCom::of({Ef::dg1, Ef::dg2, Ef::dg4, Ef::dg12}).encode();
    CHECK(to_hex(bytes) == "60165F0104303130375F36063034303030305C046175766C");
    const auto com = good(EfCom::parse(bytes));
    CHECK(com.lds_version == "0107");
    CHECK(com.unicode_version == "040000");
    CHECK(com.files() == std::vector<Ef>{Ef::dg1, Ef::dg2, Ef::dg4, Ef::dg12});
    CHECK(com.notes.empty());
    CHECK(com.encode() == bytes);
}

TEST_CASE("what EF.COM should not name is kept, noted and not offered as a file", "[lds]") {
    const auto com = good(EfCom::parse("60175F0104303130385F36063034303030305C056160770075"_hex));
    CHECK(com.tags == std::vector<std::uint32_t>{0x61, 0x60, 0x77, 0x00, 0x75});
    CHECK(com.files() == std::vector<Ef>{Ef::dg1, Ef::dg2});
    CHECK(ids(com.notes) == "lds.com_unknown_tag lds.com_unknown_tag lds.com_unknown_tag");
    CHECK(com.lds_version == "0108");
}

TEST_CASE("an empty list names no file", "[lds]") {
    const auto bytes = EfCom::of({}).encode();
    CHECK(good(EfCom::parse(bytes)).files().empty());
    CHECK(good(EfCom::parse(bytes)).encode() == bytes);
}

TEST_CASE("departures from the shortest form and additions are noted in EF.COM", "[lds]") {
    const auto notes = [](std::string_view hex) { return ids(good(EfCom::parse(good(from_hex(hex)))).notes); };
    CHECK(notes("60135F0104303130375F36063034303030305C0161") == "");
    CHECK(notes("60135F0104303130375F36063034303030305C01610000") == "lds.trailing_bytes");
    CHECK(notes("6081135F0104303130375F36063034303030305C0161") == "lds.length_not_minimal");
    CHECK(notes("60145F0104303130375F36063034303030305C810161") == "lds.length_not_minimal");
    CHECK(notes("60155F0104303130375F36063034303030305C01610400") == "lds.com_extra_objects");
}

TEST_CASE("a malformed EF.COM is refused by name", "[lds]") {
    const auto refused = [](std::string_view hex) { return error_of(EfCom::parse(good(from_hex(hex)))); };
    CHECK(refused("") == "tlv.missing");
    CHECK(refused("61135F0104303130375F36063034303030305C0161") == "tlv.unexpected");
    CHECK(refused("6000") == "tlv.missing");
    CHECK(refused("60075F010430313037") == "tlv.missing");
    CHECK(refused("60105F0104303130375F3606303430303030") == "tlv.missing");
    CHECK(refused("60135F3606303430303030 5F010430313037 5C0161") == "tlv.unexpected");
    CHECK(refused("60125F01033031305F3606303430303030 5C0161") == "lds.bad_file");
    CHECK(refused("60135F0104303130585F36063034303030305C0161") == "lds.bad_file");
    CHECK(refused("60135F0104303130375F360630343030302D5C0161") == "lds.bad_file");
    CHECK(refused("60805F0104303130375F36063034303030305C01610000") == "tlv.indefinite");
    CHECK(refused("6084FFFFFFFF5F01") == "tlv.truncated");
    const auto right = EfCom::of({Ef::dg1, Ef::dg2}).encode();
    for (std::size_t n = 0; n < right.size(); ++n) REQUIRE_FALSE(EfCom::parse(ByteView(right).first(n)));
}

TEST_CASE("EF.COM of the specimens of 2006 and 2008 is read and written back byte by byte", "[lds]") {
    for (const auto& [name, files] : {std::pair{"lds/loes2006/ef011E.bin", std::vector<Ef>{Ef::dg1, Ef::dg2, Ef::dg15}},
                                      std::pair{"lds/bsi2008/EF_COM.bin", std::vector<Ef>{Ef::dg1, Ef::dg2, Ef::dg3, Ef::dg14}}}) {
        const auto path = shared_data(name);
        if (!path) return;
        const auto bytes = good(read_file(*path));
        const auto com = good(EfCom::parse(bytes));
        CHECK(com.files() == files);
        CHECK(com.lds_version == "0107");
        CHECK(com.notes.empty());
        CHECK(com.encode() == bytes);
    }
}
