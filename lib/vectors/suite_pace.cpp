// Doc 9303-11, 4.4 and appendices G, H, I: PACE, both roles.
#include <idchip/protocol/pace/mapping.hpp>
#include <idchip/protocol/pace/pace.hpp>

#include "base/try.hpp"
#include "vectors/ciphers.hpp"

namespace idchip::vectors {
namespace {

using iso7816::CommandApdu;
using iso7816::ResponseApdu;

Result<crypto::Domain> domain_of(const Inputs& in) {
    const auto id = TRY(in.number("parameter_id"));
    auto domain = crypto::Domain::standardized(id);
    if (!domain) return bad("in.parameter_id", "not in table 12");
    return std::move(*domain);
}

Result<pace::Choice> choice_of(const Inputs& in) {
    const auto name = TRY(in.text("protocol"));
    const auto protocol = lds::protocol_by_name(name);
    const auto suite = protocol ? pace::Suite::of(*protocol) : std::nullopt;
    if (!suite) return bad("in.protocol", "\"" + name + "\" is no protocol of PACE");
    return pace::Choice{*suite, TRY(domain_of(in)), TRY(in.number("parameter_id")), TRY(in.flag("ambiguous")), false};
}

// One of mrz_information, can, pin, puk.
Result<pace::Password> password_of(const Inputs& in) {
    if (in.has("can")) return pace::Password::can(TRY(in.text("can")));
    if (in.has("pin")) return pace::Password::pin(TRY(in.text("pin")));
    if (in.has("puk")) return pace::Password::puk(TRY(in.text("puk")));
    return pace::Password::mrz(TRY(in.text("mrz_information")));
}

Result<Secret> secret_or_none(const Inputs& in, std::string_view key) { return in.has(key) ? Secret(TRY(in.bytes(key))) : Secret(); }

Result<pace::Randoms> randoms_of(const Inputs& in) {
    pace::Randoms r;
    r.nonce = TRY(secret_or_none(in, "nonce"));
    r.map_private = TRY(secret_or_none(in, "map_private"));
    if (in.has("nonce_t")) r.nonce_t = TRY(in.bytes("nonce_t"));
    r.agree_private = Secret(TRY(in.bytes("agree_private")));
    return r;
}

void add(Outputs& out, const pace::Established& e) {
    out["ks_enc"] = binary(e.session.keys.ks_enc.view());
    out["ks_mac"] = binary(e.session.keys.ks_mac.view());
    out["ssc"] = binary(e.session.ssc.value());
    out["pk_ic"] = binary(e.pk_ic);
    out["pk_ifd"] = binary(e.pk_ifd);
    if (e.ca_ic) out["ca_ic"] = binary(*e.ca_ic);
    if (!e.certification_authority_references.empty()) out["references"] = e.certification_authority_references;
}

Result<Outputs> password(const Inputs& in) {
    const auto cipher = TRY(cipher_of(in));
    const auto p = TRY(password_of(in));
    return Outputs{{"k", binary(p.k())}, {"k_pi", binary(pace::derive_k_pi(p, cipher).view())}};
}

Result<Outputs> generic_mapping(const Inputs& in) {
    const auto domain = TRY(domain_of(in));
    const auto nonce = TRY(in.bytes("nonce"));
    const auto map_private = TRY(in.bytes("map_private"));
    const auto peer = TRY(in.bytes("peer_public"));
    const auto h = TRY(domain.power(peer, map_private));
    const auto mapped = TRY(pace::map_generic(domain, nonce, map_private, peer));
    return Outputs{{"public", binary(TRY(domain.public_value(map_private)))}, {"h", binary(h)}, {"generator", binary(mapped.generator())}};
}

Result<Outputs> integrated_mapping(const Inputs& in) {
    const auto domain = TRY(domain_of(in));
    const auto cipher = TRY(cipher_of(in));
    const auto nonce = TRY(in.bytes("nonce"));
    const auto nonce_t = TRY(in.bytes("nonce_t"));
    const auto r = TRY(pace::pseudo_random(cipher, nonce, nonce_t, domain.field_size()));
    const auto mapped = TRY(pace::map_integrated(domain, cipher, nonce, nonce_t));
    return Outputs{{"pseudo_random", binary(r.view())}, {"generator", binary(mapped.generator())}};
}

Result<Outputs> token(const Inputs& in) {
    const auto choice = TRY(choice_of(in));
    sm::SessionKeys keys;
    keys.cipher = choice.suite.cipher;
    keys.ks_mac = Secret(TRY(in.bytes("ks_mac")));
    const auto key = TRY(in.bytes("public"));
    return Outputs{{"input", binary(pace::token_input(choice, key))}, {"token", binary(TRY(pace::token(choice, keys, key)))}};
}

// The commands up to the first response that is missing; the session when there were five responses.
Result<Outputs> terminal(const Inputs& in) {
    auto choice = TRY(choice_of(in));
    const auto p = TRY(password_of(in));
    auto randoms = TRY(randoms_of(in));
    const auto for_ta = TRY(in.flag("for_terminal_authentication"));
    const auto responses = TRY(in.byte_list("responses"));
    pace::Terminal t(std::move(choice), p, std::move(randoms));
    Json commands = Json::array({binary(TRY(t.set_at(for_ta).encode()))});
    bool done = false;
    for (const auto& response : responses) {
        const auto command = TRY(t.next(TRY(ResponseApdu::parse(response))));
        done = !command;
        if (command) commands.push_back(binary(TRY(command->encode())));
    }
    Outputs out{{"commands", std::move(commands)}};
    if (done) add(out, t.take());
    return out;
}

Result<Outputs> chip(const Inputs& in) {
    auto choice = TRY(choice_of(in));
    const auto p = TRY(password_of(in));
    auto randoms = TRY(randoms_of(in));
    pace::Chip::Options options;
    options.chip_authentication_key = TRY(secret_or_none(in, "static_private"));
    if (in.has("reference")) options.certification_authority_references.push_back(TRY(in.text("reference")));
    const auto commands = TRY(in.byte_list("commands"));
    pace::Chip c(std::move(choice), p, std::move(randoms), std::move(options));
    Json responses = Json::array();
    for (const auto& bytes : commands) {
        const auto command = TRY(CommandApdu::parse(bytes));
        responses.push_back(binary(c.general_authenticate(command.data, (command.cla & 0x10U) != 0).encode()));
    }
    Outputs out{{"responses", std::move(responses)}, {"wrong_password", c.wrong_password()}};
    if (c.established()) add(out, *c.established());
    return out;
}

Result<Outputs> parse_set_at(const Inputs& in) {
    const auto command = TRY(CommandApdu::parse(TRY(in.bytes("command"))));
    const auto s = TRY(pace::parse_set_at(command.data));
    Outputs out{
        {"protocol", lds::protocol_name(s.protocol)}, {"password", s.password}, {"authorization_template", s.authorization_template}};
    if (s.parameter_id) out["parameter_id"] = *s.parameter_id;
    return out;
}

Result<Outputs> verify_cam(const Inputs& in) {
    const auto domain = TRY(domain_of(in));
    const auto pk_static = TRY(in.bytes("static_public"));
    const auto ca_ic = TRY(in.bytes("ca_ic"));
    const auto pk_map_ic = TRY(in.bytes("map_public"));
    TRY(pace::verify_chip_authentication(domain, pk_static, ca_ic, pk_map_ic));
    return Outputs{{"proven", true}};
}

// What a chip's SecurityInfos lead to, best first.
Result<Outputs> choices(const Inputs& in) {
    const auto infos = TRY(lds::SecurityInfos::parse(TRY(in.bytes("security_infos")), "EF.CardAccess"));
    Notes notes;
    Json names = Json::array();
    Json domains = Json::array();
    bool ambiguous = false;
    for (const auto& c : pace::choices(infos, notes)) {
        names.push_back(c.suite.name());
        domains.push_back(c.domain.text());
        ambiguous = c.ambiguous;
    }
    return Outputs{{"protocols", std::move(names)}, {"domains", std::move(domains)}, {"ambiguous", ambiguous}, {"notes", ids(notes)}};
}

}  // namespace

Suite pace_suite() {
    return {"pace",
            {{"password", password},
             {"generic_mapping", generic_mapping},
             {"integrated_mapping", integrated_mapping},
             {"token", token},
             {"terminal", terminal},
             {"chip", chip},
             {"parse_set_at", parse_set_at},
             {"verify_cam", verify_cam},
             {"choices", choices}}};
}

}  // namespace idchip::vectors
