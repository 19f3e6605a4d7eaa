// The wrapper over a real token: SoftHSM2, initialised by each test in a folder of its own.
#include "pkcs11/soft_token.hpp"

#include <atomic>
#include <thread>

using namespace idchip;
using namespace idchip::test;
using crypto::Curve;
using crypto::HashAlg;
using crypto::Scheme;
using crypto::SignatureAlgorithm;

#ifdef IDCHIP_SOFTHSM

namespace {

SignatureAlgorithm ecdsa(HashAlg hash) { return {Scheme::ecdsa, hash, hash, crypto::digest_size(hash), false}; }
SignatureAlgorithm rsa(Scheme scheme, HashAlg hash) { return {scheme, hash, hash, crypto::digest_size(hash), false}; }

void check_signs(const crypto::SigningKey& key, const SignatureAlgorithm& algorithm) {
    const auto message = bytes_of("EF.SOD, or something like it");
    CAPTURE(key.public_key().info().text(), algorithm.text());
    const auto signature = good(key.sign(algorithm, message));
    CHECK(error_of(key.public_key().verify(algorithm, message, signature)) == "none");
}

}  // namespace

TEST_CASE("keys of every kind sign in a token, as their public halves say", "[pkcs11]") {
    const SoftToken soft;
    const auto token = good(SoftToken::open());
    for (const auto curve : {Curve::p256, Curve::p384, Curve::p521, Curve::bp256r1, Curve::bp384r1, Curve::bp512r1}) {
        const auto key = good(token->generate_ec(curve, "ec-" + std::string(name(curve))));
        CHECK(key->public_key().info().curve == curve);
        for (const auto hash : {HashAlg::sha224, HashAlg::sha256, HashAlg::sha384, HashAlg::sha512}) check_signs(*key, ecdsa(hash));
        CHECK(error_of(key->sign(rsa(Scheme::rsa_pss, HashAlg::sha256), bytes_of("x"))) == "crypto.bad_key");
    }
    const auto key = good(token->generate_rsa(2048, "rsa"));
    for (const auto scheme : {Scheme::rsa_pkcs1, Scheme::rsa_pss})
        for (const auto hash : {HashAlg::sha224, HashAlg::sha256, HashAlg::sha384, HashAlg::sha512}) check_signs(*key, rsa(scheme, hash));
    CHECK(good(token->keys()).size() == 7);
}

TEST_CASE("a key is found by label or id, and only where one fits", "[pkcs11]") {
    const SoftToken soft;
    crypto::PublicKeyInfo made;
    {
        const auto token = good(SoftToken::open());
        made = good(token->generate_ec(Curve::bp256r1, "ds-1"))->public_key().info();
        good(token->generate_ec(Curve::p256, "ds-2"));
        CHECK(error_of(token->generate_ec(Curve::p256, "ds-1")) == "io.exists");
    }
    const auto token = good(SoftToken::open());  // the library was unloaded between
    CHECK(good(token->key(SoftToken::uri("ds-1")))->public_key().info().point == made.point);
    for (const auto& entry : good(token->keys())) {
        auto by_id = SoftToken::uri();
        by_id.id = entry.id;
        CHECK(good(token->key(by_id))->public_key().info().point == entry.public_key->info().point);
    }
    CHECK(error_of(token->key(SoftToken::uri("ds-3"))) == "token.not_found");
    CHECK(error_of(token->key(SoftToken::uri())) == "token.not_found");  // two fit
    SECTION("a certificate of another key does not pass") {
        const auto other = good(token->key(SoftToken::uri("ds-2")))->public_key();
        CHECK(error_of(token->key(SoftToken::uri("ds-1"), other)) == "token.refused");
    }
}

TEST_CASE("a wrong PIN is told, and is not tried again", "[pkcs11]") {
    const SoftToken soft;
    int asked = 0;
    const auto wrong = [&]() -> Result<Secret> {
        ++asked;
        return Secret(as_bytes("000000"));
    };
    const auto opened = pkcs11::Token::open(SoftToken::uri(), wrong);
    CHECK(error_of(opened) == "token.wrong_pin");
    CHECK(asked == 1);
    CHECK(opened.error().message().find("000000") == std::string::npos);
    CHECK(error_of(SoftToken::open()) == "none");
}

TEST_CASE("a module or token that is not there is told", "[pkcs11]") {
    const SoftToken soft;
    auto uri = SoftToken::uri();
    uri.token = "another";
    CHECK(error_of(pkcs11::Token::open(uri, SoftToken::pin())) == "token.not_found");
    uri.module_path = "/no/such/module.so";
    CHECK(error_of(pkcs11::Token::open(uri, SoftToken::pin())) == "token.no_module");
    uri.module_path = "/lib/x86_64-linux-gnu/libm.so.6";
    if (std::filesystem::exists(uri.module_path)) CHECK(error_of(pkcs11::Token::open(uri, SoftToken::pin())) == "token.no_module");
}

TEST_CASE("a token that is pulled out is lost, whatever it answers", "[pkcs11]") {
    const SoftToken soft;
    const auto token = good(SoftToken::open());
    const auto key = good(token->generate_ec(Curve::p256, "ds"));
    check_signs(*key, ecdsa(HashAlg::sha256));
    soft.pull();
    CHECK(error_of(key->sign(ecdsa(HashAlg::sha256), bytes_of("x"))) == "token.lost");
    CHECK(error_of(key->sign(ecdsa(HashAlg::sha256), bytes_of("x"))) == "token.lost");
}

TEST_CASE("threads sign at the same time, each in a session of its own", "[pkcs11]") {
    const SoftToken soft;
    const auto token = good(SoftToken::open());
    const auto key = good(token->generate_ec(Curve::p256, "ds"));
    std::atomic<int> right = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < 8; ++t)
        threads.emplace_back([&, t] {
            for (int i = 0; i < 25; ++i) {
                const auto message = bytes_of(std::to_string(t) + "/" + std::to_string(i));
                const auto signature = key->sign(ecdsa(HashAlg::sha256), message);
                if (signature && key->public_key().verify(ecdsa(HashAlg::sha256), message, *signature)) ++right;
            }
        });
    for (auto& thread : threads) thread.join();
    CHECK(right == 200);
}

#endif
