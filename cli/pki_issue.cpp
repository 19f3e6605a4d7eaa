// idchip pki csca, link, ds, crl: what a country signing authority issues.
#include <memory>

#include <fmt/format.h>

#include <idchip/base/file.hpp>
#include <idchip/base/text.hpp>

#include "authority_folder.hpp"
#include "base/try.hpp"
#include "key_files.hpp"
#include "pki.hpp"
#include "terminal.hpp"

namespace idchip::cli {
namespace {

constexpr const char *csca_key_file = "csca/csca.SPECIMEN.key.pem", *signer_key_file = "ds.SPECIMEN.key.pem";

struct Options {
    std::string folder, out, name, key, new_key, hash, from, country_code, contact = "", crl_url, ec_parameters = "explicit",
                                                                           purpose = "documents", passphrase_file;
    std::vector<std::string> types, revoke;
    bool pkcs1 = false;
    std::int64_t signing_days = 0, valid_days = 0;
    KeyAccess access;
};

using Key = std::shared_ptr<const crypto::SigningKey>;

Result<signer::Periods> periods(const Options& o) {
    return signer::Periods{o.from.empty() ? now() : start_of(TRY(parse_iso_date(o.from))), o.signing_days, o.valid_days};
}

// In a token, where a URI names it: made there with --new-key. Otherwise a new one in `file`.
Result<Key> subject_key(const Options& o, const std::filesystem::path& file, const std::string& usual_kind) {
    const auto kind = o.new_key.empty() ? usual_kind : o.new_key;
    if (o.key.empty()) return make_key(kind, file.string(), o.passphrase_file, {});
    if (!pkcs11::Uri::is(o.key)) return fail(Errc::bad_usage, "--key", "want a PKCS#11 URI; a key in a file is made in its place");
    return o.new_key.empty() ? open_key(o.key, {}, o.access.pin_file) : make_key(kind, o.key, {}, o.access.pin_file);
}

void forget(const std::filesystem::path& file) {
    std::error_code ignored;
    std::filesystem::remove(file, ignored);
}

Result<int> run_csca(const Options& o) {
    const AuthorityFolder folder{o.out};
    // A second CSCA in the same place would orphan every document of the first.
    if (folder.exists()) return fail(Errc::already_exists, o.out, "an authority lives there; `pki link` gives it its next key");
    const auto name = TRY(pki::Name::of(o.name));
    TRY(check_specimen(name, o.key));
    TRY(make_folder(std::filesystem::path(o.out) / "csca"));
    const auto key_file = std::filesystem::path(o.out) / csca_key_file;
    const signer::AuthorityProfile profile{
        o.country_code, o.contact, o.crl_url,
        o.ec_parameters == "named" ? crypto::EcEncoding::named : crypto::EcEncoding::explicit_parameters};
    auto made = [&]() -> Result<signer::Authority> {
        const auto key = TRY(subject_key(o, key_file, "rsa:4096"));
        const auto algorithm = TRY(signer::choose_algorithm(key->public_key().info(), o.hash, o.pkcs1));
        auto authority = TRY(signer::create_authority(name, key, algorithm, profile, TRY(periods(o)), system_rng()));
        TRY(folder.save(authority, o.key.empty() ? csca_key_file : o.key));
        return authority;
    }();
    if (!made) {
        forget(key_file);
        forget(std::filesystem::path(o.out) / "csca");
        return fail(std::move(made.error()));
    }
    const auto crl = TRY(signer::issue_crl(*made, nullptr, {}, now(), 90));
    TRY(write_file(folder.crl_file(), crl.raw));
    TRY(print(fmt::format("{}, valid until {}, signs until {}\n  certificate {}\n", made->certificate.subject.text(),
                          to_iso(date_of(made->certificate.not_after)), to_iso(date_of(*made->certificate.private_key_not_after)),
                          folder.certificate_file().string())));
    return 0;
}

Result<std::optional<pki::Crl>> last_crl(const AuthorityFolder& folder) {
    if (!std::filesystem::exists(folder.crl_file())) return std::nullopt;
    auto parsed = pki::Crl::parse_any(TRY(read_file(folder.crl_file())));
    if (!parsed) return fail(std::move(parsed.error()).inside(folder.crl_file().string()));
    return std::optional(std::move(*parsed));
}

// From now on the next key signs the lists (Doc 9303-12, D.1.2.3). Under another name a list begins anew, and the last one stays beside it.
Result<void> hand_over_crl(const AuthorityFolder& folder, const signer::Authority& next, const std::string& number) {
    const auto last = TRY(last_crl(folder));
    const bool same_name = last && last->issuer.matches(next.certificate.subject);
    if (last && !same_name) TRY(write_file(folder.trust() / ("csca-" + number + ".crl"), last->raw));
    const auto crl = TRY(signer::issue_crl(next, same_name ? &*last : nullptr, {}, now(), 90));
    return write_file(folder.crl_file(), crl.raw);
}

Result<int> run_link(const Options& o) {
    const AuthorityFolder folder{o.folder};
    const auto old = TRY(folder.load(o.access));
    const auto name = o.name.empty() ? old.certificate.subject : TRY(pki::Name::of(o.name));
    TRY(check_specimen(name, o.key));
    const auto number = to_hex(ByteView(old.certificate.serial).first(4));
    const auto key_name = "csca/csca-after-" + number + ".SPECIMEN.key.pem";
    const auto key_file = std::filesystem::path(o.folder) / key_name;
    auto made = [&]() -> Result<signer::Rollover> {
        const auto key = TRY(subject_key(o, key_file, "rsa:4096"));
        const auto algorithm = TRY(signer::choose_algorithm(key->public_key().info(), o.hash, o.pkcs1));
        return signer::roll_over(old, name, key, algorithm, TRY(periods(o)), system_rng());
    }();
    if (!made) {
        forget(key_file);
        return fail(std::move(made.error()));
    }
    // The old root stays an anchor for what it has signed; the new one takes its place last, when everything else is safe.
    TRY(folder.remember(made->link));
    TRY(write_file(folder.trust() / ("csca-" + number + ".cer"), old.certificate.raw));
    TRY(write_file(folder.trust() / ("link-" + number + ".cer"), made->link.raw));
    TRY(folder.save(made->next, o.key.empty() ? key_name : o.key));
    TRY(hand_over_crl(folder, made->next, number));
    TRY(print(fmt::format("{} links to {}\n  {}\n", old.certificate.subject.text(), made->next.certificate.subject.text(),
                          (folder.trust() / ("link-" + number + ".cer")).string())));
    return 0;
}

signer::Purpose purpose_of(const std::string& text) {
    if (text == "master-lists") return signer::Purpose::master_lists;
    return text == "deviation-lists" ? signer::Purpose::deviation_lists : signer::Purpose::documents;
}

Result<int> run_ds(const Options& o) {
    const AuthorityFolder folder{o.folder};
    const std::filesystem::path out(o.out);
    if (std::filesystem::exists(out / "ds.cer")) return fail(Errc::already_exists, (out / "ds.cer").string());
    const auto authority = TRY(folder.load(o.access));
    const auto name = TRY(pki::Name::of(o.name));
    TRY(check_specimen(name, o.key));
    TRY(make_folder(out));
    auto made = [&]() -> Result<pki::Certificate> {
        const auto key = TRY(subject_key(o, out / signer_key_file, "rsa:3072"));
        signer::SignerRequest request{name, key->public_key(), purpose_of(o.purpose), o.types, TRY(periods(o))};
        auto certificate = TRY(signer::certify_signer(authority, request, system_rng()));
        TRY(folder.remember(certificate));
        return certificate;
    }();
    if (!made) {
        forget(out / signer_key_file);
        return fail(std::move(made.error()));
    }
    if (!o.key.empty()) TRY(write_text(out / "key.uri", o.key + "\n", FileMode::secret));
    TRY(write_file(out / "ds.cer", made->raw));
    TRY(print(fmt::format("{}, valid until {}, signs until {}\n  signer {}\n", made->subject.text(), to_iso(date_of(made->not_after)),
                          to_iso(date_of(*made->private_key_not_after)), o.out)));
    return 0;
}

// A certificate's file, or the serial number of one that this authority has issued. Reasons are not published: 9303-12, table 10.
Result<pki::RevokedEntry> revocation(const AuthorityFolder& folder, const std::string& what, const signer::Authority& authority) {
    const auto certificate = std::filesystem::exists(what) ? TRY(read_certificate(what)) : TRY(folder.issued(what));
    if (!certificate.issuer.matches(authority.certificate.subject))
        return fail(Errc::pki_refused, what, "issued by " + certificate.issuer.text());
    return pki::RevokedEntry{certificate.serial, now(), {}};
}

Result<int> run_crl(const Options& o) {
    const AuthorityFolder folder{o.folder};
    const auto authority = TRY(folder.load(o.access));
    const auto last = TRY(last_crl(folder));
    std::vector<pki::RevokedEntry> revoked;
    for (const auto& text : o.revoke) revoked.push_back(TRY(revocation(folder, text, authority)));
    const auto crl = TRY(signer::issue_crl(authority, last ? &*last : nullptr, revoked, now(), o.valid_days));
    TRY(write_file(folder.crl_file(), crl.raw));
    TRY(print(fmt::format("list {} of {}: {} revoked, {} of them new; next due {}\n  {}\n", crl.number.value_or(0), crl.issuer.text(),
                          crl.revoked.size(), revoked.size(), to_iso(date_of(*crl.next_update)), folder.crl_file().string())));
    return 0;
}

void add_key_options(CLI::App& verb, Options& o) {
    verb.add_option("--key", o.key, "PKCS#11 URI of the new certificate's key; without it a key in a file is made, for specimens only");
    verb.add_option("--new-key", o.new_key, "make a key: ec:CURVE or rsa:BITS");
    verb.add_option("--passphrase-file", o.passphrase_file, "encrypts a new key in a file; its first line is the passphrase");
    verb.add_option("--pin-file", o.access.pin_file, "its first line is the PIN of the token; or IDCHIP_TOKEN_PIN, or you are asked");
}

void add_signature_options(CLI::App& verb, Options& o) {
    verb.add_option("--hash", o.hash, "SHA-224, SHA-256, SHA-384, SHA-512; default: by the key");
    verb.add_flag("--pkcs1", o.pkcs1, "RSA: PKCS#1 v1.5 in place of PSS");
}

void add_period_options(CLI::App& verb, Options& o, std::int64_t signing_days, std::int64_t valid_days) {
    o.signing_days = signing_days;
    o.valid_days = valid_days;
    verb.add_option("--from", o.from, "YYYY-MM-DD; default: now");
    verb.add_option("--signing-days", o.signing_days, "how long the key signs")->capture_default_str();
    verb.add_option("--valid-days", o.valid_days, "how long the certificate is valid: until the last document under it has expired")
        ->capture_default_str();
}

std::shared_ptr<Options> add_verb(CLI::App& group, const char* name, const char* about, Action& chosen, Result<int> (*run)(const Options&),
                                  CLI::App*& verb) {
    verb = group.add_subcommand(name, about);
    const auto o = std::make_shared<Options>();
    verb->callback([o, &chosen, run] { chosen = [o, run] { return run(*o); }; });
    return o;
}

void add_authority_options(CLI::App& verb, Options& o) {
    verb.add_option("--pki", o.folder, "folder of the authority, made by `pki csca` or `pki init`")->required();
    verb.add_option("--csca-passphrase-file", o.access.passphrase_file, "its first line is the passphrase of the CSCA's key in a file");
}

}  // namespace

void add_pki_csca(CLI::App& group, Action& chosen) {
    CLI::App* verb = nullptr;
    const auto o = add_verb(group, "csca", "make a country signing certificate authority", chosen, run_csca, verb);
    verb->add_option("--out", o->out, "folder of the new authority")->required();
    verb->add_option("--name", o->name, "\"C=VN, O=Ministry, CN=CSCA\"; with OU=SPECIMEN for a key in a file")->required();
    verb->add_option("--country-code", o->country_code, "issuing state as in the zone: VNM")->required();
    verb->add_option("--contact", o->contact, "e-mail address of the authority");
    verb->add_option("--crl-url", o->crl_url, "where the revocation list will be found")->required();
    verb->add_option("--ec-parameters", o->ec_parameters, "explicit (as the standard wants), named")
        ->check(CLI::IsMember({"explicit", "named"}))
        ->capture_default_str();
    add_key_options(*verb, *o);
    add_signature_options(*verb, *o);
    add_period_options(*verb, *o, 5 * 365, 16 * 365);
    verb->footer(
        "Example:\n  idchip pki csca --out pki --name \"C=VN, O=Ministry, OU=SPECIMEN, CN=CSCA\" --country-code VNM --crl-url http://example.org/vn.crl");
}

void add_pki_link(CLI::App& group, Action& chosen) {
    CLI::App* verb = nullptr;
    const auto o = add_verb(group, "link", "give a CSCA its next key: new root and link certificate", chosen, run_link, verb);
    add_authority_options(*verb, *o);
    verb->add_option("--name", o->name, "the new name, where it changes, too");
    add_key_options(*verb, *o);
    add_signature_options(*verb, *o);
    add_period_options(*verb, *o, 5 * 365, 16 * 365);
    verb->footer("Example:\n  idchip pki link --pki pki --key \"pkcs11:token=hsm;object=csca-2\" --new-key ec:brainpoolP384r1");
}

void add_pki_ds(CLI::App& group, Action& chosen) {
    CLI::App* verb = nullptr;
    const auto o = add_verb(group, "ds", "certify a document signer, or a signer of lists", chosen, run_ds, verb);
    add_authority_options(*verb, *o);
    verb->add_option("--out", o->out, "folder of the new signer")->required();
    verb->add_option("--name", o->name, "\"C=VN, O=Ministry, OU=SPECIMEN, CN=Document Signer 7\"")->required();
    verb->add_option("--types", o->types, "types of documents, as in the zone: ID,P")->delimiter(',');
    verb->add_option("--purpose", o->purpose, "documents, master-lists, deviation-lists")
        ->check(CLI::IsMember({"documents", "master-lists", "deviation-lists"}))
        ->capture_default_str();
    add_key_options(*verb, *o);
    add_period_options(*verb, *o, 90, 11 * 365);
    verb->footer(
        "Example:\n  idchip pki ds --pki pki --out signer2 --name \"C=VN, O=Ministry, OU=SPECIMEN, CN=DS 2\" --types ID,P --new-key ec:P-256");
}

void add_pki_crl(CLI::App& group, Action& chosen) {
    CLI::App* verb = nullptr;
    const auto o = add_verb(group, "crl", "issue the next revocation list", chosen, run_crl, verb);
    add_authority_options(*verb, *o);
    o->valid_days = 90;
    verb->add_option("--revoke", o->revoke, "file or serial number of a certificate");
    verb->add_option("--days", o->valid_days, "until the next list is due, at most 90")->capture_default_str();
    verb->add_option("--pin-file", o->access.pin_file, "its first line is the PIN of the token");
    verb->footer("Example:\n  idchip pki crl --pki pki --revoke pki/signer/ds.cer");
}

}  // namespace idchip::cli
