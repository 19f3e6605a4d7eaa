// Active authentication between the two roles. Appendix F of Doc 9303-11, signatures of OpenSSL and what is not one are in
// test-vectors/aa.
#include "unit/unit.hpp"

#include <idchip/crypto/key_agreement.hpp>
#include <idchip/crypto/message_recovery.hpp>
#include <idchip/crypto/rsa.hpp>
#include <idchip/protocol/active_auth/active_auth.hpp>

using namespace idchip;
using namespace idchip::test;
using active_auth::Challenge;
using active_auth::EcdsaFormat;
using active_auth::Key;
using crypto::Curve;
using crypto::HashAlg;
using crypto::PrivateKey;
using iso7816::ResponseApdu;

namespace {

using Info = std::optional<lds::ActiveAuthenticationInfo>;

constexpr HashAlg all_hashes[] = {HashAlg::sha1, HashAlg::sha224, HashAlg::sha256, HashAlg::sha384, HashAlg::sha512};
constexpr Curve all_curves[] = {Curve::p192,    Curve::p224,    Curve::p256,    Curve::p384,    Curve::p521,   Curve::bp192r1,
                                Curve::bp224r1, Curve::bp256r1, Curve::bp320r1, Curve::bp384r1, Curve::bp512r1};

const PrivateKey& rsa(std::size_t bits) {
    static const auto k1024 = good(PrivateKey::generate_rsa(1024)), k2048 = good(PrivateKey::generate_rsa(2048));
    return bits == 1024 ? k1024 : k2048;
}

Key dg15(const PrivateKey& key, crypto::EcEncoding encoding = crypto::EcEncoding::named) {
    return good(Key::from_spki(key.public_key().to_spki(encoding)));
}

// ecdsa-plain-SHA1 and on
Info plain(HashAlg hash) {
    return lds::ActiveAuthenticationInfo{1, der::Oid("0.4.0.127.0.7.1.1.4.1." + std::to_string(static_cast<int>(hash) + 1))};
}

ResponseApdu answer(Bytes signature) { return {std::move(signature), 0x9000}; }

// A chip that answers the terminal's command.
struct Run {
    TestRng rng;
    Challenge challenge;
    explicit Run(std::uint64_t seed = 1) : rng(seed), challenge(Challenge::draw(rng)) {}
    Bytes sign(const PrivateKey& key, HashAlg hash, EcdsaFormat format = EcdsaFormat::plain) {
        return good(active_auth::sign(key, active_auth::internal_authenticate(challenge).data, hash, rng, format));
    }
    Result<active_auth::Proof> verify(const PrivateKey& key, const Info& info, const Bytes& signature) const {
        return active_auth::verify(dg15(key), info, challenge, answer(signature));
    }
    std::string notes(const PrivateKey& key, const Info& info, const Bytes& signature) const {
        return ids(good(verify(key, info, signature)).notes);
    }
};

Bytes flipped(Bytes bytes, std::size_t bit) {
    bytes[bit / 8] = static_cast<Byte>(bytes[bit / 8] ^ (1U << bit % 8));
    return bytes;
}

}  // namespace

TEST_CASE("the command carries the terminal's own nonce, another one each time", "[active_auth]") {
    TestRng rng;
    const auto a = Challenge::draw(rng), b = Challenge::draw(rng);
    CHECK(a.bytes().size() == 8);
    CHECK_FALSE(equal(a.bytes(), b.bytes()));
    CHECK(to_hex(good(active_auth::internal_authenticate(a).encode())) == "0088000008" + to_hex(a.bytes()) + "00");
    CHECK(to_hex(good(active_auth::internal_authenticate(a, 65'536).encode())) == "00880000000008" + to_hex(a.bytes()) + "0000");
    CHECK(equal(good(Challenge::recorded(a.bytes())).bytes(), a.bytes()));
    for (const std::size_t size : {0U, 7U, 9U, 16U}) CHECK(error_of(Challenge::recorded(Bytes(size))) == "crypto.bad_input");
}

TEST_CASE("RSA with every hash function of the standard", "[active_auth]") {
    for (const std::size_t bits : {1024U, 2048U})
        for (const auto hash : all_hashes) {
            Run run(bits + static_cast<std::size_t>(hash));
            const auto signature = run.sign(rsa(bits), hash);
            CHECK(signature.size() == bits / 8);
            const auto proof = good(run.verify(rsa(bits), {}, signature));
            CHECK(proof.algorithm == "RSA " + std::to_string(bits) + ", ISO/IEC 9796-2 scheme 1 with " + std::string(crypto::name(hash)));
            CHECK(ids(proof.notes).empty());
            // What DG14 says is for ECDSA.
            CHECK(run.notes(rsa(bits), plain(HashAlg::sha512), signature).empty());
        }
}

TEST_CASE("ECDSA on every curve with every hash function, plain and DER, stated and found by trying", "[active_auth]") {
    for (const auto curve : all_curves) {
        const auto key = good(PrivateKey::generate_ec(curve));
        for (const auto hash : all_hashes) {
            INFO(crypto::name(curve) << " " << crypto::name(hash));
            Run run;
            const auto signature = run.sign(key, hash);
            CHECK(signature.size() == dg15(key).signature_size());
            const auto odd = run.notes(key, plain(hash), signature);
            CHECK(run.notes(key, {}, signature) == (odd.empty() ? "aa.hash_inferred" : "aa.hash_inferred " + odd));
            const auto der = run.sign(key, hash, EcdsaFormat::der);
            CHECK(run.notes(key, plain(hash), der) == (odd.empty() ? "aa.ecdsa_der" : odd + " aa.ecdsa_der"));
        }
    }
}

TEST_CASE("the key of DG15 with its curve written out", "[active_auth]") {
    const auto key = good(PrivateKey::generate_ec(Curve::bp320r1));
    Run run;
    const auto signature = run.sign(key, HashAlg::sha256);
    const auto proof = good(
        active_auth::verify(dg15(key, crypto::EcEncoding::explicit_parameters), plain(HashAlg::sha256), run.challenge, answer(signature)));
    CHECK(proof.algorithm == "ECDSA brainpoolP320r1 with SHA-256, plain");
}

TEST_CASE("E16 the hash function against the length of the key", "[active_auth]") {
    const auto odd = [](Curve curve, HashAlg hash) {
        const auto key = good(PrivateKey::generate_ec(curve));
        Run run;
        return run.notes(key, plain(hash), run.sign(key, hash));
    };
    CHECK(odd(Curve::p256, HashAlg::sha256).empty());
    CHECK(odd(Curve::bp320r1, HashAlg::sha256).empty());
    CHECK(odd(Curve::p521, HashAlg::sha512).empty());
    CHECK(odd(Curve::p256, HashAlg::sha224) == "aa.hash_short");
    CHECK(odd(Curve::bp512r1, HashAlg::sha384) == "aa.hash_short");
    CHECK(odd(Curve::p256, HashAlg::sha384) == "aa.hash_long");
    CHECK(odd(Curve::p192, HashAlg::sha224) == "aa.hash_long");
    CHECK(odd(Curve::p256, HashAlg::sha1) == "aa.hash_sha1");
}

TEST_CASE("E16 what DG14 says of the algorithm is followed, or named as what it is", "[active_auth]") {
    const auto key = good(PrivateKey::generate_ec(Curve::p256));
    Run run;
    const auto signature = run.sign(key, HashAlg::sha256);
    const auto with = [](const char* oid, std::int64_t version = 1) { return Info(lds::ActiveAuthenticationInfo{version, der::Oid(oid)}); };
    CHECK(run.notes(key, with("1.2.840.10045.4.3.2"), signature) == "aa.algorithm_not_plain");
    CHECK(run.notes(key, with("0.4.0.127.0.7.1.1.4.1.3", 2), signature) == "aa.algorithm_info_version");
    CHECK(run.notes(key, with("1.2.840.113549.1.1.11"), signature) == "aa.algorithm_info_ignored aa.hash_inferred");
    CHECK(error_of(run.verify(key, with("0.4.0.127.0.7.1.1.4.1.4"), signature)) == "aa.failed");
    CHECK(error_of(run.verify(key, with("0.4.0.127.0.7.1.1.4.1.6"), signature)) == "crypto.unsupported");
    // Nobody can say that this is a copy.
    CHECK(error_of(run.verify(key, with("1.2.3.4"), flipped(signature, 0))) == "crypto.unsupported");
}

TEST_CASE("E08 a good signature over another challenge is no proof", "[active_auth]") {
    const auto ec = good(PrivateKey::generate_ec(Curve::bp256r1));
    for (const auto* key : {&rsa(1024), &rsa(2048), &ec}) {
        Run first(1), second(2);
        const auto recorded = first.sign(*key, HashAlg::sha256);
        CHECK(error_of(first.verify(*key, plain(HashAlg::sha256), recorded)) == "none");
        CHECK(error_of(second.verify(*key, plain(HashAlg::sha256), recorded)) == "aa.failed");
        CHECK(error_of(second.verify(*key, {}, recorded)) == "aa.failed");
    }
}

TEST_CASE("the signature of another chip is no proof", "[active_auth]") {
    Run run;
    const auto other = good(PrivateKey::generate_rsa(1024));
    CHECK(error_of(run.verify(rsa(1024), {}, run.sign(other, HashAlg::sha256))) == "aa.failed");
    const auto a = good(PrivateKey::generate_ec(Curve::p256)), b = good(PrivateKey::generate_ec(Curve::p256));
    CHECK(error_of(run.verify(a, {}, run.sign(b, HashAlg::sha256))) == "aa.failed");
}

TEST_CASE("every single changed bit of an answer is refused", "[active_auth]") {
    Run run;
    const auto of_rsa = run.sign(rsa(1024), HashAlg::sha256);
    for (std::size_t bit = 0; bit < 8 * of_rsa.size(); ++bit)
        REQUIRE(error_of(run.verify(rsa(1024), {}, flipped(of_rsa, bit))) == "aa.failed");
    const auto key = good(PrivateKey::generate_ec(Curve::p256));
    for (const auto format : {EcdsaFormat::plain, EcdsaFormat::der}) {
        const auto signature = run.sign(key, HashAlg::sha256, format);
        for (std::size_t bit = 0; bit < 8 * signature.size(); ++bit)
            REQUIRE(error_of(run.verify(key, plain(HashAlg::sha256), flipped(signature, bit))) == "aa.failed");
    }
}

TEST_CASE("answers of any length are judged without harm", "[active_auth]") {
    Run run;
    const auto key = good(PrivateKey::generate_ec(Curve::p521));
    TestRng noise(7);
    for (std::size_t size = 0; size < 300; ++size) {
        const auto of_rsa = error_of(run.verify(rsa(1024), {}, noise.bytes(size)));
        CHECK(of_rsa == (size < 128 ? "aa.refused" : "aa.failed"));
        auto bytes = noise.bytes(size);
        if (size > 0) bytes[0] = 0x30;
        CHECK(error_of(run.verify(key, {}, bytes)) == (size == 0 ? "aa.refused" : "aa.failed"));
    }
}

TEST_CASE("E13 min(s, n - s) is accepted and named", "[active_auth]") {
    Run run;
    const auto s = run.sign(rsa(1024), HashAlg::sha256);
    Bytes complement = rsa(1024).public_key().info().n;
    unsigned borrow = 0;
    for (std::size_t i = complement.size(); i-- > 0;) {
        const unsigned difference = 0x100U + complement[i] - s[i] - borrow;
        complement[i] = static_cast<Byte>(difference);
        borrow = difference < 0x100U ? 1 : 0;
    }
    CHECK(run.notes(rsa(1024), {}, complement) == "aa.rsa_complement");
    CHECK(error_of(Run(2).verify(rsa(1024), {}, complement)) == "aa.failed");
    CHECK(error_of(run.verify(rsa(1024), {}, rsa(1024).public_key().info().n)) == "aa.failed");
}

TEST_CASE("E11 SHA-1 with the explicit trailer is accepted and named", "[active_auth]") {
    Run run;
    const auto f =
        good(crypto::format_representative(128, HashAlg::sha1, crypto::TrailerOption::option2, Bytes(105, 0x41), run.challenge.bytes()));
    CHECK(run.notes(rsa(1024), {}, good(rsa(1024).raw_rsa(f))) == "aa.rsa_trailer");
}

TEST_CASE("E11 a hash function that cannot be verified is no way out for a copy", "[active_auth]") {
    Run run;
    auto f =
        good(crypto::format_representative(128, HashAlg::sha256, crypto::TrailerOption::option2, Bytes(93, 0x41), run.challenge.bytes()));
    for (const Byte number : {Byte{0x31}, Byte{0x32}, Byte{0x37}, Byte{0x39}}) {
        f[126] = number;
        CHECK(error_of(run.verify(rsa(1024), {}, good(rsa(1024).raw_rsa(f)))) == "aa.failed");
    }
}

TEST_CASE("a status word other than 9000 is a refusal, whatever comes with it", "[active_auth]") {
    Run run;
    const auto signature = run.sign(rsa(1024), HashAlg::sha256);
    for (const std::uint16_t sw :
         std::initializer_list<std::uint16_t>{0x6300, 0x6700, 0x6982, 0x6985, 0x6A80, 0x6D00, 0x6100, 0x6282, 0x0000}) {
        const auto refused = active_auth::verify(dg15(rsa(1024)), {}, run.challenge, {signature, sw});
        REQUIRE(error_of(refused) == "aa.refused");
        CHECK(refused.error().sw == sw);
        CHECK(error_of(active_auth::verify(dg15(rsa(1024)), {}, run.challenge, ResponseApdu::of(sw))) == "aa.refused");
    }
}

TEST_CASE("E17 nothing, or a cut off signature, is worth another Le", "[active_auth]") {
    Run run;
    auto signature = run.sign(rsa(2048), HashAlg::sha256);
    CHECK(error_of(run.verify(rsa(2048), {}, {})) == "aa.refused");
    signature.resize(231);
    const auto cut = run.verify(rsa(2048), {}, signature);
    REQUIRE(error_of(cut) == "aa.refused");
    CHECK(cut.error().detail == "signature cut off: 231 bytes instead of 256");
    using Ladder = std::vector<std::uint32_t>;
    const auto p521 = dg15(good(PrivateKey::generate_ec(Curve::p521)));
    for (const std::size_t block : {0U, 8U, 16U}) {
        CHECK(active_auth::le_ladder(dg15(rsa(1024)), block) == Ladder{256, 65'536});
        CHECK(active_auth::le_ladder(p521, block) == Ladder{256, 65'536});
    }
    CHECK(active_auth::le_ladder(dg15(rsa(2048)), 0) == Ladder{256, 65'536});
    CHECK(active_auth::le_ladder(dg15(rsa(2048)), 8) == Ladder{65'536, 256});
    CHECK(active_auth::le_ladder(dg15(rsa(2048)), 16) == Ladder{65'536, 256});
}

TEST_CASE("E14 what is weak about a key", "[active_auth]") {
    const auto spki = [](const Bytes& n, const Bytes& e) {
        return der::sequence_of({"300D06092A864886F70D0101010500"_hex,
                                 der::write_bit_string(der::sequence_of({der::write_unsigned(n), der::write_unsigned(e)}))});
    };
    const auto n = rsa(1024).public_key().info().n;
    auto even = n;
    even.back() = static_cast<Byte>(even.back() - 1);
    CHECK(ids(good(Key::from_spki(spki(n, {1, 0, 1}))).notes).empty());
    const auto noted = good(Key::from_spki(spki(even, {1, 0, 1})));
    REQUIRE(ids(noted.notes) == "aa.rsa_weak");
    CHECK(noted.notes[0].detail == "even modulus");
    CHECK(good(Key::from_spki(spki(Bytes(64, 0xFF), {3}))).notes[0].detail == "512 bits");
    // Certificates are another matter.
    CHECK(error_of(crypto::PublicKey::from_spki(spki(even, {1, 0, 1}))) == "crypto.bad_key");
    CHECK(error_of(crypto::PublicKey::from_spki(spki(Bytes(64, 0xFF), {3}))) == "crypto.bad_key");
    for (const auto& e : {"01"_hex, "02"_hex, "010000"_hex, Bytes(33, 1)}) CHECK(error_of(Key::from_spki(spki(n, e))) == "crypto.bad_key");
    CHECK(error_of(Key::from_spki(spki(Bytes(63, 0xFF), {3}))) == "crypto.bad_key");
    CHECK(error_of(Key::from_spki(spki(Bytes(2049, 0xFF), {3}))) == "crypto.bad_key");
}

TEST_CASE("a modulus that is written as a negative number is read as what it is meant to be", "[active_auth]") {
    const auto& info = rsa(1024).public_key().info();
    const auto integer = tlv::element(der::integer, info.n);
    const auto spki = der::sequence_of(
        {"300D06092A864886F70D0101010500"_hex, der::write_bit_string(der::sequence_of({integer, der::write_unsigned(info.e)}))});
    CHECK(error_of(crypto::PublicKey::from_spki(spki)) == "crypto.bad_key");
    const auto key = good(Key::from_spki(spki));
    CHECK(ids(key.notes) == "aa.key_negative_modulus");
    Run run;
    CHECK(error_of(active_auth::verify(key, {}, run.challenge, answer(run.sign(rsa(1024), HashAlg::sha256)))) == "none");
}

TEST_CASE("the chip signs eight bytes and nothing else, and never twice the same under RSA", "[active_auth]") {
    TestRng rng;
    const auto ec = good(PrivateKey::generate_ec(Curve::p256));
    for (const std::size_t size : {0U, 7U, 9U, 256U}) {
        CHECK(error_of(active_auth::sign(rsa(1024), Bytes(size), HashAlg::sha256, rng)) == "crypto.bad_input");
        CHECK(error_of(active_auth::sign(ec, Bytes(size), HashAlg::sha256, rng)) == "crypto.bad_input");
    }
    CHECK(good(active_auth::sign(rsa(1024), Bytes(8), HashAlg::sha256, rng)) !=
          good(active_auth::sign(rsa(1024), Bytes(8), HashAlg::sha256, rng)));
}
