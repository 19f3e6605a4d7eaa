// Family C of docs/inspection-cases.md: EF.SOD, its signed attributes and its certificates. Each case with its nearest
// legitimate neighbour. Algorithms are in family_c_algorithm_test.cpp.
#include "inspect/document_maker.hpp"

#include "catch.hpp"

using namespace idchip;
using namespace idchip::inspect;
using namespace idchip::inspect::maker;
using lds::Ef;
using tlv::element;

namespace {

constexpr auto content_type_id = "1.2.840.113549.1.9.3", message_digest_id = "1.2.840.113549.1.9.4",
               signing_time_id = "1.2.840.113549.1.9.5";

CmsMaker clean_cms() { return cms_over(clean_files()); }
Verdict judged_with(const CmsMaker& cms) { return judged(evidence_of(with_sod(clean_files(), cms))); }
Verdict judged_with_sod(Bytes sod) { return judged(evidence_of(with_sod(clean_files(), std::move(sod)))); }

// The attributes as made, the one at `index` in place of the original; `with` empty: left out.
CmsMaker with_attribute(std::size_t index, const std::vector<Bytes>& with) {
    auto cms = clean_cms();
    cms.attributes = cms.made_attributes();
    cms.attributes.erase(cms.attributes.begin() + static_cast<std::ptrdiff_t>(index));
    cms.attributes.insert(cms.attributes.end(), with.begin(), with.end());
    return cms;
}

Bytes digest_attribute(const CmsMaker& cms) { return cms.made_attributes()[1]; }

Bytes utc_time(std::string_view text) { return element(der::utc_time, as_bytes(text)); }

// BER: indefinite lengths for every constructed element down to that depth.
Bytes indefinite(ByteView der, int depth) {
    tlv::Reader reader(der, tlv::Rules::der);
    Bytes all;
    while (!reader.at_end()) {
        const auto e = must(reader.next());
        if (!e.constructed || depth == 0) append(all, e.raw);
        else append(all, concat({tlv::encode_tag(e.tag), Bytes{0x80}, indefinite(e.value, depth - 1), Bytes{0, 0}}));
    }
    return all;
}

Bytes segmented(ByteView content, std::size_t size) {
    Bytes all;
    for (std::size_t i = 0; i < content.size(); i += size)
        append(all, der::write_octet_string(content.subspan(i, std::min(size, content.size() - i))));
    return all;
}

}  // namespace

TEST_CASE("C01 signature bytes altered") {
    const auto cms = clean_cms();
    check_clean(judged_with(cms));
    for (std::size_t i = 0; i < 70; ++i) {
        auto altered = cms;
        altered.edit_signature = [i](Bytes& s) { s[std::min(i, s.size() - 1)] ^= 0x01; };
        check(judged_with(altered), Overall::reject, Outcome::fail, "pa.signature", "C01");
    }
    SECTION("no signature at all") {
        auto bare = cms;
        bare.edit_signature = [](Bytes& s) { s.clear(); };
        check(judged_with(bare), Overall::reject, Outcome::fail, "pa.signature", "C01");
    }
    SECTION("no signer at all") {
        auto unsigned_cms = cms;
        unsigned_cms.with_signer = false;
        check(judged_with(unsigned_cms), Overall::reject, Outcome::fail, "pa.signature", "C01");
    }
    SECTION("neighbour: two signers, the first one verifies") {
        auto two = cms;
        two.more_signers = {cms.signer_info()};
        check_noted(judged_with(two), Outcome::note, "pa.several_signers", "C32");
    }
}

TEST_CASE("C02 signed attributes altered after signing") {
    auto cms = clean_cms();
    const auto size = der::set_of(cms.made_attributes()).size();
    std::size_t refused_ones = 0;
    for (std::size_t i = 2; i < size; ++i) {
        cms.edit_attributes = [i](Bytes& set) { set[i] ^= 0x01; };
        const auto verdict = judged_with(cms);
        INFO(i << "\n" << listing(verdict));
        REQUIRE(verdict.overall >= Overall::refer);
        if (find(verdict, "pa.signature", Outcome::fail) != nullptr) ++refused_ones;
    }
    CHECK(refused_ones > 50);  // the rest breaks the structure
    SECTION("a later signing time") {
        cms.edit_attributes = [](Bytes& set) {
            const auto later = der::write_time(today + -hour + 60);
            std::copy(later.begin(), later.end(), std::search(set.begin(), set.end(), later.begin(), later.begin() + 4));
        };
        check(judged_with(cms), Overall::reject, Outcome::fail, "pa.signature", "C01");
    }
    SECTION("neighbour: one more attribute, signed") {
        cms.edit_attributes = nullptr;
        cms.attributes = cms.made_attributes();
        cms.attributes.push_back(attribute("1.2.840.113549.1.9.52", der::sequence_of({})));
        check_clean(judged_with(cms));
    }
}

TEST_CASE("C03 the LDS security object altered") {
    auto cms = clean_cms();
    auto forged = files_of(td3());
    cms.octets = der::write_octet_string(SecurityObjectMaker(forged).der());
    check(judged(evidence_of(with_sod(forged, cms))), Overall::reject, Outcome::fail, "pa.signature", "C03");
    SECTION("with a message digest that fits it") {
        auto fitting = cms_over(forged);
        fitting.edit_signature = [cms](Bytes& s) { s = must(cms.key.sign(cms.algorithm, der::set_of(clean_cms().made_attributes()))); };
        check(judged(evidence_of(with_sod(forged, fitting))), Overall::reject, Outcome::fail, "pa.signature", "C01");
    }
    SECTION("neighbour: signed by those who may") { check_clean(judged(evidence_of(with_sod(forged, cms_over(forged))))); }
}

TEST_CASE("C04 the attribute messageDigest missing, wrong, twice") {
    const auto cms = clean_cms();
    SECTION("missing") { check(judged_with(with_attribute(1, {})), Overall::reject, Outcome::fail, "pa.signature", "C04"); }
    SECTION("wrong") {
        const auto other = attribute(message_digest_id, der::write_octet_string(Bytes(32)));
        check(judged_with(with_attribute(1, {other})), Overall::reject, Outcome::fail, "pa.signature", "C03");
    }
    SECTION("empty") {
        const auto empty = attribute_of(message_digest_id, {});
        check(judged_with(with_attribute(1, {empty})), Overall::reject, Outcome::fail, "pa.signature", "C04");
    }
    SECTION("twice, the second one wrong") {
        const auto other = attribute(message_digest_id, der::write_octet_string(Bytes(32)));
        check(judged_with(with_attribute(1, {digest_attribute(cms), other})), Overall::reject, Outcome::fail, "pa.signature", "C04");
    }
    SECTION("two values in one attribute") {
        const auto value = der::write_octet_string(crypto::hash(cms.digest, cms.content));
        const auto two = attribute_of(message_digest_id, {value, value});
        check(judged_with(with_attribute(1, {two})), Overall::reject, Outcome::fail, "pa.signature", "C04");
    }
    SECTION("neighbour: once") { check_clean(judged_with(with_attribute(1, {digest_attribute(cms)}))); }
}

TEST_CASE("C05 the attribute contentType missing, or of another type") {
    check(judged_with(with_attribute(0, {})), Overall::reject, Outcome::fail, "pa.signature", "C05");
    const auto other = attribute(content_type_id, oid("1.2.840.113549.1.7.1"));
    check(judged_with(with_attribute(0, {other})), Overall::reject, Outcome::fail, "pa.signature", "C05");
    SECTION("neighbour: there, last in the list") { check_clean(judged_with(with_attribute(0, {clean_cms().made_attributes()[0]}))); }
}

TEST_CASE("C07 content types of early documents") {
    auto m = td3();
    const auto judged_in = [&m](const std::string& state, const std::string& two_letters, const char* type) {
        m.issuing_state = m.nationality = state;
        const auto issuer = country(two_letters);
        auto cms = issuer.sign(files_of(m));
        cms.content_type = der::Oid(type);
        return judged(evidence_of(with_sod(files_of(m), cms)), issuer.trust);
    };
    check_noted(judged_in("CHN", "CN", "1.2.840.113549.1.7.1"), Outcome::note, "pa.legacy_content_type", "C07");
    check_noted(judged_in("BEL", "BE", "1.3.27.1.1.1"), Outcome::note, "pa.legacy_content_type", "C07");
    check_noted(judged_in("FRA", "FR", "1.3.27.1.1.1"), Outcome::note, "pa.legacy_content_type", "C07");
    check_noted(judged_in("NLD", "NL", "1.2.528.1.1006.1.20.1"), Outcome::note, "pa.legacy_content_type", "C07");
    check_clean(judged_in("CHN", "CN", "2.23.136.1.1.1"));
    SECTION("the type of one country in another's document") {
        check(judged_in("VNM", "VN", "1.2.840.113549.1.7.1"), Overall::reject, Outcome::fail, "pa.content_type", "C08");
        check(judged_in("FRA", "FR", "1.2.840.113549.1.7.1"), Overall::reject, Outcome::fail, "pa.content_type", "C08");
    }
    SECTION("attack: a certificate of that country stands first, but did not sign") {
        auto cms = clean_cms();
        cms.content_type = der::Oid("1.2.840.113549.1.7.1");
        cms.certificates.insert(cms.certificates.begin(), country("CN").ds.raw);
        check(judged_with(cms), Overall::reject, Outcome::fail, "pa.content_type", "C08");
    }
}

TEST_CASE("C08 something else that the country signed in place of the security object") {
    for (const auto* type : {"2.23.136.1.1.2", "0.4.0.127.0.7.3.2.1", "2.23.136.1.1.7"}) {
        auto cms = clean_cms();
        cms.content_type = der::Oid(type);
        check(judged_with(cms), Overall::reject, Outcome::fail, "pa.content_type", "C08");
    }
    SECTION("not even SignedData") {
        auto cms = clean_cms();
        cms.type = oid("1.2.840.113549.1.7.3");
        check(judged_with(cms), Overall::refer, Outcome::fail, "file.EF.SOD", "B16");
    }
    SECTION("neighbour") { check_clean(judged_with(clean_cms())); }
}

TEST_CASE("C09 no signed attributes, the signature is over the content") {
    auto cms = clean_cms();
    cms.with_attributes = false;
    check(judged_with(cms), Overall::reject, Outcome::fail, "pa.signature", "C09");
    SECTION("attack: the signed attributes of a true document become the content") {
        auto attributes = clean_cms();
        attributes.content = der::set_of(attributes.made_attributes());
        attributes.with_attributes = false;
        CHECK(judged_with(attributes).overall == Overall::reject);
    }
    SECTION("neighbour") { check_clean(judged_with(clean_cms())); }
}

TEST_CASE("C12 version numbers of SignedData and SignerInfo") {
    for (const std::int64_t version : {1, 4, 5}) {
        auto cms = clean_cms();
        cms.version = version;
        check_noted(judged_with(cms), Outcome::note, "cms.version", "C12");
    }
    auto cms = clean_cms();
    cms.signer_version = 3;
    check_noted(judged_with(cms), Outcome::note, "cms.signer_version", "C12");
    SECTION("neighbour: version 3 for a signer named by its key") {
        cms.sid = sid_by_key(*vietnam().ds.subject_key_id);
        check_clean(judged_with(cms));
    }
}

TEST_CASE("C14 no certificate in EF.SOD") {
    auto cms = clean_cms();
    cms.certificates.clear();
    check(judged_with(cms), Overall::cannot, Outcome::inconclusive, "pa.signer_certificate", "C14");
    SECTION("neighbour") { check_clean(judged_with(clean_cms())); }
}

TEST_CASE("C15 several certificates, the signer is not the first") {
    auto other = ds_like();
    other.serial = {0x11};
    other.key(ec_key("other signer").public_key());
    other.subject_key(ec_key("other signer").public_key());
    auto cms = clean_cms();
    cms.certificates = {vietnam().csca.raw, other.make().raw, vietnam().ds.raw};
    check_clean(judged_with(cms));
    SECTION("attack: the identifier names another one of them") {
        cms.sid = sid_by_serial(other.make());
        check(judged_with(cms), Overall::reject, Outcome::fail, "pa.signature", "C01");
    }
    SECTION("two of the same name and number: the one that verifies") {
        other.serial = vietnam().ds.serial;
        cms.certificates = {other.make().raw, vietnam().ds.raw};
        check_clean(judged_with(cms));
    }
    SECTION("neighbour: an attribute certificate among them") {
        cms.certificates = {element(0xA1, Bytes{0x02, 1, 1}), vietnam().ds.raw};
        check_noted(judged_with(cms), Outcome::note, "cms.other_certificate_kind", "C15");
    }
}

TEST_CASE("C16 the signer identifier names no certificate") {
    auto cms = clean_cms();
    cms.sid = der::sequence_of({vietnam().ds.issuer.raw, element(der::integer, Bytes{0x01})});
    SECTION("the only one there verifies") { check_noted(judged_with(cms), Outcome::note, "pa.signer_identifier", "C16"); }
    SECTION("attack: the only one there does not verify") {
        cms.key = ec_key("attacker");
        check(judged_with(cms), Overall::reject, Outcome::fail, "pa.signature", "C01");
    }
    SECTION("one of several would verify, but none is named") {
        cms.certificates.push_back(vietnam().csca.raw);
        check(judged_with(cms), Overall::refer, Outcome::fail, "pa.signer_certificate", "C16");
    }
    SECTION("neighbour: named by its key") {
        cms.sid = sid_by_key(*vietnam().ds.subject_key_id);
        cms.signer_version = 3;
        check_clean(judged_with(cms));
    }
}

TEST_CASE("C31 BER: indefinite lengths, octet strings in segments") {
    const auto cms = clean_cms();
    SECTION("indefinite lengths, from EF.SOD down to the certificates") {
        const auto verdict = judged_with_sod(indefinite(cms.file(), 4));
        check(verdict, Overall::accept_with_notes, Outcome::note, "cms.not_der", "C31");
        check(verdict, Overall::accept_with_notes, Outcome::pass, "pa.signature");
    }
    for (const std::size_t size : {1U, 7U, 100U, 1000U}) {
        auto cut = cms;
        cut.octets = element(0x24, segmented(cms.content, size));
        check(judged_with(cut), Overall::accept_with_notes, Outcome::note, "cms.segmented_octet_string", "C31");
    }
    SECTION("segments of segments, without lengths") {
        const auto half = cms.content.size() / 2;
        const auto first = segmented(ByteView(cms.content).first(half), 20);
        const auto second = der::write_octet_string(ByteView(cms.content).subspan(half));
        auto cut = cms;
        cut.octets = concat({Bytes{0x24, 0x80}, element(0x24, {element(0x24, first)}), second, Bytes{0, 0}});
        check(judged_with(cut), Overall::accept_with_notes, Outcome::note, "cms.segmented_octet_string", "C31");
    }
    SECTION("attack: a segment changed") {
        auto changed = cms.content;
        changed.back() ^= 1;
        auto cut = cms;
        cut.octets = element(0x24, segmented(changed, 30));
        check(judged_with(cut), Overall::reject, Outcome::fail, "pa.signature", "C03");
    }
    SECTION("attack: something between the segments") {
        auto cut = cms;
        cut.octets = element(0x24, {segmented(cms.content, 30), Bytes{0x05, 0}});
        check(judged_with(cut), Overall::refer, Outcome::fail, "file.EF.SOD", "B16");
    }
    SECTION("attack: nested without end") {
        Bytes nest = der::write_octet_string(cms.content);
        for (int i = 0; i < 40; ++i) nest = element(0x24, nest);
        auto cut = cms;
        cut.octets = nest;
        check(judged_with(cut), Overall::refer, Outcome::fail, "file.EF.SOD", "B16");
    }
    SECTION("a longer length than needed around the security object, signed so") {
        const auto& der = cms.content;
        const auto header = static_cast<std::size_t>(der[1] < 0x80 ? 2 : 2 + (der[1] & 0x7F));
        Bytes longer = {0x30, 0x82};
        append_be(longer, der.size() - header, 2);
        append(longer, ByteView(der).subspan(header));
        check_noted(judged_with(CmsMaker(longer)), Outcome::note, "sod.not_der", "C31");
    }
}

TEST_CASE("C32 unsigned attributes, a countersignature, a field of lists with junk") {
    auto cms = clean_cms();
    cms.unsigned_attributes = element(0xA1, attribute("1.2.840.113549.1.9.6", Bytes{0x04, 3, 1, 2, 3}));
    check_noted(judged_with(cms), Outcome::note, "pa.unsigned_attributes", "C32");
    cms = clean_cms();
    cms.crls = element(0xA1, Bytes{0xDE, 0xAD, 0xBE, 0xEF});
    check(judged_with(cms), Overall::accept_with_notes, Outcome::note, "cms.crls_present", "C32");
    SECTION("attack: attributes that matter, put where nobody signed them") {
        cms = with_attribute(1, {});
        cms.unsigned_attributes = element(0xA1, digest_attribute(clean_cms()));
        check(judged_with(cms), Overall::reject, Outcome::fail, "pa.signature", "C04");
    }
}

TEST_CASE("C33 bytes behind the CMS") {
    const auto info = clean_cms().content_info();
    check_noted(judged_with_sod(element(0x77, {info, Bytes(16)})), Outcome::note, "cms.trailing_bytes", "C33");
    check_noted(judged_with_sod(concat({lds::EfSod::encode(info), Bytes(16)})), Outcome::note, "lds.trailing_bytes", "B14");
    SECTION("attack: a second, true object behind a forged one") {
        const auto forged = files_of(td3());
        auto cms = cms_over(forged);
        cms.key = ec_key("attacker");
        const auto both = element(0x77, {cms.content_info(), info});
        check(judged(evidence_of(with_sod(forged, both))), Overall::reject, Outcome::fail, "pa.signature", "C01");
    }
}

TEST_CASE("C35 the security object covers too little") {
    SecurityObjectMaker object(clean_files());
    SECTION("nothing") {
        object.hashes.clear();
        check(judged_with(CmsMaker(object.der())), Overall::refer, Outcome::fail, "pa.security_object", "C35");
    }
    SECTION("DG1 alone") {
        object.hashes.pop_back();
        check(judged_with(CmsMaker(object.der())), Overall::refer, Outcome::fail, "pa.security_object", "C35");
    }
    SECTION("two groups, but not DG2") {
        object.hashes.back().first = 15;
        check(judged_with(CmsMaker(object.der())), Overall::refer, Outcome::fail, "pa.security_object", "C35");
    }
    SECTION("neighbour: DG1 and DG2") { check_clean(judged_with(CmsMaker(object.der()))); }
}

TEST_CASE("C36 signing time of the wrong form, twice, or late") {
    SECTION("malformed") {
        for (const auto& value : {utc_time("2611210830Z"), utc_time("261121083000+0700"), utc_time("261321083000Z"),
                                  der::write_printable("261121083000Z"), element(der::utc_time, ByteView())})
            check_noted(judged_with(with_attribute(2, {attribute(signing_time_id, value)})), Outcome::note, "pa.signing_time", "C36");
    }
    SECTION("GeneralizedTime before 2050") {
        const auto value = der::write_generalized_time(today + -hour);
        check_noted(judged_with(with_attribute(2, {attribute(signing_time_id, value)})), Outcome::note, "cms.signing_time_form", "C36");
    }
    SECTION("two attributes") {
        const auto first = attribute(signing_time_id, der::write_time(today + -hour));
        const auto second = attribute(signing_time_id, der::write_time(today + -2 * hour));
        check(judged_with(with_attribute(2, {first, second})), Overall::refer, Outcome::fail, "pa.signing_time", "C36");
    }
    SECTION("two values") {
        const auto time = der::write_time(today + -hour);
        check(judged_with(with_attribute(2, {attribute_of(signing_time_id, {time, time})})), Overall::refer, Outcome::fail,
              "pa.signing_time", "C36");
    }
    SECTION("neighbour: UTCTime") {
        check_clean(judged_with(with_attribute(2, {attribute(signing_time_id, der::write_time(today + -hour))})));
    }
}
