// SubjectPublicKeyInfo: keys made by OpenSSL must be read, forged ones refused.
#include "unit/unit.hpp"

#include <memory>

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <idchip/crypto/key.hpp>

using namespace idchip;
using namespace idchip::test;
using crypto::Curve;
using crypto::EcEncoding;
using crypto::PublicKey;

namespace {

constexpr std::size_t curve_count = static_cast<std::size_t>(Curve::bp512r1) + 1;
Curve curve_at(std::size_t i) { return static_cast<Curve>(i); }

using Pkey = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

// OpenSSL's own names, so that the table of curves is not compared with itself.
constexpr const char* openssl_names[] = {"prime192v1",      "secp224r1",       "prime256v1",      "secp384r1",
                                         "secp521r1",       "brainpoolP192r1", "brainpoolP224r1", "brainpoolP256r1",
                                         "brainpoolP320r1", "brainpoolP384r1", "brainpoolP512r1"};

Pkey openssl_ec(Curve curve, const char* encoding = nullptr, const char* point_format = nullptr) {
    Pkey key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", openssl_names[static_cast<std::size_t>(curve)]), EVP_PKEY_free);
    REQUIRE(key);
    if (encoding != nullptr) REQUIRE(EVP_PKEY_set_utf8_string_param(key.get(), OSSL_PKEY_PARAM_EC_ENCODING, encoding) == 1);
    if (point_format != nullptr)
        REQUIRE(EVP_PKEY_set_utf8_string_param(key.get(), OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT, point_format) == 1);
    return key;
}

Bytes openssl_spki(EVP_PKEY* key) {
    unsigned char* data = nullptr;
    const int size = i2d_PUBKEY(key, &data);
    REQUIRE(size > 0);
    Bytes bytes(data, data + size);
    OPENSSL_free(data);
    return bytes;
}

// The parts of explicit parameters, to be forged one by one.
struct Explicit {
    Bytes version = der::write_integer(1);
    Bytes field_type = der::write(der::Oid("1.2.840.10045.1.1"));
    Bytes p, a, b, generator, order;
    Bytes seed;      // optional BIT STRING
    Bytes cofactor;  // optional INTEGER
    Bytes after;
    Bytes point;
    explicit Explicit(Curve curve) {
        const auto& k = crypto::parameters(curve);
        p = der::write_unsigned(k.p);
        a = k.a;
        b = k.b;
        generator = concat({Bytes{4}, k.generator_x, k.generator_y});
        order = der::write_unsigned(k.order);
        cofactor = der::write_integer(static_cast<std::int64_t>(k.cofactor));
        point = generator;  // a point of the curve like any other
    }
    Bytes spki() const {
        const auto parameters = der::sequence_of({version, der::sequence_of({field_type, p}),
                                                  der::sequence_of({der::write_octet_string(a), der::write_octet_string(b), seed}),
                                                  der::write_octet_string(generator), order, cofactor, after});
        const auto algorithm = der::sequence_of({der::write(der::Oid("1.2.840.10045.2.1")), parameters});
        return der::sequence_of({algorithm, der::write_bit_string(point)});
    }
};

Bytes rsa_spki(ByteView modulus_integer, ByteView exponent_integer) {
    const auto key = der::sequence_of({modulus_integer, exponent_integer});
    return der::sequence_of(
        {der::sequence_of({der::write(der::Oid("1.2.840.113549.1.1.1")), der::write_null()}), der::write_bit_string(key)});
}

Bytes odd_modulus(std::size_t bits) {
    Bytes n(bits / 8, 0xC5);
    n.back() = 0x01;
    return n;
}

}  // namespace

TEST_CASE("curves are found by name and identifier, and sized as standards say", "[crypto]") {
    const std::size_t sizes[] = {24, 28, 32, 48, 66, 24, 28, 32, 40, 48, 64};
    for (std::size_t i = 0; i < curve_count; ++i) {
        const auto curve = curve_at(i);
        CAPTURE(crypto::name(curve));
        CHECK(crypto::curve_by_name(crypto::name(curve)) == curve);
        CHECK(crypto::curve_by_oid(crypto::oid(curve)) == curve);
        CHECK(crypto::field_size(curve) == sizes[i]);
        CHECK(OBJ_txt2nid(crypto::oid(curve).dotted().c_str()) == OBJ_sn2nid(openssl_names[i]));
        CHECK(crypto::parameters(curve).p.size() == sizes[i]);
        CHECK(crypto::parameters(curve).cofactor == 1);
    }
    CHECK_FALSE(crypto::curve_by_name("secp256k1"));
    CHECK_FALSE(crypto::curve_by_oid(der::Oid("1.3.132.0.10")));
}

TEST_CASE("P-256 and brainpoolP256r1 have the parameters of FIPS 186 and RFC 5639", "[crypto]") {
    const auto& nist = crypto::parameters(Curve::p256);
    CHECK(to_hex(nist.p) == "FFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF");
    CHECK(to_hex(nist.b) == "5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B");
    CHECK(to_hex(nist.generator_x) == "6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296");
    CHECK(to_hex(nist.order) == "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551");
    const auto& brainpool = crypto::parameters(Curve::bp256r1);
    CHECK(to_hex(brainpool.p) == "A9FB57DBA1EEA9BC3E660A909D838D726E3BF623D52620282013481D1F6E5377");
    CHECK(to_hex(brainpool.a) == "7D5A0975FC2C3057EEF67530417AFFE7FB8055C126DC5C6CE94A4B44F330B5D9");
    CHECK(to_hex(brainpool.generator_y) == "547EF835C3DAC4FD97F8461A14611DC9C27745132DED8E545C1D54C72F046997");
    CHECK(to_hex(brainpool.order) == "A9FB57DBA1EEA9BC3E660A909D838D718C397AA3B561A6F7901E0E82974856A7");
}

TEST_CASE("EC keys of OpenSSL are read on every curve, with named and explicit parameters, and written back byte by byte", "[crypto]") {
    for (std::size_t i = 0; i < curve_count; ++i)
        for (const bool named : {true, false}) {
            const auto curve = curve_at(i);
            CAPTURE(crypto::name(curve), named);
            const auto spki = openssl_spki(openssl_ec(curve, named ? "named_curve" : "explicit").get());
            const auto key = good(PublicKey::from_spki(spki));
            CHECK(key.info().type == crypto::KeyType::ec);
            CHECK(key.info().curve == curve);
            CHECK(key.info().encoding == (named ? EcEncoding::named : EcEncoding::explicit_parameters));
            CHECK(key.info().bits == (curve == Curve::p521 ? 521 : 8 * crypto::field_size(curve)));
            CHECK(key.to_spki(named ? EcEncoding::named : EcEncoding::explicit_parameters).size() <= spki.size());
            CHECK(good(PublicKey::from_spki(key.to_spki(EcEncoding::explicit_parameters))).info().point == key.info().point);
            if (named) CHECK(key.to_spki(EcEncoding::named) == spki);
            CHECK(key.info().text() == "EC " + std::string(crypto::name(curve)) + (named ? "" : " (explicit parameters)"));
        }
}

TEST_CASE("explicit parameters as we write them are read by OpenSSL as the named curve", "[crypto]") {
    for (std::size_t i = 0; i < curve_count; ++i) {
        const auto spki = Explicit(curve_at(i)).spki();
        const unsigned char* data = spki.data();
        const Pkey key(d2i_PUBKEY(nullptr, &data, static_cast<long>(spki.size())), EVP_PKEY_free);
        REQUIRE(key);
        char group[64] = {};
        REQUIRE(EVP_PKEY_get_utf8_string_param(key.get(), OSSL_PKEY_PARAM_GROUP_NAME, group, sizeof group, nullptr) == 1);
        CHECK(OBJ_txt2nid(group) == OBJ_sn2nid(openssl_names[i]));
        CHECK(good(PublicKey::from_spki(spki)).to_spki(EcEncoding::explicit_parameters) == spki);
    }
}

TEST_CASE("explicit parameters may have a compressed generator, a seed, short numbers, and no cofactor", "[crypto]") {
    for (std::size_t i = 0; i < curve_count; ++i) {
        const auto curve = curve_at(i);
        const auto& k = crypto::parameters(curve);
        CAPTURE(crypto::name(curve));
        Explicit e(curve);
        e.generator = concat({Bytes{static_cast<Byte>(2 + (k.generator_y.back() & 1U))}, k.generator_x});
        e.seed = der::write_bit_string(Bytes(20, 7));
        e.cofactor = {};
        CHECK(good(PublicKey::from_spki(e.spki())).info().curve == curve);
        while (e.a.size() > 1 && e.a[0] == 0) e.a.erase(e.a.begin());
        while (e.b.size() > 1 && e.b[0] == 0) e.b.erase(e.b.begin());
        CHECK(good(PublicKey::from_spki(e.spki())).info().curve == curve);
        e.generator[0] = static_cast<Byte>(e.generator[0] ^ 1U);  // the generator's negative is another generator
        CHECK(error_of(PublicKey::from_spki(e.spki())) == "crypto.bad_key");
    }
}

TEST_CASE("forged explicit parameters are refused, each one alone", "[crypto]") {
    const auto refused = [](const Explicit& e) { return error_of(PublicKey::from_spki(e.spki())); };
    for (const auto curve : {Curve::p256, Curve::bp256r1, Curve::p521}) {
        const Explicit right(curve);
        REQUIRE(refused(right) == "none");
        const auto& other = crypto::parameters(curve == Curve::bp256r1 ? Curve::p256 : Curve::bp256r1);
        auto e = right;
        e.generator = good(crypto::PrivateKey::generate_ec(curve)).public_key().info().point;  // CVE-2020-0601
        CHECK(refused(e) == "crypto.bad_key");
        e = right;
        e.p = der::write_unsigned(other.p);
        CHECK(refused(e) == "crypto.bad_key");
        e = right;
        e.a.back() = static_cast<Byte>(e.a.back() ^ 1U);
        CHECK(refused(e) == "crypto.bad_key");
        e = right;
        e.b.back() = static_cast<Byte>(e.b.back() ^ 1U);
        CHECK(refused(e) == "crypto.bad_key");
        e = right;
        e.order = der::write_unsigned(other.order);
        CHECK(refused(e) == "crypto.bad_key");
        for (const std::int64_t cofactor : {0, 2, -1}) {
            e = right;
            e.cofactor = der::write_integer(cofactor);
            CHECK(refused(e) == "crypto.bad_key");
        }
        e = right;
        e.generator = {0};
        CHECK(refused(e) == "crypto.bad_key");
        e = right;
        e.generator.push_back(0);
        CHECK(refused(e) == "crypto.bad_key");
        e = right;
        e.version = der::write_integer(4);
        CHECK(refused(e) == "crypto.bad_key");
        e = right;
        e.field_type = der::write(der::Oid("1.2.840.10045.1.2"));
        CHECK(refused(e) == "crypto.unsupported");
    }
}

TEST_CASE("a huge prime in explicit parameters is refused without arithmetic", "[crypto]") {
    Explicit e(Curve::p256);
    e.p = der::write_unsigned(Bytes(60'000, 0xFF));  // CVE-2022-0778 and CVE-2024-34703 took their time with such
    e.generator = concat({Bytes{2}, Bytes(60'000, 1)});
    CHECK(error_of(PublicKey::from_spki(e.spki())) == "crypto.bad_key");
}

TEST_CASE("points that are compressed, at infinity, cut or off the curve are refused", "[crypto]") {
    for (std::size_t i = 0; i < curve_count; ++i) {
        const auto curve = curve_at(i);
        const auto good_point = good(crypto::PrivateKey::generate_ec(curve)).public_key().info().point;
        const auto refused = [&](Bytes point) { return error_of(PublicKey::from_ec_point(curve, point)); };
        REQUIRE(refused(good_point) == "none");
        auto off = good_point;
        off.back() = static_cast<Byte>(off.back() ^ 1U);
        CHECK(refused(off) == "crypto.bad_key");
        auto compressed = to_bytes(ByteView(good_point).first(1 + crypto::field_size(curve)));
        compressed[0] = 2;
        CHECK(refused(compressed) == "crypto.bad_key");
        auto hybrid = good_point;
        hybrid[0] = 6;
        CHECK(refused(hybrid) == "crypto.bad_key");
        CHECK(refused({0}) == "crypto.bad_key");
        CHECK(refused({}) == "crypto.bad_key");
        CHECK(refused(to_bytes(ByteView(good_point).first(good_point.size() - 1))) == "crypto.bad_key");
        auto zero = Bytes(good_point.size());
        zero[0] = 4;
        CHECK(refused(zero) == "crypto.bad_key");
        auto beyond = Bytes(good_point.size(), 0xFF);  // coordinates larger than the prime
        beyond[0] = 4;
        CHECK(refused(beyond) == "crypto.bad_key");
    }
    const auto compressed = openssl_spki(openssl_ec(Curve::p256, "named_curve", "compressed").get());
    CHECK(error_of(PublicKey::from_spki(compressed)) == "crypto.bad_key");
}

TEST_CASE("RSA keys of OpenSSL are read and written back byte by byte", "[crypto]") {
    const Pkey key(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{2048}), EVP_PKEY_free);
    REQUIRE(key);
    const auto spki = openssl_spki(key.get());
    const auto read = good(PublicKey::from_spki(spki));
    CHECK(read.info().type == crypto::KeyType::rsa);
    CHECK(read.info().bits == 2048);
    CHECK(to_hex(read.info().e) == "010001");
    CHECK(read.info().text() == "RSA 2048");
    CHECK(read.to_spki(EcEncoding::named) == spki);
    // RFC 4055: the same key under id-RSASSA-PSS, with and without parameters.
    for (const auto& parameters : {Bytes(), der::sequence_of({})}) {
        const auto bits = der::write_bit_string(der::sequence_of({der::write_unsigned(read.info().n), der::write_unsigned(read.info().e)}));
        const auto pss = der::sequence_of({der::sequence_of({der::write(der::Oid("1.2.840.113549.1.1.10")), parameters}), bits});
        CHECK(good(PublicKey::from_spki(pss)).info().n == read.info().n);
    }
}

TEST_CASE("weak and absurd RSA keys are refused", "[crypto]") {
    const auto refused = [](ByteView n, ByteView e) {
        return error_of(PublicKey::from_spki(rsa_spki(der::write_unsigned(n), der::write_unsigned(e))));
    };
    CHECK(refused(odd_modulus(1024), "03"_hex) == "none");
    CHECK(refused(odd_modulus(1016), "03"_hex) == "crypto.bad_key");
    CHECK(refused(odd_modulus(512), "010001"_hex) == "crypto.bad_key");
    CHECK(refused(odd_modulus(16384), "010001"_hex) == "none");
    CHECK(refused(odd_modulus(16392), "010001"_hex) == "crypto.bad_key");
    auto even = odd_modulus(2048);
    even.back() = 0;
    CHECK(refused(even, "010001"_hex) == "crypto.bad_key");
    for (const auto* e : {"00", "01", "02", "010000"}) CHECK(refused(odd_modulus(2048), good(from_hex(e))) == "crypto.bad_key");
    CHECK(refused(odd_modulus(2048), Bytes(33, 0x33)) == "crypto.bad_key");
    CHECK(refused(odd_modulus(2048), "94F1"_hex) == "none");  // 38129 stands in real certificates
    // Negative numbers, as the INTEGER reads.
    const auto modulus = odd_modulus(2048);
    CHECK(error_of(PublicKey::from_spki(rsa_spki(tlv::element(der::integer, modulus), der::write_integer(3)))) == "crypto.bad_key");
    CHECK(error_of(PublicKey::from_spki(rsa_spki(der::write_unsigned(modulus), der::write_integer(-3)))) == "crypto.bad_key");
}

TEST_CASE("a SubjectPublicKeyInfo with anything left over or missing is refused", "[crypto]") {
    const auto right = Explicit(Curve::p256).spki();
    auto longer = right;
    longer.push_back(0);
    CHECK(error_of(PublicKey::from_spki(longer)) == "tlv.trailing");
    CHECK(error_of(PublicKey::from_spki({})) == "tlv.missing");
    for (std::size_t n = 1; n < right.size(); ++n) REQUIRE_FALSE(PublicKey::from_spki(ByteView(right).first(n)));
    const auto id = [](std::string_view dotted) { return der::write(der::Oid(dotted)); };
    const auto bits = der::write_bit_string(Bytes(32));
    CHECK(error_of(PublicKey::from_spki(der::sequence_of({der::sequence_of({id("1.3.101.112")}), bits}))) == "crypto.unsupported");
    CHECK(error_of(PublicKey::from_spki(der::sequence_of({der::sequence_of({id("1.2.840.10045.2.1")}), bits}))) == "tlv.missing");
    CHECK(error_of(PublicKey::from_spki(der::sequence_of({der::sequence_of({id("1.2.840.10045.2.1"), der::write_null()}), bits}))) ==
          "crypto.bad_key");
    CHECK(error_of(PublicKey::from_spki(der::sequence_of({der::sequence_of({id("1.2.840.10045.2.1"), id("1.3.132.0.10")}), bits}))) ==
          "crypto.unsupported");
    CHECK(error_of(PublicKey::from_spki(der::sequence_of(
              {der::sequence_of({id("1.2.840.10045.2.1"), id("1.3.132.0.34"), der::write_null()}),
               der::write_bit_string(good(crypto::PrivateKey::generate_ec(Curve::p384)).public_key().info().point)}))) == "tlv.trailing");
    CHECK(error_of(PublicKey::from_spki(der::sequence_of({der::sequence_of({id("1.2.840.113549.1.1.1"), der::write_null()}), bits}))) !=
          "none");
}
