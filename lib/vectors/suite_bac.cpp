// Doc 9303-11, 4.3 and appendix D: basic access control, both roles.
#include <idchip/protocol/bac/bac.hpp>

#include "base/try.hpp"
#include "vectors/suites.hpp"

namespace idchip::vectors {
namespace {

using iso7816::CommandApdu;
using iso7816::ResponseApdu;

Result<bac::AccessKeys> access_keys(const Inputs& in) {
    if (in.has("mrz_information")) return bac::derive_access_keys(bac::k_seed(TRY(in.text("mrz_information"))).view());
    return bac::derive_access_keys(TRY(in.bytes("k_seed")));
}

void add(Outputs& out, const sm::Session& session) {
    out["cipher"] = std::string(crypto::name(session.keys.cipher));
    out["ks_enc"] = binary(session.keys.ks_enc.view());
    out["ks_mac"] = binary(session.keys.ks_mac.view());
    out["ssc"] = binary(session.ssc.value());
}

Result<Outputs> keys(const Inputs& in) {
    const auto seed = bac::k_seed(TRY(in.text("mrz_information")));
    const auto k = bac::derive_access_keys(seed.view());
    return Outputs{{"k_seed", binary(seed.view())}, {"k_enc", binary(k.k_enc.view())}, {"k_mac", binary(k.k_mac.view())}};
}

// GET CHALLENGE, EXTERNAL AUTHENTICATE and, where the chip's answer is given, the session.
Result<Outputs> terminal(const Inputs& in) {
    auto access = TRY(access_keys(in));
    auto rnd_ifd = TRY(in.bytes("rnd_ifd"));
    auto k_ifd = TRY(in.bytes("k_ifd"));
    const auto challenge = TRY(in.bytes("challenge"));
    const auto answer = in.has("answer") ? TRY(in.bytes("answer")) : Bytes();
    if (rnd_ifd.size() != bac::nonce_size || k_ifd.size() != bac::key_material_size)
        return bad("in", "want rnd_ifd of 8 and k_ifd of 16 bytes");
    bac::Terminal t(std::move(access), std::move(rnd_ifd), Secret(std::move(k_ifd)));
    Outputs out{{"get_challenge", binary(TRY(t.get_challenge().encode()))}};
    const auto command = TRY(t.external_authenticate(TRY(ResponseApdu::parse(challenge))));
    out["external_authenticate"] = binary(TRY(command.encode()));
    if (in.has("answer")) add(out, TRY(t.finish(TRY(ResponseApdu::parse(answer)))));
    return out;
}

Result<Outputs> chip(const Inputs& in) {
    const auto access = TRY(access_keys(in));
    const auto rnd_ic = TRY(in.bytes("rnd_ic"));
    const auto k_ic = TRY(in.bytes("k_ic"));
    const auto command = TRY(CommandApdu::parse(TRY(in.bytes("external_authenticate"))));
    if (rnd_ic.size() != bac::nonce_size || k_ic.size() != bac::key_material_size)
        return bad("in", "want rnd_ic of 8 and k_ic of 16 bytes");
    auto answer = TRY(bac::answer_external_authenticate(access, rnd_ic, k_ic, command.data));
    Outputs out{{"answer", binary(ResponseApdu{answer.data, 0x9000}.encode())}};
    add(out, answer.session);
    return out;
}

}  // namespace

Suite bac_suite() { return {"bac", {{"keys", keys}, {"terminal", terminal}, {"chip", chip}}}; }

}  // namespace idchip::vectors
