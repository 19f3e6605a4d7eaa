#include <fmt/format.h>

#include <idchip/crypto/key_agreement.hpp>
#include <idchip/crypto/message_recovery.hpp>
#include <idchip/crypto/rsa.hpp>

#include "base/try.hpp"
#include "protocol/active_auth/ecdsa_hash.hpp"

namespace idchip::active_auth {
namespace {

using crypto::HashAlg;
using iso7816::CommandApdu;
using iso7816::ResponseApdu;

constexpr const char* where = "INTERNAL AUTHENTICATE";
constexpr std::uint32_t short_le = 256, extended_le = 65'536;

Failure failed(std::string detail) { return fail(Errc::aa_failed, where, std::move(detail)); }
Failure refused(std::string detail, std::uint16_t sw) { return fail(Error(Errc::aa_refused, where, std::move(detail)).with_sw(sw)); }

std::string lengths(std::size_t is, std::size_t should_be) { return fmt::format("{} bytes instead of {}", is, should_be); }

// DO'87' with padding indicator and whole blocks, DO'99', DO'8E' (9.8.4).
std::size_t protected_size(std::size_t plain, std::size_t block) {
    if (block == 0) return plain;
    const std::size_t value = 1 + (plain / block + 1) * block;
    return 1 + (value < 0x80 ? 1 : value < 0x100 ? 2 : 3) + value + 4 + 10;
}

// --- RSA, 6.1.2.2

Result<crypto::Recovered> recover(const crypto::RsaNumbers& key, ByteView signature, Notes& notes) {
    auto opened = crypto::open_signature(key, signature);
    if (!opened) return failed(opened.error().detail);
    // B.4 of ISO/IEC 9796-2, which chips should not use and terminals should know.
    if (opened->complement) notes.push_back({"aa.rsa_complement", where, "the signature is min(s, n - s)"});
    // Whatever a peer can bring about is a failure: also a hash function that cannot be verified, since the trailer is the peer's word.
    auto recovered = crypto::open_representative(opened->representative);
    if (!recovered) return failed(recovered.error().detail);
    return recovered;
}

Result<Proof> verify_rsa(const Key& key, const Challenge& challenge, const ResponseApdu& answer) {
    const auto& n = key.info.n;
    // M1 of c - 4 bits is then no number of bytes.
    if (key.info.bits % 8 != 0) return fail(Errc::crypto_unsupported, where, fmt::format("RSA modulus of {} bits", key.info.bits));
    if (answer.data.size() < n.size()) return refused("signature cut off: " + lengths(answer.data.size(), n.size()), answer.sw);
    if (answer.data.size() > n.size()) return failed(lengths(answer.data.size(), n.size()));
    Proof proof;
    const auto recovered = TRY(recover({n, key.info.e, false}, answer.data, proof.notes));
    if (!recovered.signs(challenge.bytes())) return failed("the digest is not that of this challenge");
    if (recovered.option != crypto::usual_trailer(recovered.hash)) proof.notes.push_back({"aa.rsa_trailer", where, "33CC for SHA-1"});
    proof.algorithm = fmt::format("{}, ISO/IEC 9796-2 scheme 1 with {}", key.info.text(), crypto::name(recovered.hash));
    return proof;
}

// --- ECDSA, 6.1.2.3

struct EcdsaSignature {
    Bytes der;
    EcdsaFormat format = EcdsaFormat::plain;
};
Result<EcdsaSignature> read_signature(crypto::Curve curve, std::size_t plain_size, ByteView data) {
    if (data.size() == plain_size) return EcdsaSignature{TRY(crypto::ecdsa_plain_to_der(curve, data)), EcdsaFormat::plain};
    if (data[0] != der::sequence) return failed(lengths(data.size(), plain_size));
    if (const auto plain = crypto::ecdsa_der_to_plain(curve, data); !plain) return failed(plain.error().message());
    return EcdsaSignature{to_bytes(data), EcdsaFormat::der};
}

Result<Proof> verify_ecdsa(const Key& key, const std::optional<lds::ActiveAuthenticationInfo>& info, const Challenge& challenge,
                           const ResponseApdu& answer) {
    Proof proof;
    const auto choice = TRY(hashes_for(key.info, info, proof.notes));
    const auto signature = TRY(read_signature(key.info.curve, key.signature_size(), answer.data));
    const auto public_key = TRY(crypto::PublicKey::from_ec_point(key.info.curve, key.info.point));
    for (const auto hash : choice.hashes) {
        crypto::SignatureAlgorithm algorithm;
        algorithm.hash = hash;
        if (!public_key.verify(algorithm, challenge.bytes(), signature.der)) continue;
        note_hash(key.info, hash, choice.inferred, proof.notes);
        if (signature.format == EcdsaFormat::der) proof.notes.push_back({"aa.ecdsa_der", where, {}});
        proof.algorithm = fmt::format("ECDSA {} with {}, {}", crypto::name(key.info.curve), crypto::name(hash),
                                      signature.format == EcdsaFormat::der ? "DER" : "plain");
        return proof;
    }
    // The name of an algorithm is signed in DG14, so that no copy can bring this about.
    if (!choice.unknown_algorithm.empty()) return fail(Errc::crypto_unsupported, where, "algorithm " + choice.unknown_algorithm);
    return failed("the signature is not over this challenge");
}

}  // namespace

Challenge Challenge::draw(Rng& rng) { return Challenge(rng.bytes(size)); }

Result<Challenge> Challenge::recorded(ByteView bytes) {
    if (bytes.size() != size) return fail(Errc::crypto_bad_input, "RND.IFD", lengths(bytes.size(), size));
    return Challenge(to_bytes(bytes));
}

CommandApdu internal_authenticate(const Challenge& challenge, std::uint32_t le) {
    return {0x00, iso7816::ins::internal_authenticate, 0, 0, to_bytes(challenge.bytes()), le};
}

std::vector<std::uint32_t> le_ladder(const Key& key, std::size_t cipher_block) {
    if (protected_size(key.signature_size(), cipher_block) > short_le) return {extended_le, short_le};
    return {short_le, extended_le};
}

Result<Proof> verify(const Key& key, const std::optional<lds::ActiveAuthenticationInfo>& info, const Challenge& challenge,
                     const ResponseApdu& answer) {
    if (!answer.ok()) return refused({}, answer.sw);
    if (answer.data.empty()) return refused("no signature", answer.sw);
    return key.info.type == crypto::KeyType::rsa ? verify_rsa(key, challenge, answer) : verify_ecdsa(key, info, challenge, answer);
}

}  // namespace idchip::active_auth
