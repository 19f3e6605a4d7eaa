// CSCA master lists: the CSCA certificates of 109 countries, counted as others have counted them; lists of another issuer; lists of
// our own, and each way to be none.
#include "shared_data.hpp"
#include "unit/pki/list_maker.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <nlohmann/json.hpp>

#include <idchip/base/text.hpp>
#include <idchip/lds/ef_sod.hpp>
#include <idchip/pki/trust.hpp>
#include <idchip/signer/sod.hpp>

using namespace idchip;
using namespace idchip::test;
using crypto::HashAlg;
using crypto::KeyType;
using crypto::Scheme;
using pki::Certificate;
using pki::ListRule;
using pki::MasterList;
using Rules = std::vector<ListRule>;

namespace {

using Counts = std::map<std::string, int>;

struct GermanList {
    MasterList list;
    nlohmann::json expected;
};

const GermanList* german_list() {
    static const auto list = []() -> std::optional<GermanList> {
        const auto expected_path = shared_data("vectors/masterlist_expected.json");
        if (!expected_path) return std::nullopt;
        GermanList g;
        g.expected = nlohmann::json::parse(good(read_text(*expected_path))).at(0);
        const auto path = shared_data("masterlists/" + g.expected.at("file").get<std::string>());
        if (!path) return std::nullopt;
        const auto bytes = good(read_file(*path));
        CHECK(bytes.size() == g.expected.at("bytes"));
        CHECK(to_hex(crypto::hash(HashAlg::sha256, bytes)) == upper_ascii(g.expected.at("sha256").get<std::string>()));
        g.list = good(MasterList::parse(bytes));
        return g;
    }();
    return list ? &*list : nullptr;
}

std::string key_text(const crypto::PublicKeyInfo& k) {
    if (k.type == KeyType::rsa) return "RSA-" + std::to_string(k.bits);
    std::string curve(crypto::name(k.curve));
    if (curve.starts_with("P-")) curve = "secp" + curve.substr(2) + "r1";
    return "EC-" + curve + (k.encoding == crypto::EcEncoding::named ? "/named" : "/explicit");
}

std::string signature_text(const crypto::SignatureAlgorithm& a) {
    const char* scheme = a.scheme == Scheme::ecdsa ? "ECDSA" : a.scheme == Scheme::rsa_pss ? "PSS" : "RSA";
    const char* hashes[] = {"sha1", "sha224", "sha256", "sha384", "sha512"};
    return std::string(scheme) + "-" + hashes[static_cast<std::size_t>(a.hash)];
}

}  // namespace

TEST_CASE("every certificate of the German master list is read, and keys and algorithms are as others counted", "[pki]") {
    const auto* list = german_list();
    if (list == nullptr) return;
    const auto& want = list->expected;
    REQUIRE(list->list.certificates.size() == want.at("certificates"));
    Counts keys, signatures, exponents, countries;
    std::set<std::string> fingerprints;
    for (const auto& c : list->list.certificates) {
        CAPTURE(c.subject.text());
        REQUIRE(c.public_key);
        REQUIRE(c.signature_algorithm);
        ++keys[key_text(c.public_key->info())];
        ++signatures[signature_text(*c.signature_algorithm)];
        if (c.public_key->info().type == KeyType::rsa) ++exponents[std::to_string(read_be(c.public_key->info().e))];
        ++countries[upper_ascii(c.subject.country())];
        fingerprints.insert(c.fingerprint());
    }
    CHECK(keys == want.at("keys").get<Counts>());
    CHECK(signatures == want.at("signatures").get<Counts>());
    CHECK(exponents == want.at("rsa_exponents").get<Counts>());
    CHECK(countries == want.at("per_country").get<Counts>());
    CHECK(fingerprints.size() == want.at("unique"));
}

TEST_CASE("the oddities of the German master list are read as what they are", "[pki]") {
    const auto* list = german_list();
    if (list == nullptr) return;
    Counts found, notes;
    for (const auto& c : list->list.certificates) {
        if (!c.authority_key_id) ++found["no AKI"];
        if (!c.is_csca) ++found["no basicConstraints"];
        if (c.is_csca == false) ++found["CA=false"];
        if (c.is_csca == true && !c.path_length) ++found["pathLen None"];
        if (c.path_length == 1) ++found["pathLen 1"];
        const auto country = c.subject.country();
        if (!country.empty() && upper_ascii(country) != country) ++found["lower-case country"];
        if (c.serial[0] >= 0x80) ++found["negative serial"];
        if (c.serial == Bytes{0}) ++found["zero serial"];
        for (const auto& note : c.notes) ++notes[note.id];
    }
    CHECK(found == list->expected.at("oddities").get<Counts>());
    CHECK(notes == Counts{{"x509.serial_negative", 1}, {"x509.serial_zero", 1}, {"x509.boolean_not_der", 1}});
}

TEST_CASE("the German master list as a whole: nothing left out, nothing to be tolerated", "[pki]") {
    const auto* g = german_list();
    if (g == nullptr) return;
    const auto& want = g->expected;
    CHECK(g->list.version == 0);
    CHECK(g->list.skipped.empty());
    CHECK(g->list.notes.empty());
    CHECK(g->list.signed_data.notes.empty());
    CHECK(to_iso(g->list.signing_time.value()) == "2024-08-07T05:38:24Z");
    REQUIRE(g->list.signed_data.signers.size() == 1);
    const auto& signer = g->list.signed_data.signers[0];
    CHECK(signer.subject_key_id.has_value() == (want.at("signer_sid") == "subject_key_identifier"));
    CHECK(signature_text(*signer.signature_algorithm) ==
          want.at("signer_alg").at(0).get<std::string>() + "-" + want.at("signer_alg").at(1).get<std::string>());
    CHECK(equal(signer.message_digests.at(0), crypto::hash(*signer.digest_alg, g->list.signed_data.content)) ==
          want.at("message_digest_ok"));
    std::map<Bytes, int> by_key_id;
    std::set<std::string> countries;
    for (const auto& c : g->list.certificates) {
        if (c.subject_key_id) ++by_key_id[*c.subject_key_id];
        countries.insert(upper_ascii(c.subject.country()));
    }
    CHECK(countries.size() == want.at("countries"));
    CHECK(std::count_if(by_key_id.begin(), by_key_id.end(), [](const auto& k) { return k.second > 1; }) == want.at("same_ski_groups"));
}

TEST_CASE("the certificates of the German master list verify as others found", "[pki]") {
    const auto* g = german_list();
    if (g == nullptr) return;
    const auto& want = g->expected;
    pki::TrustStore store;
    store.csca = g->list.certificates;
    int self_signed = 0;
    int by_named_issuer = 0;
    int by_other_name = 0;  // a link certificate that names its issuer wrongly: the key identifier leads to the signer
    int unknown = 0;
    for (const auto& c : g->list.certificates) {
        const auto signed_by = [&](const Certificate& other) {
            return c.authority_key_id && other.subject_key_id && equal(*c.authority_key_id, *other.subject_key_id) &&
                   c.verify_signature(*other.public_key);
        };
        if (c.verify_signature(*c.public_key)) ++self_signed;
        else if (pki::find_issuer(c, store).issuer != nullptr) ++by_named_issuer;
        else if (std::any_of(store.csca.begin(), store.csca.end(), signed_by)) ++by_other_name;
        else ++unknown;
    }
    CHECK(self_signed == want.at("self_signed_verifies"));
    CHECK(by_named_issuer + by_other_name == want.at("signed_by_other_in_list"));
    CHECK(by_other_name == 3);
    CHECK(unknown == want.at("issuer_not_found_or_unverified"));
}

TEST_CASE("the German master list is believed under the CSCA key that issued its signer, and under no other of that name", "[pki]") {
    const auto* g = german_list();
    if (g == nullptr) return;
    const auto& list = g->list;
    const auto now = start_of({2024, 9, 1});
    const auto signers = pki::list_signers(list.signed_data);
    REQUIRE(signers.size() == 1);
    CHECK(signers[0]->subject.text() == "C=DE, O=bund, OU=bsi, serialNumber=0038, CN=CSCA Master List Signer");
    REQUIRE(list.signed_data.certificates.size() == 2);
    const auto check = list.check(list.signed_data.certificates, now);
    CHECK(check.believed() == g->expected.at("signature_ok"));
    REQUIRE(check.signer);
    REQUIRE(check.anchor);
    CHECK(check.signer->raw == signers[0]->raw);
    CHECK(equal(*check.anchor->subject_key_id, *signers[0]->authority_key_id));
    CHECK(check.signing_time == list.signing_time);
    CHECK(check.notes.empty());
    CHECK(list.check(list.certificates, now).believed());
    CHECK(broken(list.check({}, now)) == Rules{ListRule::issuer});

    // The key that signs lists since October 2024 has the same name: it has not signed this one's signer.
    const auto root = shared_data("masterlists/DE_ROOT_CA_CSCA07.cer");
    if (!root) return;
    const auto next = good(Certificate::parse(good(read_file(*root))));
    CHECK(next.subject.matches(check.anchor->subject));
    CHECK(error_of(next.verify_signature(*next.public_key)) == "none");
    const auto refused = list.check({next}, now);
    CHECK(broken(refused) == Rules{ListRule::issuer});
    CHECK(refused.objections[0].error.name() == "trust.unproven");
    CHECK(list.check({next, *check.anchor}, now).anchor->serial == check.anchor->serial);
}

TEST_CASE("the first German CSCA key leads to the signer over three link certificates of the list itself", "[pki]") {
    const auto* g = german_list();
    if (g == nullptr) return;
    const auto& list = g->list;
    const auto now = start_of({2024, 9, 1});
    std::vector<Certificate> first;
    for (const auto& c : list.certificates)
        if (c.subject.text() == "C=DE, O=bund, OU=bsi, serialNumber=101, CN=csca-germany") first.push_back(c);
    REQUIRE(first.size() == 1);
    CHECK(broken(list.check(first, now)) == Rules{ListRule::issuer});
    const auto anchors = pki::anchors_with_links(first, list.certificates, now);
    CHECK(anchors.size() == 4);
    for (const auto& anchor : anchors) CHECK(anchor.subject.country() == "DE");
    const auto check = list.check(anchors, now);
    CHECK(check.believed());
    CHECK(to_hex(check.anchor->serial) == "048D");
    // Not once the first link has expired.
    CHECK(pki::anchors_with_links(first, list.certificates, start_of({2027, 5, 1})).size() == 1);
}

TEST_CASE("the German master list is refused before, and named expired after its signer's validity", "[pki]") {
    const auto* g = german_list();
    if (g == nullptr) return;
    const auto& anchors = g->list.signed_data.certificates;
    CHECK(broken(g->list.check(anchors, start_of({2027, 9, 22}))) == Rules{ListRule::expired});
    CHECK(g->list.check(anchors, start_of({2027, 9, 21})).believed());
    CHECK(broken(g->list.check(anchors, start_of({2023, 9, 1}))) == Rules{ListRule::signing_time, ListRule::not_yet_valid});
    CHECK(broken(g->list.check(anchors, start_of({2024, 8, 1}))) == Rules{ListRule::signing_time});
    CHECK(g->list.check(anchors, start_of({2024, 8, 7})).believed());  // a clock that is a few hours late
}

TEST_CASE("document signers of other countries lead to their CSCA in the German master list", "[pki]") {
    const auto* list = german_list();
    const auto folder = shared_data("ds_certs");
    if (list == nullptr || !folder) return;
    pki::TrustStore store;
    store.csca = list->list.certificates;
    std::size_t found = 0;
    for (const auto* name :
         {"FR_2017-07-18_53e97518.cer", "SG_2022-06-27_a74074ec.cer", "US_2021-06-10_c05742ec.cer", "DE_2011-06-12_cc3d7e22.cer"}) {
        const auto ds = good(Certificate::parse(good(read_file(*folder / name))));
        CAPTURE(ds.subject.text());
        CHECK(ds.notes.empty());
        CHECK(ds.public_key);
        CHECK(ds.allows(pki::KeyUsage::digital_signature));
        CHECK_FALSE(ds.allows(pki::KeyUsage::key_cert_sign));
        CHECK(ds.is_csca != true);
        const auto search = pki::find_issuer(ds, store);
        CHECK(search.country_known);
        if (search.issuer == nullptr) continue;
        ++found;
        CHECK(error_of(ds.verify_signature(*search.issuer->public_key)) == "none");
        // The same name with the wrong key must not do.
        for (const auto& a : search.attempts)
            if (a.csca != search.issuer && a.names_other_key) CHECK(a.failure->name() == "crypto.bad_signature");
    }
    CHECK(found == 3);  // the German one is of a test CSCA
}

TEST_CASE("the lists of another issuer: two are believed under its CSCA, the third names its signer wrongly", "[pki]") {
    const auto folder = shared_data("demo_csca_ejbca");
    if (!folder) return;
    const auto file = [&](const char* name) { return good(read_file(*folder / name)); };
    const auto csca = good(Certificate::parse(file("CSCACert.der")));
    const auto next = good(Certificate::parse(file("NextCSCACert.der")));
    const auto link = good(Certificate::parse(file("LinkCert.der")));
    const auto now = start_of({2024, 1, 1});
    for (const auto& [name, notes] : {std::pair{"MasterList.ml", "list.duplicate"}, std::pair{"MasterList2.ml", ""},
                                      std::pair{"MasterList3.ml", "list.no_signing_time list.duplicate"}}) {
        CAPTURE(name);
        const auto list = good(MasterList::parse(file(name)));
        CHECK(list.skipped.empty());
        // Two of them hold the CSCA certificate twice, byte for byte.
        REQUIRE(list.certificates.size() == 1);
        CHECK(list.certificates[0].raw == csca.raw);
        CHECK(ids(list.notes) == notes);
        const bool third = std::string_view(name) == "MasterList3.ml";
        CHECK(list.signing_time.has_value() != third);
        if (third) {
            // A CSCA has signed it itself, under a name whose parts stand in reverse order, with SHA-1 and no signed attributes.
            CHECK(pki::list_signers(list.signed_data).empty());
            CHECK(broken(list.check({csca}, now)) == Rules{ListRule::signer_certificate});
            CHECK(list.check({csca}, now).objections[0].error.name() == "pki.bad_list");
            continue;
        }
        const auto check = list.check({next, csca}, now);
        CHECK(check.believed());
        REQUIRE(check.anchor);
        CHECK(check.anchor->raw == csca.raw);
        CHECK(check.signer->raw == file("MLSCert.der"));
        CHECK(broken(list.check({next}, now)) == Rules{ListRule::issuer});
        CHECK(broken(list.check({next, link}, now)) == Rules{ListRule::issuer});
        CHECK(broken(list.check({csca}, start_of({2030, 1, 1}))) == Rules{ListRule::expired});
    }
    // From the old key to the new one, not back.
    CHECK(pki::anchors_with_links({csca}, {link, next}, now).size() == 2);
    CHECK(pki::anchors_with_links({next}, {link, csca}, now).size() == 1);
}

namespace {

Bytes content_of(const std::vector<Bytes>& certificates, std::int64_t version = 0) {
    Bytes set;
    for (const auto& c : certificates) append(set, c);
    return der::sequence_of({der::write_integer(version), tlv::element(der::set, set)});
}

// Signed as it should be, whatever the content is.
Bytes signed_list(const ListPki& pki, ByteView content, const der::Oid& type = pki::oid_csca_master_list()) {
    auto signer = pki.signer();
    return good(pki::build_signed_data(type, content, signer, list_signed_at, {{pki.csca}, true}));
}

}  // namespace

TEST_CASE("a master list of ours is read back as it was meant, and believed", "[pki]") {
    const ListPki pki("UT"), other("XY");
    auto signer = pki.signer();
    const auto der = good(pki::build_master_list({other.csca, pki.csca}, signer, {pki.csca}, list_signed_at));
    const auto list = good(MasterList::parse(der));
    CHECK(list.version == 0);
    CHECK(list.notes.empty());
    CHECK(list.skipped.empty());
    CHECK(list.signed_data.notes.empty());
    CHECK(list.signing_time == list_signed_at);
    REQUIRE(list.certificates.size() == 2);
    CHECK(list.certificates[0].raw < list.certificates[1].raw);
    // The order in which they were given makes no difference.
    CHECK(list.signed_data.content ==
          good(MasterList::parse(good(pki::build_master_list({pki.csca, other.csca}, signer, {pki.csca}, list_signed_at))))
              .signed_data.content);
    const auto check = list.check({other.csca, pki.csca}, list_read_at);
    CHECK(check.believed());
    CHECK(check.anchor->raw == pki.csca.raw);
    CHECK(check.signer->raw == signer.certificate().raw);
    CHECK(broken(list.check({other.csca}, list_read_at)) == Rules{ListRule::issuer});
}

TEST_CASE("no master list is made without a certificate, with one twice, or by somebody who may not", "[pki]") {
    const ListPki pki, other("XY");
    auto signer = pki.signer();
    const auto error = [](const Result<Bytes>& list) { return error_of(list); };
    CHECK(error(pki::build_master_list({pki.csca}, signer, {pki.csca}, list_signed_at)) == "none");
    CHECK(error(pki::build_master_list({}, signer, {pki.csca}, list_signed_at)) == "pki.refused");
    CHECK(error(pki::build_master_list({pki.csca, other.csca, pki.csca}, signer, {pki.csca}, list_signed_at)) == "pki.refused");
    // The signer's CSCA has to be embedded.
    CHECK(error(pki::build_master_list({pki.csca}, signer, {}, list_signed_at)) == "pki.refused");
    CHECK(error(pki::build_master_list({pki.csca}, signer, {other.csca}, list_signed_at)) == "pki.refused");
    CHECK(error(pki::build_master_list({pki.csca}, signer, {pki.csca}, start_of({2028, 1, 2}))) == "pki.refused");
    SignerOptions options;
    options.extended_key_usage = "2.23.136.1.1.8";
    auto of_deviations = pki.signer(options);
    CHECK(error(pki::build_master_list({pki.csca}, of_deviations, {pki.csca}, list_signed_at)) == "pki.refused");
}

TEST_CASE("a certificate of a master list that cannot be read is skipped by number, and the others stay", "[pki]") {
    const ListPki pki, other("XY");
    auto cut = pki.csca.raw;
    cut[8] ^= 0x40U;  // somewhere in the version
    const auto list = good(MasterList::parse(signed_list(pki, content_of({other.csca.raw, cut, pki.csca.raw, der::write_null()}))));
    REQUIRE(list.certificates.size() == 2);
    CHECK(list.certificates[0].raw == other.csca.raw);
    CHECK(list.certificates[1].raw == pki.csca.raw);
    REQUIRE(list.skipped.size() == 2);
    CHECK(list.skipped[0].where.starts_with("certificate 2/certificate"));
    CHECK(list.skipped[1].where == "certificate 4/certificate");
    CHECK(list.skipped[1].name() == "tlv.unexpected");
    CHECK(list.check({pki.csca}, list_read_at).believed());
}

TEST_CASE("what a master list departs in from the standard is noted", "[pki]") {
    const ListPki pki, other("XY");
    const auto& a = std::min(pki.csca.raw, other.csca.raw);
    const auto& b = std::max(pki.csca.raw, other.csca.raw);
    const auto notes = [&](ByteView content) {
        const auto list = good(MasterList::parse(signed_list(pki, content)));
        return std::to_string(list.certificates.size()) + " " + ids(list.notes);
    };
    CHECK(notes(content_of({a, b})) == "2 ");
    CHECK(notes(content_of({b, a})) == "2 list.order");
    CHECK(notes(content_of({a, a, b})) == "2 list.duplicate");
    CHECK(notes(content_of({})) == "0 ");
    // SEQUENCE with its length in one byte more than it needs.
    const auto content = content_of({a});
    const auto body = to_bytes(good(tlv::parse_single(content, tlv::Rules::der)).value);
    Bytes longer = {0x30, 0x83};
    append_be(longer, body.size(), 3);
    append(longer, body);
    CHECK(notes(longer) == "1 list.not_der");
}

TEST_CASE("what is no master list is refused", "[pki]") {
    const ListPki pki;
    const auto error = [&](ByteView content) { return error_of(MasterList::parse(signed_list(pki, content))); };
    const auto content = content_of({pki.csca.raw});
    CHECK(error(content) == "none");
    CHECK(error(content_of({pki.csca.raw}, 1)) == "pki.bad_list");
    CHECK(error({}) == "tlv.missing");
    CHECK(error(ByteView(content).first(content.size() - 1)) == "tlv.truncated");
    CHECK(error(concat({content, Bytes{0}})) == "tlv.trailing");
    CHECK(error(der::sequence_of({der::write_integer(0)})) == "tlv.missing");
    CHECK(error(der::sequence_of({der::write_integer(0), der::sequence_of({pki.csca.raw})})) == "tlv.unexpected");
    CHECK(error(der::sequence_of({der::write_integer(0), tlv::element(der::set, pki.csca.raw), der::write_null()})) == "tlv.trailing");
    CHECK(error_of(MasterList::parse(signed_list(pki, content, der::Oid("2.23.136.1.1.7")))) == "pki.bad_list");
    CHECK(error_of(MasterList::parse(pki.csca.raw)) == "tlv.unexpected");

    const auto whole = signed_list(pki, content);
    for (std::size_t n = 0; n < whole.size(); n += 7) REQUIRE_FALSE(MasterList::parse(ByteView(whole).first(n)));
    Bytes set;
    for (std::size_t i = 0; i < pki::max_master_list_certificates; ++i) append(set, "0500"_hex);
    const auto list_of = [&] { return der::sequence_of({der::write_integer(0), tlv::element(der::set, set)}); };
    CHECK(error(list_of()) == "none");
    append(set, "0500"_hex);
    CHECK(error(list_of()) == "pki.bad_list");
}

TEST_CASE("an EF.SOD is no master list, however well it is signed", "[pki]") {
    const ListPki pki;
    auto signer = pki.signer();
    const lds::Files files = {{lds::Ef::dg1, Bytes(93, 1)}, {lds::Ef::dg2, Bytes(93, 2)}};
    const auto sod = good(signer::sign_sod(files, signer, {HashAlg::sha256, 0, list_signed_at}));
    const auto cms = good(lds::EfSod::parse(sod)).cms;
    CHECK(error_of(MasterList::parse(cms)) == "pki.bad_list");
    const auto data = good(pki::SignedData::parse(cms));
    const auto check = [&](const char* type) {
        return broken(pki::check_list_signature(data, der::Oid(type), pki::oid_csca_master_list_signing_key(), {pki.csca}, list_read_at));
    };
    CHECK(check("2.23.136.1.1.2") == Rules{ListRule::content_type});
    CHECK(check("2.23.136.1.1.1") == Rules{});  // the signer itself would do
}
