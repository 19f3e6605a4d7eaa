// Doc 9303-11, 6.1 and appendix F: active authentication, both roles.
#include <idchip/crypto/message_recovery.hpp>
#include <idchip/crypto/rsa.hpp>
#include <idchip/protocol/active_auth/active_auth.hpp>

#include "base/try.hpp"
#include "vectors/suites.hpp"

namespace idchip::vectors {
namespace {

using crypto::HashAlg;

Result<HashAlg> hash_of(const Inputs& in) {
    return in.choice<HashAlg>("hash", {{name(HashAlg::sha1), HashAlg::sha1},
                                       {name(HashAlg::sha224), HashAlg::sha224},
                                       {name(HashAlg::sha256), HashAlg::sha256},
                                       {name(HashAlg::sha384), HashAlg::sha384},
                                       {name(HashAlg::sha512), HashAlg::sha512}});
}

Result<crypto::TrailerOption> option_of(const Inputs& in) {
    const auto option = TRY(in.number("option"));
    if (option != 1 && option != 2) return bad("in.option", "want 1 or 2");
    return static_cast<crypto::TrailerOption>(option);
}

Result<Outputs> format(const Inputs& in) {
    const auto size = TRY(in.number_up_to("size", 2048));
    const auto hash = TRY(hash_of(in));
    const auto option = TRY(option_of(in));
    const auto m1 = TRY(in.bytes("m1"));
    const auto m2 = TRY(in.bytes("m2"));
    return Outputs{{"representative", binary(TRY(crypto::format_representative(size, hash, option, m1, m2)))}};
}

Result<Outputs> open(const Inputs& in) {
    const auto representative = TRY(in.bytes("representative"));
    std::optional<Bytes> m2;
    if (in.has("m2")) m2 = TRY(in.bytes("m2"));
    const auto r = TRY(crypto::open_representative(representative));
    Outputs out{
        {"hash", std::string(name(r.hash))}, {"option", static_cast<int>(r.option)}, {"m1", binary(r.m1)}, {"digest", binary(r.digest)}};
    if (m2) out["signs"] = r.signs(*m2);
    return out;
}

Result<Outputs> open_signature(const Inputs& in) {
    const auto numbers = TRY(crypto::read_rsa_numbers(TRY(in.bytes("spki"))));
    const auto signature = TRY(in.bytes("signature"));
    if (!numbers) return bad("in.spki", "no RSA key");
    const auto opened = TRY(crypto::open_signature(*numbers, signature));
    return Outputs{{"representative", binary(opened.representative)}, {"complement", opened.complement}};
}

Result<Outputs> roca(const Inputs& in) { return Outputs{{"fingerprint", crypto::roca_fingerprint(TRY(in.bytes("modulus")))}}; }

Result<Outputs> read_key(const Inputs& in) {
    const auto key = TRY(active_auth::Key::from_spki(TRY(in.bytes("spki"))));
    Outputs out{{"text", key.info.text()}, {"bits", key.info.bits}, {"signature_size", key.signature_size()}, {"notes", ids(key.notes)}};
    if (key.info.type == crypto::KeyType::rsa) {
        out["n"] = binary(key.info.n);
        out["e"] = binary(key.info.e);
    }
    return out;
}

Result<Outputs> command(const Inputs& in) {
    const auto rnd_ifd = TRY(in.bytes("challenge"));
    const auto le = in.has("le") ? TRY(in.number_up_to("le", 65'536)) : 256;
    const auto challenge = TRY(active_auth::Challenge::recorded(rnd_ifd));
    return Outputs{{"command", binary(TRY(active_auth::internal_authenticate(challenge, static_cast<std::uint32_t>(le)).encode()))}};
}

Result<Outputs> le_ladder(const Inputs& in) {
    const auto key = TRY(active_auth::Key::from_spki(TRY(in.bytes("spki"))));
    return Outputs{{"le", active_auth::le_ladder(key, TRY(in.number_up_to("cipher_block", 16)))}};
}

// That of DG14, the first one.
Result<std::optional<lds::ActiveAuthenticationInfo>> info_of(const Inputs& in) {
    if (!in.has("security_infos")) return std::nullopt;
    const auto infos = TRY(lds::SecurityInfos::parse(TRY(in.bytes("security_infos")), "DG14"));
    const auto found = infos.all<lds::ActiveAuthenticationInfo>();
    if (found.empty()) return bad("in.security_infos", "no ActiveAuthenticationInfo");
    return std::get<lds::ActiveAuthenticationInfo>(found.front()->content);
}

Result<Outputs> verify(const Inputs& in) {
    const auto spki = TRY(in.bytes("spki"));
    const auto info = TRY(info_of(in));
    const auto challenge = TRY(active_auth::Challenge::recorded(TRY(in.bytes("challenge"))));
    const auto answer = TRY(iso7816::ResponseApdu::parse(TRY(in.bytes("answer"))));
    const auto proof = TRY(active_auth::verify(TRY(active_auth::Key::from_spki(spki)), info, challenge, answer));
    return Outputs{{"algorithm", proof.algorithm}, {"notes", ids(proof.notes)}};
}

Result<Outputs> sign(const Inputs& in) {
    const auto pem = TRY(in.text("private_key"));
    const auto hash = TRY(hash_of(in));
    const auto challenge = TRY(in.bytes("challenge"));
    FixedRng rng(TRY(in.bytes("m1")));
    return Outputs{{"signature", binary(TRY(active_auth::sign(TRY(crypto::PrivateKey::from_pem(pem)), challenge, hash, rng)))}};
}

}  // namespace

Suite aa_suite() {
    return {"aa",
            {{"format", format},
             {"open", open},
             {"open_signature", open_signature},
             {"roca", roca},
             {"read_key", read_key},
             {"command", command},
             {"le_ladder", le_ladder},
             {"verify", verify},
             {"sign", sign}}};
}

}  // namespace idchip::vectors
