#include "shared_data.hpp"
#include "unit/unit.hpp"

#include <idchip/crypto/key.hpp>
#include <idchip/lds/security_infos.hpp>

using namespace idchip;
using namespace idchip::test;
using namespace idchip::lds;

namespace {

// The Vietnamese card's EF.CardAccess, as independent readers carry it.
const Bytes vietnam =
    "3134 300D 060804007F0007020202 020101 300F 060A04007F00070202030202 020101"
    "3012 060A04007F00070202040202 020102 02010D"_hex;
// The PACEInfo of Doc 9303-11, appendix G.1 (ECDH-GM, AES-128, parameters 13), alone in its SET.
const Bytes appendix_g = "3114 3012 060A04007F00070202040202 020102 02010D"_hex;

der::Oid protocol(std::string_view name) {
    const auto oid = protocol_by_name(name);
    if (!oid) FAIL("no protocol " << name);
    return *oid;
}

std::string refused(const Bytes& set) { return error_of(SecurityInfos::parse(set, "EF.CardAccess")); }

// One SecurityInfo of a known protocol with this behind the OID; the notes that it makes.
std::string notes_of(std::string_view name, const Bytes& rest) {
    const auto set = tlv::element(der::set, der::sequence_of({der::write(protocol(name)), rest}));
    const auto infos = good(SecurityInfos::parse(set, "EF.CardAccess"));
    REQUIRE(infos.infos.size() == 1);
    CHECK(std::holds_alternative<UnknownInfo>(infos.infos[0].content) == !infos.notes.empty());
    CHECK(infos.encode() == set);
    return ids(infos.notes);
}

}  // namespace

TEST_CASE("the PACEInfo of appendix G of Doc 9303-11 offers PACE with brainpoolP256r1", "[lds]") {
    const auto infos = good(EfCardAccess::parse(appendix_g));
    REQUIRE(infos.infos.size() == 1);
    CHECK(protocol_name(infos.infos[0].protocol) == "id-PACE-ECDH-GM-AES-CBC-CMAC-128");
    CHECK(std::get<PaceInfo>(infos.infos[0].content) == PaceInfo{2, 13});
    CHECK(infos.notes.empty());
    CHECK(infos.encode() == appendix_g);
    CHECK(EfCardAccess::encode(SecurityInfos::of({SecurityInfo::of(infos.infos[0].protocol, PaceInfo{2, 13})})) == appendix_g);
}

TEST_CASE("the Vietnamese EF.CardAccess names terminal authentication, chip authentication and PACE", "[lds]") {
    const auto infos = good(EfCardAccess::parse(vietnam));
    REQUIRE(infos.infos.size() == 3);
    CHECK(std::get<TerminalAuthenticationInfo>(infos.infos[0].content) == TerminalAuthenticationInfo{1, {}, {}});
    CHECK(std::get<ChipAuthenticationInfo>(infos.infos[1].content) == ChipAuthenticationInfo{1, {}});
    CHECK(protocol_name(infos.infos[1].protocol) == "id-CA-ECDH-AES-CBC-CMAC-128");
    CHECK(infos.all<PaceInfo>().size() == 1);
    CHECK(infos.notes.empty());
    CHECK(infos.encode() == vietnam);
    // Made anew from its values it is the same: these entries stand in the order of DER.
    std::vector<SecurityInfo> made;
    for (const auto& info : {infos.infos[2], infos.infos[0], infos.infos[1]}) made.push_back(SecurityInfo::of(info.protocol, info.content));
    CHECK(SecurityInfos::of(made).encode() == vietnam);
}

TEST_CASE("DG14 of the specimen of 2008 holds a chip authentication key with explicit parameters", "[lds]") {
    const auto path = shared_data("lds/bsi2008/Datagroup14.bin");
    if (!path) return;
    const auto file = good(read_file(*path));
    const auto infos = good(Dg14::parse(file));
    REQUIRE(infos.infos.size() == 3);
    CHECK(protocol_name(infos.infos[0].protocol) == "id-PK-ECDH");
    const auto& key = std::get<ChipAuthenticationPublicKeyInfo>(infos.infos[0].content);
    CHECK_FALSE(key.key_id);
    const auto parsed = good(crypto::PublicKey::from_spki(key.public_key));
    CHECK(parsed.info().curve == crypto::Curve::bp224r1);
    CHECK(protocol_name(infos.infos[1].protocol) == "id-CA-ECDH-3DES-CBC-CBC");
    CHECK(std::get<TerminalAuthenticationInfo>(infos.infos[2].content).version == 1);
    CHECK(infos.notes.empty());
    CHECK(Dg14::encode(infos) == file);
    std::vector<SecurityInfo> made;
    for (const auto& info : infos.infos) made.push_back(SecurityInfo::of(info.protocol, info.content));
    for (std::size_t i = 0; i < made.size(); ++i) CHECK(made[i].raw == infos.infos[i].raw);
}

TEST_CASE("every kind of SecurityInfo comes back as it was written", "[lds]") {
    const auto parameters = der::sequence_of({der::write(der::Oid("1.2.840.10046.2.1")), der::sequence_of({der::write_integer(23)})});
    const auto spki = der::sequence_of({parameters, der::write_bit_string(Bytes(70, 4))});
    const std::pair<const char*, SecurityInfo::Content> all[] = {
        {"id-PACE-DH-GM-3DES-CBC-CBC", PaceInfo{2, 0}},
        {"id-PACE-ECDH-CAM-AES-CBC-CMAC-256", PaceInfo{2, 12}},
        {"id-PACE-DH-IM-AES-CBC-CMAC-192", PaceInfo{2, {}}},
        {"id-PACE-ECDH-IM", PaceDomainParameterInfo{parameters, 32}},
        {"id-PACE-DH-GM", PaceDomainParameterInfo{parameters, {}}},
        {"id-CA-DH-AES-CBC-CMAC-256", ChipAuthenticationInfo{1, 4'000'000'000}},
        {"id-CA-ECDH", ChipAuthenticationDomainParameterInfo{parameters, 2}},
        {"id-PK-DH", ChipAuthenticationPublicKeyInfo{spki, {}}},
        {"id-PK-ECDH", ChipAuthenticationPublicKeyInfo{spki, 13}},
        {"id-TA", TerminalAuthenticationInfo{1, 0x011C, Byte{0x1C}}},
        {"id-TA", TerminalAuthenticationInfo{1, 0x0120, {}}},
        {"id-icao-mrtd-security-aaProtocolObject", ActiveAuthenticationInfo{1, der::Oid("0.4.0.127.0.7.1.1.4.1.3")}},
        {"id-EFDIR", EfDirInfo{"61094F07A0000002471001"_hex}},
    };
    std::vector<SecurityInfo> made;
    for (const auto& [name, content] : all) {
        CHECK(protocol_name(protocol(name)) == name);
        made.push_back(SecurityInfo::of(protocol(name), content));
    }
    const auto infos = good(SecurityInfos::parse(SecurityInfos{made, {}}.encode(), "EF.CardAccess"));
    CHECK(infos.notes.empty());
    REQUIRE(infos.infos.size() == std::size(all));
    for (std::size_t i = 0; i < made.size(); ++i) {
        INFO(all[i].first);
        CHECK(infos.infos[i].content == all[i].second);
        CHECK(infos.infos[i].raw == made[i].raw);
    }
    // The OIDs themselves, from Doc 9303-11, 9.2.3 to 9.2.10.
    CHECK(protocol("id-PACE-ECDH-CAM-AES-CBC-CMAC-128").dotted() == "0.4.0.127.0.7.2.2.4.6.2");
    CHECK(protocol("id-PACE-DH-IM-3DES-CBC-CBC").dotted() == "0.4.0.127.0.7.2.2.4.3.1");
    CHECK(protocol("id-CA-ECDH-AES-CBC-CMAC-256").dotted() == "0.4.0.127.0.7.2.2.3.2.4");
    CHECK(protocol("id-PK-ECDH").dotted() == "0.4.0.127.0.7.2.2.1.2");
    CHECK(protocol("id-EFDIR").dotted() == "2.23.136.1.1.13");
    CHECK_FALSE(protocol_by_name("id-PACE-ECDH-CAM-3DES-CBC-CBC"));
    CHECK_FALSE(protocol_by_name("id-PACE-ECDH-XX"));
}

TEST_CASE("an unknown protocol is kept as it stands and is no fault", "[lds]") {
    const auto set = "3110 300E 060904007F000702020400 040101"_hex;  // id-PACE 0: no such mapping
    const auto infos = good(SecurityInfos::parse(set, "DG14"));
    REQUIRE(infos.infos.size() == 1);
    CHECK(std::holds_alternative<UnknownInfo>(infos.infos[0].content));
    CHECK(protocol_name(infos.infos[0].protocol) == "0.4.0.127.0.7.2.2.4.0");
    CHECK(infos.notes.empty());
    CHECK(infos.encode() == set);
}

TEST_CASE("a malformed SecurityInfo is noted and hides no other one", "[lds]") {
    const auto pace = "id-PACE-ECDH-GM-AES-CBC-CMAC-128";
    CHECK(notes_of(pace, "020102 02010D"_hex).empty());
    CHECK(notes_of(pace, {}) == "lds.security_info_malformed");
    CHECK(notes_of(pace, "040102"_hex) == "lds.security_info_malformed");
    CHECK(notes_of(pace, "020102 02010D 0500"_hex) == "lds.security_info_malformed");
    CHECK(notes_of(pace, "0209010000000000000000"_hex) == "lds.security_info_malformed");
    CHECK(notes_of("id-TA", "020101 3004 0402011C"_hex).empty());
    CHECK(notes_of("id-TA", "020101 3003 040101"_hex) == "lds.security_info_malformed");
    CHECK(notes_of("id-TA", "020101 3008 0402011C 04021C1C"_hex) == "lds.security_info_malformed");
    CHECK(notes_of("id-PK-ECDH", "0400"_hex) == "lds.security_info_malformed");
    CHECK(notes_of("id-icao-mrtd-security-aaProtocolObject", "020101"_hex) == "lds.security_info_malformed");
    // Malformed among good ones
    auto set = good(SecurityInfos::parse(vietnam, "EF.CardAccess"));
    set.infos[1].raw = "3003 020101"_hex;
    const auto infos = good(SecurityInfos::parse(set.encode(), "EF.CardAccess"));
    CHECK(ids(infos.notes) == "lds.security_info_malformed");
    CHECK(infos.all<PaceInfo>().size() == 1);
}

TEST_CASE("SecurityInfos tolerate padding and long lengths by name, and nothing else", "[lds]") {
    auto padded = appendix_g;
    padded.resize(64);
    CHECK(ids(good(EfCardAccess::parse(padded)).notes) == "lds.trailing_bytes");
    CHECK(ids(good(EfCardAccess::parse("318114 3012 060A04007F00070202040202 020102 02010D"_hex)).notes) == "lds.length_not_minimal");
    CHECK(good(EfCardAccess::parse("3100"_hex)).infos.empty());
    CHECK(refused("3000"_hex) == "tlv.unexpected");
    CHECK(refused({}) == "tlv.missing");
    CHECK(refused("3103 020101"_hex) == "tlv.unexpected");
    CHECK(refused("3184FFFFFFFF 3012"_hex) == "tlv.truncated");
    for (std::size_t size = 0; size < vietnam.size(); ++size)
        CHECK(refused({vietnam.begin(), vietnam.begin() + static_cast<std::ptrdiff_t>(size)}) != "none");
    const auto failure = SecurityInfos::parse("3103 020101"_hex, "EF.CardAccess");
    CHECK(failure.error().where == "EF.CardAccess/31");
    CHECK(failure.error().offset == 2);
}

TEST_CASE("EF.CardSecurity is one CMS object, with padding noted", "[lds]") {
    const auto file = "3003020101 0000"_hex;
    const auto security = good(EfCardSecurity::parse(file));
    CHECK(equal(security.cms, ByteView(file).first(5)));
    CHECK(ids(security.notes) == "lds.trailing_bytes");
    CHECK(error_of(EfCardSecurity::parse("7700"_hex)) == "tlv.unexpected");
    CHECK(oid_security_object().dotted() == "0.4.0.127.0.7.3.2.1");
}
