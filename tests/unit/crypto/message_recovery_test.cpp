// ISO/IEC 9796-2, scheme 1. Appendix F of Doc 9303-11 and what OpenSSL signs are in test-vectors/aa.
#include "unit/unit.hpp"

#include <idchip/crypto/message_recovery.hpp>
#include <idchip/crypto/rsa.hpp>

using namespace idchip;
using namespace idchip::test;
using namespace idchip::crypto;

namespace {

constexpr HashAlg all_hashes[] = {HashAlg::sha1, HashAlg::sha224, HashAlg::sha256, HashAlg::sha384, HashAlg::sha512};
const auto m2 = "0011223344556677"_hex;

Bytes representative(std::size_t size, HashAlg hash, TrailerOption option) {
    TestRng rng(size);
    return good(format_representative(size, hash, option, rng.bytes(recoverable_size(size, hash, option)), m2));
}

Bytes with(Bytes f, std::size_t at, Byte value) {
    f[at] = value;
    return f;
}

const PrivateKey& key_1024() {
    static const auto key = good(PrivateKey::generate_rsa(1024));
    return key;
}
RsaNumbers numbers_of(const PrivateKey& key) { return {key.public_key().info().n, key.public_key().info().e, false}; }

}  // namespace

TEST_CASE("a representative opens to what it was made of", "[message_recovery]") {
    for (const auto hash : all_hashes)
        for (const auto option : {TrailerOption::option1, TrailerOption::option2})
            for (const std::size_t size : {96U, 128U, 192U, 256U, 384U, 512U}) {
                if (option == TrailerOption::option1 && hash != HashAlg::sha1) continue;
                const auto f = representative(size, hash, option);
                CHECK(f.size() == size);
                CHECK(f.front() == 0x6A);
                CHECK(f.back() == (option == TrailerOption::option1 ? 0xBC : 0xCC));
                const auto r = good(open_representative(f));
                CHECK(r.hash == hash);
                CHECK(r.option == option);
                CHECK(r.m1.size() == size - 1 - digest_size(hash) - static_cast<std::size_t>(option));
                CHECK(r.digest == crypto::hash(hash, {r.m1, m2}));
                CHECK(r.signs(m2));
                CHECK_FALSE(r.signs("0011223344556678"_hex));
                CHECK_FALSE(r.signs({}));
            }
}

TEST_CASE("the trailer that Doc 9303 wants: option 1 for SHA-1 alone", "[message_recovery]") {
    for (const auto hash : all_hashes) CHECK((usual_trailer(hash) == TrailerOption::option1) == (hash == HashAlg::sha1));
    TestRng rng;
    CHECK(error_of(format_representative(128, HashAlg::sha256, TrailerOption::option1, rng.bytes(94), m2)) == "crypto.bad_input");
}

TEST_CASE("M1 fills what is left, c - 4 bits, and nothing else", "[message_recovery]") {
    CHECK(recoverable_size(128, HashAlg::sha1, TrailerOption::option1) == 106);  // 848 bits, appendix F step 5
    for (const std::size_t size : {0U, 105U, 107U, 128U})
        CHECK(error_of(format_representative(128, HashAlg::sha1, TrailerOption::option1, Bytes(size), m2)) == "crypto.bad_input");
    for (const std::size_t size : {0U, 1U, 22U}) {
        CHECK(recoverable_size(size, HashAlg::sha1, TrailerOption::option1) == 0);
        CHECK(error_of(format_representative(size, HashAlg::sha1, TrailerOption::option1, {}, m2)) == "crypto.bad_input");
    }
}

TEST_CASE("of all headers only 6A is that of partial recovery without padding", "[message_recovery]") {
    const auto f = representative(128, HashAlg::sha256, TrailerOption::option2);
    for (unsigned header = 0; header < 256; ++header)
        CHECK(error_of(open_representative(with(f, 0, static_cast<Byte>(header)))) == (header == 0x6A ? "none" : "crypto.bad_signature"));
    CHECK(open_representative(with(f, 0, 0x4A)).error().detail == "header 4A: total recovery, M2 is not signed");
    CHECK(open_representative(with(f, 0, 0x6B)).error().detail == "header 6B: padding, M1 is too short");
}

TEST_CASE("every trailer is one of a known hash function, or refused", "[message_recovery]") {
    const auto f = representative(128, HashAlg::sha256, TrailerOption::option2);
    for (unsigned number = 0; number < 256; ++number) {
        const bool known = number == 0x33 || number == 0x34 || number == 0x35 || number == 0x36 || number == 0x38;
        const bool foreign = number == 0x31 || number == 0x32 || number == 0x37;
        const auto opened = open_representative(with(f, 126, static_cast<Byte>(number)));
        CHECK(error_of(opened) == (known ? "none" : foreign ? "crypto.unsupported" : "crypto.bad_signature"));
        if (opened) CHECK(opened->signs(m2) == (number == 0x34));
    }
    for (unsigned last = 0; last < 256; ++last)
        CHECK(error_of(open_representative(with(f, 127, static_cast<Byte>(last)))) ==
              (last == 0xBC || last == 0xCC ? "none" : "crypto.bad_signature"));
}

TEST_CASE("what is too short for its digest is refused", "[message_recovery]") {
    for (const auto hash : all_hashes) {
        const auto f = representative(128, hash, TrailerOption::option2);
        for (std::size_t size = 0; size < digest_size(hash) + 4; ++size) {
            auto cut = to_bytes(ByteView(f).last(size));
            if (size > 0) cut[0] = 0x6A;
            CHECK(error_of(open_representative(cut)) == "crypto.bad_signature");
        }
    }
}

TEST_CASE("what the private operation made, the public one opens", "[message_recovery]") {
    const auto f = representative(128, HashAlg::sha256, TrailerOption::option2);
    const auto s = good(key_1024().raw_rsa(f));
    CHECK(good(rsa_public(numbers_of(key_1024()), s)) == f);
    const auto opened = good(open_signature(numbers_of(key_1024()), s));
    CHECK(opened.representative == f);
    CHECK_FALSE(opened.complement);
}

TEST_CASE("numbers that RSA is not defined on are refused", "[message_recovery]") {
    auto numbers = numbers_of(key_1024());
    const auto n = numbers.n;
    CHECK(error_of(rsa_public(numbers, n)) == "crypto.bad_input");
    CHECK(error_of(rsa_public(numbers, Bytes(128, 0xFF))) == "crypto.bad_input");
    for (const std::size_t size : {0U, 1U, 127U, 129U}) CHECK(error_of(rsa_public(numbers, Bytes(size))) == "crypto.bad_input");
    CHECK(good(rsa_public(numbers, Bytes(128))) == Bytes(128));
    for (const auto& e : {""_hex, "01"_hex, "010000"_hex, Bytes(33, 1)}) {
        numbers.e = e;
        CHECK(error_of(rsa_public(numbers, Bytes(128))) == "crypto.bad_key");
    }
    numbers = {Bytes(2049, 0xFF), {3}, false};
    CHECK(error_of(rsa_public(numbers, Bytes(2049))) == "crypto.bad_key");
    CHECK(error_of(key_1024().raw_rsa(Bytes(127))) == "crypto.bad_input");
    CHECK(error_of(key_1024().raw_rsa(Bytes(128, 0xFF))) == "crypto.failed");
    CHECK(error_of(good(PrivateKey::generate_ec(Curve::p256)).raw_rsa(Bytes(32))) == "crypto.bad_key");
}
