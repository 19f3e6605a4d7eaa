// Residues mod a prime, in the subgroup of prime order that the generator generates.
#include <array>
#include <cstdlib>

#include <fmt/format.h>

#include <openssl/core_names.h>

#include "base/try.hpp"
#include "crypto/domain_impl.hpp"
#include "crypto/openssl/handles.hpp"

namespace idchip::crypto {
namespace {

Failure failed() {
    ERR_clear_error();
    return fail(Errc::crypto_failed, "Diffie-Hellman");
}

DhParameters load(const char* type, const char* group) {
    const PkeyCtx ctx(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
    EVP_PKEY* raw = nullptr;
    const std::array params = {OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, const_cast<char*>(group), 0),
                               OSSL_PARAM_construct_end()};
    if (!ctx || EVP_PKEY_paramgen_init(ctx.get()) != 1 || EVP_PKEY_CTX_set_params(ctx.get(), params.data()) != 1 ||
        EVP_PKEY_paramgen(ctx.get(), &raw) != 1)
        std::abort();  // the build of OpenSSL lacks a group of the standards
    const Pkey key(raw);
    const auto get = [&key](const char* name) {
        BIGNUM* n = nullptr;
        if (EVP_PKEY_get_bn_param(key.get(), name, &n) != 1) std::abort();
        const Bignum owner(n);
        return to_bytes(n);
    };
    return {get(OSSL_PKEY_PARAM_FFC_P), get(OSSL_PKEY_PARAM_FFC_G), get(OSSL_PKEY_PARAM_FFC_Q)};
}

class ModpDomain final : public Domain::Impl {
public:
    explicit ModpDomain(DhParameters parameters)
        : parameters_(std::move(parameters)), p_(number(parameters_.p)), q_(number(parameters_.q)) {}

    const DhParameters* dh() const override { return &parameters_; }
    std::string text() const override { return fmt::format("DH {}/{}", BN_num_bits(p_.get()), BN_num_bits(q_.get())); }
    std::size_t field_size() const override { return parameters_.p.size(); }
    ByteView order() const override { return parameters_.q; }
    ByteView generator() const override { return parameters_.g; }
    std::shared_ptr<const Impl> with_generator(ByteView element) const override {
        return std::make_shared<ModpDomain>(DhParameters{parameters_.p, idchip::to_bytes(element), parameters_.q});
    }

    Result<Bytes> public_value(ByteView exponent) const override { return raise(number(parameters_.g), exponent); }

    // RFC 2631, 2.1.5
    Result<void> check(ByteView element) const override {
        TRY(read(element));
        return {};
    }

    Result<Bytes> power(ByteView element, ByteView exponent) const override { return raise(TRY(read(element)), exponent); }

    Result<Bytes> combine(ByteView a, ByteView b) const override {
        const BnCtx ctx(BN_CTX_new());
        const auto x = TRY(read(a));
        const auto y = TRY(read(b));
        if (BN_mod_mul(x.get(), x.get(), y.get(), p_.get(), ctx.get()) != 1) return failed();
        return write(x.get());
    }

    // PKCS #3, 8.3: as wide as the modulus.
    Result<Secret> agree(ByteView exponent, ByteView peer) const override {
        const Secret z(TRY(power(peer, exponent)));
        Secret secret(field_size());
        std::copy(z.view().begin(), z.view().end(), secret.writable().last(z.size()).begin());
        return secret;
    }

    // Doc 9303-11, 4.4.3.3.2: x^a mod p with the cofactor a = (p - 1) / q.
    Result<Bytes> element_from(ByteView integer) const override {
        const BnCtx ctx(BN_CTX_secure_new());
        const Bignum x(BN_secure_new());
        const Bignum cofactor(BN_new());
        if (BN_nnmod(x.get(), number(integer).get(), p_.get(), ctx.get()) != 1 || BN_copy(cofactor.get(), p_.get()) == nullptr ||
            BN_sub_word(cofactor.get(), 1) != 1 || BN_div(cofactor.get(), nullptr, cofactor.get(), q_.get(), ctx.get()) != 1 ||
            BN_mod_exp_mont_consttime(x.get(), x.get(), cofactor.get(), p_.get(), ctx.get(), nullptr) != 1)
            return failed();
        return write(x.get());
    }

private:
    Result<Bignum> read(ByteView element) const {
        if (element.empty() || element.size() > field_size()) return bad_key("not a number of " + text());
        auto y = number(element);
        const BnCtx ctx(BN_CTX_new());
        const Bignum last(BN_dup(p_.get()));
        const Bignum one(BN_new());
        if (BN_sub_word(last.get(), 1) != 1) return failed();
        if (BN_is_zero(y.get()) || BN_is_one(y.get()) || BN_cmp(y.get(), last.get()) >= 0) return bad_key("number outside 2 .. p - 2");
        if (BN_mod_exp_mont(one.get(), y.get(), q_.get(), p_.get(), ctx.get(), nullptr) != 1) return failed();
        if (BN_is_one(one.get()) == 0) return bad_key("number outside the subgroup");
        return y;
    }

    static Result<Bytes> write(const BIGNUM* n) {
        if (BN_is_zero(n) || BN_is_one(n)) return bad_key("the neutral element");
        return to_bytes(n);
    }

    Result<Bytes> raise(Bignum base, ByteView exponent) const {
        const BnCtx ctx(BN_CTX_secure_new());
        const auto e = number(exponent);
        if (BN_mod_exp_mont_consttime(base.get(), base.get(), e.get(), p_.get(), ctx.get(), nullptr) != 1) return failed();
        return write(base.get());
    }

    DhParameters parameters_;
    Bignum p_, q_;
};

}  // namespace

const DhParameters& parameters(DhGroup group) {
    static const std::array table = {load("DHX", "dh_1024_160"), load("DHX", "dh_2048_224"), load("DHX", "dh_2048_256")};
    return table.at(static_cast<std::size_t>(group));
}

const DhParameters* known_group(ByteView p, ByteView g) {
    static const auto table = [] {
        std::vector<DhParameters> t;
        for (const auto group : {DhGroup::modp1024_160, DhGroup::modp2048_224, DhGroup::modp2048_256}) t.push_back(parameters(group));
        for (const auto* name : {"modp_2048", "modp_3072", "modp_4096", "ffdhe2048", "ffdhe3072", "ffdhe4096"})
            t.push_back(load("DH", name));
        return t;
    }();
    for (const auto& group : table)
        if (equal(group.p, p) && equal(group.g, g)) return &group;
    return nullptr;
}

std::shared_ptr<const Domain::Impl> make_modp_domain(DhParameters parameters) {
    return std::make_shared<ModpDomain>(std::move(parameters));
}

Result<void> check_dh_parameters(const DhParameters& parameters) {
    // The largest whose test for primality takes well below a second: the parameters come from a chip.
    constexpr std::size_t least = 1024, most = 3072, least_order = 160, most_order = 512;
    const auto p = number(parameters.p);
    const auto q = number(parameters.q);
    const auto bits = static_cast<std::size_t>(BN_num_bits(p.get()));
    if (bits < least || bits > most) return bad_key(fmt::format("Diffie-Hellman modulus of {} bits", bits));
    const auto order_bits = static_cast<std::size_t>(BN_num_bits(q.get()));
    if (order_bits < least_order || order_bits > most_order) return bad_key(fmt::format("Diffie-Hellman subgroup of {} bits", order_bits));
    const BnCtx ctx(BN_CTX_new());
    if (BN_check_prime(p.get(), ctx.get(), nullptr) != 1 || BN_check_prime(q.get(), ctx.get(), nullptr) != 1)
        return bad_key("Diffie-Hellman modulus or order is not prime");
    return ModpDomain(parameters).check(parameters.g);
}

Result<Secret> divide_mod(ByteView a, ByteView b, ByteView order) {
    const BnCtx ctx(BN_CTX_secure_new());
    const auto n = number(order);
    const Bignum result(BN_secure_new());
    const Bignum exponent(BN_dup(n.get()));
    // b ^ (order - 2): Fermat's inverse takes the same time for every b.
    if (BN_sub_word(exponent.get(), 2) != 1 ||
        BN_mod_exp_mont_consttime(result.get(), number(b).get(), exponent.get(), n.get(), ctx.get(), nullptr) != 1 ||
        BN_mod_mul(result.get(), result.get(), number(a).get(), n.get(), ctx.get()) != 1)
        return failed();
    return Secret(to_bytes(result.get(), order.size()));
}

}  // namespace idchip::crypto
