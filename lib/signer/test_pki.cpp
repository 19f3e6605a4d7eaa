#include <idchip/signer/test_pki.hpp>

#include <idchip/base/file.hpp>
#include <idchip/signer/software.hpp>

#include "base/try.hpp"

namespace idchip::signer {
namespace {

constexpr std::int64_t year = 365 * seconds_per_day;

// RFC 5280, 4.1.2.2: positive, at most 20 octets; random so that numbers tell nothing.
Bytes random_serial(Rng& rng) {
    auto serial = rng.bytes(16);
    serial[0] = static_cast<Byte>((serial[0] & 0x3FU) | 0x40U);
    return serial;
}

Result<crypto::PrivateKey> make_key(crypto::Curve curve, std::size_t rsa_bits) {
    return rsa_bits != 0 ? crypto::PrivateKey::generate_rsa(rsa_bits) : crypto::PrivateKey::generate_ec(curve);
}

Result<pki::CertificateTemplate> base_template(const TestPkiOptions& o, Rng& rng) {
    pki::CertificateTemplate t;
    t.serial = random_serial(rng);
    t.issuer = TRY(pki::Name::of("C=" + o.country + ", O=idchip, OU=SPECIMEN, CN=CSCA SPECIMEN"));
    t.country_code = o.country_code;
    t.contact = "specimen@example.org";
    t.crl_url = "http://example.org/csca-specimen.crl";
    t.ec_encoding = o.ec_encoding;
    return t;
}

}  // namespace

Result<TestPki> make_test_pki(const TestPkiOptions& o, Rng& rng) {
    auto csca_key = TRY(make_key(o.csca_curve, o.csca_rsa_bits));
    auto ds_key = TRY(make_key(o.ds_curve, o.ds_rsa_bits));
    const auto csca_id = pki::key_id(csca_key.public_key());
    const auto algorithm = default_algorithm(csca_key.public_key().info());
    const Instant start = o.now + -seconds_per_day;

    // Doc 9303-12, table 1: a CSCA key signs for 3 to 5 years, its certificate outlives every document signed under it.
    auto csca = TRY(base_template(o, rng));
    csca.subject = csca.issuer;
    csca.not_before = csca.private_key_not_before = start;
    csca.private_key_not_after = start + 5 * year;
    csca.not_after = start + 16 * year;
    csca.csca = true;
    csca.authority_key_id = csca_id;
    const auto csca_der = TRY(pki::build_certificate(csca, csca_key.public_key(), csca_key, algorithm));

    auto ds = TRY(base_template(o, rng));
    ds.subject = TRY(pki::Name::of("C=" + o.country + ", O=idchip, OU=SPECIMEN, CN=Document Signer SPECIMEN"));
    ds.not_before = ds.private_key_not_before = start;
    ds.private_key_not_after = start + 90 * seconds_per_day;
    ds.not_after = start + 11 * year;
    ds.document_types = o.document_types;
    ds.authority_key_id = csca_id;
    const auto ds_der = TRY(pki::build_certificate(ds, ds_key.public_key(), csca_key, algorithm));

    pki::CrlTemplate crl;
    crl.issuer = csca.issuer;
    crl.this_update = start;
    crl.next_update = start + 90 * seconds_per_day;
    crl.authority_key_id = csca_id;
    const auto crl_der = TRY(pki::build_crl(crl, csca_key, algorithm));
    return TestPki{TRY(pki::Certificate::parse(csca_der)), TRY(pki::Certificate::parse(ds_der)), std::move(csca_key), std::move(ds_key),
                   TRY(pki::Crl::parse(crl_der))};
}

Result<void> save_test_pki(const TestPki& p, const std::filesystem::path& folder) {
    for (const auto* name : {"trust", "signer", "csca"}) TRY(make_folder(folder / name));
    TRY(write_file(folder / "trust/csca.cer", p.csca.raw));
    TRY(write_file(folder / "trust/csca.crl", p.crl.raw));
    TRY(write_file(folder / "signer/ds.cer", p.ds.raw));
    TRY(write_text(folder / "signer/ds.SPECIMEN.key.pem", TRY(p.ds_key.to_pem()), FileMode::secret));
    TRY(write_text(folder / "csca/csca.SPECIMEN.key.pem", TRY(p.csca_key.to_pem()), FileMode::secret));
    return {};
}

}  // namespace idchip::signer
