// Alternative names, distribution points, document types, periods: Doc 9303-12, 7.1.1.2 to 7.1.1.6, 4.1.1 and 4.1.4.
#include "lint/cases.hpp"
#include "lint/maker.hpp"
#include "unit.hpp"

namespace idchip::lint::cases {

using namespace maker;
using namespace test;
using tlv::element;

namespace {

Certificate list_signer_plain() { return list_signer(id::mls); }
Certificate list_signer_with_period() {
    auto c = list_signer(id::mls);
    c.set(id::usage_period, period("20261101000000Z", "20270201000000Z"));
    return c;
}

// Both alternative names of a root, or another extension of a certificate.
std::function<Bytes()> altname(const std::vector<Bytes>& names, const Bytes& both = {}) {
    return edited(root, [=](auto& c) {
        if (!both.empty()) c.issuer = c.subject = both;
        c.at(id::subject_alt).value = c.at(id::issuer_alt).value = names_of(names);
    });
}
std::function<Bytes()> located(const std::vector<Attribute>& attributes, const Bytes& both = {}) {
    return altname({mail(), directory(attributes)}, both);
}
Bytes csca_of(std::string_view country) { return name({{id::country, country, der::printable_string}, {id::common_name, "CSCA Lint"}}); }

std::function<Bytes()> crldp(const Bytes& value) {
    return edited(document_signer, [value](auto& c) { c.at(id::crldp).value = value; });
}
std::function<Bytes()> at_uri(std::string_view uri) { return crldp(points({uri})); }
Bytes uri(std::string_view value) { return text(0x86, value); }

std::function<Bytes()> typed(const std::vector<std::string_view>& codes, std::int64_t version = 0,
                             std::uint32_t tag = der::printable_string) {
    std::vector<Bytes> members;
    for (const auto code : codes) members.push_back(text(tag, code));
    const auto value = types(members, version);
    return edited(document_signer, [value](auto& c) { c.at(id::doc_types).value = value; });
}

template <class Make>
std::function<Bytes()> used(Make make, std::string_view from, std::string_view until, std::string_view not_after = {}) {
    return edited(make, [=](auto& c) {
        c.at(id::usage_period).value = period(from, until);
        if (!not_after.empty()) c.not_after = text(der::utc_time, not_after);
    });
}
template <class Make>
std::function<Bytes()> until(Make make, std::string_view not_after) {
    return edited(make, [=](auto& c) { c.not_after = text(der::utc_time, not_after); });
}

}  // namespace

Cases alternative_name_cases() {
    const Attribute vnm{id::locality, "VNM"};
    return {
        {"altname.no_contact", "directoryName alone", altname({directory()}), altname({uri("https://example.org"), directory()})},
        {"altname.contact_form", "a mail address without @", altname({mail("csca"), directory()}), altname({mail(), directory()})},
        {"altname.contact_form", "a host with a path", altname({text(0x82, "example.org/csca"), directory()}),
         altname({text(0x82, "example.org"), directory()})},
        {"altname.contact_form", "a URI without scheme", altname({uri("example.org"), directory()}),
         altname({uri("https://example.org"), directory()})},
        {"altname.contact_form", "letters beyond ASCII", altname({mail("\xC3\x84@example.org"), directory()}), clean(root)},
        {"altname.no_directory_name", "contact alone", altname({mail()}), clean(root)},
        {"altname.no_locality", "a state alone", located({{id::state, "VNM"}}), clean(root)},
        {"altname.locality_code", "two letters", located({{id::locality, "VN"}}), located({vnm})},
        {"altname.locality_code", "a word", located({{id::locality, "Hanoi"}}), clean(root)},
        {"altname.locality_country", "a neighbour's code", located({{id::locality, "LAO"}}),
         located({{id::locality, "LAO"}}, csca_of("LA"))},
        {"altname.locality_country", "Germany's code, which is one letter in the MRZ", located({{id::locality, "D"}}),
         located({{id::locality, "D"}}, csca_of("DE"))},
        {"altname.state_code", "a word", located({vnm, {id::state, "Hanoi"}}),
         located({{id::locality, "CHN"}, {id::state, "HKG"}}, csca_of("HK"))},
        {"altname.other_attribute", "an organization", located({vnm, {id::organization, "State"}}), located({vnm})},
        {"altname.differ", "another address of the issuer",
         edited(root,
                [](auto& c) {
                    c.at(id::issuer_alt).value = names_of({mail("other@example.org"), directory()});
                }),
         edited(maker::link,
                [](auto& c) {
                    c.at(id::issuer_alt).value = names_of({mail("other@example.org"), directory()});
                })},
        {"ext.malformed", "an alternative name that is no sequence",
         edited(document_signer, [](auto& c) { c.at(id::subject_alt).value = der::write_null(); }), clean(document_signer)},
    };
}

Cases point_cases() {
    const auto reasons = Bytes{0x81, 2, 6, 0x40};
    const auto issuer = element(0xA2, element(0xA4, csca_name()));
    const auto somewhere = uri("http://example.org/csca.crl");
    const auto relative = element(0xA1, der::sequence_of({oid(id::common_name), text(der::utf8_string, "CRL1")}));
    return {
        {"crldp.no_point", "no points", crldp(sequence({})), clean(document_signer)},
        {"crldp.no_point", "a point without a name", crldp(sequence({sequence({})})), clean(document_signer)},
        {"crldp.not_uri", "a directory", crldp(sequence({point_of({element(0xA4, csca_name())})})), clean(document_signer)},
        {"crldp.not_uri", "a name relative to the issuer", crldp(sequence({sequence({element(0xA0, relative)})})), clean(document_signer)},
        {"crldp.scheme", "ftp", at_uri("ftp://example.org/csca.crl"), at_uri("ldap://example.org/cn=csca")},
        {"crldp.scheme", "https without a host", at_uri("https:"), at_uri("HTTPS://example.org/csca.crl")},
        {"crldp.reasons", "keyCompromise", crldp(sequence({point_of({somewhere}, reasons)})), crldp(sequence({point_of({somewhere})}))},
        {"crldp.issuer", "the CSCA", crldp(sequence({point_of({somewhere}, issuer)})), crldp(sequence({point_of({somewhere})}))},
        {"crldp.pkd", "another path", at_uri("https://pkddownload1.icao.int/VNM.crl"),
         at_uri("https://pkddownload1.icao.int/CRLs/VNM.crl")},
        {"crldp.pkd", "another country", at_uri("https://pkddownload2.icao.int/CRLs/LAO.crl"),
         at_uri("https://pkddownload2.icao.int/CRLs/VNM.crl")},
        {"crldp.pkd", "http", at_uri("http://pkddownload1.icao.int/CRLs/VNM.crl"), at_uri("https://pkddownload1.icao.int/CRLs/VNM.crl")},
    };
}

Cases type_cases() {
    return {
        {"doctype.version", "1", typed({"P"}, 1), typed({"P"}, 0)},
        {"doctype.empty", "none", typed({}), typed({"P"})},
        {"doctype.string", "UTF8String", typed({"P"}, 0, der::utf8_string), typed({"P"})},
        {"doctype.length", "three letters", typed({"PAS"}), typed({"PA"})},
        {"doctype.length", "nothing", typed({""}), typed({"P"})},
        {"doctype.characters", "the filler", typed({"P<"}), typed({"P"})},
        {"doctype.characters", "lower case", typed({"p"}), typed({"P"})},
        {"doctype.code", "X", typed({"X"}), typed({"A", "C", "I", "P", "V"})},
        {"doctype.duplicate", "twice", typed({"P", "P"}), typed({"P", "PD"})},
        {"der.set_order", "ID before P", typed({"ID", "P"}), typed({"P", "ID"})},
    };
}

Cases validity_cases() {
    const auto csca = "20261101000000Z", ds = "20261101000000Z";
    return {
        {"validity.order", "the end before the begin", until(list_signer_plain, "261031235959Z"),
         until(list_signer_plain, "261101000001Z")},
        {"validity.ds_short", "4 years and 11 months after the last signature", until(document_signer, "320101000000Z"),
         until(document_signer, "320201000000Z")},
        {"validity.csca_short", "4 years after the last signature", until(root, "341101000000Z"), until(root, "351101000000Z")},
        {"validity.csca_short", "in a link", until(maker::link, "341101000000Z"), until(maker::link, "351101000000Z")},
        {"validity.long", "a CSCA of 16 years", until(root, "421102000000Z"), until(root, "420401000000Z")},
        {"validity.long", "a document signer of 11 years", until(document_signer, "371102000000Z"),
         until(document_signer, "370401000000Z")},
        {"pkup.empty", "neither time", used(root, "", ""), used(root, csca, "20301101000000Z")},
        {"pkup.one_time", "the end alone", used(root, "", "20301101000000Z"), used(root, csca, "20301101000000Z")},
        {"pkup.time_form", "as UTCTime", used(root, "261101000000Z", "20301101000000Z"), used(root, csca, "20301101000000Z")},
        {"pkup.time_form", "a fraction", used(root, csca, "20301101000000.0Z"), used(root, csca, "20301101000000Z")},
        {"pkup.order", "the end before the begin", used(document_signer, "20270201000000Z", "20270131000000Z"),
         used(document_signer, "20270201000000Z", "20270201000000Z")},
        {"pkup.outside", "a second too early", used(document_signer, "20261031235959Z", "20270201000000Z"),
         used(document_signer, ds, "20270201000000Z")},
        {"pkup.outside", "a second too late", used(list_signer_with_period, ds, "20370201000001Z"),
         used(list_signer_with_period, ds, "20370201000000Z")},
        {"pkup.ds_long", "five months", used(document_signer, ds, "20270401000000Z"), used(document_signer, ds, "20270301000000Z")},
        {"pkup.csca_length", "two years", used(root, csca, "20281101000000Z"), used(root, csca, "20291101000000Z")},
        {"pkup.csca_length", "six years", used(root, csca, "20321101000000Z"), used(root, csca, "20311101000000Z")},
    };
}

}  // namespace idchip::lint::cases

using namespace idchip::lint;

TEST_CASE("alternative names: each rule is broken alone, and kept by a neighbour", "[lint]") {
    cases::run(cases::alternative_name_cases());
}
TEST_CASE("CRL distribution points: each rule is broken alone, and kept by a neighbour", "[lint]") { cases::run(cases::point_cases()); }
TEST_CASE("document types: each rule is broken alone, and kept by a neighbour", "[lint]") { cases::run(cases::type_cases()); }
TEST_CASE("validity and use of keys: each rule is broken alone, and kept by a neighbour", "[lint]") { cases::run(cases::validity_cases()); }
