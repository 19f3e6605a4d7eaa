#include <fmt/format.h>

#include <idchip/crypto/rsa.hpp>
#include <idchip/protocol/active_auth/active_auth.hpp>

#include "base/try.hpp"

namespace idchip::active_auth {
namespace {

constexpr std::size_t smallest_modulus = 512, largest_modulus = 16'384;  // bits; below, RSA is a puzzle and no key
constexpr std::size_t weak_below = 1024;

void note_weakness(const crypto::RsaNumbers& numbers, Notes& notes) {
    if (numbers.bits() < weak_below) notes.push_back({"aa.rsa_weak", "DG15", fmt::format("{} bits", numbers.bits())});
    if ((numbers.n.back() & 1U) == 0) notes.push_back({"aa.rsa_weak", "DG15", "even modulus"});
    if (crypto::roca_fingerprint(numbers.n)) notes.push_back({"aa.rsa_weak", "DG15", "ROCA fingerprint, CVE-2017-15361"});
}

Result<Key> rsa_key(crypto::RsaNumbers numbers) {
    const auto bad = [](std::string detail) { return fail(Errc::crypto_bad_key, "DG15", std::move(detail)); };
    const auto bits = numbers.bits();
    if (bits < smallest_modulus || bits > largest_modulus) return bad(fmt::format("RSA modulus of {} bits", bits));
    if ((numbers.e.back() & 1U) == 0 || equal(numbers.e, Bytes{1}) || numbers.e.size() > 32) return bad("RSA exponent even, one or huge");
    Key key;
    if (numbers.negative_modulus) key.notes.push_back({"aa.key_negative_modulus", "DG15", fmt::format("read as {} bits", bits)});
    note_weakness(numbers, key.notes);
    key.info.type = crypto::KeyType::rsa;
    key.info.bits = bits;
    key.info.n = std::move(numbers.n);
    key.info.e = std::move(numbers.e);
    return key;
}

}  // namespace

Result<Key> Key::from_spki(ByteView spki) {
    if (auto numbers = TRY(crypto::read_rsa_numbers(spki))) return rsa_key(std::move(*numbers));
    return Key{TRY(crypto::PublicKey::from_spki(spki)).info(), {}};
}

std::size_t Key::signature_size() const {
    return info.type == crypto::KeyType::rsa ? info.n.size() : 2 * crypto::parameters(info.curve).order.size();
}

}  // namespace idchip::active_auth
