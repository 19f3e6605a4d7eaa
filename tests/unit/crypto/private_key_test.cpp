#include "unit/unit.hpp"

#include <memory>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <idchip/crypto/key.hpp>

using namespace idchip;
using namespace idchip::test;
using crypto::Curve;
using crypto::PrivateKey;

namespace {

using Pkey = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Bio = std::unique_ptr<BIO, decltype(&BIO_free_all)>;

// The PEM that OpenSSL writes: PKCS#8, or the older form of each key type.
std::string openssl_pem(EVP_PKEY* key, bool traditional) {
    const Bio bio(BIO_new(BIO_s_mem()), BIO_free_all);
    const int ok = traditional ? PEM_write_bio_PrivateKey_traditional(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr)
                               : PEM_write_bio_PKCS8PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
    REQUIRE(ok == 1);
    std::string text(16'384, '\0');
    const int n = BIO_read(bio.get(), text.data(), static_cast<int>(text.size()));
    REQUIRE(n > 0);
    text.resize(static_cast<std::size_t>(n));
    return text;
}

}  // namespace

TEST_CASE("a private key survives its PEM, plain and encrypted", "[crypto]") {
    const auto rsa = good(PrivateKey::generate_rsa(2048));
    const auto ec = good(PrivateKey::generate_ec(Curve::bp256r1));
    for (const auto* key : {&rsa, &ec})
        for (const auto* passphrase : {"", "a passphrase", "Mật khẩu"}) {
            const auto pem = good(key->to_pem(passphrase));
            const bool encrypted = *passphrase != '\0';
            CHECK(pem.starts_with(encrypted ? "-----BEGIN ENCRYPTED PRIVATE KEY-----" : "-----BEGIN PRIVATE KEY-----"));
            const auto back = good(PrivateKey::from_pem(pem, passphrase));
            CHECK(back.public_key().to_spki(crypto::EcEncoding::named) == key->public_key().to_spki(crypto::EcEncoding::named));
            const crypto::SignatureAlgorithm algorithm{key == &rsa ? crypto::Scheme::rsa_pss : crypto::Scheme::ecdsa};
            const auto signature = good(back.sign(algorithm, as_bytes("message")));
            CHECK(error_of(key->public_key().verify(algorithm, as_bytes("message"), signature)) == "none");
        }
}

TEST_CASE("an encrypted key opens with its passphrase only, and never asks at a terminal", "[crypto]") {
    const auto pem = good(good(PrivateKey::generate_ec(Curve::p256)).to_pem("right"));
    for (const auto* wrong : {"", "Right", "right ", "righ"}) CHECK(error_of(PrivateKey::from_pem(pem, wrong)) == "crypto.bad_key");
    // No trace of the plain key stands in the encrypted text.
    CHECK(pem.find("BEGIN PRIVATE KEY") == std::string::npos);
}

TEST_CASE("what is no private key is refused", "[crypto]") {
    const auto pem = good(good(PrivateKey::generate_ec(Curve::p256)).to_pem());
    for (const auto& text : {std::string(), std::string("rubbish"), std::string("-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n"),
                             std::string("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"), pem.substr(0, pem.size() / 2)})
        CHECK(error_of(PrivateKey::from_pem(text)) == "crypto.bad_key");
    const Pkey ed25519(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"), EVP_PKEY_free);
    CHECK(error_of(PrivateKey::from_pem(openssl_pem(ed25519.get(), false))) == "crypto.unsupported");
    const Pkey koblitz(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "secp256k1"), EVP_PKEY_free);
    CHECK(error_of(PrivateKey::from_pem(openssl_pem(koblitz.get(), false))) == "crypto.unsupported");
    const Pkey weak(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{768}), EVP_PKEY_free);
    CHECK(error_of(PrivateKey::from_pem(openssl_pem(weak.get(), false))) == "crypto.bad_key");
}

TEST_CASE("keys written by OpenSSL are read in every form it knows", "[crypto]") {
    for (const bool traditional : {false, true}) {
        CAPTURE(traditional);
        const Pkey rsa(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{1024}), EVP_PKEY_free);
        CHECK(good(PrivateKey::from_pem(openssl_pem(rsa.get(), traditional))).public_key().info().bits == 1024);
        for (const auto* encoding : {"named_curve", "explicit"})
            for (const auto* format : {"uncompressed", "compressed"}) {
                CAPTURE(encoding, format);
                const Pkey ec(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "brainpoolP384r1"), EVP_PKEY_free);
                EVP_PKEY_set_utf8_string_param(ec.get(), OSSL_PKEY_PARAM_EC_ENCODING, encoding);
                EVP_PKEY_set_utf8_string_param(ec.get(), OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT, format);
                CHECK(good(PrivateKey::from_pem(openssl_pem(ec.get(), traditional))).public_key().info().curve == Curve::bp384r1);
            }
    }
}

TEST_CASE("two generated keys are different keys", "[crypto]") {
    for (const auto curve : {Curve::p192, Curve::p521, Curve::bp320r1})
        CHECK(good(PrivateKey::generate_ec(curve)).public_key().info().point !=
              good(PrivateKey::generate_ec(curve)).public_key().info().point);
    CHECK_FALSE(PrivateKey::generate_rsa(256));
}
