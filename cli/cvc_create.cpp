// idchip cvc create: CVCA, link, DV and IS certificates.
#include <algorithm>
#include <charconv>
#include <memory>

#include <fmt/format.h>

#include <idchip/base/file.hpp>
#include <idchip/base/text.hpp>
#include <idchip/pki/certificate.hpp>

#include "base/try.hpp"
#include "cvc.hpp"
#include "key_files.hpp"
#include "terminal.hpp"

namespace idchip::cli {
namespace {

using pki::CvAlgorithm;
using pki::CvCertificate;
using pki::CvRole;

struct Options {
    std::string role, holder, issuer_certificate, issuer_key, issuer_passphrase_file, key, new_key, passphrase_file, key_out, pin_file,
        algorithm;
    std::string effective, expires, rights = "dg3,dg4", out;
    bool tr03110 = false;
};

Failure usage(std::string detail) { return fail(Errc::bad_usage, "cvc create", std::move(detail)); }

std::string kind_of(const crypto::PublicKeyInfo& key) {
    if (key.type == crypto::KeyType::rsa) return fmt::format("rsa:{}", key.bits);
    return fmt::format("ec:{}", crypto::name(key.curve));
}

Result<pki::AccessRights> read_rights(const std::string& text) {
    pki::AccessRights rights;
    if (text == "none") return rights;
    for (const auto& word : split(text, ',')) {
        if (word == "dg3") rights.dg3 = true;
        else if (word == "dg4") rights.dg4 = true;
        else return usage("--rights wants dg3, dg4, dg3,dg4 or none");
    }
    return rights;
}

CvRole role_of(const std::string& text) {
    if (text == "dv-domestic") return CvRole::dv_domestic;
    if (text == "dv-foreign") return CvRole::dv_foreign;
    return text == "is" ? CvRole::terminal : CvRole::cvca;
}

struct Issuer {
    CvCertificate certificate;
    std::shared_ptr<const crypto::SigningKey> key;
};

// Nothing for a self-signed certificate.
Result<std::optional<Issuer>> read_issuer(const Options& o) {
    if (o.role == "cvca") {
        if (!o.issuer_certificate.empty() || !o.issuer_key.empty()) return usage("a CVCA signs itself; a link has an issuer");
        return std::nullopt;
    }
    if (o.issuer_certificate.empty() || o.issuer_key.empty()) return usage("--issuer-certificate and --issuer-key belong to this role");
    auto certificate = TRY(read_cv_certificate(o.issuer_certificate));
    auto key = TRY(open_key(o.issuer_key, o.issuer_passphrase_file, o.pin_file));
    if (!certificate.public_key.is(key->public_key().info()))
        return fail(Errc::signer_refused, o.issuer_certificate, "the issuer's key and certificate do not belong together");
    if (!pki::may_issue(certificate.role(), role_of(o.role)))
        return fail(Errc::signer_refused, o.issuer_certificate,
                    fmt::format("a {} issues no certificate to a {}", pki::name(certificate.role()), pki::name(role_of(o.role))));
    return Issuer{std::move(certificate), std::move(key)};
}

// 9303-12, 4.2.1: one algorithm and key size from the CVCA down. A CVCA chooses.
Result<CvAlgorithm> choose_algorithm(const Options& o, const std::optional<Issuer>& issuer, const crypto::PublicKeyInfo& key) {
    if (issuer && role_of(o.role) != CvRole::cvca) {
        const auto& above = issuer->certificate.public_key;
        if (!o.algorithm.empty() && o.algorithm != above.algorithm.name) return usage("the algorithm is that of the issuer");
        if (kind_of(key) != kind_of(issuer->key->public_key().info()))
            return fail(Errc::bad_field, "key",
                        kind_of(key) + ", want one like the issuer's: " + kind_of(issuer->key->public_key().info()));
        return above.algorithm;
    }
    const auto algorithm = o.algorithm.empty() ? CvAlgorithm::suited_to(key) : CvAlgorithm::by_name(o.algorithm);
    if (!algorithm) return usage("no such algorithm: " + o.algorithm);
    const auto listed = pki::listing(*algorithm, key.bits);
    if (listed == pki::CvListing::doc9303 || (listed == pki::CvListing::tr03110_only && o.tr03110)) return *algorithm;
    return fail(Errc::bad_field, "key", fmt::format("{} with {} bits is not allowed (Doc 9303-11, 7.1.4)", algorithm->name, key.bits));
}

using Key = std::shared_ptr<const crypto::SigningKey>;

// The holder's key. A new one in a file is made when everything else is known to be right.
Result<Key> holder_key(const Options& o, const std::optional<Issuer>& issuer) {
    if (!o.key.empty()) {
        if (!o.new_key.empty() || !o.key_out.empty()) return usage("--key, or --new-key with --key-out");
        return open_key(o.key, o.passphrase_file, o.pin_file);
    }
    if (o.key_out.empty()) return usage("--key-out says where the new key goes");
    const auto like_issuer = issuer ? kind_of(issuer->key->public_key().info()) : "ec:brainpoolP256r1";
    return make_key(o.new_key.empty() ? like_issuer : o.new_key, o.key_out, o.passphrase_file, o.pin_file);
}

Result<pki::CvTemplate> read_template(const Options& o, const std::optional<Issuer>& issuer, const CvAlgorithm& algorithm) {
    const auto role = role_of(o.role);
    if (std::any_of(o.holder.begin(), o.holder.end(), [](char c) { return c < ' ' || c > '~'; }))
        return usage("--holder takes letters and digits of ASCII");
    pki::CvTemplate t;
    t.certificate_holder_reference = o.holder;
    t.certification_authority_reference = issuer ? issuer->certificate.certificate_holder_reference : o.holder;
    t.holder_authorization = pki::HolderAuthorization::inspection_system(role, TRY(read_rights(o.rights)));
    t.effective_date = o.effective.empty() ? date_of(now()) : TRY(parse_iso_date(o.effective));
    t.expiration_date = TRY(parse_iso_date(o.expires));
    t.algorithm = algorithm;
    // A link may leave them out when nothing changes; a chip that gets them need not remember (9303-12, 7.2.2.3).
    t.with_domain_parameters = role == CvRole::cvca;
    if (issuer && issuer->certificate.holder_authorization.terminal_type != t.holder_authorization.terminal_type)
        return fail(Errc::signer_refused, o.issuer_certificate, "its terminal type is not id-IS");
    return t;
}

Result<void> make_certificate(const Options& o, const std::optional<Issuer>& issuer, const Key& key) {
    const auto algorithm = TRY(choose_algorithm(o, issuer, key->public_key().info()));
    const auto content = TRY(read_template(o, issuer, algorithm));
    const auto& signing_key = issuer ? issuer->key : key;
    const auto& signing_algorithm = issuer ? issuer->certificate.public_key.algorithm : algorithm;
    const auto c = TRY(pki::build_cv_certificate(content, key->public_key(), pki::cv_signer(signing_key, signing_algorithm)));
    TRY(pki::cv_verify(signing_algorithm, signing_key->public_key(), c.body, c.signature));
    TRY(write_file(o.out, c.raw));
    return print(fmt::format("{}, issued by {}, in {}\n", c.text(),
                             c.self_signed() ? "itself" : pki::reference_text(c.certification_authority_reference), o.out));
}

Result<int> run(const Options& o) {
    if (std::filesystem::exists(o.out)) return fail(Errc::already_exists, o.out);
    const auto issuer = TRY(read_issuer(o));
    const auto key = TRY(holder_key(o, issuer));
    const bool in_file = !o.key_out.empty() && !pkcs11::Uri::is(o.key_out);
    if (auto made = make_certificate(o, issuer, key); !made) {
        // A new key without its certificate is good for nothing.
        std::error_code ignored;
        if (in_file) std::filesystem::remove(o.key_out, ignored);
        return fail(std::move(made.error()));
    }
    if (in_file && o.passphrase_file.empty()) TRY(print(fmt::format("  its key lies in the clear in {}: for tests only\n", o.key_out)));
    return 0;
}

}  // namespace

void add_cvc_create(CLI::App& group, Action& chosen) {
    auto* verb = group.add_subcommand("create", "make a CV certificate for inspection systems, and its key");
    const auto o = std::make_shared<Options>();
    verb->add_option("--role", o->role, "cvca (signs itself), link, dv-domestic, dv-foreign, is")
        ->required()
        ->check(CLI::IsMember({"cvca", "link", "dv-domestic", "dv-foreign", "is"}));
    verb->add_option("--holder", o->holder, "holder reference: country, mnemonic, sequence number, as VNCVCAVN001")->required();
    verb->add_option("--issuer-certificate", o->issuer_certificate, "certificate of the CVCA or DV that signs");
    verb->add_option("--issuer-key", o->issuer_key, "its key, PKCS#8");
    verb->add_option("--issuer-passphrase-file", o->issuer_passphrase_file, "the passphrase of that key is the first line");
    verb->add_option("--key", o->key, "the holder's key, PKCS#8; without it one is made");
    verb->add_option("--new-key", o->new_key, "what to make: ec:CURVE or rsa:BITS; default: like the issuer's, or ec:brainpoolP256r1");
    verb->add_option("--key-out", o->key_out, "where the new key goes: PKCS#8 PEM, readable by its owner, or a PKCS#11 URI");
    verb->add_option("--pin-file", o->pin_file, "the PIN of the token is the first line");
    verb->add_option("--passphrase-file", o->passphrase_file, "the passphrase of the holder's key is the first line");
    verb->add_option("--algorithm", o->algorithm, "for a CVCA: id-TA-ECDSA-SHA-256 and so on; default: by the key");
    verb->add_option("--effective", o->effective, "YYYY-MM-DD; default: today");
    verb->add_option("--expires", o->expires, "YYYY-MM-DD")->required();
    verb->add_option("--rights", o->rights, "dg3, dg4, dg3,dg4 or none")->capture_default_str();
    verb->add_flag("--legacy-algorithms", o->tr03110, "allow algorithms and key sizes that only TR-03110-3 lists");
    verb->add_option("--out", o->out, "where the certificate goes, DER (.cvcert)")->required();
    verb->footer(
        "Examples:\n"
        "  idchip cvc create --role cvca --holder VNCVCAVN001 --expires 2028-12-31 --out cvca.cvcert --key-out cvca.pem\n"
        "  idchip cvc create --role dv-domestic --holder VNDVVN001 --issuer-certificate cvca.cvcert --issuer-key cvca.pem "
        "--expires 2026-12-31 --out dv.cvcert --key-out dv.pem");
    verb->callback([o, &chosen] { chosen = [o] { return run(*o); }; });
}

}  // namespace idchip::cli
