#include "cards/seeded.hpp"

#include <algorithm>

#include <idchip/crypto/key_agreement.hpp>

#include "base/try.hpp"

namespace idchip::cards {

SeededRng::SeededRng(std::string_view seed, std::string_view purpose)
    : state_(crypto::hash(crypto::HashAlg::sha256,
                          {as_bytes("idchip simulated card"), Bytes{0}, as_bytes(seed), Bytes{0}, as_bytes(purpose)})) {}

void SeededRng::fill(std::span<Byte> out) {
    while (!out.empty()) {
        Bytes counter;
        append_be(counter, block_++, 8);
        const auto bytes = crypto::hash(crypto::HashAlg::sha256, {state_, counter});
        const auto n = std::min(out.size(), bytes.size());
        std::copy_n(bytes.begin(), n, out.begin());
        out = out.subspan(n);
    }
}

Result<crypto::PrivateKey> signing_key(crypto::Curve curve, Rng& rng) {
    return crypto::PrivateKey::from_scalar(curve, crypto::Domain::ecdh(curve).draw_private(rng).view());
}

}  // namespace idchip::cards
