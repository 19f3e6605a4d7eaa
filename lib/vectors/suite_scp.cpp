// GPC 2.3.1 annex E and Amendment D: the secure channels SCP02 and SCP03, both roles.
#include <idchip/protocol/scp/scp.hpp>

#include "base/try.hpp"
#include "protocol/scp/keys.hpp"
#include "vectors/suites.hpp"

namespace idchip::vectors {
namespace {

using iso7816::CommandApdu;
using iso7816::ResponseApdu;

Result<Byte> byte_of(const Inputs& in, std::string_view key) {
    const auto bytes = TRY(in.bytes(key));
    if (bytes.size() != 1) return bad("in." + std::string(key), "want one byte");
    return bytes[0];
}

Result<Bytes> optional_bytes(const Inputs& in, std::string_view key) {
    if (!in.has(key)) return Bytes();
    return in.bytes(key);
}

// Without the level, which keys and challenges do not depend on.
Result<scp::Parameters> protocol_of(const Inputs& in) {
    scp::Parameters p;
    p.protocol = TRY(in.choice<scp::Protocol>("protocol", {{"SCP02", scp::Protocol::scp02}, {"SCP03", scp::Protocol::scp03}}));
    p.i = TRY(byte_of(in, "i"));
    return p;
}

Result<scp::Parameters> parameters_of(const Inputs& in) {
    auto p = TRY(protocol_of(in));
    p.level = TRY(byte_of(in, "level"));
    if (in.has("count_empty")) p.count_empty = TRY(in.flag("count_empty"));
    return p;
}

Result<scp::StaticKeys> keys_of(const Inputs& in) {
    scp::StaticKeys keys;
    if (in.has("key_version")) keys.version = TRY(byte_of(in, "key_version"));
    keys.enc = Secret(TRY(in.bytes("k_enc")));
    keys.mac = Secret(TRY(in.bytes("k_mac")));
    keys.dek = Secret(TRY(in.bytes("k_dek")));
    return keys;
}

struct Step {
    std::string_view name;
    Bytes bytes;
};
Result<std::vector<Step>> steps_of(const Inputs& in, std::initializer_list<std::string_view> names) {
    std::vector<Step> steps;
    for (const auto& object : TRY(in.objects("steps"))) {
        std::string_view found;
        for (const auto name : names)
            if (object.has(name)) found = name;
        if (found.empty()) return bad("in.steps", "a step of no known kind");
        steps.push_back({found, TRY(object.bytes(found))});
    }
    return steps;
}

// A step that fails does not end the vector: what the channel does afterwards is what counts. Every key is always there, so that a difference is
// a failure of the case and not of its file.
Json outcome(const Result<Bytes>& result, const char* kind) {
    if (result) return {{kind, binary(*result)}, {"error", ""}, {"detail", ""}, {"sw", ""}};
    const auto& e = result.error();
    return {{kind, binary({})}, {"error", std::string(e.name())}, {"detail", e.detail}, {"sw", e.sw ? hex4(*e.sw) : std::string()}};
}

Result<Bytes> wrap(scp::Session& s, ByteView plain) { return TRY(s.wrap(TRY(CommandApdu::parse(plain)))).encode(); }
Result<Bytes> unwrap(scp::Session& s, ByteView response) { return TRY(s.unwrap(TRY(ResponseApdu::parse(response)))).encode(); }
Result<Bytes> open(scp::Chip& c, ByteView command) { return TRY(c.open(TRY(CommandApdu::parse(command)))).encode(); }
Result<Bytes> seal(scp::Chip& c, ByteView plain) { return TRY(c.seal(TRY(ResponseApdu::parse(plain)))).encode(); }
Result<Bytes> initialize_update(scp::Chip& c, ByteView command) { return c.initialize_update(TRY(CommandApdu::parse(command))).encode(); }
Result<Bytes> external_authenticate(scp::Chip& c, ByteView command) {
    return c.external_authenticate(TRY(CommandApdu::parse(command))).encode();
}

Result<Outputs> kdf(const Inputs& in) {
    const auto key = TRY(in.bytes("key"));
    const auto constant = TRY(byte_of(in, "constant"));
    const auto context = TRY(in.bytes("context"));
    const auto bits = TRY(in.number_up_to("bits", 0xFFFF));
    const auto out = TRY(scp::derive(key, constant, context, bits));
    return Outputs{{"out", binary(out.view())}};
}

Result<Outputs> derive(const Inputs& in) {
    const auto p = TRY(protocol_of(in));
    const auto keys = TRY(keys_of(in));
    const auto host = TRY(in.bytes("host_challenge"));
    const auto card = TRY(in.bytes("card_challenge"));
    const auto counter = TRY(optional_bytes(in, "sequence_counter"));
    const scp::Challenges challenges{host, counter, card};
    const auto session = TRY(scp::session_keys(p.protocol, keys, challenges));
    const auto c = TRY(scp::cryptograms(p, session, challenges));
    return Outputs{{"s_enc", binary(session.enc.view())}, {"s_mac", binary(session.mac.view())}, {"s_rmac", binary(session.rmac.view())},
                   {"dek", binary(session.dek.view())},   {"card_cryptogram", binary(c.card)},   {"host_cryptogram", binary(c.host)}};
}

// The challenge of a card that makes pseudo-random ones.
Result<Outputs> challenge(const Inputs& in) {
    const auto p = TRY(protocol_of(in));
    const auto keys = TRY(keys_of(in));
    const auto counter = TRY(in.bytes("sequence_counter"));
    const auto aid = TRY(in.bytes("aid"));
    const auto card_challenge = TRY(scp::known_card_challenge(p, keys, counter, aid));
    return Outputs{{"card_challenge", binary(card_challenge)}};
}

// `answer`: of the card to INITIALIZE UPDATE; `finish`: to EXTERNAL AUTHENTICATE.
Result<Outputs> authenticate(const Inputs& in) {
    const auto p = TRY(parameters_of(in));
    const auto keys = TRY(keys_of(in));
    const auto answer = TRY(in.bytes("answer"));
    const auto finish = TRY(optional_bytes(in, "finish"));
    scp::Terminal terminal(p, TRY(in.bytes("host_challenge")));
    Outputs out;
    out["initialize_update"] = binary(TRY(terminal.initialize_update(keys.version).encode()));
    const auto c = TRY(terminal.read(TRY(ResponseApdu::parse(answer))));
    out["key_diversification_data"] = binary(c.key_diversification_data);
    out["key_version"] = binary(Bytes{c.key_version});
    out["card_challenge"] = binary(c.card_challenge);
    out["sequence_counter"] = binary(c.sequence_counter);
    const auto command = TRY(terminal.external_authenticate(keys, c));
    out["external_authenticate"] = binary(TRY(command.encode()));
    if (!finish.empty()) out["alive"] = TRY(terminal.finish(TRY(ResponseApdu::parse(finish)))).alive();
    return out;
}

// Steps {"wrap": plain command}, {"unwrap": response}, {"encrypt_data": data}.
Result<Outputs> session(const Inputs& in) {
    const auto p = TRY(parameters_of(in));
    const auto keys = TRY(keys_of(in));
    const auto answer = TRY(in.bytes("answer"));
    const auto steps = TRY(steps_of(in, {"wrap", "unwrap", "encrypt_data"}));
    scp::Terminal terminal(p, TRY(in.bytes("host_challenge")));
    const auto c = TRY(terminal.read(TRY(ResponseApdu::parse(answer))));
    const auto command = TRY(TRY(terminal.external_authenticate(keys, c)).encode());
    auto s = TRY(terminal.finish(ResponseApdu::of(0x9000)));
    Json results = Json::array();
    for (const auto& step : steps) {
        if (step.name == "wrap") results.push_back(outcome(wrap(s, step.bytes), "apdu"));
        else if (step.name == "unwrap") results.push_back(outcome(unwrap(s, step.bytes), "apdu"));
        else results.push_back(outcome(s.encrypt_data(step.bytes), "data"));
    }
    return Outputs{{"external_authenticate", binary(command)}, {"results", std::move(results)}, {"alive", s.alive()}};
}

// A channel known before the card is there; `commands` are wrapped one after the other.
Result<Outputs> ahead(const Inputs& in) {
    const auto p = TRY(parameters_of(in));
    const auto keys = TRY(keys_of(in));
    auto host = TRY(in.bytes("host_challenge"));
    const auto counter = TRY(in.bytes("sequence_counter"));
    const auto aid = TRY(in.bytes("aid"));
    const auto commands = TRY(in.byte_list("commands"));
    auto a = TRY(scp::open_ahead(p, keys, std::move(host), counter, aid));
    Json wrapped = Json::array();
    for (const auto& plain : commands) wrapped.push_back(binary(TRY(wrap(a.session, plain))));
    const auto initialize = TRY(a.initialize_update.encode());
    const auto authenticate = TRY(a.external_authenticate.encode());
    return Outputs{{"initialize_update", binary(initialize)},
                   {"external_authenticate", binary(authenticate)},
                   {"card_challenge", binary(a.card_challenge)},
                   {"card_cryptogram", binary(a.card_cryptogram)},
                   {"wrapped", std::move(wrapped)}};
}

// Steps {"initialize_update": command}, {"external_authenticate": command}, {"open": command}, {"seal": plain response}, {"decrypt_data": data}.
Result<Outputs> chip(const Inputs& in) {
    const auto p = TRY(parameters_of(in));
    auto keys = TRY(keys_of(in));
    auto diversification = in.has("key_diversification_data") ? TRY(in.bytes("key_diversification_data")) : Bytes(10);
    auto counter = TRY(optional_bytes(in, "sequence_counter"));
    auto aid = TRY(optional_bytes(in, "aid"));
    FixedRng rng(TRY(optional_bytes(in, "card_challenge")));
    const auto steps = TRY(steps_of(in, {"initialize_update", "external_authenticate", "open", "seal", "decrypt_data"}));
    scp::Chip c(p, std::move(keys), std::move(diversification), std::move(counter), std::move(aid), rng);
    Json results = Json::array();
    for (const auto& step : steps) {
        if (step.name == "initialize_update") results.push_back(outcome(initialize_update(c, step.bytes), "apdu"));
        else if (step.name == "external_authenticate") results.push_back(outcome(external_authenticate(c, step.bytes), "apdu"));
        else if (step.name == "open") results.push_back(outcome(open(c, step.bytes), "apdu"));
        else if (step.name == "seal") results.push_back(outcome(seal(c, step.bytes), "apdu"));
        else results.push_back(outcome(c.decrypt_data(step.bytes), "data"));
    }
    return Outputs{{"results", std::move(results)}, {"authenticated", c.authenticated()}};
}

// The options and levels that go together.
Result<Outputs> check(const Inputs& in) {
    const auto p = TRY(parameters_of(in));
    TRY(scp::check(p));
    return Outputs{{"good", true}};
}

}  // namespace

Suite scp_suite() {
    return {"scp",
            {{"kdf", kdf},
             {"check", check},
             {"derive", derive},
             {"challenge", challenge},
             {"authenticate", authenticate},
             {"session", session},
             {"ahead", ahead},
             {"chip", chip}}};
}

}  // namespace idchip::vectors
