#include <array>
#include <cstdlib>

#include "base/try.hpp"
#include "crypto/domain_impl.hpp"

namespace idchip::crypto {
namespace {

// Doc 9303-11, table 12: 0 to 2 are groups of RFC 5114, 8 to 18 curves.
constexpr std::int64_t first_curve = 8;
constexpr std::array curves = {Curve::p192,    Curve::bp192r1, Curve::p224,    Curve::bp224r1, Curve::p256, Curve::bp256r1,
                               Curve::bp320r1, Curve::p384,    Curve::bp384r1, Curve::bp512r1, Curve::p521};
constexpr std::array groups = {DhGroup::modp1024_160, DhGroup::modp2048_224, DhGroup::modp2048_256};

Bytes shortest(ByteView number) {
    while (!number.empty() && number[0] == 0) number = number.subspan(1);
    return to_bytes(number);
}

bool less(ByteView a, ByteView b) { return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end()); }

}  // namespace

Domain Domain::ecdh(Curve curve) { return Domain(make_curve_domain(curve)); }
Domain Domain::dh(DhGroup group) { return Domain(make_modp_domain(parameters(group))); }

Result<Domain> Domain::dh(DhParameters given) {
    given = {shortest(given.p), shortest(given.g), shortest(given.q)};
    if (const auto* known = known_group(given.p, given.g); known != nullptr && (given.q.empty() || given.q == known->q))
        return Domain(make_modp_domain(*known));
    if (given.q.empty()) return fail(Errc::crypto_bad_key, {}, "Diffie-Hellman group that is not known and states no order");
    TRY(check_dh_parameters(given));
    return Domain(make_modp_domain(std::move(given)));
}

std::optional<Domain> Domain::standardized(std::int64_t id) {
    if (id >= 0 && id < static_cast<std::int64_t>(groups.size())) return dh(groups.at(static_cast<std::size_t>(id)));
    if (id >= first_curve && id < first_curve + static_cast<std::int64_t>(curves.size()))
        return ecdh(curves.at(static_cast<std::size_t>(id - first_curve)));
    return std::nullopt;
}

std::optional<std::int64_t> Domain::standardized_id() const {
    for (std::int64_t id = 0; id < first_curve + static_cast<std::int64_t>(curves.size()); ++id)
        if (const auto domain = standardized(id); domain && *domain == *this) return id;
    return std::nullopt;
}

bool Domain::is_ec() const { return impl_->curve().has_value(); }
Curve Domain::curve() const {
    if (!is_ec()) std::abort();
    return *impl_->curve();
}
const DhParameters& Domain::dh_parameters() const {
    if (is_ec()) std::abort();
    return *impl_->dh();
}
std::string Domain::text() const { return impl_->text(); }
ByteView Domain::generator() const { return impl_->generator(); }
std::size_t Domain::field_size() const { return impl_->field_size(); }
std::size_t Domain::order_size() const { return impl_->order().size(); }
bool Domain::operator==(const Domain& other) const {
    if (is_ec() != other.is_ec() || !equal(impl_->generator(), other.impl_->generator())) return false;
    return is_ec() ? curve() == other.curve() : dh_parameters() == other.dh_parameters();
}

Result<Domain> Domain::with_generator(ByteView element) const {
    TRY(check(element));
    return Domain(impl_->with_generator(element));
}

// By rejection, so that every value is as likely; the order's leading bits cut what is drawn.
Secret Domain::draw_private(Rng& rng) const {
    const auto order = impl_->order();
    Byte mask = 0xFF;
    while ((mask >> 1U) >= order[0]) mask >>= 1U;
    for (;;) {
        auto candidate = rng.secret(order.size());
        candidate.writable()[0] &= mask;
        const Bytes zero(order.size());
        if (less(candidate.view(), order) && !equal(candidate.view(), zero)) return candidate;
    }
}

Result<Bytes> Domain::public_value(ByteView exponent) const { return impl_->public_value(exponent); }
Result<void> Domain::check(ByteView element) const { return impl_->check(element); }
Result<Bytes> Domain::power(ByteView element, ByteView exponent) const { return impl_->power(element, exponent); }
Result<Bytes> Domain::combine(ByteView a, ByteView b) const { return impl_->combine(a, b); }
Result<Secret> Domain::agree(ByteView exponent, ByteView peer) const { return impl_->agree(exponent, peer); }
Result<Bytes> Domain::element_from(ByteView integer) const { return impl_->element_from(integer); }
Result<Secret> Domain::divide(ByteView a, ByteView b) const { return divide_mod(a, b, impl_->order()); }

Result<KeyPair> KeyPair::generate(const Domain& domain, Rng& rng) { return of(domain, domain.draw_private(rng)); }

Result<KeyPair> KeyPair::of(const Domain& domain, Secret private_value) {
    auto public_value = TRY(domain.public_value(private_value.view()));
    return KeyPair{std::move(private_value), std::move(public_value)};
}

}  // namespace idchip::crypto
