#include "unit/unit.hpp"

#include <idchip/pki/crl.hpp>

using namespace idchip;
using namespace idchip::test;
using pki::Crl;

namespace {

const crypto::PrivateKey& issuer_key() {
    static const auto key = good(crypto::PrivateKey::generate_ec(crypto::Curve::p256));
    return key;
}
const Instant today = start_of({2026, 3, 1});

pki::CrlTemplate sample() {
    pki::CrlTemplate t;
    t.issuer = good(pki::Name::of("C=UT, CN=CSCA"));
    t.this_update = today;
    t.next_update = today + 90 * seconds_per_day;
    t.number = 7;
    t.authority_key_id = "0102"_hex;
    t.revoked = {{"11"_hex, today, 1}, {"00F2"_hex, today, {}}};
    return t;
}

Bytes oid(std::string_view dotted) { return der::write(der::Oid(dotted)); }

// A list of given parts; the signature is a dummy.
struct Fields {
    Bytes version = der::write_integer(1);
    Bytes algorithm = crypto::SignatureAlgorithm{}.encode();
    Bytes next_update = der::write_time(today + seconds_per_day);
    Bytes revoked, extensions;
    Bytes outer_algorithm = algorithm;
    Bytes encode() const {
        const auto tbs =
            der::sequence_of({version, algorithm, sample().issuer.raw, der::write_time(today), next_update, revoked, extensions});
        return der::sequence_of({tbs, outer_algorithm, der::write_bit_string("3006020101020101"_hex)});
    }
    Crl parse() const { return good(Crl::parse(encode())); }
    std::string error() const { return error_of(Crl::parse(encode())); }
};

Bytes extension(std::string_view id, ByteView value, ByteView critical = {}) {
    return der::sequence_of({oid(id), critical, der::write_octet_string(value)});
}

}  // namespace

TEST_CASE("a revocation list of ours reads back and verifies", "[pki]") {
    const auto bytes = good(pki::build_crl(sample(), issuer_key(), {}));
    const auto crl = good(Crl::parse(bytes));
    CHECK(crl.issuer.text() == "C=UT, CN=CSCA");
    CHECK(crl.this_update == today);
    CHECK(crl.next_update == today + 90 * seconds_per_day);
    CHECK(to_hex(*crl.authority_key_id) == "0102");
    CHECK(crl.unknown_critical.empty());
    REQUIRE(crl.revoked.size() == 2);
    CHECK_FALSE(crl.find("11"_hex)->reason);  // known to us, not published: 9303-12, table 10
    CHECK(crl.number == 7);
    CHECK(crl.find("F2"_hex) == crl.find("00F2"_hex));  // leading zeros, needed or not, must not hide a revocation
    CHECK(crl.find("0011"_hex) == crl.find("11"_hex));
    CHECK(crl.find("12"_hex) == nullptr);
    CHECK(crl.find("1100"_hex) == nullptr);
    CHECK(error_of(crl.verify_signature(issuer_key().public_key())) == "none");
    CHECK(error_of(crl.verify_signature(good(crypto::PrivateKey::generate_ec(crypto::Curve::p256)).public_key())) ==
          "crypto.bad_signature");
    CHECK(good(Crl::parse_any(as_bytes(pki::to_pem(bytes, "X509 CRL")))).raw == bytes);
}

TEST_CASE("a list that revokes nothing has no list at all", "[pki]") {
    auto t = sample();
    t.revoked.clear();
    const auto crl = good(Crl::parse(good(pki::build_crl(t, issuer_key(), {}))));
    CHECK(crl.revoked.empty());
    CHECK(error_of(crl.verify_signature(issuer_key().public_key())) == "none");
}

TEST_CASE("optional fields of a list may be absent", "[pki]") {
    Fields f;
    f.version = {};
    f.next_update = {};
    const auto crl = f.parse();
    CHECK_FALSE(crl.next_update);
    CHECK(crl.revoked.empty());
    CHECK_FALSE(crl.authority_key_id);
    f.next_update = der::write_generalized_time(today + seconds_per_day);
    CHECK(f.parse().next_update == today + seconds_per_day);
}

TEST_CASE("critical extensions of a list and of its entries are reported when unknown, others are not", "[pki]") {
    const auto critical = der::write_boolean(true);
    Fields f;
    f.extensions = tlv::element(0xA0, der::sequence_of({extension("2.5.29.27", der::write_integer(1), critical),
                                                        extension("2.5.29.28", der::sequence_of({}), der::write_boolean(false)),
                                                        extension("1.2.3", der::write_null())}));
    CHECK(f.parse().unknown_critical == std::vector{der::Oid("2.5.29.27")});  // a delta list
    f.extensions = {};
    const auto entry = [](ByteView extensions) {
        return der::sequence_of({der::write_integer(5), der::write_time(today), tlv::element(der::sequence, extensions)});
    };
    f.revoked = der::sequence_of({entry(extension("2.5.29.29", der::sequence_of({}), critical))});  // certificateIssuer: an indirect list
    CHECK(f.parse().unknown_critical == std::vector{der::Oid("2.5.29.29")});
    f.revoked = der::sequence_of({entry(extension("2.5.29.29", der::sequence_of({}), der::write_boolean(false)))});
    CHECK(f.parse().unknown_critical.empty());
    f.revoked = der::sequence_of({entry(extension("2.5.29.21", "0A0106"_hex))});
    CHECK(f.parse().revoked.at(0).reason == 6);
    f.revoked = der::sequence_of({entry(extension("2.5.29.21", der::write_integer(6)))});
    CHECK(f.error() == "tlv.unexpected");
}

TEST_CASE("a malformed list is refused", "[pki]") {
    Fields f;
    f.outer_algorithm = crypto::SignatureAlgorithm{crypto::Scheme::ecdsa, crypto::HashAlg::sha512}.encode();
    CHECK(f.error() == "pki.bad_crl");
    f = Fields();
    f.revoked = der::sequence_of({der::sequence_of({der::write_integer(5)})});
    CHECK(f.error() == "tlv.missing");
    f.revoked = der::sequence_of({der::write_integer(5)});
    CHECK(f.error() == "tlv.unexpected");
    auto bytes = good(pki::build_crl(sample(), issuer_key(), {}));
    for (std::size_t n = 0; n < bytes.size(); ++n) REQUIRE_FALSE(Crl::parse(ByteView(bytes).first(n)));
    bytes.push_back(0);
    CHECK(error_of(Crl::parse(bytes)) == "tlv.trailing");
}

TEST_CASE("every byte of a signed list counts", "[pki]") {
    const auto bytes = good(pki::build_crl(sample(), issuer_key(), {}));
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        auto bent = bytes;
        bent[at] = static_cast<Byte>(bent[at] ^ 1U);
        const auto crl = Crl::parse(bent);
        if (crl) REQUIRE_FALSE(crl->verify_signature(issuer_key().public_key()));
    }
}
