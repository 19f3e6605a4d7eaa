// Doc 9303-12, 7.2.2 and 7.2.3; 9303-11, 7.1.4: card-verifiable certificates and their chains.
#include <idchip/base/text.hpp>
#include <idchip/pki/cv_chain.hpp>

#include "base/try.hpp"
#include "vectors/cv_inputs.hpp"

namespace idchip::vectors {

Result<std::vector<pki::CvCertificate>> parse_certificates(const std::vector<Bytes>& list) {
    std::vector<pki::CvCertificate> certificates;
    for (const auto& bytes : list) certificates.push_back(TRY(pki::CvCertificate::parse(bytes)));
    return certificates;
}

Result<pki::CvTrust> make_trust(const std::vector<Bytes>& trust_points, std::string_view date) {
    pki::CvTrust trust;
    const auto current = parse_iso_date(date);
    if (!current) return bad("in.date", "want YYYY-MM-DD");
    trust.current_date = *current;
    for (auto& c : TRY(parse_certificates(trust_points))) trust.add(TRY(pki::CvKey::trust_point(std::move(c))));
    return trust;
}

Json names(const pki::AccessRights& rights) {
    Json list = Json::array();
    if (rights.dg3) list.push_back("DG3");
    if (rights.dg4) list.push_back("DG4");
    return list;
}

void add(Outputs& out, const pki::CvTrust& trust) {
    out["references"] = trust.references();
    out["current_date"] = to_iso(trust.current_date);
}

namespace {

Outputs fields(const pki::CvCertificate& c) {
    Json extensions = Json::array();
    for (const auto& e : c.extensions) extensions.push_back(pki::extension_name(e.id));
    Outputs out{{"authority", pki::reference_text(c.certification_authority_reference)},
                {"holder", pki::reference_text(c.certificate_holder_reference)},
                {"role", std::string(pki::name(c.role()))},
                {"terminal_type", pki::terminal_type_name(c.holder_authorization.terminal_type)},
                {"relative", binary(c.holder_authorization.relative)},
                {"rights", names(pki::access_rights(c.holder_authorization.terminal_type, c.holder_authorization.relative))},
                {"effective_date", to_iso(c.effective_date)},
                {"expiration_date", to_iso(c.expiration_date)},
                {"algorithm", c.public_key.algorithm.name},
                {"bits", c.public_key.bits()},
                {"extensions", std::move(extensions)},
                {"body", binary(c.body)},
                {"contents", binary(c.contents())},
                {"signature", binary(c.signature)},
                {"notes", ids(c.notes)}};
    if (c.public_key.curve) out["curve"] = std::string(crypto::name(*c.public_key.curve));
    if (c.public_key.algorithm.is_ec()) out["point"] = binary(c.public_key.public_point);
    else out["modulus"] = binary(c.public_key.modulus);
    return out;
}

// A whole certificate, or what PSO:Verify Certificate carries.
Result<Outputs> parse(const Inputs& in) {
    if (in.has("contents")) return fields(TRY(pki::CvCertificate::parse_contents(TRY(in.bytes("contents")))));
    return fields(TRY(pki::CvCertificate::parse(TRY(in.bytes("certificate")))));
}

// `above`: a certificate that gives the curve to one without domain parameters.
Result<std::optional<crypto::Curve>> curve_of(const std::optional<Bytes>& above) {
    if (!above) return std::nullopt;
    return TRY(pki::CvCertificate::parse(*above)).public_key.curve;
}
Result<std::optional<Bytes>> above(const Inputs& in) {
    if (!in.has("above")) return std::nullopt;
    return TRY(in.bytes("above"));
}

// The same certificate made by our encoder, with the signature that it has.
Result<Outputs> rebuild(const Inputs& in) {
    const auto bytes = TRY(in.bytes("certificate"));
    const auto inherited = TRY(curve_of(TRY(above(in))));
    const auto c = TRY(pki::CvCertificate::parse(bytes));
    const auto key = TRY(c.public_key.key(inherited));
    pki::CvTemplate t;
    t.certification_authority_reference = c.certification_authority_reference;
    t.certificate_holder_reference = c.certificate_holder_reference;
    t.holder_authorization = c.holder_authorization;
    t.effective_date = c.effective_date;
    t.expiration_date = c.expiration_date;
    t.algorithm = c.public_key.algorithm;
    t.with_domain_parameters = c.public_key.has_domain_parameters();
    t.extensions = c.extensions;
    const auto made = TRY(pki::build_cv_certificate(t, key, [&c](ByteView) -> Result<Bytes> { return c.signature; }));
    return Outputs{{"certificate", binary(made.raw)}};
}

// A signature alone, whatever the rules of a chain.
Result<Outputs> verify_signature(const Inputs& in) {
    const auto bytes = TRY(in.bytes("certificate"));
    const auto issuer_bytes = TRY(in.bytes("issuer"));
    const auto inherited = TRY(curve_of(TRY(above(in))));
    const auto c = TRY(pki::CvCertificate::parse(bytes));
    const auto issuer = TRY(pki::CvCertificate::parse(issuer_bytes));
    const auto key = TRY(issuer.public_key.key(inherited));
    TRY(pki::cv_verify(issuer.public_key.algorithm, key, c.body, c.signature));
    return Outputs{{"valid", true}, {"key", key.info().text()}};
}

// The certificates one after the other, as a chip gets them.
Result<Outputs> validate(const Inputs& in) {
    const auto trust_points = TRY(in.byte_list("trust"));
    const auto date = TRY(in.text("date"));
    const auto certificates = TRY(in.byte_list("certificates"));
    const pki::CvPolicy policy{TRY(in.flag("tr03110_algorithms"))};
    auto trust = TRY(make_trust(trust_points, date));
    pki::CvVerifier verifier(trust, policy);
    for (const auto& c : TRY(parse_certificates(certificates))) TRY(verifier.import(c));
    Outputs out;
    add(out, trust);
    if (const auto* key = verifier.imported()) {
        out["holder"] = pki::reference_text(key->reference());
        out["role"] = std::string(pki::name(key->role()));
        out["effective"] = binary(key->effective_authorization);
        out["rights"] = names(key->rights());
    }
    return out;
}

Result<Outputs> order(const Inputs& in) {
    const auto certificates = TRY(in.byte_list("certificates"));
    const auto trusted = split(TRY(in.text("trusted")), ' ');
    const auto holder = TRY(in.text("holder"));
    Json holders = Json::array();
    for (const auto& c : TRY(pki::order_chain(TRY(parse_certificates(certificates)), trusted, holder)))
        holders.push_back(pki::reference_text(c.certificate_holder_reference));
    return Outputs{{"holders", std::move(holders)}};
}

}  // namespace

Suite cvc_suite() {
    return {"cvc",
            {{"parse", parse}, {"rebuild", rebuild}, {"verify_signature", verify_signature}, {"validate", validate}, {"order", order}}};
}

}  // namespace idchip::vectors
