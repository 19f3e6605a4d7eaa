// The fingerprint of CVE-2017-15361. Published moduli are in test-vectors/aa/keys.json.
#include "unit/unit.hpp"

#include <idchip/crypto/rsa.hpp>

using namespace idchip;
using namespace idchip::test;
using crypto::roca_fingerprint;

namespace {

unsigned remainder(const Bytes& number, unsigned p) {
    unsigned r = 0;
    for (const auto b : number) r = (r << 8U | b) % p;
    return r;
}

// Odd, without small factors, as the modulus of a key is.
Bytes like_a_modulus(TestRng& rng, std::size_t size) {
    for (;;) {
        auto n = rng.bytes(size);
        n.front() |= 0x80U;
        n.back() |= 1U;
        bool smooth = false;
        for (unsigned p = 3; p < 168; p += 2) smooth = smooth || remainder(n, p) == 0;
        if (!smooth) return n;
    }
}

// n * 65537
Bytes times_generator(const Bytes& n) {
    Bytes shifted = n, plain(2);
    shifted.insert(shifted.end(), 2, 0);
    append(plain, n);
    unsigned carry = 0;
    for (std::size_t i = shifted.size(); i-- > 0;) {
        carry += unsigned{shifted[i]} + plain[i];
        shifted[i] = static_cast<Byte>(carry);
        carry >>= 8U;
    }
    if (carry != 0) shifted.insert(shifted.begin(), static_cast<Byte>(carry));
    return shifted;
}

}  // namespace

TEST_CASE("powers of the generator have the fingerprint", "[roca]") {
    Bytes power = {1};
    for (int i = 0; i < 70; ++i) {
        CHECK(roca_fingerprint(power));
        power = times_generator(power);
    }
    // One more than a power is none, whatever the power.
    power.back() = static_cast<Byte>(power.back() + 1);
    CHECK_FALSE(roca_fingerprint(power));
}

TEST_CASE("a published modulus has the fingerprint, and loses it with any of its bits changed", "[roca]") {
    // crocs-muni/roca, mod02.txt
    const auto n =
        "A23475D6B86E7DEB1E1483747C0E1AAA1390F24DCBC0D05399D025C985861601D91BA7A1CE5DD9D9721FAC7B65CBF73F9FA39399F6CBF33EDC6E094F9EDA639F"_hex;
    CHECK(roca_fingerprint(n));
    CHECK(roca_fingerprint(concat({Bytes{0}, n})));
    for (std::size_t bit = 0; bit < 8 * n.size(); ++bit) {
        auto bent = n;
        bent[bit / 8] = static_cast<Byte>(bent[bit / 8] ^ (1U << bit % 8));
        CHECK_FALSE(roca_fingerprint(bent));
    }
}

TEST_CASE("other moduli do not have the fingerprint", "[roca]") {
    TestRng rng;
    for (int i = 0; i < 100; ++i) CHECK_FALSE(roca_fingerprint(like_a_modulus(rng, 128)));
    for (int i = 0; i < 20; ++i) CHECK_FALSE(roca_fingerprint(like_a_modulus(rng, 256)));
    for (int i = 0; i < 3; ++i) CHECK_FALSE(roca_fingerprint(good(crypto::PrivateKey::generate_rsa(1024)).public_key().info().n));
    CHECK_FALSE(roca_fingerprint({}));
    CHECK_FALSE(roca_fingerprint(Bytes(128)));
    CHECK_FALSE(roca_fingerprint(Bytes(128, 0xFF)));
}
