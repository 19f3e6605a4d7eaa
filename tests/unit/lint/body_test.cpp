// Encoding, fields and names of a certificate: Doc 9303-12, table 5 and 7.1.1.1.
#include "lint/cases.hpp"
#include "lint/maker.hpp"
#include "unit.hpp"

namespace idchip::lint::cases {

using namespace maker;
using namespace test;
using tlv::element;

namespace {

Bytes serial_of(ByteView contents) { return element(der::integer, contents); }

Bytes with_country(std::string_view code, std::uint32_t tag = der::printable_string) {
    return name({{id::country, code, tag}, {id::common_name, "CSCA Lint"}});
}

// A root whose two names are these bytes.
std::function<Bytes()> root_named(const Bytes& both) {
    return edited(root, [both](auto& c) { c.issuer = c.subject = both; });
}

// The attributes of a name, with one more.
std::function<Bytes()> root_with(const Attribute& more) {
    return root_named(name({{id::country, "VN", der::printable_string}, {id::common_name, "CSCA Lint"}, more}));
}

// One SET OF with both attributes of the name, in this order.
Bytes name_of_one_set(const Attribute& a, const Attribute& b) {
    const auto member = [](const Attribute& x) { return der::sequence_of({oid(x.type), text(x.tag, x.value)}); };
    return element(der::sequence, element(der::set, {member(a), member(b)}));
}

// The length of the outermost SEQUENCE in one byte more than needed.
Bytes with_long_length(const Bytes& der) {
    Bytes out{der[0], 0x83, 0x00};
    append(out, ByteView(der).subspan(2));
    return out;
}

std::function<Bytes()> times(std::uint32_t tag, std::string_view not_after) {
    return edited(root, [=](auto& c) { c.not_after = text(tag, not_after); });
}

constexpr Attribute country{id::country, "VN", der::printable_string}, cn{id::common_name, "CSCA Lint"};

}  // namespace

Cases body_cases() {
    return {
        {"der.encoding", "a length in one byte too many", [] { return with_long_length(root().der()); }, clean(root)},
        {"der.encoding",
         "a string in pieces",
         edited(root, [](auto& c) { c.set(id::ski, element(0x24, c.at(id::ski).value)); }),
         clean(root),
         {"ext.malformed"}},
        {"der.trailing", "a byte behind", edited(root, [](auto& c) { c.trailing = {0}; }), clean(root)},
        {"der.boolean", "TRUE as 01",
         edited(root,
                [](auto& c) {
                    c.at(id::key_usage).criticality = Bytes{1, 1, 1};
                }),
         edited(root,
                [](auto& c) {
                    c.at(id::key_usage).criticality = Bytes{1, 1, 0xFF};
                })},
        {"der.integer",
         "a path length with a needless zero",
         edited(root,
                [](auto& c) {
                    c.at(id::constraints).value = sequence({der::write_boolean(true), Bytes{2, 2, 0, 0}});
                }),
         clean(root),
         {"ext.malformed"}},
        {"der.default", "critical FALSE",
         edited(root,
                [](auto& c) {
                    c.at(id::ski).criticality = Bytes{1, 1, 0};
                }),
         clean(root)},
        {"der.default",
         "cA FALSE",
         edited(root,
                [](auto& c) {
                    c.at(id::constraints).value = sequence({der::write_boolean(false), der::write_integer(0)});
                }),
         edited(root,
                [](auto& c) {
                    c.at(id::constraints).value = sequence({der::write_boolean(true), der::write_integer(0)});
                }),
         {"bc.not_ca"}},
        {"der.set_order", "two attributes of one RDN in the wrong order", root_named(name_of_one_set(cn, country)),
         root_named(name_of_one_set(country, cn))},
        {"der.named_bits", "keyUsage with a zero bit at its end",
         edited(root,
                [](auto& c) {
                    c.at(id::key_usage).value = Bytes{3, 2, 0, 0x06};
                }),
         edited(root,
                [](auto& c) {
                    c.at(id::key_usage).value = Bytes{3, 2, 1, 0x06};
                })},
        {"cert.version", "version 1 with extensions", edited(root, [](auto& c) { c.version.clear(); }), clean(root)},
        {"cert.version", "version 2", edited(root, [](auto& c) { c.version = element(0xA0, der::write_integer(1)); }), clean(root)},
        {"cert.serial_negative", "the highest bit is set", edited(root, [](auto& c) { c.serial = serial_of(Bytes{0x80}); }),
         edited(root,
                [](auto& c) {
                    c.serial = serial_of(Bytes{0x00, 0x80});
                })},
        {"cert.serial_zero", "0", edited(root, [](auto& c) { c.serial = serial_of(Bytes{0}); }),
         edited(root, [](auto& c) { c.serial = serial_of(Bytes{1}); })},
        {"cert.serial_long", "21 octets", edited(root, [](auto& c) { c.serial = serial_of(Bytes(21, 0x41)); }),
         edited(root, [](auto& c) { c.serial = serial_of(Bytes(20, 0x41)); })},
        {"cert.serial_shortest", "a needless zero",
         edited(root,
                [](auto& c) {
                    c.serial = serial_of(Bytes{0, 0x41});
                }),
         edited(root, [](auto& c) { c.serial = serial_of(Bytes{0x41}); })},
        {"cert.unique_id", "a subjectUniqueID",
         edited(root,
                [](auto& c) {
                    c.unique_id = Bytes{0x82, 2, 0, 1};
                }),
         clean(root)},
        {"cert.no_extensions",
         "none at all",
         edited(root, [](auto& c) { c.with_extensions = false; }),
         clean(root),
         {"ski.missing", "ku.missing", "pkup.missing", "san.missing", "ian.missing", "bc.missing", "crldp.missing"}},
        {"time.malformed", "a month 13", times(der::utc_time, "411301000000Z"), times(der::utc_time, "411201000000Z")},
        {"time.malformed", "a time as text", times(der::printable_string, "411101000000Z"), clean(root)},
        {"time.malformed", "a zone of letters", times(der::utc_time, "411101000000ICT"), clean(root)},
        {"time.not_zulu", "an offset", times(der::utc_time, "411101000000+0700"), clean(root)},
        {"time.not_zulu", "no zone", times(der::utc_time, "411101000000"), clean(root)},
        {"time.no_seconds", "minutes only", times(der::utc_time, "4111010000Z"), times(der::utc_time, "411101000000Z")},
        {"time.fraction",
         "half a second",
         times(der::generalized_time, "20501101000000.5Z"),
         times(der::generalized_time, "20501101000000Z"),
         {"validity.long"},
         {"validity.long"}},
        {"time.generalized_early",
         "the last second of 2049",
         times(der::generalized_time, "20491231235959Z"),
         times(der::generalized_time, "20500101000000Z"),
         {"validity.long"},
         {"validity.long"}},
    };
}

Cases name_cases() {
    return {
        {"name.country_missing", "CN alone", root_named(name({cn})), clean(root)},
        {"name.country_twice", "two", root_with({id::country, "VN", der::printable_string}), clean(root)},
        {"name.country_form", "three letters", root_named(with_country("VNM")), clean(root)},
        {"name.country_form", "a digit", root_named(with_country("V1")), clean(root), {"altname.locality_country"}},
        {"name.country_case", "lower case", root_named(with_country("vn")), root_named(with_country("VN"))},
        {"name.country_string", "as UTF8String", root_named(with_country("VN", der::utf8_string)), clean(root)},
        {"name.country_unknown", "of nobody", root_named(with_country("QZ")), clean(root), {"altname.locality_country"}},
        {"name.country_differs", "another country's subject",
         edited(document_signer,
                [](auto& c) {
                    c.subject = name({{id::country, "LA", der::printable_string}, {id::common_name, "DS"}});
                    c.set(id::subject_alt, names_of({mail(), directory({{id::locality, "LAO"}})}));
                }),
         clean(document_signer)},
        {"name.cn_missing", "no CN", root_named(name({country, {id::organization, "State"}})), clean(root)},
        {"name.serial_number_string", "as UTF8String", root_with({id::serial_number, "12"}),
         root_with({id::serial_number, "12", der::printable_string})},
        {"name.string_type", "T61String", root_with({id::organization, "State", der::t61_string}),
         root_with({id::organization, "State", der::utf8_string})},
        {"name.string_type", "BMPString", root_with({id::organization, std::string_view("\0S", 2), der::bmp_string}), clean(root)},
        {"name.string_type", "an IA5String that is no mail address", root_with({id::organization, "State", der::ia5_string}),
         root_with({id::email, "csca@example.org", der::ia5_string})},
        {"name.characters", "an at sign in a PrintableString", root_with({id::organization, "a@b", der::printable_string}),
         root_with({id::organization, "a'b (c) +,-./:=?", der::printable_string})},
        {"name.characters", "broken UTF-8", root_with({id::organization, "\xC3", der::utf8_string}),
         root_with({id::organization, "\xC3\x84", der::utf8_string})},
        {"name.length", "an empty attribute", root_with({id::organization, ""}), clean(root)},
        {"name.length", "65 characters", root_with({id::organization, "12345678901234567890123456789012345678901234567890123456789012345"}),
         root_with({id::organization, "1234567890123456789012345678901234567890123456789012345678901\xC3\x84\xC3\x84\xC3\x84"})},
        {"name.encoding", "the CN once as UTF8String, once as PrintableString",
         edited(root,
                [](auto& c) {
                    c.issuer = name({country, {id::common_name, "CSCA Lint", der::printable_string}});
                }),
         clean(root)},
        {"name.root_differs", "another issuer", edited(root, [](auto& c) { c.issuer = ds_name(); }), clean(root), {}, {}, Kind::csca},
        {"name.lds2_subject", "a CN of ten characters",
         edited([] { return short_signer(id::lds2); },
                [](auto& c) {
                    c.subject = name({country, {id::common_name, "1234567890"}});
                }),
         edited([] { return short_signer(id::lds2); },
                [](auto& c) {
                    c.subject = name({country, {id::common_name, "123456789"}});
                })},
        {"name.lds2_subject", "another attribute",
         edited([] { return short_signer(id::lds2); },
                [](auto& c) {
                    c.subject = name({country, {id::organization, "State"}, {id::common_name, "AB"}});
                }),
         clean([] { return short_signer(id::lds2); })},
        {"name.bar_code_subject", "lower case",
         edited([] { return short_signer(id::bar_code); },
                [](auto& c) {
                    c.subject = name({country, {id::common_name, "ab", der::printable_string}});
                }),
         clean([] { return short_signer(id::bar_code); })},
        {"name.bar_code_subject", "a UTF8String",
         edited([] { return short_signer(id::bar_code); },
                [](auto& c) {
                    c.subject = name({country, {id::common_name, "AB"}});
                }),
         clean([] { return short_signer(id::bar_code); })},
    };
}

}  // namespace idchip::lint::cases

using namespace idchip::lint;

TEST_CASE("encoding, fields and times of a certificate: each rule is broken alone, and kept by a neighbour", "[lint]") {
    cases::run(cases::body_cases());
}
TEST_CASE("names: each rule is broken alone, and kept by a neighbour", "[lint]") { cases::run(cases::name_cases()); }
