#include <idchip/signer/authority.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <idchip/base/text.hpp>
#include <idchip/pki/country.hpp>
#include <idchip/pki/deviation_list.hpp>
#include <idchip/pki/master_list.hpp>
#include <idchip/signer/software.hpp>

#include "base/try.hpp"
#include "signer/same_key.hpp"

namespace idchip::signer {
namespace {

using pki::Certificate;
using pki::Name;

Failure refuse(std::string where, std::string why) { return fail(Errc::pki_refused, std::move(where), std::move(why)); }

// RFC 5280, 4.1.2.2: positive, at most 20 octets. Random, so that numbers tell nothing, and never twice the same.
Bytes random_serial(Rng& rng) {
    auto serial = rng.bytes(16);
    serial[0] = static_cast<Byte>((serial[0] & 0x3FU) | 0x40U);
    return serial;
}

// Doc 9303-12, 7.1.1.1.1
Result<void> check_name(const Name& name) {
    const auto country = name.country();
    if (name.country_count() != 1 || country.size() != 2 || country != upper_ascii(country))
        return refuse(name.text(), "one country of two capital letters is wanted");
    if (name.text().find("CN=") == std::string::npos) return refuse(name.text(), "a common name is wanted");
    return {};
}

Result<void> check_profile(const Name& name, const AuthorityProfile& p) {
    TRY(check_name(name));
    if (!pki::same_issuer(p.country_code, name.country()))
        return refuse(name.text(), "the country code of the zone, " + p.country_code + ", is another country's");
    if (p.crl_url.find("://") == std::string::npos) return refuse("CRL distribution point", "want an address: http, https or ldap");
    return {};
}

Result<void> check_periods(const Periods& p) {
    if (p.signing_days < 1 || p.valid_days < p.signing_days)
        return refuse("periods",
                      fmt::format("signing for {} days, valid for {}: the key must not sign longer than its certificate is valid",
                                  p.signing_days, p.valid_days));
    return {};
}

// Doc 9303-12, 4.1.6.1: SHA-224 at least, and RSA of 2048 bits at least; recommended is more.
Result<void> check_algorithm(const crypto::PublicKeyInfo& key, const crypto::SignatureAlgorithm& a) {
    if ((key.type == crypto::KeyType::rsa) == (a.scheme == crypto::Scheme::ecdsa))
        return refuse(key.text(), a.text() + " is of another kind of key");
    if (a.hash == crypto::HashAlg::sha1) return refuse(key.text(), "SHA-1 signs nothing new");
    if (key.type == crypto::KeyType::rsa && key.bits < 2048) return refuse(key.text(), "2048 bits at least");
    if (key.type == crypto::KeyType::ec && key.bits < 224) return refuse(key.text(), "224 bits at least");
    return {};
}

void set_periods(pki::CertificateTemplate& t, const Periods& p) {
    t.not_before = t.private_key_not_before = p.from;
    t.private_key_not_after = p.from + p.signing_days * seconds_per_day;
    t.not_after = p.from + p.valid_days * seconds_per_day;
}

pki::CertificateTemplate base_template(const AuthorityProfile& profile, const Name& issuer, const Name& subject, const Periods& periods,
                                       Rng& rng) {
    pki::CertificateTemplate t;
    t.serial = random_serial(rng);
    t.issuer = issuer;
    t.subject = subject;
    t.country_code = profile.country_code;
    t.contact = profile.contact;
    t.crl_url = profile.crl_url;
    t.ec_encoding = profile.ec_encoding;
    set_periods(t, periods);
    return t;
}

Result<Certificate> build(const pki::CertificateTemplate& t, const crypto::PublicKey& subject_key, const crypto::SigningKey& issuer_key,
                          const crypto::SignatureAlgorithm& algorithm) {
    auto certificate = TRY(Certificate::parse(TRY(pki::build_certificate(t, subject_key, issuer_key, algorithm))));
    // Nothing leaves that does not verify: a faulty signature can give a key away.
    TRY(certificate.verify_signature(issuer_key.public_key()));
    return certificate;
}

}  // namespace

const der::Oid& extended_key_usage_of(Purpose purpose) {
    return purpose == Purpose::master_lists ? pki::oid_csca_master_list_signing_key() : pki::oid_deviation_list_signing_key();
}

Result<crypto::SignatureAlgorithm> choose_algorithm(const crypto::PublicKeyInfo& key, std::string_view hash, bool pkcs1) {
    auto a = default_algorithm(key);
    if (!hash.empty()) {
        a.hash = a.mgf_hash = TRY(crypto::hash_by_name(hash));
        a.salt_length = crypto::digest_size(a.hash);
    }
    if (pkcs1 && key.type == crypto::KeyType::rsa) a.scheme = crypto::Scheme::rsa_pkcs1;
    TRY(check_algorithm(key, a));
    return a;
}

Result<Authority> create_authority(const Name& name, std::shared_ptr<const crypto::SigningKey> key,
                                   const crypto::SignatureAlgorithm& algorithm, const AuthorityProfile& profile, const Periods& periods,
                                   Rng& rng) {
    TRY(check_profile(name, profile));
    TRY(check_periods(periods));
    TRY(check_algorithm(key->public_key().info(), algorithm));
    auto t = base_template(profile, name, name, periods, rng);
    t.csca = true;
    t.authority_key_id = pki::key_id(key->public_key());
    auto certificate = TRY(build(t, key->public_key(), *key, algorithm));
    return Authority{std::move(certificate), std::move(key), profile, algorithm};
}

Result<Authority> resume_authority(Certificate certificate, std::shared_ptr<const crypto::SigningKey> key,
                                   const crypto::SignatureAlgorithm& algorithm, const AuthorityProfile& profile) {
    const auto where = certificate.subject.text();
    if (certificate.is_csca != true || !certificate.allows(pki::KeyUsage::key_cert_sign)) return refuse(where, "not a CSCA certificate");
    if (!certificate.public_key || !same_key(certificate.public_key->info(), key->public_key().info()))
        return refuse(where, "key and certificate do not belong together");
    TRY(check_algorithm(key->public_key().info(), algorithm));
    return Authority{std::move(certificate), std::move(key), profile, algorithm};
}

Result<Rollover> roll_over(const Authority& old, const Name& name, std::shared_ptr<const crypto::SigningKey> key,
                           const crypto::SignatureAlgorithm& algorithm, const Periods& periods, Rng& rng) {
    if (same_key(key->public_key().info(), old.key->public_key().info())) return refuse(name.text(), "the next key is the key in use");
    auto next = TRY(create_authority(name, std::move(key), algorithm, old.profile, periods, rng));
    if (name.country() != old.certificate.subject.country()) return refuse(name.text(), "the link leads to another country");
    auto t = base_template(old.profile, old.certificate.subject, name, periods, rng);
    // The old key vouches as long as it is believed, not longer (and signs this today).
    t.not_after = std::min(t.not_after, old.certificate.not_after);
    t.private_key_not_after = std::min(t.private_key_not_after, t.not_after);
    t.csca = true;
    t.name_change = !old.certificate.subject.matches(name);
    t.authority_key_id = pki::key_id(old.key->public_key());
    auto link = TRY(build(t, next.key->public_key(), *old.key, old.algorithm));
    return Rollover{std::move(next), std::move(link)};
}

Result<Certificate> certify_signer(const Authority& authority, const SignerRequest& r, Rng& rng) {
    const auto& csca = authority.certificate;
    TRY(check_name(r.name));
    TRY(check_periods(r.periods));
    TRY(check_algorithm(r.key.info(), default_algorithm(r.key.info())));
    if (r.name.country() != csca.subject.country()) return refuse(r.name.text(), "the country of its CSCA is " + csca.subject.country());
    if (r.name.matches(csca.subject)) return refuse(r.name.text(), "a name of its own is wanted");
    if (same_key(r.key.info(), authority.key->public_key().info())) return refuse(r.name.text(), "a key of its own is wanted");
    if (csca.private_key_not_after && r.periods.from > *csca.private_key_not_after)
        return refuse(csca.subject.text(), "the CSCA's period of signing is over: roll over to the next key");
    if (r.periods.from < csca.not_before || r.periods.from + r.periods.valid_days * seconds_per_day > csca.not_after)
        return refuse(r.name.text(), "valid beyond its CSCA, until " + to_iso(date_of(csca.not_after)));
    auto t = base_template(authority.profile, csca.subject, r.name, r.periods, rng);
    t.authority_key_id = pki::key_id(authority.key->public_key());
    if (r.purpose == Purpose::documents) {
        if (r.document_types.empty()) return refuse(r.name.text(), "the types of documents that it signs are wanted");
        t.document_types = r.document_types;
    } else {
        t.extended_key_usage = {extended_key_usage_of(r.purpose)};
    }
    return build(t, r.key, *authority.key, authority.algorithm);
}

Result<pki::Crl> issue_crl(const Authority& authority, const pki::Crl* last, const std::vector<pki::RevokedEntry>& revoked, Instant now,
                           std::int64_t valid_days) {
    const auto& csca = authority.certificate;
    // Doc 9303-12, 6.2: at least every 90 days.
    if (valid_days < 1 || valid_days > 90) return refuse("CRL", "the next one is due within 1 to 90 days");
    pki::CrlTemplate t;
    t.issuer = csca.subject;
    t.this_update = now;
    t.next_update = now + valid_days * seconds_per_day;
    t.authority_key_id = pki::key_id(authority.key->public_key());
    if (last != nullptr) {
        if (!last->issuer.matches(csca.subject)) return refuse("CRL", "the last list is that of " + last->issuer.text());
        if (now < last->this_update)
            return refuse("CRL", "the last list is of " + to_iso(date_of(last->this_update)) + ", later than today");
        t.revoked = last->revoked;
        t.number = last->number.value_or(0) + 1;
    }
    for (const auto& entry : revoked) {
        const bool known = std::any_of(t.revoked.begin(), t.revoked.end(), [&](const auto& e) { return e.serial == entry.serial; });
        if (known) return refuse("CRL", "revoked already: serial " + to_hex(entry.serial));
        t.revoked.push_back(entry);
    }
    auto crl = TRY(pki::Crl::parse(TRY(pki::build_crl(t, *authority.key, authority.algorithm))));
    TRY(crl.verify_signature(authority.key->public_key()));
    return crl;
}

}  // namespace idchip::signer
