// CMS SignedData: built, read back, bent. What OpenSSL says of it: openssl_test.cpp.
#include "unit/unit.hpp"

#include <algorithm>

#include <idchip/lds/ef_sod.hpp>
#include <idchip/pki/cms.hpp>
#include <idchip/signer/software.hpp>
#include <idchip/signer/test_pki.hpp>

using namespace idchip;
using namespace idchip::test;
using crypto::HashAlg;
using crypto::PrivateKey;
using crypto::Scheme;
using crypto::SignatureAlgorithm;
using pki::SignedData;

namespace {

const signer::TestPki& test_pki() {
    static const auto pki = [] {
        TestRng rng;
        signer::TestPkiOptions options;
        options.now = start_of({2026, 3, 1});
        return good(signer::make_test_pki(options, rng));
    }();
    return pki;
}

const Bytes content = bytes_of("content to be signed");
Bytes oid(std::string_view dotted) { return der::write(der::Oid(dotted)); }
const der::Oid content_type("2.23.136.1.1.1");
constexpr auto id_content_type = "1.2.840.113549.1.9.3", id_message_digest = "1.2.840.113549.1.9.4",
               id_signing_time = "1.2.840.113549.1.9.5";

Bytes attribute(std::string_view type, std::initializer_list<Bytes> values) {
    Bytes set;
    for (const auto& v : values) append(set, v);
    return der::sequence_of({oid(type), tlv::element(der::set, set)});
}

// Every part of a SignedData made apart, signed with the test document signer's key.
struct Parts {
    HashAlg digest = HashAlg::sha256;
    SignatureAlgorithm algorithm{};
    Bytes algorithm_bytes = algorithm.encode();
    std::vector<Bytes> attributes = {attribute(id_content_type, {der::write(content_type)}),
                                     attribute(id_message_digest, {der::write_octet_string(crypto::hash(HashAlg::sha256, content))})};
    bool with_attributes = true;
    Bytes version = der::write_integer(3);
    Bytes encapsulated_content = der::write_octet_string(content);
    Bytes certificates = test_pki().ds.raw;
    Bytes crls;
    Bytes signer_version = der::write_integer(1);
    Bytes sid = der::sequence_of({test_pki().ds.issuer.raw, tlv::element(der::integer, test_pki().ds.serial)});
    Bytes unsigned_attributes;
    Bytes type = der::write(der::Oid("1.2.840.113549.1.7.2"));
    const PrivateKey* key = nullptr;  // nothing: the document signer's

    Bytes signer_info() const {
        Bytes set;
        for (const auto& a : attributes) append(set, a);
        const auto signature =
            good((key != nullptr ? *key : test_pki().ds_key).sign(algorithm, with_attributes ? tlv::element(der::set, set) : content));
        return der::sequence_of({signer_version, sid, der::sequence_of({der::write(crypto::oid(digest))}),
                                 with_attributes ? tlv::element(0xA0, set) : Bytes(), algorithm_bytes, der::write_octet_string(signature),
                                 unsigned_attributes});
    }
    Bytes encode(int signers = 1) const {
        Bytes infos;
        for (int i = 0; i < signers; ++i) append(infos, signer_info());
        const auto signed_data =
            der::sequence_of({version, tlv::element(der::set, der::sequence_of({der::write(crypto::oid(digest))})),
                              der::sequence_of({der::write(content_type),
                                                encapsulated_content.empty() ? Bytes() : tlv::element(0xA0, encapsulated_content)}),
                              certificates.empty() ? Bytes() : tlv::element(0xA0, certificates), crls, tlv::element(der::set, infos)});
        return der::sequence_of({type, tlv::element(0xA0, signed_data)});
    }
    SignedData parse() const { return good(SignedData::parse(encode())); }
    std::string error() const { return error_of(SignedData::parse(encode())); }
    // What checking the signature says: the name of the failure, or the notes.
    std::string check() const {
        const auto data = parse();
        const auto result = pki::check_signature(data, data.signers.at(0), *test_pki().ds.public_key);
        return result.failure ? std::string(result.failure->name()) : "ok " + ids(result.notes);
    }
};

}  // namespace

TEST_CASE("a SignedData of ours reads back and verifies", "[pki]") {
    auto signer = good(signer::make_software_signer(test_pki().ds, good(PrivateKey::from_pem(good(test_pki().ds_key.to_pem())))));
    for (const auto time : {std::optional<Instant>(), std::optional(start_of({2026, 3, 2}))}) {
        const auto bytes = good(pki::build_signed_data(content_type, content, *signer, time));
        const auto data = good(SignedData::parse(bytes));
        CHECK(data.notes.empty());
        CHECK(data.version == 3);
        CHECK(data.content_type == content_type);
        CHECK(data.content == content);
        REQUIRE(data.signers.size() == 1);
        REQUIRE(data.candidates(data.signers[0]).size() == 1);
        CHECK(data.candidates(data.signers[0])[0]->raw == test_pki().ds.raw);
        CHECK(data.signers[0].signing_times.size() == (time ? 1 : 0));
        const auto check = pki::check_signature(data, data.signers[0], *test_pki().ds.public_key);
        CHECK_FALSE(check.failure);
        CHECK(check.notes.empty());
        CHECK(pki::check_signature(data, data.signers[0], *test_pki().csca.public_key).failure->name() == "crypto.bad_signature");
    }
    CHECK(Parts().check() == "ok ");
}

TEST_CASE("content, digest, attributes and signature hang together, link by link", "[pki]") {
    Parts p;
    p.encapsulated_content = der::write_octet_string(bytes_of("other content"));
    CHECK(p.check() == "crypto.bad_signature");
    p = Parts();
    p.attributes[1] = attribute(id_message_digest, {der::write_octet_string(Bytes(32))});
    CHECK(p.check() == "crypto.bad_signature");
    // The attributes changed after they were signed.
    auto data = Parts().parse();
    data.signers[0].signed_attributes.back() = static_cast<Byte>(data.signers[0].signed_attributes.back() ^ 1U);
    CHECK(pki::check_signature(data, data.signers[0], *test_pki().ds.public_key).failure->name() == "crypto.bad_signature");
}

TEST_CASE("the mandatory attributes stand exactly once, with exactly one value", "[pki]") {
    const auto type = attribute(id_content_type, {der::write(content_type)});
    const auto digest_value = der::write_octet_string(crypto::hash(HashAlg::sha256, content));
    const auto digest = attribute(id_message_digest, {digest_value});
    const auto with = [](std::vector<Bytes> attributes) {
        Parts p;
        p.attributes = std::move(attributes);
        return p.check();
    };
    CHECK(with({type, digest}) == "ok ");
    CHECK(with({type}) == "pki.bad_cms");
    CHECK(with({digest}) == "pki.bad_cms");
    CHECK(with({}) == "pki.bad_cms");
    CHECK(with({type, digest, digest}) == "pki.bad_cms");
    CHECK(with({type, type, digest}) == "pki.bad_cms");
    CHECK(with({type, attribute(id_message_digest, {digest_value, digest_value})}) == "pki.bad_cms");
    CHECK(with({type, attribute(id_message_digest, {digest_value, der::write_octet_string(Bytes(32))})}) == "pki.bad_cms");
    CHECK(with({type, attribute(id_message_digest, {})}) == "pki.bad_cms");
    CHECK(with({attribute(id_content_type, {oid("1.2.840.113549.1.7.1")}), digest}) == "pki.bad_cms");
    CHECK(with({attribute(id_content_type, {}), digest}) == "pki.bad_cms");
    CHECK(with({type, digest, attribute("1.2.3.4", {der::write_null()})}) == "ok ");
}

TEST_CASE("without signed attributes there is no valid signature, even over the content itself", "[pki]") {
    Parts p;
    p.with_attributes = false;
    CHECK(p.check() == "pki.bad_cms");
}

TEST_CASE("a signature over attributes does not pass for one over content that looks like them", "[pki]") {
    // The attributes of a signed document presented as content without attributes: the old confusion of PKCS#7.
    Parts p;
    const auto data = p.parse();
    SignedData forged = data;
    forged.content = data.signers[0].signed_attributes;
    forged.signers[0].has_signed_attributes = false;
    CHECK(pki::check_signature(forged, forged.signers[0], *test_pki().ds.public_key).failure->name() == "pki.bad_cms");
}

TEST_CASE("a signing time is kept, a malformed one is marked", "[pki]") {
    Parts p;
    p.attributes.push_back(attribute(id_signing_time, {der::write_time(start_of({2026, 3, 2}))}));
    CHECK(p.parse().signers[0].signing_times == std::vector{start_of({2026, 3, 2})});
    p.attributes.back() = attribute(id_signing_time, {der::write_generalized_time(start_of({2026, 3, 2}))});
    CHECK(p.parse().signers[0].signing_times.size() == 1);
    p.attributes.back() = attribute(id_signing_time, {der::write_utf8("yesterday")});
    CHECK(p.parse().signers[0].signing_time_malformed);
    CHECK(p.parse().signers[0].signing_times.empty());
    p.attributes.push_back(attribute(id_signing_time, {der::write_time(start_of({2026, 3, 3})), der::write_time(start_of({2026, 3, 4}))}));
    CHECK(p.parse().signers[0].signing_times.size() == 2);
}

TEST_CASE("the hash of the signature may differ from the digest, or be left to it", "[pki]") {
    Parts p;
    p.digest = HashAlg::sha512;
    p.attributes[1] = attribute(id_message_digest, {der::write_octet_string(crypto::hash(HashAlg::sha512, content))});
    CHECK(p.check() == "ok cms.digest_differs_from_signature_hash");
    p.algorithm = {Scheme::ecdsa, HashAlg::sha512, HashAlg::sha512, 64, false};
    p.algorithm_bytes = der::sequence_of({oid("1.2.840.10045.2.1")});
    CHECK(p.check() == "ok cms.signature_without_hash");
    p.algorithm = {};
    CHECK(p.check() == "crypto.bad_signature");
}

TEST_CASE("unknown algorithms leave the rest readable and fail the check by name", "[pki]") {
    Parts p;
    p.algorithm_bytes = der::sequence_of({oid("1.2.840.113549.1.1.4"), der::write_null()});
    CHECK(p.check() == "crypto.unsupported");
    CHECK(p.parse().signers[0].algorithm_error->detail == "signature with hash MD5");
    auto data = Parts().parse();
    data.signers[0].digest_alg.reset();
    data.signers[0].digest_error = Error(Errc::crypto_unsupported, {}, "hash MD5");
    CHECK(pki::check_signature(data, data.signers[0], *test_pki().ds.public_key).failure->name() == "crypto.unsupported");
}

TEST_CASE("the signer's certificate is found by identifier among several, wherever it stands", "[pki]") {
    Parts p;
    p.certificates = concat({test_pki().csca.raw, test_pki().ds.raw, test_pki().csca.raw});
    auto data = p.parse();
    CHECK(data.certificates.size() == 3);
    REQUIRE(data.candidates(data.signers[0]).size() == 1);
    CHECK(data.candidates(data.signers[0])[0] == &data.certificates[1]);
    p.sid = tlv::element(0x80, *test_pki().ds.subject_key_id);
    p.signer_version = der::write_integer(3);
    data = p.parse();
    CHECK(data.notes.empty());
    REQUIRE(data.candidates(data.signers[0]).size() == 1);
    CHECK(data.candidates(data.signers[0])[0] == &data.certificates[1]);
    CHECK(p.check() == "ok ");
    p.sid = tlv::element(0x80, Bytes(20));
    CHECK(p.parse().candidates(p.parse().signers[0]).empty());
    p.certificates = {};
    CHECK(p.parse().certificates.empty());
    p.certificates = concat({test_pki().ds.raw, test_pki().ds.raw});
    p.sid = Parts().sid;
    p.signer_version = der::write_integer(1);
    CHECK(p.parse().candidates(p.parse().signers[0]).size() == 2);
}

TEST_CASE("departures that real issuers make are noted", "[pki]") {
    const auto notes = [](auto change) {
        Parts p;
        change(p);
        return ids(p.parse().notes);
    };
    CHECK(notes([](Parts& p) { p.version = der::write_integer(1); }) == "cms.version");
    CHECK(notes([](Parts& p) { p.signer_version = der::write_integer(3); }) == "cms.signer_version");
    CHECK(notes([](Parts& p) { p.crls = tlv::element(0xA1, test_pki().crl.raw); }) == "cms.crls_present");
    CHECK(notes([](Parts& p) { append(p.certificates, tlv::element(0xA1, Bytes())); }) == "cms.other_certificate_kind");
    CHECK(notes([](Parts& p) { append(p.certificates, der::sequence_of({})); }) == "cms.certificate_unreadable");
    Parts p;
    p.unsigned_attributes = tlv::element(0xA1, attribute("1.2.3.4", {der::write_null()}));
    CHECK(p.parse().signers[0].has_unsigned_attributes);
    auto bytes = Parts().encode();
    bytes.push_back(0);
    CHECK(ids(good(SignedData::parse(bytes)).notes) == "cms.trailing_bytes");
}

TEST_CASE("content in segments is joined exactly, under definite and indefinite lengths", "[pki]") {
    const auto half = content.size() / 2;
    const auto segments =
        concat({der::write_octet_string(ByteView(content).first(half)), der::write_octet_string(ByteView(content).subspan(half))});
    Parts p;
    p.encapsulated_content = tlv::element(0x24, segments);
    CHECK(p.parse().content == content);
    CHECK(p.check() == "ok ");
    CHECK(ids(p.parse().notes) == "cms.not_der cms.segmented_octet_string");
    p.encapsulated_content = concat({"2480"_hex, segments, "0000"_hex});
    CHECK(p.parse().content == content);
    CHECK(p.check() == "ok ");
    // X.690, 8.7.3: segments may be cut into segments themselves.
    p.encapsulated_content = tlv::element(0x24, {tlv::element(0x24, segments), der::write_octet_string({})});
    CHECK(p.parse().content == content);
    CHECK(p.check() == "ok ");
    p.encapsulated_content = tlv::element(0x24, der::write_integer(1));
    CHECK(p.error() == "pki.bad_cms");
    p.encapsulated_content = tlv::element(0x24, {});
    CHECK(p.parse().content.empty());
}

TEST_CASE("a whole SignedData in indefinite lengths verifies", "[pki]") {
    // The outer four levels re-encoded as New Zealand and others did it.
    const auto der = Parts().encode();
    tlv::Reader r(der, tlv::Rules::der);
    auto info = r.enter(good(r.next()));
    const auto type = good(info.next());
    const auto wrapper = good(info.next());
    auto w = info.enter(wrapper);
    const auto signed_data = good(w.next());
    const auto ber = concat({"3080"_hex, type.raw, "A080"_hex, "3080"_hex, signed_data.value, "0000"_hex, "0000"_hex, "0000"_hex});
    const auto data = good(SignedData::parse(ber));
    CHECK(ids(data.notes) == "cms.not_der");
    CHECK(data.content == content);
    CHECK_FALSE(pki::check_signature(data, data.signers.at(0), *test_pki().ds.public_key).failure);
}

TEST_CASE("signed attributes that were not DER on the wire are verified over their DER, and noted", "[pki]") {
    Parts p;
    const auto info = p.signer_info();
    auto body = to_bytes(good(tlv::parse_single(info, tlv::Rules::der)).value);
    const auto attributes = tlv::element(0xA0, concat({p.attributes[0], p.attributes[1]}));
    const auto at = std::search(body.begin(), body.end(), attributes.begin(), attributes.end());
    REQUIRE(at != body.end());
    REQUIRE(attributes[1] < 0x80);
    body.insert(at + 1, Byte{0x81});  // the length in its long form
    const auto set = tlv::element(der::set, tlv::element(der::sequence, body));
    const auto signed_data = der::sequence_of({p.version, tlv::element(der::set, {}),
                                               der::sequence_of({der::write(content_type), tlv::element(0xA0, p.encapsulated_content)}),
                                               tlv::element(0xA0, p.certificates), set});
    const auto data = good(SignedData::parse(der::sequence_of({p.type, tlv::element(0xA0, signed_data)})));
    CHECK(ids(data.notes) == "cms.not_der cms.signed_attributes_not_der");
    CHECK_FALSE(pki::check_signature(data, data.signers.at(0), *test_pki().ds.public_key).failure);
}

TEST_CASE("other kinds of CMS, and structure that is none, are refused before anything else sees them", "[pki]") {
    // CVE-2025-15467 and others: EnvelopedData, EncryptedData, AuthEnvelopedData never go further.
    for (const auto* type : {"1.2.840.113549.1.7.3", "1.2.840.113549.1.7.6", "1.2.840.113549.1.9.16.1.23", "1.2.840.113549.1.7.1"}) {
        Parts p;
        p.type = oid(type);
        CHECK(p.error() == "pki.bad_cms");
    }
    Parts p;
    p.encapsulated_content = {};
    CHECK(p.error() == "pki.bad_cms");
    p.encapsulated_content = der::write_utf8("content");
    CHECK(p.error() == "pki.bad_cms");
    CHECK(error_of(SignedData::parse({})) == "tlv.missing");
    CHECK(good(SignedData::parse(Parts().encode(0))).signers.empty());
    CHECK(good(SignedData::parse(Parts().encode(2))).signers.size() == 2);
    const auto whole = Parts().encode();
    for (std::size_t n = 0; n < whole.size(); n += 5) REQUIRE_FALSE(SignedData::parse(ByteView(whole).first(n)));
}

TEST_CASE("an RSASSA-PSS signature with another hash in its mask verifies, and is noted", "[pki]") {
    const auto key = good(PrivateKey::generate_rsa(2048));
    Parts p;
    p.algorithm = {Scheme::rsa_pss, HashAlg::sha256, HashAlg::sha1, 32, false};
    p.algorithm_bytes = p.algorithm.encode();
    p.key = &key;
    const auto data = p.parse();
    const auto check = pki::check_signature(data, data.signers.at(0), key.public_key());
    CHECK_FALSE(check.failure);
    CHECK(ids(check.notes) == "cms.pss_mgf_differs");
    // RFC 5280, 4.2.1.2 (1), over the RSAPublicKey as OpenSSL's -pubkey has it inside its BIT STRING.
    const auto spki = key.public_key().to_spki(crypto::EcEncoding::named);
    CHECK(pki::key_id(key.public_key()) == crypto::hash(HashAlg::sha1, ByteView(spki).subspan(24)));
}
