// Signatures: what OpenSSL makes for us is checked by Botan, and everything bent is refused.
#include "unit/unit.hpp"

#include <botan/pk_keys.h>
#include <botan/pubkey.h>
#include <botan/x509_key.h>

#include <idchip/crypto/key.hpp>

using namespace idchip;
using namespace idchip::test;
using crypto::Curve;
using crypto::HashAlg;
using crypto::PrivateKey;
using crypto::Scheme;
using crypto::SignatureAlgorithm;

namespace {

constexpr HashAlg hashes[] = {HashAlg::sha1, HashAlg::sha224, HashAlg::sha256, HashAlg::sha384, HashAlg::sha512};
constexpr std::size_t curve_count = static_cast<std::size_t>(Curve::bp512r1) + 1;

const PrivateKey& rsa_key() {
    static const auto key = good(PrivateKey::generate_rsa(2048));
    return key;
}
const PrivateKey& ec_key() {
    static const auto key = good(PrivateKey::generate_ec(Curve::p256));
    return key;
}
const SignatureAlgorithm ecdsa{Scheme::ecdsa, HashAlg::sha256, HashAlg::sha256, 32, false};

bool botan_verifies(const crypto::PublicKey& key, const SignatureAlgorithm& a, ByteView message, ByteView signature) {
    const auto spki = key.to_spki(crypto::EcEncoding::named);
    const std::unique_ptr<Botan::Public_Key> loaded(Botan::X509::load_key(spki));
    const std::string hash(crypto::name(a.hash));
    const auto padding = a.scheme == Scheme::ecdsa       ? "EMSA1(" + hash + ")"
                         : a.scheme == Scheme::rsa_pkcs1 ? "EMSA3(" + hash + ")"
                                                         : "EMSA4(" + hash + ",MGF1," + std::to_string(a.salt_length) + ")";
    const auto format = static_cast<Botan::Signature_Format>(a.scheme == Scheme::ecdsa ? 1 : 0);  // DER and plain, in Botan 2 and 3
    Botan::PK_Verifier verifier(*loaded, padding, format);
    verifier.update(message.data(), message.size());
    return verifier.check_signature(signature.data(), signature.size());
}

Bytes signature_of(ByteView r, ByteView s) { return der::sequence_of({r, s}); }

std::pair<Bytes, Bytes> split_signature(ByteView signature) {
    tlv::Reader outer(signature, tlv::Rules::der);
    auto in = outer.enter(good(outer.expect(der::sequence)));
    auto r = to_bytes(good(der::read_big_integer(in)));
    auto s = to_bytes(good(der::read_big_integer(in)));
    return {std::move(r), std::move(s)};
}

std::string check(const crypto::PublicKey& key, const SignatureAlgorithm& a, ByteView message, ByteView signature) {
    return error_of(key.verify(a, message, signature));
}

}  // namespace

TEST_CASE("ECDSA signs and verifies on every curve with every hash, and Botan agrees", "[crypto]") {
    const auto message = bytes_of("content that was signed");
    for (std::size_t i = 0; i < curve_count; ++i) {
        const auto key = good(PrivateKey::generate_ec(static_cast<Curve>(i)));
        for (const auto hash : hashes) {
            const SignatureAlgorithm a{Scheme::ecdsa, hash, hash, 0, false};
            CAPTURE(key.public_key().info().text(), a.text());
            const auto signature = good(key.sign(a, message));
            CHECK(check(key.public_key(), a, message, signature) == "none");
            CHECK(botan_verifies(key.public_key(), a, message, signature));
            CHECK(check(key.public_key(), a, bytes_of("other content"), signature) == "crypto.bad_signature");
            CHECK(check(good(PrivateKey::generate_ec(static_cast<Curve>(i))).public_key(), a, message, signature) ==
                  "crypto.bad_signature");
        }
    }
}

TEST_CASE("RSA signs and verifies with every scheme and hash, and Botan agrees", "[crypto]") {
    const auto message = bytes_of("content that was signed");
    for (const auto hash : hashes) {
        const auto salt = crypto::digest_size(hash);
        for (const SignatureAlgorithm& a :
             {SignatureAlgorithm{Scheme::rsa_pkcs1, hash, hash, 0, false}, SignatureAlgorithm{Scheme::rsa_pss, hash, hash, salt, false},
              SignatureAlgorithm{Scheme::rsa_pss, hash, hash, 0, false}, SignatureAlgorithm{Scheme::rsa_pss, hash, hash, 20, false}}) {
            CAPTURE(a.text());
            const auto signature = good(rsa_key().sign(a, message));
            CHECK(signature.size() == 256);
            CHECK(check(rsa_key().public_key(), a, message, signature) == "none");
            CHECK(botan_verifies(rsa_key().public_key(), a, message, signature));
            CHECK(check(rsa_key().public_key(), a, bytes_of("other"), signature) == "crypto.bad_signature");
        }
    }
}

TEST_CASE("a PSS signature verifies with the parameters it was made with only", "[crypto]") {
    const SignatureAlgorithm a{Scheme::rsa_pss, HashAlg::sha256, HashAlg::sha256, 32, false};
    const auto signature = good(rsa_key().sign(a, as_bytes("m")));
    const auto with = [&](auto change) {
        auto other = a;
        change(other);
        return check(rsa_key().public_key(), other, as_bytes("m"), signature);
    };
    CHECK(with([](auto&) {}) == "none");
    CHECK(with([](auto& x) { x.salt_length = 20; }) == "crypto.bad_signature");
    CHECK(with([](auto& x) { x.salt_length = 500; }) != "none");
    CHECK(with([](auto& x) { x.mgf_hash = HashAlg::sha1; }) == "crypto.bad_signature");
    CHECK(with([](auto& x) { x.hash = HashAlg::sha1; }) == "crypto.bad_signature");
    CHECK(with([](auto& x) { x.scheme = Scheme::rsa_pkcs1; }) == "crypto.bad_signature");
    // Another hash in the mask than in the message: unusual, legal.
    const SignatureAlgorithm mixed{Scheme::rsa_pss, HashAlg::sha256, HashAlg::sha1, 32, false};
    CHECK(check(rsa_key().public_key(), mixed, as_bytes("m"), good(rsa_key().sign(mixed, as_bytes("m")))) == "none");
}

TEST_CASE("a key of the wrong type neither signs nor verifies", "[crypto]") {
    for (const auto scheme : {Scheme::rsa_pkcs1, Scheme::rsa_pss}) {
        const SignatureAlgorithm a{scheme};
        CHECK(error_of(ec_key().sign(a, as_bytes("m"))) == "crypto.bad_key");
        CHECK(check(ec_key().public_key(), a, as_bytes("m"), Bytes(256)) == "crypto.bad_key");
    }
    CHECK(error_of(rsa_key().sign(ecdsa, as_bytes("m"))) == "crypto.bad_key");
    CHECK(check(rsa_key().public_key(), ecdsa, as_bytes("m"), Bytes(70)) == "crypto.bad_key");
}

TEST_CASE("an algorithm without a hash is refused until someone states the hash", "[crypto]") {
    auto a = ecdsa;
    const auto signature = good(ec_key().sign(a, as_bytes("m")));
    a.hash_unstated = true;
    CHECK(check(ec_key().public_key(), a, as_bytes("m"), signature) == "crypto.unsupported");
    CHECK(error_of(ec_key().sign(a, as_bytes("m"))) == "crypto.unsupported");
}

TEST_CASE("every single changed bit of a signature or a message is seen", "[crypto]") {
    auto message = bytes_of("m");
    for (const auto* key : {&ec_key(), &rsa_key()}) {
        const SignatureAlgorithm a{key == &ec_key() ? Scheme::ecdsa : Scheme::rsa_pkcs1};
        const auto signature = good(key->sign(a, message));
        for (std::size_t bit = 0; bit < 8 * signature.size(); ++bit) {
            auto bent = signature;
            bent[bit / 8] = static_cast<Byte>(bent[bit / 8] ^ (1U << bit % 8));
            REQUIRE(check(key->public_key(), a, message, bent) == "crypto.bad_signature");
        }
        for (std::size_t n = 0; n < signature.size(); ++n)
            REQUIRE(check(key->public_key(), a, message, ByteView(signature).first(n)) == "crypto.bad_signature");
        auto longer = signature;
        longer.push_back(0);
        CHECK(check(key->public_key(), a, message, longer) == "crypto.bad_signature");
    }
}

TEST_CASE("r and s of an ECDSA signature must lie between one and the order", "[crypto]") {
    const auto message = bytes_of("m");
    const auto [r, s] = split_signature(good(ec_key().sign(ecdsa, message)));
    const auto order = crypto::parameters(Curve::p256).order;
    const auto unsigned_of = [](ByteView b) { return der::write_unsigned(b); };
    const auto right_r = unsigned_of(r);
    const auto right_s = unsigned_of(s);
    REQUIRE(check(ec_key().public_key(), ecdsa, message, signature_of(right_r, right_s)) == "none");
    auto above = order;
    above.back() = static_cast<Byte>(above.back() + 1U);
    const auto zero = der::write_integer(0);
    for (const auto& wrong : {zero, der::write_integer(1), der::write_integer(-1), unsigned_of(order), unsigned_of(above),
                              unsigned_of(Bytes(32, 0xFF)), unsigned_of(Bytes(200, 0x77))}) {
        CHECK(check(ec_key().public_key(), ecdsa, message, signature_of(wrong, right_s)) == "crypto.bad_signature");
        CHECK(check(ec_key().public_key(), ecdsa, message, signature_of(right_r, wrong)) == "crypto.bad_signature");
        CHECK(check(ec_key().public_key(), ecdsa, message, signature_of(wrong, wrong)) == "crypto.bad_signature");  // CVE-2022-21449
    }
    // r + n means the same number to a careless implementation.
    Bytes sum(33);
    unsigned carry = 0;
    const auto plain_r = r.size() == 33 ? to_bytes(ByteView(r).subspan(1)) : concat({Bytes(32 - r.size()), r});
    for (std::size_t i = 32; i-- > 0;) {
        carry += static_cast<unsigned>(plain_r[i]) + order[i];
        sum[i + 1] = static_cast<Byte>(carry);
        carry >>= 8U;
    }
    sum[0] = static_cast<Byte>(carry);
    CHECK(check(ec_key().public_key(), ecdsa, message, signature_of(unsigned_of(sum), right_s)) == "crypto.bad_signature");
}

TEST_CASE("an ECDSA signature in other than its DER form is refused", "[crypto]") {
    const auto message = bytes_of("m");
    const auto signature = good(ec_key().sign(ecdsa, message));
    const auto [r, s] = split_signature(signature);
    const auto body = ByteView(signature).subspan(2);
    const auto refused = [&](const Bytes& bytes) { return check(ec_key().public_key(), ecdsa, message, bytes); };
    CHECK(refused(concat({Bytes{0x30, 0x81, static_cast<Byte>(body.size())}, body})) == "crypto.bad_signature");  // long length
    CHECK(refused(concat({Bytes{0x30, 0x80}, body, Bytes{0, 0}})) == "crypto.bad_signature");                     // indefinite
    CHECK(refused(signature_of(tlv::element(der::integer, concat({Bytes{0}, r})), der::write_unsigned(s))) == "crypto.bad_signature");
    CHECK(refused(der::sequence_of({body, der::write_null()})) == "crypto.bad_signature");
    CHECK(refused(concat({r, s})) == "crypto.bad_signature");  // plain r || s
    CHECK(refused({}) == "crypto.bad_signature");
}

TEST_CASE("algorithm identifiers survive encoding", "[crypto]") {
    for (const auto hash : hashes)
        for (const auto scheme : {Scheme::ecdsa, Scheme::rsa_pkcs1, Scheme::rsa_pss}) {
            const SignatureAlgorithm a{scheme, hash, hash, crypto::digest_size(hash), false};
            const auto bytes = a.encode();
            CHECK(good(SignatureAlgorithm::parse(good(tlv::parse_single(bytes, tlv::Rules::der)))) == a);
        }
    CHECK(to_hex(ecdsa.encode()) == "300A06082A8648CE3D040302");
    CHECK(to_hex(SignatureAlgorithm{Scheme::rsa_pkcs1}.encode()) == "300D06092A864886F70D01010B0500");
    // As OpenSSL writes RSASSA-PSS with SHA-256.
    CHECK(
        to_hex(SignatureAlgorithm{Scheme::rsa_pss}.encode()) ==
        "304106092A864886F70D01010A3034A00F300D06096086480165030402010500A11C301A06092A864886F70D010108300D06096086480165030402010500A203020120");
    CHECK(ecdsa.text() == "ECDSA with SHA-256");
    CHECK(SignatureAlgorithm{Scheme::rsa_pss}.text() == "RSASSA-PSS with SHA-256, salt 32");
}

TEST_CASE("parameters of PSS have the defaults of RFC 4055 and their limits", "[crypto]") {
    const auto parse = [](const Bytes& parameters) {
        const auto bytes = der::sequence_of({der::write(der::Oid("1.2.840.113549.1.1.10")), parameters});
        return SignatureAlgorithm::parse(good(tlv::parse_single(bytes, tlv::Rules::der)));
    };
    const auto tagged = [](unsigned n, const Bytes& b) { return tlv::element(der::context_constructed(n), b); };
    const SignatureAlgorithm defaults{Scheme::rsa_pss, HashAlg::sha1, HashAlg::sha1, 20, false};
    CHECK(good(parse({})) == defaults);
    CHECK(good(parse(der::sequence_of({}))) == defaults);
    CHECK(good(parse(der::sequence_of({tagged(2, der::write_integer(32))}))).salt_length == 32);
    CHECK(good(parse(der::sequence_of({tagged(3, der::write_integer(1))}))) == defaults);
    CHECK(error_of(parse(der::sequence_of({tagged(3, der::write_integer(2))}))) == "crypto.unsupported");
    CHECK(error_of(parse(der::sequence_of({tagged(2, der::write_integer(-1))}))) == "crypto.unsupported");
    CHECK(error_of(parse(der::sequence_of({tagged(2, der::write_integer(100'000))}))) == "crypto.unsupported");
    CHECK(error_of(parse(der::sequence_of({tagged(1, der::sequence_of({der::write(der::Oid("1.2.3"))}))}))) == "crypto.unsupported");
    CHECK(error_of(parse(der::sequence_of({tagged(0, der::sequence_of({der::write(der::Oid("1.2.840.113549.2.5"))}))}))) ==
          "crypto.unsupported");
    CHECK(error_of(parse(der::sequence_of({tagged(2, der::write_integer(20)),
                                           tagged(0, der::sequence_of({der::write(crypto::oid(HashAlg::sha1))}))}))) == "tlv.trailing");
    CHECK(error_of(parse(der::write_null())) == "tlv.unexpected");
}

TEST_CASE("bare key algorithms leave the hash open, unknown ones are named", "[crypto]") {
    const auto parse = [](std::string_view dotted) {
        const auto bytes = der::sequence_of({der::write(der::Oid(dotted)), der::write_null()});
        return SignatureAlgorithm::parse(good(tlv::parse_single(bytes, tlv::Rules::der)));
    };
    CHECK(good(parse("1.2.840.113549.1.1.1")).hash_unstated);
    CHECK(good(parse("1.2.840.113549.1.1.1")).scheme == Scheme::rsa_pkcs1);
    CHECK(good(parse("1.2.840.10045.2.1")).hash_unstated);
    CHECK(good(parse("1.2.840.10045.2.1")).scheme == Scheme::ecdsa);
    CHECK(parse("1.2.840.113549.1.1.4").error().detail == "signature with hash MD5");
    CHECK(parse("1.3.101.112").error().detail == "signature algorithm 1.3.101.112");
    CHECK(error_of(parse("1.3.101.112")) == "crypto.unsupported");
}
