#include <idchip/pki/crl.hpp>

#include <algorithm>

#include "base/try.hpp"
#include "pki/oids.hpp"

namespace idchip::pki {
namespace {

Result<RevokedEntry> read_entry(tlv::Reader r, Crl& crl) {
    RevokedEntry entry;
    entry.serial = to_bytes(TRY(r.expect(der::integer)).value);
    entry.when = TRY(der::read_time(TRY(r.next())));
    const auto extensions = TRY(r.take(der::sequence));
    if (!extensions) return entry;
    auto list = r.enter(*extensions);
    while (!list.at_end()) {
        auto e = list.enter(TRY(list.expect(der::sequence)));
        const auto id = TRY(der::read_oid(e));
        const auto critical = TRY(e.take(der::boolean));
        const auto value = TRY(e.expect(der::octet_string));
        if (id == oids::crl_reason()) {
            auto inner = e.enter(value);
            const auto reason = TRY(inner.expect(der::enumerated));
            if (reason.value.size() == 1) entry.reason = reason.value[0];
        } else if (critical && TRY(der::read_boolean(*critical))) {
            crl.unknown_critical.push_back(id);
        }
    }
    return entry;
}

Result<void> read_extensions(tlv::Reader r, Crl& crl) {
    auto list = r.enter(TRY(r.expect(der::sequence)));
    while (!list.at_end()) {
        auto e = list.enter(TRY(list.expect(der::sequence)));
        const auto id = TRY(der::read_oid(e));
        const auto critical = TRY(e.take(der::boolean));
        const auto value = TRY(e.expect(der::octet_string));
        if (id == oids::authority_key_identifier()) {
            auto inner = e.enter(value);
            auto sequence = inner.enter(TRY(inner.expect(der::sequence)));
            if (const auto key = TRY(sequence.take(der::context(0)))) crl.authority_key_id = to_bytes(key->value);
        } else if (id == oids::crl_number()) {
            auto inner = e.enter(value);
            if (const auto number = der::read_integer(inner)) crl.number = *number;
        } else if (critical && TRY(der::read_boolean(*critical))) {
            crl.unknown_critical.push_back(id);
        }
    }
    return {};
}

}  // namespace

Result<Crl> Crl::parse(ByteView der) {
    Crl crl;
    crl.raw = to_bytes(der);
    crl.sha256 = crypto::hash(crypto::HashAlg::sha256, der);
    tlv::Reader outer(crl.raw, tlv::Rules::der, "CRL");
    auto r = outer.enter(TRY(outer.expect(der::sequence)));
    TRY(outer.expect_end());
    const auto tbs = TRY(r.expect(der::sequence));
    crl.tbs = to_bytes(tbs.raw);
    auto t = r.enter(tbs);
    TRY(t.take(der::integer));  // version
    const auto inner_algorithm = TRY(t.expect(der::sequence));
    crl.issuer = TRY(Name::parse(TRY(t.expect(der::sequence)).raw));
    crl.this_update = TRY(der::read_time(TRY(t.next())));
    for (const auto tag : {der::utc_time, der::generalized_time})
        if (const auto next = TRY(t.take(tag))) crl.next_update = TRY(der::read_time(*next));
    if (const auto revoked = TRY(t.take(der::sequence))) {
        auto list = t.enter(*revoked);
        while (!list.at_end()) crl.revoked.push_back(TRY(read_entry(list.enter(TRY(list.expect(der::sequence))), crl)));
    }
    if (const auto extensions = TRY(t.take(der::context_constructed(0)))) TRY(read_extensions(t.enter(*extensions), crl));
    TRY(t.expect_end());
    const auto algorithm = TRY(r.expect(der::sequence));
    if (!equal(algorithm.raw, inner_algorithm.raw)) return r.error(Errc::pki_bad_crl, "the two signature algorithm fields differ");
    crl.signature_algorithm = TRY(crypto::SignatureAlgorithm::parse(algorithm));
    crl.signature = to_bytes(TRY(der::read_bit_string(TRY(r.expect(der::bit_string)))));
    TRY(r.expect_end());
    return crl;
}

Result<Crl> Crl::parse_any(ByteView der_or_pem) {
    const auto text = as_text(der_or_pem.first(std::min<std::size_t>(der_or_pem.size(), 4096)));
    if (text.find("-----BEGIN X509 CRL-----") == std::string::npos) return parse(der_or_pem);
    return parse(TRY(from_pem(as_text(der_or_pem), "X509 CRL")));
}

const RevokedEntry* Crl::find(ByteView serial) const {
    // Serial numbers with a needless leading zero, or without the one that makes them positive, are in the field: the list
    // and the certificate must not miss each other for that.
    const auto digits = [](ByteView b) {
        while (b.size() > 1 && b[0] == 0) b = b.subspan(1);
        return b;
    };
    for (const auto& entry : revoked)
        if (equal(digits(entry.serial), digits(serial))) return &entry;
    return nullptr;
}

Result<void> Crl::verify_signature(const crypto::PublicKey& issuer_key) const {
    return issuer_key.verify(*signature_algorithm, tbs, signature);
}

}  // namespace idchip::pki
