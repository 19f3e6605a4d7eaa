// Points of a curve. EC_POINT_mul with one scalar is OpenSSL's constant-time ladder (or its fixed-window code for P-224, P-256 and
// P-521); the generator is Botan's on the other curves (docs/adr/0005).
#include <map>
#include <mutex>

#include "base/try.hpp"
#include "crypto/botan/generator.hpp"
#include "crypto/domain_impl.hpp"
#include "crypto/openssl/handles.hpp"

#include <openssl/objects.h>

namespace idchip::crypto {
namespace {

Failure failed() {
    ERR_clear_error();
    return fail(Errc::crypto_failed, "elliptic curve");
}

// One for each curve and program: built from a table, it is costlier than a multiplication. Only read afterwards.
const EC_GROUP* group_of(Curve curve) {
    static std::mutex mutex;
    static std::map<Curve, Group> groups;
    const std::scoped_lock lock(mutex);
    auto& group = groups[curve];
    if (!group) group.reset(EC_GROUP_new_by_curve_name(OBJ_txt2nid(oid(curve).dotted().c_str())));
    return group.get();
}

class CurveDomain final : public Domain::Impl {
public:
    CurveDomain(Curve curve, Bytes generator, bool standard)
        : curve_(curve), group_(group_of(curve)), generator_(std::move(generator)), standard_(standard) {}

    std::optional<Curve> curve() const override { return curve_; }
    std::string text() const override { return std::string(name(curve_)); }
    std::size_t field_size() const override { return crypto::field_size(curve_); }
    ByteView order() const override { return parameters(curve_).order; }
    ByteView generator() const override { return generator_; }
    std::shared_ptr<const Impl> with_generator(ByteView element) const override {
        return std::make_shared<CurveDomain>(curve_, to_bytes_of(element), false);
    }

    Result<Bytes> public_value(ByteView exponent) const override {
        if (!standard_) return power(generator_, exponent);
        if (has_generator_table(curve_)) return multiply_generator(curve_, exponent);
        const Point result(EC_POINT_new(group_));
        const BnCtx ctx(BN_CTX_secure_new());
        const auto scalar = number(exponent);
        if (EC_POINT_mul(group_, result.get(), scalar.get(), nullptr, nullptr, ctx.get()) != 1) return failed();
        return write(result.get(), ctx.get());
    }

    Result<void> check(ByteView element) const override {
        const BnCtx ctx(BN_CTX_new());
        TRY(read(element, ctx.get()));
        return {};
    }

    Result<Bytes> power(ByteView element, ByteView exponent) const override {
        const BnCtx ctx(BN_CTX_secure_new());
        return write(TRY(multiply(element, exponent, ctx.get())).get(), ctx.get());
    }

    Result<Bytes> combine(ByteView a, ByteView b) const override {
        const BnCtx ctx(BN_CTX_new());
        const auto p = TRY(read(a, ctx.get()));
        const auto q = TRY(read(b, ctx.get()));
        if (EC_POINT_add(group_, p.get(), p.get(), q.get(), ctx.get()) != 1) return failed();
        return write(p.get(), ctx.get());
    }

    Result<Secret> agree(ByteView exponent, ByteView peer) const override {
        const Secret point(TRY(power(peer, exponent)));
        return Secret(point.view().subspan(1, field_size()));
    }

    // Doc 9303-11, appendix B.2, step by step. No branch depends on the input but the choice between two results.
    Result<Bytes> element_from(ByteView integer) const override {
        const auto& k = parameters(curve_);
        if ((k.p.back() & 3U) != 3) return fail(Errc::crypto_unsupported, {}, "no integrated mapping on " + text());
        const BnCtx owner(BN_CTX_secure_new());
        auto* ctx = owner.get();
        const auto p = number(k.p);
        const auto a = number(k.a);
        const auto b = number(k.b);
        const auto fresh = [] { return Bignum(BN_secure_new()); };
        bool ok = true;
        const auto mul = [&](const BIGNUM* x, const BIGNUM* y) {
            auto r = fresh();
            ok = ok && BN_mod_mul(r.get(), x, y, p.get(), ctx) == 1;
            return r;
        };
        const auto add = [&](const BIGNUM* x, const BIGNUM* y) {
            auto r = fresh();
            ok = ok && BN_mod_add(r.get(), x, y, p.get(), ctx) == 1;
            return r;
        };
        const auto negate = [&](const BIGNUM* x) {
            auto r = fresh();
            ok = ok && BN_mod_sub(r.get(), p.get(), x, p.get(), ctx) == 1;
            return r;
        };
        const auto power_mod = [&](const BIGNUM* x, const BIGNUM* exponent) {
            auto r = fresh();
            ok = ok && BN_mod_exp_mont_consttime(r.get(), x, exponent, p.get(), ctx, nullptr) == 1;
            return r;
        };
        // y^2 of a point with this x
        const auto h = [&](const BIGNUM* x) { return add(add(mul(mul(x, x).get(), x).get(), mul(a.get(), x).get()).get(), b.get()); };
        auto t = fresh();
        ok = BN_nnmod(t.get(), number(integer).get(), p.get(), ctx) == 1;
        const auto alpha = negate(mul(t.get(), t.get()).get());
        const auto sum = add(alpha.get(), mul(alpha.get(), alpha.get()).get());
        auto minus_two = fresh();  // p - 2: inversion by Fermat
        auto root = fresh();       // p - 1 - (p + 1) / 4
        ok = ok && BN_copy(minus_two.get(), p.get()) != nullptr && BN_sub_word(minus_two.get(), 2) == 1 &&
             BN_copy(root.get(), p.get()) != nullptr && BN_add_word(root.get(), 1) == 1 && BN_rshift(root.get(), root.get(), 2) == 1;
        auto exponent = fresh();
        ok = ok && BN_sub(exponent.get(), p.get(), root.get()) == 1 && BN_sub_word(exponent.get(), 1) == 1;
        if (!ok) return failed();
        if (BN_is_zero(sum.get())) return bad_key("the mapped generator is no point");  // t is 0 or its square 1: no inverse
        const auto inverse = power_mod(mul(a.get(), sum.get()).get(), minus_two.get());
        const auto one_more = add(BN_value_one(), sum.get());
        const auto x2 = mul(negate(mul(b.get(), one_more.get()).get()).get(), inverse.get());
        const auto x3 = mul(alpha.get(), x2.get());
        const auto h2 = h(x2.get());
        const auto u = mul(mul(mul(t.get(), t.get()).get(), t.get()).get(), h2.get());
        const auto root_inverse = power_mod(h2.get(), exponent.get());
        const auto square = mul(mul(root_inverse.get(), root_inverse.get()).get(), h2.get());
        const bool first = BN_is_one(square.get()) != 0;
        const auto y = mul(root_inverse.get(), first ? h2.get() : u.get());
        if (!ok) return failed();
        auto point =
            concat({Bytes{4}, crypto::to_bytes(first ? x2.get() : x3.get(), field_size()), crypto::to_bytes(y.get(), field_size())});
        TRY(check(point));
        return point;
    }

private:
    static Bytes to_bytes_of(ByteView view) { return {view.begin(), view.end()}; }

    // Uncompressed points only (4.4.3.2); EC_POINT_oct2point checks that they lie on the curve.
    Result<Point> read(ByteView element, BN_CTX* ctx) const {
        if (element.size() != 1 + 2 * field_size() || element[0] != 4) return bad_key("not an uncompressed point of " + text());
        Point point(EC_POINT_new(group_));
        if (EC_POINT_oct2point(group_, point.get(), element.data(), element.size(), ctx) != 1) return bad_key("point is not on " + text());
        return point;
    }

    Result<Bytes> write(const EC_POINT* point, BN_CTX* ctx) const {
        if (EC_POINT_is_at_infinity(group_, point) != 0) return bad_key("the point at infinity");
        Bytes bytes(1 + 2 * field_size());
        if (EC_POINT_point2oct(group_, point, POINT_CONVERSION_UNCOMPRESSED, bytes.data(), bytes.size(), ctx) != bytes.size())
            return failed();
        return bytes;
    }

    Result<Point> multiply(ByteView element, ByteView exponent, BN_CTX* ctx) const {
        auto point = TRY(read(element, ctx));
        const auto scalar = number(exponent);
        if (EC_POINT_mul(group_, point.get(), nullptr, point.get(), scalar.get(), ctx) != 1) return failed();
        return point;
    }

    Curve curve_;
    const EC_GROUP* group_;
    Bytes generator_;
    bool standard_;
};

}  // namespace

std::shared_ptr<const Domain::Impl> make_curve_domain(Curve curve) {
    const auto& k = parameters(curve);
    return std::make_shared<CurveDomain>(curve, concat({Bytes{4}, k.generator_x, k.generator_y}), true);
}

}  // namespace idchip::crypto
