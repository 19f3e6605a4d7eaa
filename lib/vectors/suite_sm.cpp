// Doc 9303-11, 9.8 and appendix D.4: secure messaging, both roles.
#include <idchip/protocol/sm/secure_messaging.hpp>

#include "base/try.hpp"
#include "vectors/ciphers.hpp"

namespace idchip::vectors {
namespace {

using iso7816::CommandApdu;
using iso7816::ResponseApdu;

// `ssc` is the counter before the first message of the vector.
Result<sm::Session> session_of(const Inputs& in) {
    const auto cipher = TRY(cipher_of(in));
    auto ks_enc = TRY(in.bytes("ks_enc"));
    auto ks_mac = TRY(in.bytes("ks_mac"));
    auto ssc = TRY(in.bytes("ssc"));
    const auto size = crypto::key_size(cipher);
    if (ks_enc.size() != size || ks_mac.size() != size || ssc.size() != crypto::block_size(cipher))
        return bad("in", "keys or counter of the wrong length for the cipher");
    return sm::Session{{cipher, Secret(std::move(ks_enc)), Secret(std::move(ks_mac))}, sm::SendSequenceCounter(std::move(ssc))};
}

Result<Bytes> protect(sm::Terminal& t, ByteView plain) { return TRY(t.protect(TRY(CommandApdu::parse(plain)))).encode(); }
Result<Bytes> unprotect(sm::Terminal& t, ByteView response) { return TRY(t.unprotect(TRY(ResponseApdu::parse(response)))).encode(); }
Result<Bytes> open(sm::Chip& c, ByteView command) { return TRY(c.open(TRY(CommandApdu::parse(command)))).encode(); }
Result<Bytes> seal(sm::Chip& c, ByteView plain, Byte ins) { return TRY(c.seal(TRY(ResponseApdu::parse(plain)), ins)).encode(); }

Result<Byte> ins_of(const Inputs& in) {
    const auto ins = TRY(in.bytes("ins"));
    if (ins.size() != 1) return bad("in.ins", "want one byte");
    return ins[0];
}

Result<Outputs> protect_one(const Inputs& in) {
    const auto plain = TRY(in.bytes("plain"));
    sm::Terminal t(TRY(session_of(in)));
    return Outputs{{"command", binary(TRY(protect(t, plain)))}};
}

Result<Outputs> unprotect_one(const Inputs& in) {
    const auto response = TRY(in.bytes("response"));
    sm::Terminal t(TRY(session_of(in)));
    return Outputs{{"plain", binary(TRY(unprotect(t, response)))}};
}

Result<Outputs> open_one(const Inputs& in) {
    const auto command = TRY(in.bytes("command"));
    sm::Chip c(TRY(session_of(in)));
    return Outputs{{"plain", binary(TRY(open(c, command)))}};
}

Result<Outputs> seal_one(const Inputs& in) {
    const auto plain = TRY(in.bytes("plain"));
    const auto ins = TRY(ins_of(in));
    sm::Chip c(TRY(session_of(in)));
    return Outputs{{"response", binary(TRY(seal(c, plain, ins)))}};
}

// A step that fails does not end the vector: what the session does afterwards is what counts.
Json outcome(const Result<Bytes>& result) {
    if (result) return {{"apdu", binary(*result)}};
    const auto& e = result.error();
    return {{"error", std::string(e.name())}, {"detail", e.detail}, {"sw", e.sw ? hex4(*e.sw) : std::string()}};
}

// Steps {"protect": plain command} and {"unprotect": response}.
Result<Outputs> terminal(const Inputs& in) {
    sm::Terminal t(TRY(session_of(in)));
    Json results = Json::array();
    for (const auto& step : TRY(in.objects("steps"))) {
        if (step.has("protect")) results.push_back(outcome(protect(t, TRY(step.bytes("protect")))));
        else results.push_back(outcome(unprotect(t, TRY(step.bytes("unprotect")))));
    }
    return Outputs{{"results", std::move(results)}, {"alive", t.alive()}};
}

// Steps {"open": protected command} and {"seal": plain response, "ins": of the command}.
Result<Outputs> chip(const Inputs& in) {
    sm::Chip c(TRY(session_of(in)));
    Json results = Json::array();
    for (const auto& step : TRY(in.objects("steps"))) {
        if (step.has("open")) results.push_back(outcome(open(c, TRY(step.bytes("open")))));
        else results.push_back(outcome(seal(c, TRY(step.bytes("seal")), TRY(ins_of(step)))));
    }
    return Outputs{{"results", std::move(results)}};
}

}  // namespace

Suite sm_suite() {
    return {"sm",
            {{"protect", protect_one},
             {"unprotect", unprotect_one},
             {"open", open_one},
             {"seal", seal_one},
             {"terminal", terminal},
             {"chip", chip}}};
}

}  // namespace idchip::vectors
