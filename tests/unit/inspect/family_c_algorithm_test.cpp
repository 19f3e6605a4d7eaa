// Family C of docs/inspection-cases.md, C18 to C30: hashes, signature algorithms and keys of document signers.
#include "inspect/document_maker.hpp"

#include "catch.hpp"

using namespace idchip;
using namespace idchip::inspect;
using namespace idchip::inspect::maker;
using crypto::Curve;
using crypto::EcEncoding;
using crypto::HashAlg;
using tlv::element;

namespace {

constexpr auto id_pss = "1.2.840.113549.1.1.10", id_rsa = "1.2.840.113549.1.1.1", id_ec = "1.2.840.10045.2.1",
               id_prime_field = "1.2.840.10045.1.1", id_mgf1 = "1.2.840.113549.1.1.8", id_md5 = "1.2.840.113549.2.5";

pki::Certificate ds_with(const crypto::PublicKey& key, EcEncoding encoding = EcEncoding::named) {
    auto maker = ds_like();
    maker.key(key, encoding);
    return maker.make();
}

pki::Certificate ds_with_spki(Bytes spki) {
    auto maker = ds_like();
    maker.spki = std::move(spki);
    return maker.make();
}

CmsMaker cms_by(const pki::Certificate& ds, const crypto::PrivateKey& key) {
    auto cms = cms_over(clean_files());
    cms.signer(ds, key);
    return cms;
}

CmsMaker clean_cms() { return cms_by(vietnam().ds, vietnam().ds_key); }
CmsMaker rsa_cms() { return cms_by(ds_with(rsa_key("ds").public_key()), rsa_key("ds")); }
Verdict judged_with(const CmsMaker& cms) { return judged(evidence_of(with_sod(clean_files(), cms))); }

// --- RSA and ECDSA in numbers

Bytes rsa_spki(ByteView n, ByteView e, const char* id = id_rsa, ByteView parameters = Bytes{0x05, 0}) {
    const auto key = der::sequence_of({der::write_unsigned(n), der::write_unsigned(e)});
    return der::sequence_of({algorithm_id(id, parameters), der::write_bit_string(key)});
}

// RFC 4055, 3.1
Bytes pss_parameters(ByteView hash, ByteView mgf_hash, std::int64_t salt, std::int64_t trailer) {
    return der::sequence_of({element(0xA0, hash), element(0xA1, algorithm_id(id_mgf1, mgf_hash)), element(0xA2, der::write_integer(salt)),
                             element(0xA3, der::write_integer(trailer))});
}

Bytes read_number(tlv::Reader& r) { return to_bytes(must(der::read_big_integer(r))); }

Bytes ecdsa_value(ByteView r, ByteView s) { return der::sequence_of({der::write_unsigned(r), der::write_unsigned(s)}); }

std::pair<Bytes, Bytes> numbers_of(ByteView signature) {
    tlv::Reader outer(signature, tlv::Rules::der);
    auto r = outer.enter(must(outer.next()));
    auto first = read_number(r);
    return {first, read_number(r)};
}

// a - b and a + b of big-endian numbers; a is not the smaller one.
Bytes minus(Bytes a, Bytes b) {
    b.insert(b.begin(), a.size() > b.size() ? a.size() - b.size() : 0, 0);
    if (b.size() > a.size()) b.erase(b.begin());
    int borrow = 0;
    for (std::size_t i = a.size(); i-- > 0;) {
        const int d = a[i] - b[i] - borrow;
        borrow = d < 0 ? 1 : 0;
        a[i] = static_cast<Byte>(d & 0xFF);
    }
    return a;
}

Bytes plus(Bytes a, Bytes b) {
    a.insert(a.begin(), 1, 0);
    if (b.size() < a.size()) b.insert(b.begin(), a.size() - b.size(), 0);
    int carry = 0;
    for (std::size_t i = a.size(); i-- > 0;) {
        const int d = a[i] + b[i] + carry;
        carry = d >> 8;
        a[i] = static_cast<Byte>(d & 0xFF);
    }
    return a;
}

const Bytes& order() { return crypto::parameters(Curve::p256).order; }

// The clean signature, its two numbers written another way.
CmsMaker with_numbers(const std::function<Bytes(const Bytes& r, const Bytes& s)>& write) {
    auto cms = clean_cms();
    cms.edit_signature = [write](Bytes& signature) {
        const auto [r, s] = numbers_of(signature);
        signature = write(r, s);
    };
    return cms;
}

// RFC 3279, 2.3.5
struct Explicit {
    crypto::CurveParameters k = crypto::parameters(Curve::p256);
    Bytes generator = concat({Bytes{4}, k.generator_x, k.generator_y});
    std::optional<std::int64_t> cofactor = 1;
    Bytes spki(ByteView point) const {
        const auto parameters = der::sequence_of({der::write_integer(1), der::sequence_of({oid(id_prime_field), der::write_unsigned(k.p)}),
                                                  der::sequence_of({der::write_octet_string(k.a), der::write_octet_string(k.b)}),
                                                  der::write_octet_string(generator), der::write_unsigned(k.order),
                                                  cofactor ? der::write_integer(*cofactor) : Bytes()});
        return der::sequence_of({algorithm_id(id_ec, parameters), der::write_bit_string(point)});
    }
};

Verdict judged_with_key(const Explicit& key) {
    return judged_with(cms_by(ds_with_spki(key.spki(vietnam().ds_key.public_key().info().point)), vietnam().ds_key));
}

}  // namespace

TEST_CASE("C18 the signature's digest is not the hash of the data groups") {
    check_clean(judged(evidence_of(sign(clean_files(), HashAlg::sha512))));
    check_clean(judged(evidence_of(sign(clean_files(), HashAlg::sha384))));
    SECTION("attack: digests of one hash under the name of the other") {
        SecurityObjectMaker object(clean_files(), HashAlg::sha512);
        object.algorithm = hash_id(HashAlg::sha256);
        check(judged_with(CmsMaker(object.der())), Overall::refer, Outcome::fail, "pa.security_object", "B10");
    }
}

TEST_CASE("C19 the digest is not the hash of the signature algorithm") {
    auto cms = rsa_cms();
    cms.digest = HashAlg::sha512;
    cms.algorithm = pkcs1(HashAlg::sha256);
    check_noted(judged_with(cms), Outcome::note, "cms.digest_differs_from_signature_hash", "C19");
    SECTION("attack: signed with the hash that the digest names") {
        cms.algorithm = pkcs1(HashAlg::sha512);
        cms.stated_algorithm = pkcs1(HashAlg::sha256).encode();
        check(judged_with(cms), Overall::reject, Outcome::fail, "pa.signature", "C01");
    }
    SECTION("neighbour: the same hash in both") {
        cms.algorithm = pkcs1(HashAlg::sha512);
        check_clean(judged_with(cms));
    }
}

TEST_CASE("C20 a key certified for RSASSA-PSS has signed with PKCS#1") {
    const auto& info = rsa_key("ds").public_key().info();
    const auto ds = ds_with_spki(rsa_spki(info.n, info.e, id_pss, {}));
    auto cms = cms_by(ds, rsa_key("ds"));
    cms.algorithm = pkcs1(HashAlg::sha256);
    check_noted(judged_with(cms), Outcome::note, "pa.key_for_pss", "C20");
    SECTION("neighbour: it has signed with RSASSA-PSS") {
        cms.algorithm = pss(HashAlg::sha256, HashAlg::sha256, 32);
        check_clean(judged_with(cms));
    }
    SECTION("neighbour: a key for everything") {
        auto plain = rsa_cms();
        plain.algorithm = pkcs1(HashAlg::sha256);
        check_clean(judged_with(plain));
    }
}

TEST_CASE("C21 parameters of RSASSA-PSS") {
    auto cms = rsa_cms();
    const auto sha256 = hash_id(HashAlg::sha256);
    const auto state = [&](const Bytes& parameters) { cms.stated_algorithm = algorithm_id(id_pss, parameters); };
    SECTION("absent: SHA-1, 20 bytes of salt") {
        cms.digest = HashAlg::sha1;
        cms.algorithm = pss(HashAlg::sha1, HashAlg::sha1, 20);
        state({});
        check_noted(judged_with(cms), Outcome::note, "pa.deprecated_hash", "C29");
    }
    SECTION("absent, but the signature has others") {
        state({});
        check(judged_with(cms), Overall::reject, Outcome::fail, "pa.signature", "C01");
    }
    SECTION("another hash in the mask") {
        cms.algorithm = pss(HashAlg::sha256, HashAlg::sha1, 32);
        check_noted(judged_with(cms), Outcome::note, "cms.pss_mgf_differs", "C21");
    }
    SECTION("odd salts, as stated") {
        for (const std::size_t salt : {0U, 17U, 20U, 64U, 222U}) {
            cms.algorithm = pss(HashAlg::sha256, HashAlg::sha256, salt);
            check_clean(judged_with(cms));
        }
    }
    SECTION("a salt other than stated") {
        cms.algorithm = pss(HashAlg::sha256, HashAlg::sha256, 20);
        cms.stated_algorithm = pss(HashAlg::sha256, HashAlg::sha256, 32).encode();
        check(judged_with(cms), Overall::reject, Outcome::fail, "pa.signature", "C01");
    }
    SECTION("absurd: a salt that fits no key, a negative one, another trailer") {
        for (const auto& parameters :
             {pss_parameters(sha256, sha256, 600, 1), pss_parameters(sha256, sha256, -1, 1), pss_parameters(sha256, sha256, 32, 2)}) {
            state(parameters);
            check(judged_with(cms), Overall::refer, Outcome::fail, "pa.signature", "C21");
        }
    }
    SECTION("a salt that does not fit this key") {
        state(pss_parameters(sha256, sha256, 500, 1));
        CHECK(judged_with(cms).overall >= Overall::refer);
    }
    SECTION("MD5 as hash, or in the mask") {
        const auto md5 = algorithm_id(id_md5, der::write_null());
        state(pss_parameters(md5, md5, 16, 1));
        check(judged_with(cms), Overall::refer, Outcome::fail, "pa.signature", "C30");
        state(pss_parameters(sha256, md5, 32, 1));
        check(judged_with(cms), Overall::refer, Outcome::fail, "pa.signature", "C30");
    }
    SECTION("neighbour: everything written out, the trailer too") {
        state(pss_parameters(sha256, sha256, 32, 1));
        check_clean(judged_with(cms));
    }
}

TEST_CASE("C22 a signature algorithm that names no hash") {
    auto cms = rsa_cms();
    cms.algorithm = pkcs1(HashAlg::sha512);
    cms.digest = HashAlg::sha512;
    cms.stated_algorithm = algorithm_id(id_rsa, der::write_null());
    const auto verdict = judged_with(cms);
    check_noted(verdict, Outcome::note, "cms.signature_without_hash", "C22");
    CHECK(find(verdict, "pa.signature", Outcome::pass)->detail == "RSA PKCS#1 v1.5 with SHA-512");
    auto ec = clean_cms();
    ec.stated_algorithm = algorithm_id(id_ec);
    check_noted(judged_with(ec), Outcome::note, "cms.signature_without_hash", "C22");
    SECTION("attack: signed with another hash than the digest's") {
        cms.digest = HashAlg::sha256;
        check(judged_with(cms), Overall::reject, Outcome::fail, "pa.signature", "C01");
    }
}

TEST_CASE("C24 ECDSA numbers out of range, or written wrongly") {
    const Bytes zero = {0}, one = {1};
    const auto refused_by = [](const std::function<Bytes(const Bytes&, const Bytes&)>& write) {
        check(judged_with(with_numbers(write)), Overall::reject, Outcome::fail, "pa.signature", "C01");
    };
    SECTION("zero") {
        refused_by([&](const Bytes&, const Bytes& s) { return ecdsa_value(zero, s); });
        refused_by([&](const Bytes& r, const Bytes&) { return ecdsa_value(r, zero); });
        refused_by([&](const Bytes&, const Bytes&) { return ecdsa_value(zero, zero); });
        refused_by([&](const Bytes&, const Bytes&) { return ecdsa_value(one, one); });
    }
    SECTION("the order, and beyond") {
        refused_by([&](const Bytes&, const Bytes& s) { return ecdsa_value(order(), s); });
        refused_by([&](const Bytes& r, const Bytes& s) { return ecdsa_value(plus(r, order()), s); });
        refused_by([&](const Bytes& r, const Bytes& s) { return ecdsa_value(r, plus(s, order())); });
    }
    SECTION("long form of a length") {
        refused_by([](const Bytes& r, const Bytes& s) {
            const auto good = ecdsa_value(r, s);
            return concat({Bytes{0x30, 0x81, good[1]}, ByteView(good).subspan(2)});
        });
    }
    SECTION("a needless zero, a negative number, bytes behind") {
        refused_by([](const Bytes& r, const Bytes& s) {
            return der::sequence_of({element(der::integer, {Bytes{0, 0}, r}), der::write_unsigned(s)});
        });
        refused_by([](const Bytes& r, const Bytes& s) {
            return der::sequence_of({element(der::integer, {Bytes{0xFF}, r}), der::write_unsigned(s)});
        });
        refused_by([](const Bytes& r, const Bytes& s) { return concat({ecdsa_value(r, s), Bytes{0}}); });
    }
    SECTION("plain r || s") {
        refused_by([](const Bytes& r, const Bytes& s) { return concat({r, s}); });
    }
    SECTION("neighbour: the other of the two signatures that belong together, n - s") {
        check_clean(judged_with(with_numbers([](const Bytes& r, const Bytes& s) { return ecdsa_value(r, minus(order(), s)); })));
    }
    SECTION("neighbour: as it was") { check_clean(judged_with(with_numbers(ecdsa_value))); }
}

TEST_CASE("C25 explicit curve parameters that are not a known curve") {
    Explicit key;
    SECTION("a generator of one's own") {
        key.generator = vietnam().ds_key.public_key().info().point;
        check(judged_with_key(key), Overall::refer, Outcome::fail, "pa.signature", "C25");
    }
    SECTION("another order") {
        key.k.order.back() ^= 2;
        check(judged_with_key(key), Overall::refer, Outcome::fail, "pa.signature", "C25");
    }
    SECTION("another cofactor") {
        for (const std::int64_t cofactor : {0, 2, -1}) {
            key.cofactor = cofactor;
            check(judged_with_key(key), Overall::refer, Outcome::fail, "pa.signature", "C25");
        }
    }
    SECTION("another coefficient, another prime") {
        auto other = key;
        other.k.b.back() ^= 1;
        check(judged_with_key(other), Overall::refer, Outcome::fail, "pa.signature", "C25");
        key.k.p.back() ^= 2;
        check(judged_with_key(key), Overall::refer, Outcome::fail, "pa.signature", "C25");
    }
    SECTION("a point that is not on the curve, or at infinity") {
        auto point = vietnam().ds_key.public_key().info().point;
        point.back() ^= 1;
        check(judged_with(cms_by(ds_with_spki(key.spki(point)), vietnam().ds_key)), Overall::refer, Outcome::fail, "pa.signature", "C25");
        check(judged_with(cms_by(ds_with_spki(key.spki(Bytes{0})), vietnam().ds_key)), Overall::refer, Outcome::fail, "pa.signature",
              "C25");
    }
    SECTION("neighbours: the whole curve, without cofactor, with a compressed generator") {
        check_clean(judged_with_key(key));
        key.cofactor.reset();
        check_clean(judged_with_key(key));
        key.generator = concat({Bytes{static_cast<Byte>(2 + (key.k.generator_y.back() & 1))}, key.k.generator_x});
        check_clean(judged_with_key(key));
    }
}

TEST_CASE("C26 the certificate names another curve than the key's") {
    const auto& key = ec_key("brainpool", Curve::bp256r1);
    auto spki =
        der::sequence_of({algorithm_id(id_ec, der::write(crypto::oid(Curve::p256))), der::write_bit_string(key.public_key().info().point)});
    check(judged_with(cms_by(ds_with_spki(spki), key)), Overall::refer, Outcome::fail, "pa.signature", "C25");
    SECTION("a curve that is not built in") {
        spki = der::sequence_of({algorithm_id(id_ec, oid("1.3.132.0.10")), der::write_bit_string(key.public_key().info().point)});
        check(judged_with(cms_by(ds_with_spki(spki), key)), Overall::cannot, Outcome::inconclusive, "pa.signature", "C25");
    }
    SECTION("neighbour: it names the right one") { check_clean(judged_with(cms_by(ds_with(key.public_key()), key))); }
}

TEST_CASE("C28 RSA keys that anyone could use") {
    const auto& info = rsa_key("ds").public_key().info();
    const auto refused_key = [](const Bytes& n, const Bytes& e) {
        check(judged_with(cms_by(ds_with_spki(rsa_spki(n, e)), rsa_key("ds"))), Overall::refer, Outcome::fail, "pa.signature", "C28");
    };
    SECTION("a modulus of 1016 bits, of 512") {
        refused_key(Bytes(info.n.begin() + 129, info.n.end()), info.e);
        refused_key(Bytes(info.n.begin() + 192, info.n.end()), info.e);
    }
    SECTION("exponent 1, 2, 65536") {
        refused_key(info.n, {1});
        refused_key(info.n, {2});
        refused_key(info.n, {1, 0, 0});
    }
    SECTION("an exponent as long as the modulus") { refused_key(info.n, Bytes(200, 0x55)); }
    SECTION("an even modulus") {
        auto even = info.n;
        even.back() ^= 1;
        refused_key(even, info.e);
    }
    SECTION("a negative modulus") {
        auto spki = rsa_spki(info.n, info.e);
        const Bytes number = der::write_unsigned(info.n);
        const Bytes negative = element(der::integer, info.n);
        const auto inner = der::sequence_of({negative, der::write_unsigned(info.e)});
        REQUIRE(number.size() == negative.size() + 1);
        spki = der::sequence_of({algorithm_id(id_rsa, der::write_null()), der::write_bit_string(inner)});
        check(judged_with(cms_by(ds_with_spki(spki), rsa_key("ds"))), Overall::refer, Outcome::fail, "pa.signature", "C28");
    }
    SECTION("neighbours: 1024, 2048, 3072 bits") {
        for (const std::size_t bits : {1024U, 2048U, 3072U}) {
            const auto& key = rsa_key("ds", bits);
            check_clean(judged_with(cms_by(ds_with(key.public_key()), key)));
        }
    }
}

TEST_CASE("C29 SHA-1 in the signature, in the document signer's certificate") {
    auto cms = clean_cms();
    cms.algorithm = ecdsa(HashAlg::sha1);
    cms.digest = HashAlg::sha1;
    check_noted(judged_with(cms), Outcome::note, "pa.deprecated_hash", "C29");
    auto maker = ds_like();
    maker.algorithm = ecdsa(HashAlg::sha1);
    check_noted(judged_with(cms_by(maker.make(), vietnam().ds_key)), Outcome::note, "pki.deprecated_hash", "C29");
    SECTION("neighbour: SHA-224") {
        cms.algorithm = ecdsa(HashAlg::sha224);
        cms.digest = HashAlg::sha224;
        check_clean(judged_with(cms));
    }
}

TEST_CASE("C30 MD5") {
    SECTION("as the digest") {
        auto cms = clean_cms();
        cms.digest_algorithm = algorithm_id(id_md5, der::write_null());
        check(judged_with(cms), Overall::refer, Outcome::fail, "pa.signature", "C30");
    }
    SECTION("in the signature") {
        auto cms = rsa_cms();
        cms.stated_algorithm = algorithm_id("1.2.840.113549.1.1.4", der::write_null());
        check(judged_with(cms), Overall::refer, Outcome::fail, "pa.signature", "C30");
    }
    SECTION("in the document signer's certificate") {
        auto maker = ds_like();
        maker.stated_algorithm = algorithm_id("1.2.840.113549.1.1.4", der::write_null());
        check(judged_with(cms_by(maker.make(), vietnam().ds_key)), Overall::refer, Outcome::fail, "pki.chain", "C30");
    }
    SECTION("neighbour: an algorithm that is not built in proves nothing against the document") {
        auto cms = clean_cms();
        cms.stated_algorithm = algorithm_id("1.3.101.112");
        check(judged_with(cms), Overall::cannot, Outcome::inconclusive, "pa.signature", "C25");
        cms = clean_cms();
        cms.digest_algorithm = algorithm_id("2.16.840.1.101.3.4.2.8");
        check(judged_with(cms), Overall::cannot, Outcome::inconclusive, "pa.signature", "C25");
    }
}
