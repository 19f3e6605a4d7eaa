// Keys that are the same on every machine, out of a seed and what they are for. For simulated cards and nothing else.
#pragma once

#include <idchip/base/random.hpp>
#include <idchip/crypto/key.hpp>

namespace idchip::cards {

// SHA-256 over seed, purpose and a counter.
class SeededRng final : public Rng {
public:
    SeededRng(std::string_view seed, std::string_view purpose);
    void fill(std::span<Byte> out) override;

private:
    Bytes state_;
    std::uint64_t block_ = 0;
};

// Errors: crypto.bad_key.
Result<crypto::PrivateKey> signing_key(crypto::Curve curve, Rng& rng);

}  // namespace idchip::cards
