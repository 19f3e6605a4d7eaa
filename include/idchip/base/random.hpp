// Randomness is an argument, so that worked examples of the standard can be replayed byte for byte.
#pragma once

#include <idchip/base/secret.hpp>

namespace idchip {

class Rng {
public:
    virtual ~Rng() = default;
    virtual void fill(std::span<Byte> out) = 0;

    Bytes bytes(std::size_t n) {
        Bytes b(n);
        fill(b);
        return b;
    }
    Secret secret(std::size_t n) {
        Secret s(n);
        fill(s.writable());
        return s;
    }
};

// getrandom(2); the only generator of a release path.
Rng& system_rng();

}  // namespace idchip
