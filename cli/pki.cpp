// idchip pki: the issuing PKI; `init` makes one for tests.
#include <memory>

#include <fmt/format.h>

#include <idchip/signer/software.hpp>
#include <idchip/signer/test_pki.hpp>

#include "base/try.hpp"
#include "authority_folder.hpp"
#include "pki.hpp"
#include "terminal.hpp"

namespace idchip::cli {
namespace {

struct Options {
    std::string out, country = "VN", country_code = "VNM", keys = "rsa";
};

// RSA by default: Doc 9303-12, 4.1.6.3 wants the parameters of a curve written out, and OpenSSL 3 refuses such certificates
// in a chain, so that no EC certificate satisfies both. "ec" follows the standard, "ec-named" follows common practice.
void choose_keys(const std::string& keys, signer::TestPkiOptions& options) {
    if (keys == "rsa") {
        options.csca_rsa_bits = 3072;
        options.ds_rsa_bits = 2048;
    }
    if (keys == "ec-named") options.ec_encoding = crypto::EcEncoding::named;
}

Result<int> run_init(const Options& o) {
    const std::filesystem::path out(o.out);
    // A second CSCA in the same place would orphan every document of the first.
    if (std::filesystem::exists(out / "csca")) return fail(Errc::already_exists, (out / "csca").string());
    signer::TestPkiOptions options;
    options.country = o.country;
    options.country_code = o.country_code;
    options.now = now();
    choose_keys(o.keys, options);
    const auto pki = TRY(signer::make_test_pki(options, system_rng()));
    TRY(signer::save_test_pki(pki, out));
    TRY(AuthorityFolder(out).save({pki.csca, std::make_shared<const crypto::PrivateKey>(pki.csca_key), signer::test_pki_profile(options),
                                   signer::default_algorithm(pki.csca_key.public_key().info())},
                                  "csca/csca.SPECIMEN.key.pem"));
    TRY(AuthorityFolder(out).remember(pki.ds));
    TRY(print(fmt::format("test PKI (SPECIMEN, not for real documents) in {}\n  {}\n  {}\n", o.out, pki.csca.subject.text(),
                          pki.ds.subject.text())));
    return 0;
}

}  // namespace

void add_pki_init(CLI::App& group, Action& chosen) {
    auto* init = group.add_subcommand("init", "make a test CSCA, document signer and CRL, keys marked SPECIMEN");
    const auto o = std::make_shared<Options>();
    init->add_option("--out", o->out, "folder for trust/, signer/ and csca/")->required();
    init->add_option("--country", o->country, "two-letter country of the certificates")->capture_default_str();
    init->add_option("--country-code", o->country_code, "issuing state as in the MRZ")->capture_default_str();
    init->add_option("--keys", o->keys, "rsa (PSS), ec (P-384 and P-256, explicit parameters), ec-named")
        ->check(CLI::IsMember({"rsa", "ec", "ec-named"}))
        ->capture_default_str();
    init->footer("Example:\n  idchip pki init --out pki/");
    init->callback([o, &chosen] { chosen = [o] { return run_init(*o); }; });
}

void add_pki(CLI::App& app, Action& chosen) {
    auto* group = app.add_subcommand("pki", "the issuing PKI: country signing authority, document signers, lists");
    group->require_subcommand(1);
    add_pki_init(*group, chosen);
    add_pki_csca(*group, chosen);
    add_pki_link(*group, chosen);
    add_pki_ds(*group, chosen);
    add_pki_crl(*group, chosen);
    add_pki_masterlist(*group, chosen);
    add_pki_deviations(*group, chosen);
    add_pki_lint(*group, chosen);
}

}  // namespace idchip::cli
