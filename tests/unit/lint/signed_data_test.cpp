// SignedData of EF.SOD, master and deviation lists: Doc 9303-10, table 37; Doc 9303-12, tables 18 and 19.
#include "lint/cases.hpp"
#include "lint/cms_maker.hpp"
#include "unit.hpp"

namespace idchip::lint::cases {

using namespace maker;
using namespace test;
using crypto::HashAlg;
using tlv::element;

namespace {

const Bytes sha256 = identifier("2.16.840.1.101.3.4.2.1"), sha256_null = identifier("2.16.840.1.101.3.4.2.1", der::write_null());

template <class Make, class Edit>
std::function<Bytes()> signer_edited(Make make, Edit edit) {
    return edited(make, [edit](auto& d) { edit(d.signers[0]); });
}

// An unsigned attribute, a certificate revocation list inside.
Bytes unsigned_attributes() { return element(0xA1, attribute("1.2.3.4", {der::write_null()})); }
Bytes crls() { return element(0xA1, crl().der()); }

void sign_with_sha1(Signer& s) {
    s.digest = HashAlg::sha1;
    s.algorithm.hash = s.algorithm.mgf_hash = HashAlg::sha1;
}

// The clean signer's certificate, changed.
template <class Edit>
std::function<Bytes()> with_document_signer(Edit edit) {
    return edited(maker::sod, [edit](auto& d) {
        auto c = document_signer();
        edit(c);
        d.certificates = {c.der()};
    });
}

}  // namespace

Cases signed_data_cases() {
    const auto later = text(der::utc_time, "270301000000Z");
    return {
        {"cms.version", "1", edited(maker::sod, [](auto& d) { d.version = der::write_integer(1); }), clean(maker::sod)},
        {"cms.content_type",
         "a deviation list taken for a master list",
         clean(deviation_list),
         clean(master_list),
         {"cms.signer_kind"},
         {},
         Kind::master_list},
        {"cms.content_syntax", "no sequence in an EF.SOD", edited(maker::sod, [](auto& d) { d.contain(der::write_null()); }),
         clean(maker::sod)},
        {"cms.content_syntax", "no set in a master list",
         edited(master_list, [](auto& d) { d.contain(sequence({der::write_integer(0)})); }), clean(master_list)},
        {"cms.content_syntax", "no set in a deviation list",
         edited(deviation_list, [](auto& d) { d.contain(sequence({der::write_integer(0)})); }), clean(deviation_list)},
        {"cms.digest_algorithms", "another hash is listed",
         edited(maker::sod, [](auto& d) { d.digest_algorithms = {identifier("2.16.840.1.101.3.4.2.2")}; }), clean(maker::sod)},
        {"cms.digest_null", "NULL in an EF.SOD", edited(maker::sod, [](auto& d) { d.signers[0].digest_identifier = sha256_null; }),
         clean(maker::sod)},
        {"cms.digest_null", "NULL in a deviation list", edited(deviation_list, [](auto& d) { d.digest_algorithms = {sha256_null}; }),
         clean(deviation_list)},
        {"cms.hash_unstated", "bare id-ecPublicKey",
         signer_edited(maker::sod, [](Signer& s) { s.stated_algorithm = identifier("1.2.840.10045.2.1"); }), clean(maker::sod)},
        {"cms.crls", "in a master list", edited(master_list, [](auto& d) { d.crls = crls(); }), clean(master_list)},
        {"cms.crls", "in a deviation list", edited(deviation_list, [](auto& d) { d.crls = crls(); }), clean(deviation_list)},
        {"cms.no_signer", "none", edited(maker::sod, [](auto& d) { d.signers.clear(); }), clean(maker::sod)},
        {"cms.several_signers", "two", edited(maker::sod, [](auto& d) { d.signers.push_back(d.signers[0]); }), clean(maker::sod)},
        {"cms.signer_version", "3 with issuer and serial number", signer_edited(maker::sod, [](Signer& s) { s.version = 3; }),
         clean(maker::sod)},
        {"cms.signer_version", "1 with a key identifier", signer_edited(master_list, [](Signer& s) { s.version = 1; }), clean(master_list)},
        {"cms.sid_issuer_serial", "in a master list",
         signer_edited(master_list,
                       [](Signer& s) {
                           s.version = 1;
                           s.sid = sequence({csca_name(), der::write_integer(0x1234567)});
                       }),
         clean(master_list)},
        {"cms.no_signed_attributes", "none", signer_edited(maker::sod, [](Signer& s) { s.with_attributes = false; }), clean(maker::sod)},
        {"cms.attribute_missing", "no contentType", signer_edited(maker::sod, [](Signer& s) { s.content_type.clear(); }),
         clean(maker::sod)},
        {"cms.attribute_missing", "no messageDigest", signer_edited(maker::sod, [](Signer& s) { s.message_digest.clear(); }),
         clean(maker::sod)},
        {"cms.attribute_twice", "two digests",
         signer_edited(maker::sod, [](Signer& s) { s.message_digest.push_back(s.message_digest[0]); }), clean(maker::sod)},
        {"cms.attribute_twice", "a second signingTime",
         signer_edited(maker::sod, [](Signer& s) { s.more = {attribute("1.2.840.113549.1.9.5", s.signing_time)}; }), clean(maker::sod)},
        {"cms.content_type_attribute", "that of a master list",
         signer_edited(maker::sod, [](Signer& s) { s.content_type = {oid("2.23.136.1.1.2")}; }), clean(maker::sod)},
        {"cms.message_digest", "of something else",
         signer_edited(maker::sod, [](Signer& s) { s.message_digest = {der::write_octet_string(Bytes(32, 5))}; }), clean(maker::sod)},
        {"cms.signing_time_missing", "in a master list", signer_edited(master_list, [](Signer& s) { s.signing_time.clear(); }),
         clean(master_list)},
        {"cms.signing_time_missing", "in a deviation list", signer_edited(deviation_list, [](Signer& s) { s.signing_time.clear(); }),
         clean(deviation_list)},
        {"cms.signing_time_outside", "after the key's use", signer_edited(maker::sod, [later](Signer& s) { s.signing_time = {later}; }),
         signer_edited(maker::sod, [](Signer& s) { s.signing_time = {text(der::utc_time, "270201000000Z")}; })},
        {"cms.signing_time_outside", "before the certificate, where no period is stated",
         signer_edited(master_list, [](Signer& s) { s.signing_time = {text(der::utc_time, "261031235959Z")}; }),
         signer_edited(master_list, [later](Signer& s) { s.signing_time = {later}; })},
        {"time.generalized_early", "in signingTime",
         signer_edited(maker::sod, [](Signer& s) { s.signing_time = {text(der::generalized_time, "20261121120000Z")}; }),
         clean(maker::sod)},
        {"cms.no_signer_certificate", "another one in an EF.SOD", edited(maker::sod, [](auto& d) { d.certificates = {root().der()}; }),
         clean(maker::sod)},
        {"cms.no_signer_certificate", "the CSCA's alone", edited(master_list, [](auto& d) { d.certificates = {root().der()}; }),
         clean(master_list)},
        {"cms.no_csca_certificate", "in a master list", edited(master_list, [](auto& d) { d.certificates.pop_back(); }),
         clean(master_list)},
        {"cms.no_csca_certificate", "in a deviation list", edited(deviation_list, [](auto& d) { d.certificates.pop_back(); }),
         clean(deviation_list)},
        {"cms.signer_kind", "a deviation list signer", edited(master_list, [](auto& d) { d.certificates[0] = list_signer(id::dls).der(); }),
         clean(master_list)},
        {"cms.certificate_unreadable", "a sequence of nothing", edited(maker::sod, [](auto& d) { d.certificates.push_back(sequence({})); }),
         clean(maker::sod)},
        {"cms.certificate_findings", "a document signer without document types",
         with_document_signer([](auto& c) { c.drop(id::doc_types); }), clean(maker::sod)},
        {"sig.wrong", "one bit of the signature",
         signer_edited(maker::sod, [](Signer& s) { s.edit_signature = [](Bytes& b) { b.back() ^= 1; }; }), clean(maker::sod)},
        {"alg.key_mismatch",
         "RSA stated for a curve",
         signer_edited(maker::sod, [](Signer& s) { s.stated_algorithm = identifier("1.2.840.113549.1.1.11", der::write_null()); }),
         clean(maker::sod),
         {"alg.pkcs1"}},
        {"alg.hash",
         "SHA-1",
         edited(maker::sod,
                [](auto& d) {
                    sign_with_sha1(d.signers[0]);
                    d.digest_algorithms = {identifier("1.3.14.3.2.26")};
                    d.contain(d.content);
                }),
         clean(maker::sod),
         {"alg.weaker"}},
        {"alg.weaker", "P-256 with SHA-224", edited(maker::sod, [](auto& d) { d.signers[0].algorithm.hash = HashAlg::sha224; }),
         clean(maker::sod)},
        {"der.encoding", "the content in pieces", edited(maker::sod, [](auto& d) { d.segmented = true; }), clean(maker::sod)},
        {"der.set_order", "signed attributes in the wrong order", signer_edited(maker::sod, [](Signer& s) { s.sorted = false; }),
         clean(maker::sod)},
        {"der.trailing", "padding", edited(maker::sod, [](auto& d) { d.trailing = Bytes(16); }), clean(maker::sod)},
        {"der.trailing", "behind a master list", edited(master_list, [](auto& d) { d.trailing = {10}; }), clean(master_list)},
    };
}

Cases sod_cases() {
    const auto with = [](auto edit) {
        return [edit] {
            SecurityObject o;
            edit(o);
            return sod_of(o).der();
        };
    };
    const auto info = [](std::string_view lds, std::string_view unicode, std::uint32_t tag = der::printable_string) {
        return std::vector<Bytes>{text(tag, lds), text(tag, unicode)};
    };
    const auto groups = [with](const std::vector<int>& numbers) {
        return with([numbers](SecurityObject& o) {
            o.hashes.clear();
            for (const int n : numbers) o.hashes.emplace_back(n, Bytes(32, 9));
        });
    };
    const auto v0 = with([](SecurityObject& o) {
        o.version = 0;
        o.with_version_info = false;
    });
    std::vector<int> seventeen = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 16};
    return {
        {"sod.tag", "the bare ContentInfo", edited(maker::sod, [](auto& d) { d.in_77 = false; }), clean(maker::sod)},
        {"sod.crls", "one", edited(maker::sod, [](auto& d) { d.crls = crls(); }), clean(maker::sod)},
        {"sod.sid_key_id", "a key identifier",
         signer_edited(maker::sod,
                       [](Signer& s) {
                           s.version = 3;
                           s.sid = element(0x80, pki::key_id(ds_key().public_key()));
                       }),
         clean(maker::sod)},
        {"sod.no_signing_time", "none", signer_edited(maker::sod, [](Signer& s) { s.signing_time.clear(); }), clean(maker::sod)},
        {"sod.unsigned_attributes", "one", signer_edited(maker::sod, [](Signer& s) { s.unsigned_attributes = unsigned_attributes(); }),
         clean(maker::sod)},
        {"sod.v0", "version 0", v0, clean(maker::sod)},
        {"sod.v0_no_certificate",
         "version 0 without certificates",
         [] {
             SecurityObject o;
             o.version = 0;
             o.with_version_info = false;
             auto d = sod_of(o);
             d.certificates.clear();
             return d.der();
         },
         v0,
         {"sod.v0"},
         {"sod.v0"}},
        {"cms.no_signer_certificate", "version 1 without certificates", edited(maker::sod, [](auto& d) { d.certificates.clear(); }),
         clean(maker::sod)},
        {"sod.version", "2", with([](SecurityObject& o) { o.version = 2; }), clean(maker::sod)},
        {"sod.version_info_missing", "version 1", with([](SecurityObject& o) { o.with_version_info = false; }), clean(maker::sod)},
        {"sod.version_info_in_v0", "version 0", with([](SecurityObject& o) { o.version = 0; }), v0, {"sod.v0"}, {"sod.v0"}},
        {"sod.version_info_form", "dots", with([info](SecurityObject& o) { o.version_info = info("1.8", "4.0.0"); }), clean(maker::sod)},
        {"sod.version_info_form", "UTF8Strings",
         with([info](SecurityObject& o) { o.version_info = info("0108", "040000", der::utf8_string); }), clean(maker::sod)},
        {"sod.version_info_form", "one of the two", with([](SecurityObject& o) { o.version_info.pop_back(); }), clean(maker::sod)},
        {"sod.lds_version", "0107", with([info](SecurityObject& o) { o.version_info = info("0107", "040000"); }),
         with([info](SecurityObject& o) { o.version_info = info("0108", "040000"); })},
        {"sod.hash_count", "one group", groups({1}), groups({1, 2}), {"sod.mandatory_group"}},
        {"sod.hash_count",
         "seventeen",
         groups(seventeen),
         groups({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}),
         {"sod.hash_duplicate"}},
        {"sod.hash_number", "DG17", groups({1, 2, 17}), groups({1, 2, 16})},
        {"sod.hash_number", "DG0", groups({0, 1, 2}), groups({1, 2})},
        {"sod.hash_duplicate", "DG2 twice", groups({1, 2, 2}), groups({1, 2, 3})},
        {"sod.hash_order", "DG2 before DG1", groups({2, 1}), groups({1, 2})},
        {"sod.hash_length", "31 bytes", with([](SecurityObject& o) { o.hashes[1].second.pop_back(); }), clean(maker::sod)},
        {"sod.mandatory_group", "no DG2", groups({1, 14}), groups({1, 2})},
        {"alg.hash", "SHA-1 over the data groups", with([](SecurityObject& o) {
             o.algorithm = identifier("1.3.14.3.2.26");
             for (auto& [group, hash] : o.hashes) hash.resize(20);
         }),
         clean(maker::sod)},
        {"alg.hash", "no hash at all", with([](SecurityObject& o) { o.algorithm = identifier("1.2.3"); }), clean(maker::sod)},
        {"cms.digest_null", "NULL behind the hash of the data groups", with([](SecurityObject& o) { o.algorithm = sha256_null; }),
         clean(maker::sod)},
    };
}

Cases list_cases() {
    auto members = std::vector<Bytes>{root().der(), maker::link().der()};
    std::sort(members.begin(), members.end());
    const auto reversed = std::vector<Bytes>{members[1], members[0]};
    const auto holding = [](std::vector<Bytes> list) { return [list = std::move(list)] { return master_list_of(list).der(); }; };
    const auto without_locality = edited(root, [](auto& c) { c.drop(id::usage_period); });
    return {
        {"ml.version", "1", [members] { return master_list_of(members, 1).der(); }, holding(members)},
        {"ml.digest_null", "in the signer", edited(master_list, [](auto& d) { d.signers[0].digest_identifier = sha256_null; }),
         clean(master_list)},
        {"ml.digest_null", "in digestAlgorithms", edited(master_list, [](auto& d) { d.digest_algorithms = {sha256_null}; }),
         clean(master_list)},
        {"ml.empty", "no members", holding({}), holding(members)},
        {"ml.duplicate", "a root twice", holding({members[0], members[0], members[1]}), holding(members)},
        {"ml.not_csca", "a document signer", holding({document_signer().der()}), holding({root().der()})},
        {"ml.member_unreadable", "NULL", holding({der::write_null()}), holding({root().der()})},
        {"ml.member_findings", "a root without period", [without_locality] { return master_list_of({without_locality()}).der(); },
         holding({root().der()})},
        {"der.set_order", "members in the wrong order", holding(reversed), holding(members)},
        {"dl.version", "1",
         edited(deviation_list,
                [](auto& d) {
                    d.contain(sequence({der::write_integer(1), element(der::set, Bytes())}));
                }),
         edited(deviation_list,
                [](auto& d) {
                    d.contain(sequence({der::write_integer(0), sha256, element(der::set, Bytes())}));
                })},
        {"dl.unsigned_attributes", "one", signer_edited(deviation_list, [](Signer& s) { s.unsigned_attributes = unsigned_attributes(); }),
         signer_edited(master_list, [](Signer& s) { s.unsigned_attributes = unsigned_attributes(); })},
    };
}

}  // namespace idchip::lint::cases

using namespace idchip;
using namespace idchip::lint;
using idchip::test::good;

TEST_CASE("signed data that keep the profile have no finding, and name their signer", "[lint]") {
    for (const auto& [file, kind, signer] : {std::tuple(maker::sod().der(), Kind::sod, "C=VN, CN=DS Lint 1"),
                                             std::tuple(maker::master_list().der(), Kind::master_list, "C=VN, CN=List signer"),
                                             std::tuple(maker::deviation_list().der(), Kind::deviation_list, "C=VN, CN=List signer")}) {
        const auto report = good(lint::lint(file));
        CHECK(report.kind == kind);
        CHECK(report.subject == signer);
        for (const auto& f : report.findings) FAIL_CHECK(f.rule << " at " << f.where << ": " << f.text);
    }
}
TEST_CASE("signed data: each rule is broken alone, and kept by a neighbour", "[lint]") { cases::run(cases::signed_data_cases()); }
TEST_CASE("EF.SOD: each rule is broken alone, and kept by a neighbour", "[lint]") { cases::run(cases::sod_cases()); }
TEST_CASE("master and deviation lists: each rule is broken alone, and kept by a neighbour", "[lint]") { cases::run(cases::list_cases()); }
