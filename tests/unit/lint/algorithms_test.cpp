// Signature algorithms and public keys: Doc 9303-12, 4.1.6 to 4.1.8.
#include "lint/cases.hpp"
#include "lint/maker.hpp"
#include "unit.hpp"

namespace idchip::lint::cases {

using namespace maker;
using namespace test;
using crypto::Curve;
using crypto::HashAlg;
using crypto::Scheme;
using tlv::element;

namespace {

// A root with this key, and the same with another algorithm.
Certificate root_of(const crypto::PrivateKey& key) {
    auto c = root();
    static_cast<Signed&>(c) = Signed(key);
    c.spki = key.public_key().to_spki(crypto::EcEncoding::explicit_parameters);
    c.set(id::ski, der::write_octet_string(pki::key_id(key.public_key())));
    c.set(id::aki, key_reference(pki::key_id(key.public_key())));
    return c;
}
std::function<Bytes()> root_with_key(const crypto::PrivateKey& key) {
    return [&key] { return root_of(key).der(); };
}
std::function<Bytes()> rsa_root(Scheme scheme, HashAlg hash) {
    return [=] {
        auto c = root_of(rsa_key("csca", 3072));
        c.algorithm = algorithm(scheme, hash);
        return c.der();
    };
}
std::function<Bytes()> pss_root(HashAlg mgf, std::size_t salt) {
    return [=] {
        auto c = root_of(rsa_key("csca", 3072));
        c.algorithm = {Scheme::rsa_pss, HashAlg::sha256, mgf, salt, false};
        return c.der();
    };
}

// What a document signer's certificate says of its key; nobody signs with it.
std::function<Bytes()> signer_with(const Bytes& spki) {
    return edited(document_signer, [spki](auto& c) {
        c.spki = spki;
        c.drop(id::ski);
    });
}
std::function<Bytes()> signer_of(const crypto::PrivateKey& key) {
    return signer_with(key.public_key().to_spki(crypto::EcEncoding::explicit_parameters));
}

// A document signer whose certificate states this algorithm, whatever signed it.
std::function<Bytes()> stating(const Bytes& algorithm) {
    return edited(document_signer, [algorithm](auto& c) { c.outer = algorithm; });
}

Bytes rsa_spki(ByteView modulus, ByteView exponent, ByteView parameters = der::write_null()) {
    const auto key = der::sequence_of({der::write_unsigned(modulus), der::write_unsigned(exponent)});
    return der::sequence_of({der::sequence_of({oid("1.2.840.113549.1.1.1"), parameters}), der::write_bit_string(key)});
}
const Bytes& modulus() {
    static const auto n = rsa_key("ds", 2048).public_key().info().n;
    return n;
}
const Bytes& point() {
    static const auto p = ds_key().public_key().info().point;
    return p;
}
Bytes compressed() {
    Bytes p{static_cast<Byte>(2 + (point().back() & 1U))};
    append(p, ByteView(point()).subspan(1, 32));
    return p;
}

// RSASSA-PSS-params with SHA-256 and a last field.
Bytes pss_with(ByteView last) {
    const auto sha256 = der::sequence_of({oid("2.16.840.1.101.3.4.2.1"), der::write_null()});
    const auto mgf = der::sequence_of({oid("1.2.840.113549.1.1.8"), sha256});
    const auto salt = element(0xA2, der::write_integer(32));
    return identifier("1.2.840.113549.1.1.10", sequence({element(0xA0, sha256), element(0xA1, mgf), salt, to_bytes(last)}));
}

// The two numbers side by side, as some issuers write them (ISO/IEC 14888-3).
void make_plain(Bytes& signature) { signature = Bytes(96, 0x11); }

constexpr auto ecdsa_sha256 = "1.2.840.10045.4.3.2", rsa_sha256 = "1.2.840.113549.1.1.11", md5_rsa = "1.2.840.113549.1.1.4",
               bare_rsa = "1.2.840.113549.1.1.1", dsa_sha256 = "2.16.840.1.101.3.4.3.2", ed25519 = "1.3.101.112", dsa = "1.2.840.10040.4.1";

}  // namespace

Cases algorithm_cases() {
    return {
        {"sig.algorithms_differ", "another one is signed", edited(root, [](auto& c) { c.inner = identifier(ecdsa_sha256); }), clean(root)},
        {"sig.wrong", "one bit of the signature", edited(root, [](auto& c) { c.edit_signature = [](Bytes& s) { s.back() ^= 1; }; }),
         clean(root)},
        {"sig.ecdsa_form", "the two numbers side by side", edited(document_signer, [](auto& c) { c.edit_signature = make_plain; }),
         clean(document_signer)},
        {"alg.unknown", "Ed25519", stating(identifier(ed25519)), clean(document_signer)},
        {"alg.unknown", "bare rsaEncryption", stating(identifier(bare_rsa, der::write_null())), clean(document_signer)},
        {"alg.hash", "SHA-1",
         [] {
             auto c = document_signer();
             c.algorithm = algorithm(Scheme::ecdsa, HashAlg::sha1);
             return c.der();
         },
         edited(document_signer, [](auto& c) { c.algorithm = algorithm(Scheme::ecdsa, HashAlg::sha224); })},
        {"alg.hash", "MD5", stating(identifier(md5_rsa, der::write_null())), clean(document_signer)},
        {"alg.parameters", "ECDSA with NULL", stating(identifier(ecdsa_sha256, der::write_null())), stating(identifier(ecdsa_sha256))},
        {"alg.parameters",
         "PKCS#1 without NULL",
         stating(identifier(rsa_sha256)),
         stating(identifier(rsa_sha256, der::write_null())),
         {"alg.pkcs1"},
         {"alg.pkcs1"}},
        {"alg.key_mismatch", "a root with a curve that states RSA", edited(root, [](auto& c) { c.outer = pss_with({}); }), clean(root)},
        {"alg.pkcs1", "PKCS#1 v1.5", rsa_root(Scheme::rsa_pkcs1, HashAlg::sha256), rsa_root(Scheme::rsa_pss, HashAlg::sha256)},
        {"alg.pss_mgf", "MGF1 with SHA-512", pss_root(HashAlg::sha512, 32), pss_root(HashAlg::sha256, 32)},
        {"alg.pss_mgf", "MGF1 with SHA-1", pss_root(HashAlg::sha1, 32), pss_root(HashAlg::sha256, 32), {"alg.hash"}},
        {"alg.pss_salt", "a salt of 31 bytes", pss_root(HashAlg::sha256, 31), pss_root(HashAlg::sha256, 32)},
        {"der.default", "the trailer field of RSASSA-PSS", stating(pss_with(element(0xA3, der::write_integer(1)))), stating(pss_with({}))},
        {"alg.dsa", "a DSA signature", stating(identifier(dsa_sha256)), clean(document_signer)},
        {"alg.dsa", "a DSA key", signer_with(der::sequence_of({identifier(dsa), der::write_bit_string(der::write_integer(5))})),
         clean(document_signer)},
        {"alg.weaker", "P-384 with SHA-256",
         [] {
             auto c = root();
             c.algorithm = algorithm(Scheme::ecdsa, HashAlg::sha256);
             return c.der();
         },
         edited(root, [](auto& c) { c.algorithm = algorithm(Scheme::ecdsa, HashAlg::sha384); })},
        {"alg.weaker", "P-521 with SHA-384",
         [] {
             auto c = root_of(ec_key("p521", Curve::p521));
             c.algorithm = algorithm(Scheme::ecdsa, HashAlg::sha384);
             return c.der();
         },
         root_with_key(ec_key("p521", Curve::p521))},
    };
}

Cases key_cases() {
    const auto full = written_out(Curve::p256);
    return {
        {"key.algorithm", "Ed25519", signer_with(der::sequence_of({identifier(ed25519), der::write_bit_string(Bytes(32, 1))})),
         clean(document_signer)},
        {"key.unusable", "a point beside the curve",
         [] {
             auto away = point();
             away.back() ^= 1;
             return signer_with(ec_spki(written_out(Curve::p256), away))();
         },
         signer_with(ec_spki(full, point()))},
        {"key.unusable", "the parameters of no curve",
         [full] {
             auto other = full;
             other[40] ^= 1;  // a byte of the prime
             return signer_with(ec_spki(other, point()))();
         },
         signer_with(ec_spki(full, point()))},
        {"key.unusable", "no key in the SubjectPublicKeyInfo", signer_with(sequence({identifier(dsa)})), clean(document_signer)},
        {"key.rsa_small", "1024 bits", signer_of(rsa_key("small", 1024)), signer_of(rsa_key("ds", 2048))},
        {"key.rsa_csca", "2048 bits", root_with_key(rsa_key("ds", 2048)), root_with_key(rsa_key("csca", 3072))},
        {"key.rsa_exponent", "3", [] { return signer_with(rsa_spki(modulus(), Bytes{3}))(); },
         [] {
             return signer_with(rsa_spki(modulus(), Bytes{1, 0, 1}))();
         }},
        {"key.rsa_parameters", "none",
         [] {
             return signer_with(rsa_spki(modulus(), Bytes{1, 0, 1}, {}))();
         },
         [] {
             return signer_with(rsa_spki(modulus(), Bytes{1, 0, 1}))();
         }},
        {"key.ec_small", "P-192", signer_of(ec_key("p192", Curve::p192)), signer_of(ec_key("p224", Curve::p224))},
        {"key.ec_csca", "P-224", root_with_key(ec_key("p224", Curve::p224)), root_with_key(ec_key("bp256", Curve::bp256r1))},
        {"key.ec_named", "P-256 by its name", signer_with(ec_spki(oid("1.2.840.10045.3.1.7"), point())),
         signer_with(ec_spki(full, point()))},
        {"key.ec_implicit",
         "NULL",
         signer_with(ec_spki(der::write_null(), point())),
         signer_with(ec_spki(full, point())),
         {"key.unusable"}},
        {"key.ec_implicit", "nothing", signer_with(ec_spki({}, point())), signer_with(ec_spki(full, point())), {"key.unusable"}},
        {"key.ec_cofactor", "left out", signer_with(ec_spki(written_out(Curve::p256, false), point())),
         signer_with(ec_spki(full, point()))},
        {"key.ec_generator", "compressed", signer_with(ec_spki(written_out(Curve::p256, true, true), point())),
         signer_with(ec_spki(full, point()))},
        {"key.ec_point", "compressed", signer_with(ec_spki(full, compressed())), signer_with(ec_spki(full, point()))},
        {"key.not_ec", "an LDS2 signer with RSA",
         edited([] { return short_signer(id::lds2); },
                [](auto& c) {
                    c.spki = rsa_spki(modulus(), Bytes{1, 0, 1});
                }),
         clean([] { return short_signer(id::lds2); })},
        {"key.not_ec", "a bar code signer with RSA",
         edited([] { return short_signer(id::bar_code); },
                [](auto& c) {
                    c.spki = rsa_spki(modulus(), Bytes{1, 0, 1});
                }),
         edited(document_signer,
                [](auto& c) {
                    c.spki = rsa_spki(modulus(), Bytes{1, 0, 1});
                    c.drop(id::ski);
                })},
    };
}

}  // namespace idchip::lint::cases

using namespace idchip::lint;

TEST_CASE("signature algorithms: each rule is broken alone, and kept by a neighbour", "[lint]") { cases::run(cases::algorithm_cases()); }
TEST_CASE("public keys: each rule is broken alone, and kept by a neighbour", "[lint]") { cases::run(cases::key_cases()); }
