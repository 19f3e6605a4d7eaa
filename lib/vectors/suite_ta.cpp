// Doc 9303-11, 7.1: terminal authentication, both roles.
#include <idchip/protocol/term_auth/term_auth.hpp>

#include <idchip/base/text.hpp>
#include <idchip/pki/certificate.hpp>

#include "base/try.hpp"
#include "vectors/cv_inputs.hpp"

namespace idchip::vectors {
namespace {

using iso7816::CommandApdu;
using iso7816::ResponseApdu;

Result<term_auth::Binding> binding_of(const Inputs& in) { return term_auth::Binding{TRY(in.bytes("id_ic")), TRY(in.bytes("pk_ifd"))}; }

Result<Outputs> compress(const Inputs& in) {
    const auto domain = crypto::Domain::standardized(TRY(in.number("parameter_id")));
    if (!domain) return bad("in.parameter_id", "not in table 12");
    const auto value = TRY(in.bytes("public"));
    TRY(domain->check(value));
    return Outputs{{"compressed", binary(term_auth::compress(*domain, value))}};
}

Result<Outputs> id_ic(const Inputs& in) { return Outputs{{"id_ic", binary(term_auth::id_ic_of_bac(TRY(in.text("mrz_information"))))}}; }

// The terminal's signature alone; `above` gives the curve.
Result<Outputs> verify(const Inputs& in) {
    const auto certificate = TRY(in.bytes("certificate"));
    const auto above = in.has("above") ? std::optional(TRY(in.bytes("above"))) : std::nullopt;
    const auto binding = TRY(binding_of(in));
    const auto r_ic = TRY(in.bytes("challenge"));
    const auto signature = TRY(in.bytes("signature"));
    const auto c = TRY(pki::CvCertificate::parse(certificate));
    std::optional<crypto::Curve> inherited;
    if (above) inherited = TRY(pki::CvCertificate::parse(*above)).public_key.curve;
    const auto input = term_auth::signed_input(binding, r_ic);
    TRY(pki::cv_verify(c.public_key.algorithm, TRY(c.public_key.key(inherited)), input, signature));
    return Outputs{{"valid", true}, {"input", binary(input)}};
}

// With `key` (PKCS#8) the terminal signs by itself; `signature` and `holder` stand for a key elsewhere, and make every command known.
Result<Outputs> terminal(const Inputs& in) {
    const auto binding = TRY(binding_of(in));
    const auto references = split(TRY(in.text("references")), ' ');
    const auto responses = TRY(in.byte_list("responses"));
    const auto certificates = TRY(in.byte_list("certificates"));
    const auto key = in.has("key") ? std::optional(TRY(in.bytes("key"))) : std::nullopt;
    const auto signature = key ? Bytes() : TRY(in.bytes("signature"));
    const auto holder = key ? std::string() : TRY(in.text("holder"));
    Bytes input;
    term_auth::Credentials credentials{TRY(parse_certificates(certificates)), {holder}, [&](ByteView message) -> Result<Bytes> {
                                           input = to_bytes(message);
                                           return signature;
                                       }};
    if (key)
        credentials = TRY(term_auth::Credentials::of(std::move(credentials.certificates),
                                                     TRY(crypto::PrivateKey::from_pem(pki::to_pem(*key, "PRIVATE KEY")))));
    term_auth::Terminal t(TRY(credentials.chain_from(references)), credentials.sign, binding);
    Json commands = Json::array({binary(TRY(t.first().encode()))});
    bool done = false;
    for (const auto& response : responses) {
        const auto command = TRY(t.next(TRY(ResponseApdu::parse(response))));
        done = !command;
        if (command) commands.push_back(binary(TRY(command->encode())));
    }
    Outputs out{{"commands", std::move(commands)}, {"done", done}};
    if (!input.empty()) out["input"] = binary(input);
    return out;
}

// The commands as a chip sees them once secure messaging is off. Without `id_ic` no key of a terminal is bound. An empty response: the
// command is none of terminal authentication.
Result<Outputs> chip(const Inputs& in) {
    const auto trust_points = TRY(in.byte_list("trust"));
    const auto date = TRY(in.text("date"));
    const pki::CvPolicy policy{TRY(in.flag("tr03110_algorithms"))};
    std::optional<term_auth::Binding> binding;
    if (in.has("id_ic")) binding = TRY(binding_of(in));
    FixedRng rng(TRY(in.bytes("challenge")));
    const auto commands = TRY(in.byte_list("commands"));
    auto trust = TRY(make_trust(trust_points, date));
    term_auth::Chip c(trust, policy);
    if (binding) c.bind(*binding);
    Json responses = Json::array();
    for (const auto& bytes : commands) {
        const auto response = c.process(TRY(CommandApdu::parse(bytes)), rng);
        responses.push_back(binary(response ? response->encode() : Bytes()));
    }
    Outputs out{{"responses", std::move(responses)}, {"rights", names(c.rights())}};
    add(out, trust);
    if (c.terminal() != nullptr) out["terminal"] = pki::reference_text(c.terminal()->reference());
    return out;
}

}  // namespace

Suite ta_suite() { return {"ta", {{"compress", compress}, {"id_ic", id_ic}, {"verify", verify}, {"terminal", terminal}, {"chip", chip}}}; }

}  // namespace idchip::vectors
