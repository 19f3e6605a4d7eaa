#include "unit/unit.hpp"

#include <idchip/pki/certificate.hpp>
#include <idchip/pki/country.hpp>

using namespace idchip;
using namespace idchip::test;
using pki::Name;

namespace {

Bytes attribute(std::string_view oid, std::uint32_t string_type, ByteView value) {
    return der::sequence_of({der::write(der::Oid(oid)), tlv::element(string_type, value)});
}
Name name_of(std::initializer_list<Bytes> attributes) {
    Bytes rdns;
    for (const auto& a : attributes) append(rdns, tlv::element(der::set, a));
    return good(Name::parse(tlv::element(der::sequence, rdns)));
}
constexpr auto id_c = "2.5.4.6", id_cn = "2.5.4.3", id_o = "2.5.4.10";
Name cn(std::string_view value, std::uint32_t type = der::utf8_string) { return name_of({attribute(id_cn, type, as_bytes(value))}); }

}  // namespace

TEST_CASE("a name is written from text and prints as that text", "[pki]") {
    const auto n = good(Name::of("C=VN, O=Bộ Công an, OU=C06, CN=CSCA, L=VNM, ST=HN, serialNumber=007"));
    CHECK(n.text() == "C=VN, O=Bộ Công an, OU=C06, CN=CSCA, L=VNM, ST=HN, serialNumber=007");
    CHECK(n.country() == "VN");
    CHECK(n.country_count() == 1);
    CHECK(to_hex(ByteView(n.raw).subspan(0, 2)) == "306B");
    CHECK(to_hex(ByteView(n.raw).subspan(2, 13)) ==
          "310B3009060355040613"
          "02564E");  // country and serial number are PrintableString
    CHECK(good(Name::of("CN=a=b")).attributes[0].value == "a=b");
    for (const auto* bad : {"", "CN", "X=1", "C=VN,,CN=1", "cn=1"}) CHECK(error_of(Name::of(bad)) == "input.bad_field");
}

TEST_CASE("names match whatever string type, case and spacing they use", "[pki]") {
    // CVE-2017-2801 and its kin: issuer and subject of real documents differ in all of these.
    CHECK(cn("CSCA Utopia").matches(cn("CSCA Utopia", der::printable_string)));
    CHECK(cn("CSCA Utopia")
              .matches(name_of({attribute(id_cn, der::bmp_string, "0043 0053 0043 0041 0020 0055 0074 006F 0070 0069 0061"_hex)})));
    CHECK(cn("CSCA Utopia").matches(cn("csca utopia")));
    CHECK(cn("CSCA Utopia").matches(cn("  CSCA   Utopia ")));
    CHECK(cn("caf\u00E9").matches(name_of({attribute(id_cn, der::t61_string, "636166E9"_hex)})));
}

TEST_CASE("names that differ in anything else do not match", "[pki]") {
    CHECK_FALSE(cn("CSCA Utopia").matches(cn("CSCAUtopia")));
    CHECK_FALSE(cn("CSCA Utopia").matches(cn("CSCA Utopia 2")));
    CHECK_FALSE(cn("CSCA").matches(cn(std::string_view("CSCA\0", 5))));
    CHECK_FALSE(cn("CSCA").matches(name_of({attribute(id_o, der::utf8_string, as_bytes("CSCA"))})));
    CHECK_FALSE(cn("CSCA").matches(name_of({})));
    const auto c = attribute(id_c, der::printable_string, as_bytes("UT"));
    const auto o = attribute(id_o, der::utf8_string, as_bytes("Gov"));
    CHECK_FALSE(name_of({c, o}).matches(name_of({o, c})));  // the order is part of a name
    CHECK_FALSE(name_of({c, o}).matches(name_of({c})));
    CHECK_FALSE(name_of({c}).matches(name_of({c, c})));
    CHECK(name_of({}).matches(name_of({})));
}

TEST_CASE("an attribute of an unknown type or of broken text still tells names apart", "[pki]") {
    const auto odd = [](std::string_view hex) { return name_of({attribute("1.2.3.4", der::octet_string, good(from_hex(hex)))}); };
    CHECK(odd("0102").matches(odd("0102")));
    CHECK_FALSE(odd("0102").matches(odd("0103")));
    CHECK(odd("0102").text() == "1.2.3.4=0102");
    const auto broken = name_of({attribute(id_cn, der::utf8_string, "FFFE"_hex)});
    CHECK(broken.attributes.size() == 1);
    CHECK_FALSE(broken.matches(cn("")));
}

TEST_CASE("several countries in one name are counted", "[pki]") {
    const auto c = [](std::string_view text) { return attribute(id_c, der::printable_string, as_bytes(text)); };
    CHECK(name_of({c("UT"), c("XX")}).country_count() == 2);
    CHECK(name_of({c("UT"), c("XX")}).country() == "UT");
    CHECK(name_of({}).country_count() == 0);
    CHECK(name_of({}).country().empty());
}

TEST_CASE("a name prints without effect on the terminal", "[pki]") { CHECK(cn("A\u202EB\x1B[2J").text() == "CN=A\\u{202E}B\\u{1B}[2J"); }

TEST_CASE("what is no name is refused", "[pki]") {
    for (const auto* hex : {"", "3100", "30020500", "300431020500", "30083106300406035504", "3009310730050603550403"}) {
        CAPTURE(hex);
        CHECK_FALSE(Name::parse(good(from_hex(hex))));
    }
}

// Doc 9303-3, section 5, against the country attribute of certificates.
TEST_CASE("the issuer of a zone and the country of a certificate are told to be the same, or not", "[pki]") {
    CHECK(pki::certificate_country("VNM") == "VN");
    CHECK(pki::certificate_country("D") == "DE");
    CHECK(pki::certificate_country("UTO") == "UT");
    CHECK(pki::certificate_country("EUE") == "EU");
    CHECK(pki::certificate_country("GBD") == "GB");
    CHECK_FALSE(pki::certificate_country("ZZZ"));
    CHECK_FALSE(pki::certificate_country(""));
    CHECK(pki::same_issuer("VNM", "vn"));
    CHECK(pki::same_issuer("VNM", "VNM"));
    CHECK(pki::same_issuer("D", "de"));
    CHECK(pki::same_issuer("RKS", "XK"));
    CHECK(pki::same_issuer("RKS", "KS"));
    CHECK(pki::same_issuer("UNO", "UN"));
    CHECK_FALSE(pki::same_issuer("VNM", "DE"));
    CHECK_FALSE(pki::same_issuer("VNM", ""));
    CHECK_FALSE(pki::same_issuer("", ""));
    CHECK_FALSE(pki::same_issuer("AUT", "AU"));
    CHECK_FALSE(pki::same_issuer("ZZZ", "ZZ"));
}
