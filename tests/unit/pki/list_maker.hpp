// A CSCA, and signers of lists under it, as good or as bad as a test wants them.
#pragma once

#include "unit/unit.hpp"

#include <idchip/pki/master_list.hpp>
#include <idchip/signer/software.hpp>

namespace idchip::test {

class ListSigner final : public pki::ContentSigner {
public:
    ListSigner(pki::Certificate certificate, crypto::PrivateKey key) : certificate_(std::move(certificate)), key_(std::move(key)) {}
    const pki::Certificate& certificate() const override { return certificate_; }
    crypto::SignatureAlgorithm algorithm() const override { return signer::default_algorithm(key_.public_key().info()); }
    Result<Bytes> sign(ByteView message) override { return key_.sign(algorithm(), message); }

private:
    pki::Certificate certificate_;
    crypto::PrivateKey key_;
};

struct SignerOptions {
    std::string extended_key_usage = "2.23.136.1.1.3";  // of master list signers; empty: none
    std::string unknown_critical;
    bool csca = false;
    Instant not_before = start_of({2025, 1, 1}), not_after = start_of({2028, 1, 1});
};

// The TBSCertificate with one more extension at its end, signed anew: the library issues nothing that is unknown to it.
inline Bytes with_extension(ByteView certificate, const crypto::PrivateKey& issuer_key, std::string_view id, ByteView value) {
    const auto c = good(pki::Certificate::parse(certificate));
    tlv::Reader outer(c.tbs, tlv::Rules::der);
    auto r = outer.enter(good(outer.next()));
    Bytes tbs;
    for (auto e = good(r.next());; e = good(r.next())) {
        if (e.tag != der::context_constructed(3)) {
            append(tbs, e.raw);
            continue;
        }
        auto list = to_bytes(good(tlv::parse_single(e.value, tlv::Rules::der)).value);
        append(list, der::sequence_of({der::write(der::Oid(id)), der::write_boolean(true), der::write_octet_string(value)}));
        append(tbs, tlv::element(e.tag, tlv::element(der::sequence, list)));
        break;
    }
    const auto whole = tlv::element(der::sequence, tbs);
    const auto algorithm = *c.signature_algorithm;
    return der::sequence_of({whole, algorithm.encode(), der::write_bit_string(good(issuer_key.sign(algorithm, whole)))});
}

struct ListPki {
    crypto::PrivateKey csca_key = good(crypto::PrivateKey::generate_ec(crypto::Curve::p256));
    pki::Name name;
    pki::Certificate csca;

    explicit ListPki(const std::string& country = "UT")
        : name(good(pki::Name::of("C=" + country + ", O=idchip, CN=CSCA SPECIMEN"))), csca(certificate(csca_key, name, root())) {}

    static SignerOptions root() {
        SignerOptions o;
        o.extended_key_usage.clear();
        o.csca = true;
        o.not_after = start_of({2040, 1, 1});
        return o;
    }
    // Issued by the CSCA, for another key.
    pki::Certificate certificate(const crypto::PrivateKey& key, const pki::Name& subject, const SignerOptions& o) const {
        static Byte serial = 0x10;
        pki::CertificateTemplate t;
        t.serial = Bytes{++serial};
        t.issuer = name;
        t.subject = subject;
        t.not_before = t.private_key_not_before = o.not_before;
        t.not_after = t.private_key_not_after = o.not_after;
        t.country_code = "UTO";
        t.csca = o.csca;
        if (!o.extended_key_usage.empty()) t.extended_key_usage = {der::Oid(o.extended_key_usage)};
        t.authority_key_id = pki::key_id(csca_key.public_key());
        auto der = good(pki::build_certificate(t, key.public_key(), csca_key, signer::default_algorithm(csca_key.public_key().info())));
        if (!o.unknown_critical.empty()) der = with_extension(der, csca_key, o.unknown_critical, der::write_null());
        return good(pki::Certificate::parse(der));
    }
    ListSigner signer(const SignerOptions& o = {}) const {
        auto key = good(crypto::PrivateKey::generate_ec(crypto::Curve::p256));
        auto c = certificate(key, good(pki::Name::of("C=" + name.country() + ", O=idchip, CN=List Signer SPECIMEN")), o);
        return {std::move(c), std::move(key)};
    }
};

inline const Instant list_signed_at = start_of({2026, 3, 1});
inline const Instant list_read_at = start_of({2026, 4, 1});

// The rules that a list breaks, in order.
inline std::vector<pki::ListRule> broken(const pki::ListCheck& check) {
    std::vector<pki::ListRule> rules;
    for (const auto& objection : check.objections) rules.push_back(objection.rule);
    return rules;
}

}  // namespace idchip::test
