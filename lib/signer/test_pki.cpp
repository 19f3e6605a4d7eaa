#include <idchip/signer/test_pki.hpp>

#include <idchip/base/file.hpp>
#include <idchip/signer/software.hpp>

#include "base/try.hpp"

namespace idchip::signer {
namespace {

constexpr std::int64_t year = 365;

Result<crypto::PrivateKey> make_key(crypto::Curve curve, std::size_t rsa_bits) {
    return rsa_bits != 0 ? crypto::PrivateKey::generate_rsa(rsa_bits) : crypto::PrivateKey::generate_ec(curve);
}

Result<pki::Name> name_of(const TestPkiOptions& o, const std::string& common_name) {
    return pki::Name::of("C=" + o.country + ", O=idchip, OU=SPECIMEN, CN=" + common_name);
}

}  // namespace

AuthorityProfile test_pki_profile(const TestPkiOptions& o) {
    return {o.country_code, "specimen@example.org", "http://example.org/csca-specimen.crl", o.ec_encoding};
}

Result<TestPki> make_test_pki(const TestPkiOptions& o, Rng& rng) {
    auto csca_key = TRY(make_key(o.csca_curve, o.csca_rsa_bits));
    auto ds_key = TRY(make_key(o.ds_curve, o.ds_rsa_bits));
    const Instant start = o.now + -seconds_per_day;
    // Doc 9303-12, table 1: a CSCA key signs for 3 to 5 years, its certificate outlives every document signed under it.
    const auto authority =
        TRY(create_authority(TRY(name_of(o, "CSCA SPECIMEN")), std::make_shared<const crypto::PrivateKey>(csca_key),
                             default_algorithm(csca_key.public_key().info()), test_pki_profile(o), {start, 5 * year, 16 * year}, rng));
    const SignerRequest request{
        TRY(name_of(o, "Document Signer SPECIMEN")), ds_key.public_key(), Purpose::documents, o.document_types, {start, 90, 11 * year}};
    auto ds = TRY(certify_signer(authority, request, rng));
    auto crl = TRY(issue_crl(authority, nullptr, {}, start, 90));
    return TestPki{authority.certificate, std::move(ds), std::move(csca_key), std::move(ds_key), std::move(crl)};
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
