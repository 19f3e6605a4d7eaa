// Presence, criticality and contents of extensions: Doc 9303-12, tables 6 to 8.
#include "lint/cases.hpp"
#include "lint/maker.hpp"
#include "unit.hpp"

namespace idchip::lint::cases {

using namespace maker;
using namespace test;
using tlv::element;

namespace {

using Make = Certificate (*)();

Certificate mls() { return list_signer(id::mls); }
Certificate dls() { return list_signer(id::dls); }
Certificate lds2() { return short_signer(id::lds2); }
Certificate bar_code() { return short_signer(id::bar_code); }

Case missing(std::string rule, std::string_view extension, Make make, std::string what, std::optional<Kind> as = {}, Set also = {}) {
    return {std::move(rule),
            "missing in " + what,
            edited(make, [extension](auto& c) { c.drop(extension); }),
            clean(make),
            std::move(also),
            {},
            as};
}

Case forbidden(std::string_view extension, ByteView value, Make make, std::string what) {
    const auto bytes = to_bytes(value);
    return {"ext.forbidden", std::string(extension) + " in " + what, edited(make, [extension, bytes](auto& c) { c.set(extension, bytes); }),
            clean(make)};
}

Case marked(std::string_view extension, Make make, std::string what) {
    return {"ext.criticality", std::string(extension) + " in " + what,
            edited(make, [extension](auto& c) { c.at(extension).critical = !c.at(extension).critical; }), clean(make)};
}

Case bits(std::string rule, std::string what, Make make, std::initializer_list<unsigned> broken) {
    const auto value = usage(broken);
    return {std::move(rule), std::move(what), edited(make, [value](auto& c) { c.at(id::key_usage).value = value; }), clean(make)};
}

Case valued(std::string rule, std::string what, Make make, std::string_view extension, const Bytes& broken, const Bytes& kept,
            Set also = {}, Set beside = {}) {
    const auto with = [make, extension](const Bytes& value) { return edited(make, [=](auto& c) { c.at(extension).value = value; }); };
    return {std::move(rule), std::move(what), with(broken), with(kept), std::move(also), std::move(beside)};
}

const Bytes any = der::write_null();

}  // namespace

Cases extension_cases() {
    Cases list = {
        missing("ski.missing", id::ski, root, "a root"),
        missing("ski.missing", id::ski, maker::link, "a link"),
        missing("aki.missing", id::aki, maker::link, "a link", Kind::link),
        missing("aki.missing", id::aki, document_signer, "a document signer"),
        missing("aki.missing", id::aki, mls, "a list signer"),
        missing("aki.missing", id::aki, communication, "a communication certificate"),
        missing("aki.missing", id::aki, lds2, "an LDS2 signer"),
        missing("aki.missing", id::aki, bar_code, "a bar code signer"),
        missing("ku.missing", id::key_usage, root, "a root"),
        missing("ku.missing", id::key_usage, document_signer, "a document signer"),
        missing("ku.missing", id::key_usage, dls, "a list signer"),
        missing("ku.missing", id::key_usage, communication, "a communication certificate"),
        missing("pkup.missing", id::usage_period, root, "a root"),
        missing("pkup.missing", id::usage_period, maker::link, "a link"),
        missing("pkup.missing", id::usage_period, document_signer, "a document signer"),
        missing("san.missing", id::subject_alt, root, "a root"),
        missing("san.missing", id::subject_alt, document_signer, "a document signer"),
        missing("san.missing", id::subject_alt, communication, "a communication certificate"),
        missing("ian.missing", id::issuer_alt, root, "a root"),
        missing("ian.missing", id::issuer_alt, mls, "a list signer"),
        missing("bc.missing", id::constraints, root, "a root"),
        missing("bc.missing", id::constraints, maker::link, "a link"),
        missing("eku.missing", id::purposes, mls, "a list signer", Kind::master_list_signer),
        missing("eku.missing", id::purposes, communication, "a communication certificate", Kind::other_certificate),
        missing("crldp.missing", id::crldp, root, "a root"),
        missing("crldp.missing", id::crldp, document_signer, "a document signer"),
        missing("doctype.missing", id::doc_types, document_signer, "a document signer"),
        marked(id::aki, root, "a root"),
        marked(id::ski, root, "a root"),
        marked(id::key_usage, root, "a root"),
        marked(id::key_usage, document_signer, "a document signer"),
        marked(id::usage_period, root, "a root"),
        marked(id::subject_alt, root, "a root"),
        marked(id::issuer_alt, root, "a root"),
        marked(id::constraints, root, "a root"),
        marked(id::crldp, root, "a root"),
        marked(id::purposes, mls, "a list signer"),
        marked(id::purposes, lds2, "an LDS2 signer"),
        marked(id::doc_types, document_signer, "a document signer"),
        forbidden(id::constraints, sequence({}), document_signer, "a document signer"),
        forbidden(id::constraints, sequence({}), mls, "a list signer"),
        forbidden(id::name_change, any, document_signer, "a document signer"),
        forbidden(id::doc_types, types({text(der::printable_string, "P")}), root, "a root"),
        forbidden(id::doc_types, types({text(der::printable_string, "P")}), dls, "a list signer"),
        forbidden(id::ski, der::write_octet_string(pki::key_id(ds_key().public_key())), lds2, "an LDS2 signer"),
        forbidden(id::key_usage, usage({0}), bar_code, "a bar code signer"),
        forbidden("1.2.3.4", any, lds2, "an LDS2 signer"),
        {"ext.forbidden", "a purpose in a document signer",
         edited(document_signer, [](auto& c) { c.set(id::purposes, purposes({"1.3.6.1.5.5.7.3.2"})); }), clean(document_signer)},
        {"ext.unknown_critical", "a private one", edited(root, [](auto& c) { c.set("1.2.3.4", any, true); }),
         edited(root, [](auto& c) { c.set("1.2.3.4", any); })},
        {"ext.duplicate", "keyUsage twice", edited(root, [](auto& c) { c.list.push_back(c.at(id::key_usage)); }), clean(root)},
        valued("ext.malformed", "keyUsage as OCTET STRING", root, id::key_usage, der::write_octet_string(Bytes{6}), usage({5, 6})),
        valued("ext.malformed", "an empty subjectKeyIdentifier", maker::link, id::ski, der::write_octet_string({}),
               der::write_octet_string(pki::key_id(csca_key().public_key()))),
    };
    // Doc 9303-12, table 6: in no certificate.
    for (const auto* extension : {"2.5.29.9", "2.5.29.30", "2.5.29.33", "2.5.29.36", "2.5.29.46", "2.5.29.54", "2.16.840.1.113730.1.1"}) {
        list.push_back(forbidden(extension, any, root, "a root"));
        list.push_back(forbidden(extension, any, document_signer, "a document signer"));
        list.push_back(forbidden(extension, any, communication, "a communication certificate"));
    }
    return list;
}

Cases value_cases() {
    const auto own = pki::key_id(csca_key().public_key());
    auto last_60_bits = to_bytes(ByteView(own).last(8));
    last_60_bits[0] = static_cast<Byte>(0x40 | (last_60_bits[0] & 0x0F));
    const auto reference = [](const std::vector<Bytes>& parts) { return sequence(parts); };
    const auto key = element(0x80, pki::key_id(csca_key().public_key()));
    const auto issuer = element(0xA1, element(0xA4, csca_name()));
    const auto serial = element(0x82, Bytes{1});
    const auto constraints = [](bool ca, const Bytes& length) { return sequence({ca ? der::write_boolean(true) : Bytes(), length}); };
    return {
        valued("aki.no_key_id", "issuer and serial number only", document_signer, id::aki, reference({issuer, serial}),
               reference({key, issuer, serial})),
        valued("aki.no_key_id", "an empty one", document_signer, id::aki, reference({Bytes{0x80, 0}}), reference({key})),
        valued("aki.half_reference", "an issuer without serial number", document_signer, id::aki, reference({key, issuer}),
               reference({key, issuer, serial})),
        {"aki.root_differs", "another key's", edited(root, [](auto& c) { c.set(id::aki, key_reference(Bytes(20, 7))); }),
         edited(root, [](auto& c) { c.drop(id::aki); })},
        valued("ski.other_method", "20 other bytes", maker::link, id::ski, der::write_octet_string(Bytes(20, 7)),
               der::write_octet_string(last_60_bits)),
        bits("ku.bit_missing", "cRLSign in a root", root, {5}),
        bits("ku.bit_missing", "keyCertSign in a root", root, {6}),
        {"ku.bit_missing", "digitalSignature in a document signer",
         edited(document_signer,
                [](auto& c) {
                    c.at(id::key_usage).value = Bytes{3, 1, 0};
                }),
         clean(document_signer)},
        bits("ku.bit_forbidden", "digitalSignature in a root", root, {0, 5, 6}),
        bits("ku.bit_forbidden", "nonRepudiation in a document signer", document_signer, {0, 1}),
        bits("ku.bit_forbidden", "cRLSign in a list signer", mls, {0, 6}),
        bits("ku.bit_forbidden", "decipherOnly in a root", root, {5, 6, 8}),
        {"ku.bit_forbidden", "dataEncipherment in a communication certificate",
         edited(communication,
                [](auto& c) {
                    c.at(id::key_usage).value = usage({2, 3});
                }),
         edited(communication,
                [](auto& c) {
                    c.at(id::key_usage).value = usage({2, 4});
                })},
        {"policies.empty", "no policy", edited(root, [](auto& c) { c.set(id::policies, sequence({})); }),
         edited(root, [](auto& c) { c.set(id::policies, sequence({sequence({oid("1.2.3")})})); })},
        {"policies.empty", "a policy without its identifier", edited(root, [](auto& c) { c.set(id::policies, sequence({sequence({})})); }),
         clean(root)},
        valued("bc.not_ca", "an empty sequence", root, id::constraints, constraints(false, der::write_integer(0)),
               constraints(true, der::write_integer(0))),
        valued("bc.path_length_missing", "cA alone", root, id::constraints, constraints(true, {}),
               constraints(true, der::write_integer(0))),
        valued("bc.path_length", "1", maker::link, id::constraints, constraints(true, der::write_integer(1)),
               constraints(true, der::write_integer(0))),
        {"eku.purpose",
         "a deviation list signer taken for a master list signer",
         clean(dls),
         clean(mls),
         {"eku.more"},
         {},
         Kind::master_list_signer},
        {"eku.more", "two purposes",
         edited(mls,
                [](auto& c) {
                    c.at(id::purposes).value = purposes({id::mls, "1.3.6.1.5.5.7.3.2"});
                }),
         clean(mls)},
        {"link.own_key",
         "a root taken for a link",
         edited(root, [](auto& c) { c.drop(id::aki); }),
         clean(maker::link),
         {"aki.missing"},
         {},
         Kind::link},
        {"link.same_key_id",
         "the new key's identifier for the old one",
         edited(maker::link, [own](auto& c) { c.set(id::aki, key_reference(own)); }),
         clean(maker::link),
         {},
         {},
         Kind::link},
        {"namechange.missing", "a new name", edited(maker::link, [](auto& c) { c.subject = ds_name(); }),
         edited(maker::link,
                [](auto& c) {
                    c.subject = ds_name();
                    c.set(id::name_change, der::write_null());
                })},
        {"namechange.same_names", "the old name", edited(maker::link, [](auto& c) { c.set(id::name_change, der::write_null()); }),
         edited(root, [](auto& c) { c.set(id::name_change, der::write_null()); })},
        {"namechange.syntax", "a BOOLEAN", edited(root, [](auto& c) { c.set(id::name_change, der::write_boolean(true)); }),
         edited(root, [](auto& c) { c.set(id::name_change, der::write_null()); })},
    };
}

}  // namespace idchip::lint::cases

using namespace idchip::lint;

TEST_CASE("presence and criticality of extensions: each rule is broken alone, and kept by a neighbour", "[lint]") {
    cases::run(cases::extension_cases());
}
TEST_CASE("values of extensions: each rule is broken alone, and kept by a neighbour", "[lint]") { cases::run(cases::value_cases()); }
