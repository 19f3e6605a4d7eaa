// The CSCA certificates of 109 countries: the walk must read every one of them, and count what others have counted.
#include "shared_data.hpp"
#include "unit/unit.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <nlohmann/json.hpp>

#include <idchip/base/text.hpp>
#include <idchip/pki/trust.hpp>

using namespace idchip;
using namespace idchip::test;
using crypto::HashAlg;
using crypto::KeyType;
using crypto::Scheme;
using pki::Certificate;

namespace {

using Counts = std::map<std::string, int>;

struct MasterList {
    pki::SignedData cms;
    std::vector<Certificate> certificates;
    nlohmann::json expected;
};

// Doc 9303-12, 9: CscaMasterList ::= SEQUENCE { version, certList SET OF Certificate }
std::vector<Certificate> certificates_in(ByteView content) {
    tlv::Reader outer(content, tlv::Rules::der, "CscaMasterList");
    auto r = outer.enter(good(outer.expect(der::sequence)));
    CHECK(good(der::read_integer(r)) == 0);
    auto set = r.enter(good(r.expect(der::set)));
    std::vector<Certificate> list;
    while (!set.at_end()) {
        const auto e = good(set.next());
        auto certificate = Certificate::parse(e.raw);
        CAPTURE(e.offset, list.size());
        if (certificate) list.push_back(std::move(*certificate));
        else FAIL_CHECK(certificate.error().message());
    }
    return list;
}

const MasterList* german_list() {
    static const auto list = []() -> std::optional<MasterList> {
        const auto expected_path = shared_data("vectors/masterlist_expected.json");
        if (!expected_path) return std::nullopt;
        MasterList m;
        m.expected = nlohmann::json::parse(good(read_text(*expected_path))).at(0);
        const auto path = shared_data("masterlists/" + m.expected.at("file").get<std::string>());
        if (!path) return std::nullopt;
        m.cms = good(pki::SignedData::parse(good(read_file(*path))));
        m.certificates = certificates_in(m.cms.content);
        return m;
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
    REQUIRE(list->certificates.size() == want.at("certificates"));
    Counts keys, signatures, exponents, countries;
    std::set<std::string> fingerprints;
    for (const auto& c : list->certificates) {
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
    for (const auto& c : list->certificates) {
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

TEST_CASE("the signature of the German master list verifies, and that of each certificate as others found", "[pki]") {
    const auto* list = german_list();
    if (list == nullptr) return;
    const auto& want = list->expected;
    REQUIRE(list->cms.signers.size() == 1);
    CHECK(list->cms.content_type.dotted() == "2.23.136.1.1.2");
    CHECK(list->cms.notes.empty());
    CHECK(list->cms.signers[0].subject_key_id);
    const auto candidates = list->cms.candidates(list->cms.signers[0]);
    REQUIRE(candidates.size() == 1);
    CHECK_FALSE(pki::check_signature(list->cms, list->cms.signers[0], *candidates[0]->public_key).failure);

    pki::TrustStore store;
    store.csca = list->certificates;
    int self_signed = 0;
    int by_named_issuer = 0;
    int by_other_name = 0;  // a link certificate that names its issuer wrongly: the key identifier leads to the signer
    int unknown = 0;
    for (const auto& c : list->certificates) {
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

    const auto root = shared_data("masterlists/DE_ROOT_CA_CSCA07.cer");
    if (!root) return;
    // Two German CSCA keys go by one name: the one that the signer's key identifier names has signed it, the other has not.
    const auto search = pki::find_issuer(*candidates[0], store);
    REQUIRE(search.issuer != nullptr);
    CHECK(equal(*search.issuer->subject_key_id, *candidates[0]->authority_key_id));
    const auto other = good(Certificate::parse(good(read_file(*root))));
    CHECK(other.subject.matches(search.issuer->subject));
    CHECK(error_of(other.verify_signature(*other.public_key)) == "none");
    CHECK(error_of(candidates[0]->verify_signature(*other.public_key)) == "crypto.bad_signature");
}

TEST_CASE("document signers of other countries lead to their CSCA in the German master list", "[pki]") {
    const auto* list = german_list();
    const auto folder = shared_data("ds_certs");
    if (list == nullptr || !folder) return;
    pki::TrustStore store;
    store.csca = list->certificates;
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
