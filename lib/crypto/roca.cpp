// Nemec, Sys, Svenda, Klinec, Matyas, The Return of Coppersmith's Attack (ACM CCS 2017), 2.3: RSALib makes its primes as
// k * M + (65537^a mod M), M a product of the first primes. So n is a power of 65537 modulo M as well, which next to no other
// number is. M of the shortest keys, the primes up to 167, divides that of all others.
#include <idchip/crypto/rsa.hpp>

#include <array>
#include <numeric>
#include <vector>

namespace idchip::crypto {
namespace {

constexpr unsigned generator = 65'537;
constexpr std::array<unsigned, 38> primes = {3,  5,  7,  11, 13, 17,  19,  23,  29,  31,  37,  41,  43,  47,  53,  59,  61,  67,  71,
                                             73, 79, 83, 89, 97, 101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167};

unsigned remainder(ByteView number, unsigned p) {
    unsigned r = 0;
    for (const auto b : number) r = (r << 8U | b) % p;
    return r;
}

// An exponent is known modulo the order of the generator.
struct Exponent {
    unsigned value, order;
};
// The discrete logarithm of x modulo p, found by trying: the order is below 167.
std::optional<Exponent> logarithm(unsigned x, unsigned p) {
    std::optional<unsigned> found;
    unsigned power = 1, order = 0;
    do {
        if (power == x) found = order;
        power = power * (generator % p) % p;
        ++order;
    } while (power != 1);
    if (!found) return std::nullopt;
    return Exponent{*found, order};
}

// Whether one number can have both residues.
bool compatible(const Exponent& a, const Exponent& b) {
    const auto common = std::gcd(a.order, b.order);
    return a.value % common == b.value % common;
}

}  // namespace

bool roca_fingerprint(ByteView modulus) {
    std::vector<Exponent> exponents;
    for (const auto p : primes) {
        const auto exponent = logarithm(remainder(modulus, p), p);
        if (!exponent) return false;
        // Residues that agree in pairs agree altogether.
        for (const auto& other : exponents)
            if (!compatible(*exponent, other)) return false;
        exponents.push_back(*exponent);
    }
    return true;
}

}  // namespace idchip::crypto
