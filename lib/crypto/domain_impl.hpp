// What a group must be able to do; one implementation for curves, one for residues mod p.
#pragma once

#include <idchip/crypto/key_agreement.hpp>

namespace idchip::crypto {

struct Domain::Impl {
    virtual ~Impl() = default;
    virtual std::optional<Curve> curve() const { return std::nullopt; }
    virtual const DhParameters* dh() const { return nullptr; }
    virtual std::string text() const = 0;
    virtual std::size_t field_size() const = 0;
    virtual ByteView order() const = 0;
    virtual ByteView generator() const = 0;
    virtual std::shared_ptr<const Impl> with_generator(ByteView element) const = 0;
    virtual Result<Bytes> public_value(ByteView exponent) const = 0;
    virtual Result<void> check(ByteView element) const = 0;
    virtual Result<Bytes> power(ByteView element, ByteView exponent) const = 0;
    virtual Result<Bytes> combine(ByteView a, ByteView b) const = 0;
    virtual Result<Secret> agree(ByteView exponent, ByteView peer) const = 0;
    virtual Result<Bytes> element_from(ByteView integer) const = 0;
};

std::shared_ptr<const Domain::Impl> make_curve_domain(Curve curve);
std::shared_ptr<const Domain::Impl> make_modp_domain(DhParameters parameters);
// Errors: crypto.bad_key.
Result<void> check_dh_parameters(const DhParameters& parameters);
// A group of RFC 5114, 3526 or 7919 by modulus and generator.
const DhParameters* known_group(ByteView p, ByteView g);
// (a / b) mod a prime order, as wide as the order. Precondition: b is not 0 mod order.
Result<Secret> divide_mod(ByteView a, ByteView b, ByteView order);

}  // namespace idchip::crypto
