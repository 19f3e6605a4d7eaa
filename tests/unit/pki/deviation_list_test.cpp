// Deviation lists. No State's list is public: the encoding is compared with bytes put together by hand from the ASN.1.
#include "unit/pki/list_maker.hpp"

#include <algorithm>

#include <idchip/pki/deviation_list.hpp>

using namespace idchip;
using namespace idchip::test;
using crypto::HashAlg;
using pki::Certificate;
using pki::Coverage;
using pki::Deviation;
using pki::DeviationDescription;
using pki::DeviationDocuments;
using pki::DeviationKind;
using pki::DeviationList;
using pki::DeviationParameter;
using pki::DocumentFacts;
using pki::ListRule;
using Rules = std::vector<ListRule>;

namespace {

const ListPki& issuer() {
    static const ListPki pki;
    return pki;
}

ListSigner deviation_signer() {
    SignerOptions o;
    o.extended_key_usage = "2.23.136.1.1.8";
    return issuer().signer(o);
}

Bytes build(const std::vector<Deviation>& deviations, std::optional<HashAlg> digest_alg = {}) {
    auto signer = deviation_signer();
    return good(pki::build_deviation_list(deviations, digest_alg, signer, {issuer().csca}, list_signed_at));
}
std::string build_error(const Deviation& d, std::optional<HashAlg> digest_alg = {}) {
    auto signer = deviation_signer();
    return error_of(pki::build_deviation_list({d}, digest_alg, signer, {issuer().csca}, list_signed_at));
}

Bytes signed_content(ByteView content, const der::Oid& type = pki::oid_deviation_list()) {
    auto signer = deviation_signer();
    return good(pki::build_signed_data(type, content, signer, list_signed_at, {{issuer().csca}, true}));
}
Result<DeviationList> parse(ByteView content) { return DeviationList::parse(signed_content(content)); }

// A list of one deviation with these contents of DeviationDocuments, for a broken EF.COM.
Bytes list_with(ByteView documents, ByteView description = "300A 0608 6781080101070204"_hex) {
    const auto deviation = der::sequence_of({tlv::element(der::sequence, documents), tlv::element(der::set, description)});
    return der::sequence_of({der::write_integer(0), tlv::element(der::set, deviation)});
}
DeviationDocuments documents(ByteView contents) {
    auto list = good(parse(list_with(contents)));
    if (!list.skipped.empty()) FAIL(list.skipped[0].message());
    return list.deviations.at(0).documents;
}
DeviationDescription description(ByteView contents) {
    auto list = good(parse(list_with("8002 5020"_hex, tlv::element(der::sequence, contents))));
    if (!list.skipped.empty()) FAIL(list.skipped[0].message());
    return list.deviations.at(0).descriptions.at(0);
}
// The name of the error for which the only deviation was skipped.
std::string skipped(ByteView content) {
    const auto list = good(parse(content));
    return list.skipped.size() == 1 && list.deviations.empty() ? std::string(list.skipped[0].name()) : "none";
}

Deviation broken_com(DeviationDocuments documents) {
    return {std::move(documents), {DeviationDescription::of(DeviationKind::lds_com_inconsistent)}};
}
DeviationDocuments of_type(std::string code) {
    DeviationDocuments d;
    d.document_type = std::move(code);
    return d;
}

}  // namespace

TEST_CASE("a deviation list has the encoding that its ASN.1 says", "[pki]") {
    DeviationDocuments d = of_type("P<");
    d.subject_key_id = "0102"_hex;
    d.issuing_date = {start_of({2020, 1, 1}), start_of({2020, 12, 31})};
    d.document_numbers = {"B2", "A1"};
    Deviation deviation{d, {DeviationDescription::of(DeviationKind::lds_dg_hash_wrong, DeviationParameter{2, {}}, "see http://x")}};
    deviation.descriptions[0].national_use = "0500"_hex;
    const auto list = good(DeviationList::parse(build({deviation}, HashAlg::sha256)));
    CHECK(to_hex(list.signed_data.content) == to_hex("3071 020100 300B 0609608648016503040201"
                                                     "315F 305D"
                                                     "3036 80025020 82020102"
                                                     "A422 180F32303230303130313030303030305A 180F32303230313233313030303030305A"
                                                     "A508 13024131 13024232"
                                                     "3123 3021"
                                                     "130C 73656520687474703A2F2F78 0608 6781080101070202 A003 020102 A102 0500"_hex));
    CHECK(list.notes.empty());
    CHECK(list.skipped.empty());
    CHECK(list.digest_alg == HashAlg::sha256);
    CHECK(list.signing_time == list_signed_at);
    CHECK(list.check({issuer().csca}, list_read_at).believed());
    REQUIRE(list.deviations.size() == 1);
    const auto& read = list.deviations[0].documents;
    CHECK(read.document_type == "P ");
    CHECK(read.subject_key_id == d.subject_key_id);
    CHECK(read.issuing_date->first_issued == d.issuing_date->first_issued);
    CHECK(read.issuing_date->last_issued == d.issuing_date->last_issued);
    CHECK(read.document_numbers == std::vector<std::string>{"A1", "B2"});
    CHECK_FALSE(read.issuer_and_serial);
    REQUIRE(list.deviations[0].descriptions.size() == 1);
    const auto& what = list.deviations[0].descriptions[0];
    CHECK(what.description == "see http://x");
    CHECK(what.kind() == DeviationKind::lds_dg_hash_wrong);
    CHECK(what.parameter()->number == 2);
    CHECK(to_hex(what.national_use) == "0500");
    CHECK(what.text() == "LDS-DGHashWrong DG2: the hash of the data group in EF.SOD is wrong (see http://x)");
}

TEST_CASE("every kind of deviation has its identifier, its name and its parameter", "[pki]") {
    const auto text = [](DeviationKind kind, std::optional<DeviationParameter> p = {}) { return DeviationDescription::of(kind, p).text(); };
    const auto beginning = [](const std::string& t) { return t.substr(0, t.find(':')); };
    for (const auto& [dotted, name] :
         {std::pair{"1", "CertOrKey"}, std::pair{"1.1", "CertOrKey-DSSignature"}, std::pair{"1.2", "CertOrKey-DSEncoding"},
          std::pair{"1.3", "CertOrKey-CSCAEncoding"}, std::pair{"1.4", "CertOrKey-AAKeyCompromised"}, std::pair{"2", "LDS"},
          std::pair{"2.1", "LDS-DGMalformed"}, std::pair{"2.2", "LDS-DGHashWrong"}, std::pair{"2.3", "LDS-SODSignatureWrong"},
          std::pair{"2.4", "LDS-COMInconsistent"}, std::pair{"3", "MRZ"}, std::pair{"3.1", "MRZ-WrongData"},
          std::pair{"3.2", "MRZ-WrongCheckDigit"}, std::pair{"4", "Chip"}, std::pair{"5", "NationalUse"}}) {
        const auto d = description(der::write(der::Oid("2.23.136.1.1.7." + std::string(dotted))));
        CHECK(beginning(d.text()) == name);
        CHECK(d.kind() != DeviationKind::unknown);
        CHECK(DeviationDescription::of(d.kind()).type == d.type);
        CHECK_FALSE(d.parameter());
    }
    const auto unknown = description(der::write(der::Oid("2.23.136.1.1.7.2.9")));
    CHECK(unknown.kind() == DeviationKind::unknown);
    CHECK(unknown.text() == "unknown deviation 2.23.136.1.1.7.2.9");

    using K = DeviationKind;
    CHECK(beginning(text(K::lds_dg_malformed, DeviationParameter{16, {}})) == "LDS-DGMalformed DG16");
    CHECK(beginning(text(K::lds_dg_malformed, DeviationParameter{20, {}})) == "LDS-DGMalformed EF.SOD");
    CHECK(beginning(text(K::lds_dg_malformed, DeviationParameter{21, {}})) == "LDS-DGMalformed EF.COM");
    CHECK(beginning(text(K::lds_dg_malformed, DeviationParameter{17, {}})) == "LDS-DGMalformed 17");
    CHECK(beginning(text(K::lds_dg_malformed, DeviationParameter{-1, {}})) == "LDS-DGMalformed -1");
    CHECK(beginning(text(K::mrz_wrong_data, DeviationParameter{6, {}})) == "MRZ-WrongData dateOfBirth");
    CHECK(beginning(text(K::mrz_wrong_check_digit, DeviationParameter{10, {}})) == "MRZ-WrongCheckDigit 10");
    CHECK(beginning(text(K::cert_or_key_ds_encoding, DeviationParameter{5, {}})) == "CertOrKey-DSEncoding validity");
    CHECK(beginning(text(K::cert_or_key_csca_encoding, DeviationParameter{0, der::Oid("2.5.29.35")})) ==
          "CertOrKey-CSCAEncoding extension 2.5.29.35");
    // An extension names no data group, a kind without a parameter has none, and nonsense is none.
    CHECK_FALSE(DeviationDescription::of(K::lds_dg_malformed, DeviationParameter{0, der::Oid("2.5.29.35")}).parameter());
    CHECK_FALSE(DeviationDescription::of(K::chip, DeviationParameter{1, {}}).parameter());
    auto nonsense = DeviationDescription::of(K::lds_dg_malformed);
    nonsense.parameters = "0400"_hex;
    CHECK_FALSE(nonsense.parameter());
    nonsense.parameters = "FF"_hex;
    CHECK_FALSE(nonsense.parameter());
    nonsense.description = "a\x1B[31mb";
    CHECK(nonsense.text().find('\x1B') == std::string::npos);
}

TEST_CASE("a deviation covers the documents that meet all its criteria, and no neighbour", "[pki]") {
    const auto ds = issuer().signer().certificate(), other_ds = issuer().signer().certificate();
    DeviationDocuments d = of_type("P ");
    d.issuer_and_serial = {ds.issuer, ds.serial};
    d.issuing_date = {start_of({2020, 1, 1}), start_of({2020, 12, 31})};
    d.document_numbers = {"AB 12345", "C7"};
    const DocumentFacts facts{"P<", "AB<12345<", Date{2020, 12, 31}, &ds};
    const auto answer = [&](const DocumentFacts& f) { return pki::covers(d, f, {}).coverage; };
    CHECK(answer(facts) == Coverage::yes);
    auto f = facts;
    for (const auto* number : {"C7", "c7", "C7<<<<<<<", "AB-12345"}) {
        f.document_number = number;
        CHECK(answer(f) == Coverage::yes);
    }
    for (const auto* number : {"AB12345", "AB<1234", "AB<123456", "7", "<"}) {
        f.document_number = number;
        CHECK(answer(f) == Coverage::no);
    }
    f = facts;
    for (const auto* code : {"PM", "ID", "I<", "<<"}) {
        f.document_code = code;
        CHECK(answer(f) == Coverage::no);
    }
    f = facts;
    f.issued = Date{2020, 1, 1};
    CHECK(answer(f) == Coverage::yes);
    for (const auto day : {Date{2019, 12, 31}, Date{2021, 1, 1}}) {
        f.issued = day;
        CHECK(answer(f) == Coverage::no);
    }
    f = facts;
    f.document_signer = &other_ds;
    CHECK(answer(f) == Coverage::no);
    d.issuer_and_serial->issuer = good(pki::Name::of("C=XY, O=idchip, CN=CSCA SPECIMEN"));
    CHECK(answer(facts) == Coverage::no);
    d.document_numbers->clear();
    CHECK(answer(facts) == Coverage::no);
}

TEST_CASE("a document signer is named in one of three ways", "[pki]") {
    const auto ds = issuer().signer().certificate(), other_ds = issuer().signer().certificate();
    DeviationDocuments by_key_id, by_digest;
    by_key_id.subject_key_id = ds.subject_key_id;
    by_digest.certificate_digest = crypto::hash(HashAlg::sha256, ds.raw);
    const auto coverage = [](const DeviationDocuments& d, const Certificate& signer, std::optional<HashAlg> alg = HashAlg::sha256) {
        return pki::covers(d, {{}, {}, {}, &signer}, alg).coverage;
    };
    CHECK(coverage(by_key_id, ds) == Coverage::yes);
    CHECK(coverage(by_key_id, other_ds) == Coverage::no);
    CHECK(coverage(by_digest, ds) == Coverage::yes);
    CHECK(coverage(by_digest, other_ds) == Coverage::no);
    CHECK(coverage(by_digest, ds, HashAlg::sha384) == Coverage::no);
    CHECK(coverage(by_digest, ds, {}) == Coverage::undecided);
    auto no_key_id = ds;
    no_key_id.subject_key_id.reset();
    CHECK(coverage(by_key_id, no_key_id) == Coverage::no);

    // All three are read back.
    DeviationDocuments by_serial;
    by_serial.issuer_and_serial = {ds.issuer, ds.serial};
    const auto list =
        good(DeviationList::parse(build({broken_com(by_key_id), broken_com(by_digest), broken_com(by_serial)}, HashAlg::sha256)));
    CHECK(list.deviations.size() == 3);
    for (const auto& d : list.deviations) {
        CHECK(coverage(d.documents, ds, list.digest_alg) == Coverage::yes);
        CHECK(coverage(d.documents, other_ds, list.digest_alg) == Coverage::no);
    }
}

TEST_CASE("what is not known of a document leaves a deviation undecided, unless another criterion fails", "[pki]") {
    const auto ds = issuer().signer().certificate();
    DeviationDocuments d = of_type("ID");
    d.subject_key_id = ds.subject_key_id;
    d.issuing_date = {start_of({2020, 1, 1}), start_of({2020, 12, 31})};
    d.document_numbers = {"A1"};
    auto answer = pki::covers(d, {}, {});
    CHECK(answer.coverage == Coverage::undecided);
    CHECK(answer.open == std::vector<std::string>{"documentType", "subjectKeyIdentifier", "issuingDate", "documentNumbers"});
    answer = pki::covers(d, {"ID", "A1", {}, &ds}, {});
    CHECK(answer.coverage == Coverage::undecided);
    CHECK(answer.open == std::vector<std::string>{"issuingDate"});  // it stands in no zone
    answer = pki::covers(d, {"ID", "A2", {}, &ds}, {});
    CHECK(answer.coverage == Coverage::no);
    CHECK(answer.open.empty());
    CHECK(pki::covers(d, {"ID", "A1", Date{2020, 6, 1}, &ds}, {}).coverage == Coverage::yes);
    // Doc 9303-12, 10: the range of deviations is bounded; one that is not covers nothing by itself.
    CHECK(pki::covers({}, {"ID", "A1", Date{2020, 6, 1}, &ds}, {}).coverage == Coverage::undecided);
}

TEST_CASE("a State's list speaks for documents of its own", "[pki]") {
    const ListPki foreign("XY"), lower("ut");
    const auto signer = deviation_signer();
    CHECK(pki::speaks_for(signer.certificate(), issuer().signer().certificate()));
    CHECK(pki::speaks_for(signer.certificate(), lower.signer().certificate()));
    CHECK_FALSE(pki::speaks_for(signer.certificate(), foreign.signer().certificate()));
    auto nameless = signer.certificate();
    nameless.issuer = good(pki::Name::of("O=idchip"));
    CHECK_FALSE(pki::speaks_for(nameless, nameless));
}

TEST_CASE("a deviation list is signed for deviations, a master list for CSCA certificates", "[pki]") {
    auto of_masters = issuer().signer();
    CHECK(error_of(pki::build_deviation_list({}, {}, of_masters, {issuer().csca}, list_signed_at)) == "pki.refused");
    const auto content = list_with("8002 5020"_hex);
    const auto data =
        good(DeviationList::parse(good(pki::build_signed_data(pki::oid_deviation_list(), content, of_masters, list_signed_at))));
    CHECK(broken(data.check({issuer().csca}, list_read_at)) == Rules{ListRule::extended_key_usage});
    CHECK(good(parse(content)).check({issuer().csca}, list_read_at).believed());
    CHECK(broken(good(parse(content)).check({ListPki().csca}, list_read_at)) == Rules{ListRule::issuer});
    // A list with nothing on it: all deviations are gone.
    CHECK(good(DeviationList::parse(build({}))).deviations.empty());
    CHECK(error_of(DeviationList::parse(signed_content(content, pki::oid_csca_master_list()))) == "pki.bad_list");
    CHECK(error_of(pki::MasterList::parse(signed_content(content))) == "pki.bad_list");
}

TEST_CASE("a deviation that cannot be read is skipped by number, and excuses nothing", "[pki]") {
    CHECK(skipped(list_with("8002 5020"_hex)) == "none");
    // Two identifiers; a period backwards, with one time, with UTCTime; numbers that are no PrintableString; fields in the wrong order.
    CHECK(skipped(list_with("82020102 83020102"_hex)) == "pki.bad_list");
    CHECK(skipped(list_with("A422 180F32303230313233313030303030305A 180F32303230303130313030303030305A"_hex)) == "pki.bad_list");
    CHECK(skipped(list_with("A411 180F32303230313233313030303030305A"_hex)) == "tlv.missing");
    CHECK(skipped(list_with("A41E 170D3230303130313030303030305A 170D3230303130313030303030305A"_hex)) == "tlv.unexpected");
    CHECK(skipped(list_with("A504 0C024131"_hex)) == "tlv.unexpected");
    CHECK(skipped(list_with("A504 13024131 80025020"_hex)) == "tlv.trailing");
    CHECK(skipped(list_with("8002 50FF"_hex)) == "der.bad_value");
    CHECK(skipped(list_with("A103 020101"_hex)) == "tlv.unexpected");
    // Descriptions: without an identifier; with two parameters in one; with an IMPLICIT tag before ANY.
    CHECK(skipped(list_with({}, "3004 13026162"_hex)) == "tlv.missing");
    CHECK(skipped(list_with({}, "3011 0607 67810801010702 A006 020101 020102"_hex)) == "tlv.trailing");
    CHECK(skipped(list_with({}, "300C 0607 67810801010702 8001 01"_hex)) == "tlv.trailing");

    auto good_one = to_bytes(tlv::element(der::sequence, concat({"3004 8002 5020"_hex, "3100"_hex})));
    const auto list = good(parse(der::sequence_of({der::write_integer(0), tlv::element(der::set, concat({"0500"_hex, good_one}))})));
    REQUIRE(list.skipped.size() == 1);
    CHECK(list.skipped[0].where == "deviation 1/Deviation");
    CHECK(list.deviations.size() == 1);
    CHECK(list.deviations[0].descriptions.empty());
    CHECK(documents("A500"_hex).document_numbers->empty());
    CHECK_FALSE(documents({}).document_type);
}

TEST_CASE("what is no deviation list is refused", "[pki]") {
    const auto content = list_with("8002 5020"_hex);
    CHECK(error_of(parse(content)) == "none");
    CHECK(error_of(parse(ByteView(content).first(content.size() - 1))) == "tlv.truncated");
    CHECK(error_of(parse(concat({content, Bytes{0}}))) == "tlv.trailing");
    CHECK(error_of(parse({})) == "tlv.missing");
    CHECK(error_of(parse("3005 020101 3100"_hex)) == "pki.bad_list");
    CHECK(error_of(parse("3005 020100 3100"_hex)) == "none");
    CHECK(error_of(parse("3003 020100"_hex)) == "tlv.missing");
    CHECK(error_of(parse("3007 020100 3100 0500"_hex)) == "tlv.trailing");
    const auto whole = signed_content(content);
    for (std::size_t n = 0; n < whole.size(); n += 7) REQUIRE_FALSE(DeviationList::parse(ByteView(whole).first(n)));
    Bytes set;
    for (std::size_t i = 0; i < pki::max_deviations; ++i) append(set, "0500"_hex);
    const auto list_of = [&] { return der::sequence_of({der::write_integer(0), tlv::element(der::set, set)}); };
    CHECK(error_of(parse(list_of())) == "none");
    append(set, "0500"_hex);
    CHECK(error_of(parse(list_of())) == "pki.bad_list");

    // An unknown digest leaves the list readable; a long length is noted.
    const auto odd = good(parse("300E 020100 3007 0605 2B0E030201 3100"_hex));
    CHECK_FALSE(odd.digest_alg);
    CHECK(odd.digest_error->name() == "crypto.unsupported");
    CHECK(ids(good(parse("308105 020100 3100"_hex)).notes) == "list.not_der");
}

TEST_CASE("no deviation list is made that says too little, or too much", "[pki]") {
    CHECK(build_error(broken_com(of_type("P"))) == "none");
    CHECK(build_error(broken_com(of_type("ID"))) == "none");
    for (const auto* code : {"", "<<", "IDX", "_A"}) CHECK(build_error(broken_com(of_type(code))) == "pki.refused");
    CHECK(build_error(broken_com({})) == "pki.refused");
    CHECK(build_error({of_type("P"), {}}) == "pki.refused");
    DeviationDocuments d;
    d.certificate_digest = Bytes(32, 1);
    CHECK(build_error(broken_com(d)) == "pki.refused");
    CHECK(build_error(broken_com(d), HashAlg::sha384) == "pki.refused");
    CHECK(build_error(broken_com(d), HashAlg::sha256) == "none");
    d.subject_key_id = Bytes(20, 1);
    CHECK(build_error(broken_com(d), HashAlg::sha256) == "pki.refused");
    d = {};
    d.issuing_date = {start_of({2020, 1, 2}), start_of({2020, 1, 1})};
    CHECK(build_error(broken_com(d)) == "pki.refused");
    d.issuing_date->last_issued = d.issuing_date->first_issued;
    CHECK(build_error(broken_com(d)) == "none");
    d.document_numbers = {"A<1"};
    CHECK(build_error(broken_com(d)) == "pki.refused");
    auto signer = deviation_signer();
    const auto one = broken_com(of_type("P"));
    CHECK(error_of(pki::build_deviation_list({one, one}, {}, signer, {issuer().csca}, list_signed_at)) == "pki.refused");
}
