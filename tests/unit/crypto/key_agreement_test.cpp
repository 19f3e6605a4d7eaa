// Groups: what both libraries say, what must be refused, keys as SubjectPublicKeyInfo. Values of the standard: test-vectors/pace.
#include "unit.hpp"

#include <openssl/ec.h>
#include <openssl/objects.h>

#include <idchip/crypto/key_agreement.hpp>

using namespace idchip;
using namespace idchip::test;
using crypto::AgreementEncoding;
using crypto::AgreementKey;
using crypto::Curve;
using crypto::Domain;
using crypto::KeyPair;

namespace {

std::vector<Domain> all_domains() {
    std::vector<Domain> all;
    for (std::int64_t id = 0; id <= 18; ++id)
        if (auto domain = Domain::standardized(id)) all.push_back(std::move(*domain));
    return all;
}

// scalar * G by OpenSSL alone, as hexadecimal text of an uncompressed point.
std::string by_openssl(Curve curve, ByteView scalar) {
    EC_GROUP* group = EC_GROUP_new_by_curve_name(OBJ_txt2nid(crypto::oid(curve).dotted().c_str()));
    EC_POINT* point = EC_POINT_new(group);
    BIGNUM* n = BN_bin2bn(scalar.data(), static_cast<int>(scalar.size()), nullptr);
    EC_POINT_mul(group, point, n, nullptr, nullptr, nullptr);
    Bytes bytes(1 + 2 * crypto::field_size(curve));
    EC_POINT_point2oct(group, point, POINT_CONVERSION_UNCOMPRESSED, bytes.data(), bytes.size(), nullptr);
    BN_free(n);
    EC_POINT_free(point);
    EC_GROUP_free(group);
    return to_hex(bytes);
}

}  // namespace

TEST_CASE("table 12 has 14 groups, each found again by its number", "[crypto]") {
    CHECK(all_domains().size() == 14);
    for (std::int64_t id = -1; id <= 32; ++id)
        if (const auto domain = Domain::standardized(id)) CHECK(domain->standardized_id() == id);
    CHECK_FALSE(Domain::standardized(3));
    CHECK_FALSE(Domain::standardized(19));
}

TEST_CASE("both sides agree in every group, and on every curve OpenSSL and Botan give the same multiple", "[crypto]") {
    TestRng rng(1);
    for (const auto& domain : all_domains()) {
        CAPTURE(domain.text());
        const auto a = good(KeyPair::generate(domain, rng));
        const auto b = good(KeyPair::generate(domain, rng));
        const auto k = good(domain.agree(a.private_value.view(), b.public_value));
        CHECK(to_hex(k.view()) == to_hex(good(domain.agree(b.private_value.view(), a.public_value)).view()));
        CHECK(k.size() == domain.field_size());
        CHECK(a.private_value.size() == domain.order_size());
        CHECK(to_hex(good(domain.power(domain.generator(), a.private_value.view()))) == to_hex(a.public_value));
        if (domain.is_ec()) CHECK(to_hex(a.public_value) == by_openssl(domain.curve(), a.private_value.view()));
        // A scalar longer than the order, as the nonce of PACE with AES-256 is on small curves.
        const auto wide = rng.bytes(32);
        if (domain.is_ec()) CHECK(to_hex(good(domain.public_value(wide))) == by_openssl(domain.curve(), wide));
        // (a / b) * b = a
        const auto quotient = good(domain.divide(a.private_value.view(), b.private_value.view()));
        CHECK(to_hex(good(domain.power(b.public_value, quotient.view()))) == to_hex(a.public_value));
        // A mapped generator is as good as the first.
        const auto mapped = good(domain.with_generator(b.public_value));
        const auto c = good(KeyPair::generate(mapped, rng));
        const auto d = good(KeyPair::generate(mapped, rng));
        CHECK(to_hex(good(mapped.agree(c.private_value.view(), d.public_value)).view()) ==
              to_hex(good(mapped.agree(d.private_value.view(), c.public_value)).view()));
    }
}

TEST_CASE("what is no element of the group is refused before anything is computed with it", "[crypto]") {
    TestRng rng(2);
    for (const auto& domain : all_domains()) {
        CAPTURE(domain.text());
        const auto key = good(KeyPair::generate(domain, rng));
        const auto refused = [&](Bytes element) {
            CHECK(error_of(domain.check(element)) == "crypto.bad_key");
            CHECK(error_of(domain.power(element, key.private_value.view())) == "crypto.bad_key");
            CHECK(error_of(domain.agree(key.private_value.view(), element)) == "crypto.bad_key");
            CHECK(error_of(domain.combine(key.public_value, element)) == "crypto.bad_key");
            CHECK(error_of(domain.with_generator(element)) == "crypto.bad_key");
        };
        refused({});
        refused({0x00});
        refused({0x01});
        auto longer = key.public_value;
        longer.insert(longer.begin(), domain.field_size(), 0x01);
        refused(longer);
        if (domain.is_ec()) {
            auto off = key.public_value;
            off.back() ^= 1;
            refused(off);
            auto compressed = key.public_value;
            compressed.resize(1 + domain.field_size());
            compressed[0] = 2;
            refused(compressed);
            auto hybrid = key.public_value;
            hybrid[0] = static_cast<Byte>(6 + (hybrid.back() & 1U));
            refused(hybrid);
            refused(concat({Bytes{4}, Bytes(2 * domain.field_size())}));
            refused(concat({Bytes{4}, Bytes(2 * domain.field_size(), 0xFF)}));
        } else {
            refused({0x02});  // outside the subgroup
            refused(domain.dh_parameters().p);
            auto last = domain.dh_parameters().p;
            last.back() -= 1;
            refused(last);  // -1
        }
    }
}

TEST_CASE("a point and its opposite have no sum that could be a generator", "[crypto]") {
    const auto domain = Domain::ecdh(Curve::bp256r1);
    TestRng rng(3);
    const auto key = good(KeyPair::generate(domain, rng));
    auto order_less_one = crypto::parameters(Curve::bp256r1).order;
    order_less_one.back() -= 1;
    CHECK(error_of(domain.combine(domain.generator(), good(domain.public_value(order_less_one)))) == "crypto.bad_key");
    CHECK(error_of(domain.public_value(crypto::parameters(Curve::bp256r1).order)) == "crypto.bad_key");
    CHECK(error_of(domain.public_value(Bytes(32))) == "crypto.bad_key");
}

TEST_CASE("a private value is never zero and always below the order", "[crypto]") {
    struct Ones final : Rng {
        int calls = 0;
        void fill(std::span<Byte> out) override {
            ++calls;
            std::fill(out.begin(), out.end(), static_cast<Byte>(calls == 1 ? 0xFF : calls == 2 ? 0x00 : 0x55));
        }
    } rng;
    const auto domain = Domain::ecdh(Curve::bp256r1);
    CHECK(to_hex(domain.draw_private(rng).view()) == to_hex(Bytes(32, 0x55)));
    CHECK(rng.calls == 3);
    // 521 bits: the seven bits above are not drawn.
    TestRng random(4);
    for (int i = 0; i < 50; ++i) CHECK(Domain::ecdh(Curve::p521).draw_private(random).view()[0] <= 1);
}

TEST_CASE("the integrated mapping lands on the curve, and P-224 has none", "[crypto]") {
    TestRng rng(5);
    for (const auto& domain : all_domains()) {
        CAPTURE(domain.text());
        if (domain.is_ec() && domain.curve() == Curve::p224) {
            CHECK(error_of(domain.element_from(rng.bytes(40))) == "crypto.unsupported");
            continue;
        }
        for (int i = 0; i < 8; ++i) {
            const auto element = good(domain.element_from(rng.bytes(domain.field_size() + 8)));
            CHECK(error_of(domain.check(element)) == "none");
        }
        CHECK(error_of(domain.element_from(Bytes(domain.field_size()))) == "crypto.bad_key");
    }
    // 1 has no image on any curve: 1 - t^2 is not to be inverted.
    CHECK(error_of(Domain::ecdh(Curve::p256).element_from(Bytes{1})) == "crypto.bad_key");
}

TEST_CASE("static keys come back from every encoding", "[crypto]") {
    TestRng rng(6);
    for (const auto& domain : all_domains()) {
        const auto pair = good(KeyPair::generate(domain, rng));
        for (const auto encoding : {AgreementEncoding::explicit_parameters, AgreementEncoding::named_curve, AgreementEncoding::standardized,
                                    AgreementEncoding::x9_42}) {
            if (domain.is_ec() == (encoding == AgreementEncoding::x9_42)) continue;
            if (!domain.is_ec() && encoding == AgreementEncoding::named_curve) continue;
            CAPTURE(domain.text(), name(encoding));
            const auto back = good(AgreementKey::from_spki(AgreementKey{domain, pair.public_value, encoding}.to_spki()));
            CHECK(back.domain == domain);
            CHECK(to_hex(back.public_value) == to_hex(pair.public_value));
            CHECK(back.encoding == encoding);
        }
    }
}

TEST_CASE("Diffie-Hellman groups of one's own: known ones, sound ones, and none that is weak", "[crypto]") {
    const auto& known = crypto::parameters(crypto::DhGroup::modp2048_256);
    CHECK(good(Domain::dh({known.p, known.g, {}})) == Domain::dh(crypto::DhGroup::modp2048_256));
    CHECK(good(Domain::dh({concat({Bytes{0}, known.p}), known.g, known.q})).dh_parameters() == known);
    auto p = known.p;
    p.back() ^= 0x02;
    CHECK(error_of(Domain::dh({p, known.g, {}})) == "crypto.bad_key");       // nobody knows it, nobody states its order
    CHECK(error_of(Domain::dh({p, known.g, known.q})) == "crypto.bad_key");  // not prime
    auto q = known.q;
    q.back() ^= 0x02;
    CHECK(error_of(Domain::dh({known.p, known.g, q})) == "crypto.bad_key");
    CHECK(error_of(Domain::dh({known.p, Bytes{2}, known.q})) == "crypto.bad_key");  // of another order
    CHECK(error_of(Domain::dh({Bytes(64, 0xFF), Bytes{2}, Bytes(20, 0xFF)})) == "crypto.bad_key");
    CHECK(error_of(Domain::dh({Bytes(1024, 0xFF), Bytes{2}, Bytes(32, 0xFF)})) == "crypto.bad_key");
    CHECK(error_of(Domain::dh({{}, {}, {}})) == "crypto.bad_key");
}

TEST_CASE("ECDSA signatures change their form and back, and no other width passes", "[crypto]") {
    TestRng rng(7);
    for (const auto curve : {Curve::p192, Curve::p256, Curve::p521, Curve::bp320r1}) {
        const auto width = crypto::parameters(curve).order.size();
        auto plain = rng.bytes(2 * width);
        plain[0] = 0;
        plain[width] = 0x80;
        const auto der = good(crypto::ecdsa_plain_to_der(curve, plain));
        CHECK(to_hex(good(crypto::ecdsa_der_to_plain(curve, der))) == to_hex(plain));
        CHECK(error_of(crypto::ecdsa_plain_to_der(curve, ByteView(plain).first(2 * width - 1))) == "crypto.bad_signature");
        CHECK(error_of(crypto::ecdsa_der_to_plain(curve, plain)) == "crypto.bad_signature");
        CHECK(error_of(crypto::ecdsa_der_to_plain(curve, concat({der, Bytes{0}}))) == "crypto.bad_signature");
    }
}
