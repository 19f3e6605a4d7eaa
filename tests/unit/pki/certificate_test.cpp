#include "unit/unit.hpp"

#include <idchip/pki/certificate.hpp>
#include <idchip/signer/test_pki.hpp>

using namespace idchip;
using namespace idchip::test;
using pki::Certificate;
using pki::KeyUsage;
using pki::Name;

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

Bytes oid(std::string_view dotted) { return der::write(der::Oid(dotted)); }

// The fields of a certificate, to be bent one by one; the signature is a dummy: parsing does not check it.
struct Fields {
    Bytes version = tlv::element(0xA0, der::write_integer(2));
    Bytes serial = der::write_integer(5);
    Bytes inner_algorithm = crypto::SignatureAlgorithm{}.encode();
    Bytes issuer = good(Name::of("C=UT, CN=CSCA")).raw;
    Bytes validity = der::sequence_of({der::write_time(start_of({2026, 1, 1})), der::write_time(start_of({2030, 1, 1}))});
    Bytes subject = good(Name::of("C=UT, CN=DS")).raw;
    Bytes spki = test_pki().ds.spki;
    std::vector<Bytes> extensions;
    Bytes outer_algorithm = inner_algorithm;
    Bytes signature = der::write_bit_string("3006020101020101"_hex);
    Bytes after;

    static Bytes extension(std::string_view id, ByteView value, ByteView critical = {}) {
        return der::sequence_of({oid(id), critical, der::write_octet_string(value)});
    }
    Bytes encode() const {
        Bytes list;
        for (const auto& e : extensions) append(list, e);
        const auto wrapped = extensions.empty() ? Bytes() : tlv::element(0xA3, tlv::element(der::sequence, list));
        const auto tbs = der::sequence_of({version, serial, inner_algorithm, issuer, validity, subject, spki, wrapped});
        return der::sequence_of({tbs, outer_algorithm, signature, after});
    }
    Result<Certificate> parse() const { return Certificate::parse(encode()); }
    std::string error() const { return error_of(parse()); }
    std::string notes() const { return ids(good(parse()).notes); }
};

constexpr auto id_basic_constraints = "2.5.29.19", id_key_usage = "2.5.29.15", id_aki = "2.5.29.35", id_ski = "2.5.29.14",
               id_eku = "2.5.29.37", id_pkup = "2.5.29.16", id_types = "2.23.136.1.1.6.2";

}  // namespace

TEST_CASE("a certificate with nothing special is read without a note", "[pki]") {
    const auto c = good(Fields().parse());
    CHECK(c.notes.empty());
    CHECK(c.version == 3);
    CHECK(c.serial == Bytes{5});
    CHECK(c.subject.text() == "C=UT, CN=DS");
    CHECK(to_iso(c.not_after) == "2030-01-01T00:00:00Z");
    CHECK(c.public_key);
    CHECK(c.signature_algorithm);
    CHECK_FALSE(c.is_csca);
    CHECK_FALSE(c.key_usage);
    CHECK_FALSE(c.allows(KeyUsage::digital_signature));
    CHECK_FALSE(c.authority_key_id);
    CHECK_FALSE(c.document_types);
    CHECK(c.fingerprint() == to_hex(crypto::hash(crypto::HashAlg::sha256, c.raw)));
}

TEST_CASE("the extensions of the profile are read", "[pki]") {
    Fields f;
    f.extensions = {
        Fields::extension(id_basic_constraints, der::sequence_of({der::write_boolean(true), der::write_integer(0)}),
                          der::write_boolean(true)),
        Fields::extension(id_key_usage, der::write_named_bits({5, 6}), der::write_boolean(true)),
        Fields::extension(id_ski, der::write_octet_string("0102"_hex)),
        Fields::extension(id_aki, der::sequence_of({tlv::element(0x80, "0304"_hex)})),
        Fields::extension(id_eku, der::sequence_of({oid("2.23.136.1.1.3")})),
        Fields::extension(
            id_pkup, der::sequence_of({tlv::element(0x80, as_bytes("20260101000000Z")), tlv::element(0x81, as_bytes("20270101000000Z"))})),
        Fields::extension(id_types,
                          der::sequence_of({der::write_integer(0), der::set_of({der::write_printable("P"), der::write_printable("ID")})}))};
    const auto c = good(f.parse());
    CHECK(c.notes.empty());
    CHECK(c.is_csca == true);
    CHECK(c.path_length == 0);
    CHECK(c.allows(KeyUsage::key_cert_sign));
    CHECK(c.allows(KeyUsage::crl_sign));
    CHECK_FALSE(c.allows(KeyUsage::digital_signature));
    CHECK(to_hex(*c.subject_key_id) == "0102");
    CHECK(to_hex(*c.authority_key_id) == "0304");
    CHECK(c.extended_key_usage == std::vector{der::Oid("2.23.136.1.1.3")});
    CHECK(c.private_key_not_before == start_of({2026, 1, 1}));
    CHECK(c.private_key_not_after == start_of({2027, 1, 1}));
    CHECK(c.document_types == std::vector<std::string>{"P", "ID"});
    CHECK(c.extensions.size() == 7);
    CHECK(c.extensions[1].critical);
    CHECK_FALSE(c.extensions[2].critical);
}

TEST_CASE("basic constraints without their fields mean no CSCA", "[pki]") {
    Fields f;
    f.extensions = {Fields::extension(id_basic_constraints, der::sequence_of({}))};
    CHECK(good(f.parse()).is_csca == false);
    CHECK_FALSE(good(f.parse()).path_length);
}

TEST_CASE("serial numbers out of the profile are noted", "[pki]") {
    Fields f;
    f.serial = der::write_integer(-5);
    CHECK(f.notes() == "x509.serial_negative");
    f.serial = der::write_integer(0);
    CHECK(f.notes() == "x509.serial_zero");
    f.serial = tlv::element(der::integer, Bytes(21, 0x11));
    CHECK(f.notes() == "x509.serial_too_long");
    f.serial = tlv::element(der::integer, Bytes(20, 0x11));
    CHECK(f.notes() == "");
    f.serial = tlv::element(der::integer, Bytes());
    CHECK(f.error() == "pki.bad_certificate");
}

TEST_CASE("versions are 1 to 3, and extensions before version 3 are noted", "[pki]") {
    Fields f;
    f.version = {};
    CHECK(good(f.parse()).version == 1);
    f.extensions = {Fields::extension(id_ski, der::write_octet_string("01"_hex))};
    CHECK(f.notes() == "x509.extensions_in_old_version");
    f.version = tlv::element(0xA0, der::write_integer(1));
    CHECK(f.notes() == "x509.extensions_in_old_version");
    for (const std::int64_t version :
         {std::int64_t{-1}, std::int64_t{3}, std::int64_t{0x7FFFFFFF}, std::int64_t{0x100000002}, std::int64_t{0x7FFFFFFFFFFFFFFF}}) {
        f.version = tlv::element(0xA0, der::write_integer(version));
        CHECK(f.error() == "pki.bad_certificate");
    }
}

TEST_CASE("a boolean that is true in BER only is noted, one of wrong length refused", "[pki]") {
    Fields f;
    f.extensions = {Fields::extension(id_basic_constraints, der::sequence_of({"010101"_hex}), "010155"_hex)};
    CHECK(f.notes() == "x509.boolean_not_der x509.boolean_not_der");
    CHECK(good(f.parse()).is_csca == true);
    CHECK(good(f.parse()).extensions[0].critical);
    f.extensions = {Fields::extension(id_basic_constraints, der::sequence_of({}), "0100"_hex)};
    CHECK(f.error() == "der.bad_value");
    f.extensions = {Fields::extension(id_basic_constraints, der::sequence_of({"01020000"_hex}))};
    CHECK(f.error() == "der.bad_value");
}

TEST_CASE("unknown extensions are reported when they are critical", "[pki]") {
    Fields f;
    f.extensions = {Fields::extension("1.2.3.4", "0500"_hex), Fields::extension("1.2.3.5", "0500"_hex, der::write_boolean(true)),
                    Fields::extension("1.2.3.6", "0500"_hex, der::write_boolean(false))};
    CHECK(good(f.parse()).unknown_critical == std::vector{der::Oid("1.2.3.5")});
}

TEST_CASE("an extension that stands twice is refused", "[pki]") {
    Fields f;
    f.extensions = {Fields::extension(id_ski, der::write_octet_string("01"_hex)),
                    Fields::extension(id_ski, der::write_octet_string("01"_hex))};
    CHECK(f.error() == "pki.bad_certificate");
    f.extensions = {Fields::extension("1.2.3", {}), Fields::extension("1.2.3", {})};
    CHECK(f.error() == "pki.bad_certificate");
}

TEST_CASE("the two signature algorithm fields must be the same bytes", "[pki]") {
    Fields f;
    f.outer_algorithm = crypto::SignatureAlgorithm{crypto::Scheme::ecdsa, crypto::HashAlg::sha384}.encode();
    CHECK(f.error() == "pki.bad_certificate");
    f.outer_algorithm = der::sequence_of({oid("1.2.840.10045.4.3.2"), der::write_null()});
    CHECK(f.error() == "pki.bad_certificate");
}

TEST_CASE("a key or an algorithm that is not built in leaves the certificate readable, and says so", "[pki]") {
    Fields f;
    f.spki = der::sequence_of({der::sequence_of({oid("1.3.101.112")}), der::write_bit_string(Bytes(32))});
    f.inner_algorithm = f.outer_algorithm = der::sequence_of({oid("1.3.101.112")});
    const auto c = good(f.parse());
    CHECK_FALSE(c.public_key);
    CHECK(c.key_error->name() == "crypto.unsupported");
    CHECK_FALSE(c.signature_algorithm);
    CHECK(c.algorithm_error->name() == "crypto.unsupported");
    CHECK(error_of(c.verify_signature(*test_pki().csca.public_key)) == "crypto.unsupported");
}

TEST_CASE("a certificate whose algorithm states no hash is not verified with a guessed one", "[pki]") {
    Fields f;
    f.inner_algorithm = f.outer_algorithm = der::sequence_of({oid("1.2.840.10045.2.1")});
    CHECK(error_of(good(f.parse()).verify_signature(*test_pki().csca.public_key)) == "crypto.unsupported");
}

TEST_CASE("structure that is not a certificate is refused", "[pki]") {
    Fields f;
    f.after = der::write_null();
    CHECK(f.error() == "tlv.trailing");
    f = Fields();
    f.signature = der::write_octet_string("00"_hex);
    CHECK(f.error() == "tlv.unexpected");
    f = Fields();
    f.validity = der::sequence_of({der::write_time(start_of({2026, 1, 1}))});
    CHECK(f.error() == "tlv.missing");
    f = Fields();
    f.validity = der::sequence_of({der::write_utf8("2026"), der::write_utf8("2027")});
    CHECK(f.error() == "der.bad_value");
    auto bytes = Fields().encode();
    bytes.push_back(0);
    CHECK(error_of(Certificate::parse(bytes)) == "tlv.trailing");
    CHECK(error_of(Certificate::parse({})) == "tlv.missing");
    const auto& whole = test_pki().csca.raw;
    for (std::size_t n = 0; n < whole.size(); n += 7) REQUIRE_FALSE(Certificate::parse(ByteView(whole).first(n)));
}

TEST_CASE("certificates come as DER and as PEM", "[pki]") {
    const auto& der = test_pki().ds.raw;
    const auto pem = pki::to_pem(der, "CERTIFICATE");
    CHECK(good(Certificate::parse_any(der)).raw == der);
    CHECK(good(Certificate::parse_any(as_bytes("subject=...\n" + pem))).raw == der);
    CHECK(good(pki::from_pem(pem, "CERTIFICATE")) == der);
    CHECK(error_of(pki::from_pem(pem, "X509 CRL")) == "tlv.missing");
    CHECK(error_of(pki::from_pem(pem.substr(0, pem.size() - 10), "CERTIFICATE")) == "tlv.missing");
    CHECK(error_of(pki::from_pem("-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----\n", "CERTIFICATE")) == "input.bad_base64");
    CHECK(error_of(Certificate::parse_any(as_bytes("hello"))) != "none");
    for (const auto& line : {pem.find('\n') - 27}) CHECK(line == 0);  // the label line is whole
}

TEST_CASE("every byte of a signed certificate counts", "[pki]") {
    const auto& ds = test_pki().ds;
    const auto& key = *test_pki().csca.public_key;
    REQUIRE(error_of(ds.verify_signature(key)) == "none");
    for (std::size_t at = 0; at < ds.raw.size(); at += 3) {
        auto bent = ds.raw;
        bent[at] = static_cast<Byte>(bent[at] ^ 0x10U);
        const auto c = Certificate::parse(bent);
        if (!c) continue;
        CAPTURE(at);
        REQUIRE_FALSE(c->verify_signature(key));
    }
}
