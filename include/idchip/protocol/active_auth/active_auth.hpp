// Active authentication of Doc 9303-11, 6.1: both roles. No I/O: the command goes out, the response comes in.
#pragma once

#include <idchip/base/note.hpp>
#include <idchip/base/random.hpp>
#include <idchip/crypto/key.hpp>
#include <idchip/iso7816/apdu.hpp>
#include <idchip/lds/security_infos.hpp>

namespace idchip::active_auth {

// RND.IFD (6.1.2.1). Always the terminal's own, for one command: another try takes another one.
class Challenge {
public:
    static constexpr std::size_t size = 8;
    static Challenge draw(Rng& rng);
    // One that was drawn before: saved evidence, worked examples. Errors: crypto.bad_input (not 8 bytes).
    static Result<Challenge> recorded(ByteView bytes);

    ByteView bytes() const { return bytes_; }

private:
    explicit Challenge(Bytes bytes) : bytes_(std::move(bytes)) {}
    Bytes bytes_;
};

// PK of DG15 (6.1.5).
struct Key {
    crypto::PublicKeyInfo info;
    Notes notes;  // aa.key_negative_modulus, aa.rsa_weak

    // Milder than PublicKey::from_spki, because a weak key can still be asked: RSA from 512 bits on, with an even modulus, or with one
    // that is written as a negative number. Errors: crypto.unsupported, crypto.bad_key, tlv.*.
    static Result<Key> from_spki(ByteView spki);

    // Bytes of an answer in the form of the standard.
    std::size_t signature_size() const;
};

// 6.1.3. With Le over 256 the command is an extended one.
iso7816::CommandApdu internal_authenticate(const Challenge& challenge, std::uint32_t le = 256);
// The values of Le to try, best first: 256 unless the answer, protected by a cipher of this block size (0: in the clear), is longer
// than a short response (6.1.4). Chips have been seen that send nothing, or a cut off signature, for the wrong one.
std::vector<std::uint32_t> le_ladder(const Key& key, std::size_t cipher_block);

struct Proof {
    std::string algorithm;  // "RSA 2048, ISO/IEC 9796-2 scheme 1 with SHA-256", "ECDSA brainpoolP256r1 with SHA-256, plain"
    // aa.rsa_complement, aa.rsa_trailer; aa.ecdsa_der, aa.hash_inferred, aa.hash_short, aa.hash_long, aa.hash_sha1,
    // aa.algorithm_not_plain, aa.algorithm_info_ignored, aa.algorithm_info_version
    Notes notes;
};
// Judges the answer to INTERNAL AUTHENTICATE. `info` is that of DG14 (9.2.4): it names the hash of ECDSA; RSA says it in the trailer.
// Errors: aa.refused (a status word that is not 9000, no signature, a cut off RSA signature: worth another Le), aa.failed, and
// crypto.unsupported where the key or `info` names something that this program cannot verify.
Result<Proof> verify(const Key& key, const std::optional<lds::ActiveAuthenticationInfo>& info, const Challenge& challenge,
                     const iso7816::ResponseApdu& answer);

// --- chip

enum class EcdsaFormat { plain, der };  // DER is no form of the standard
// The signature over the data of INTERNAL AUTHENTICATE, made as 6.1.2 wants it: RSA with a fresh M1, the trailer that goes with the hash
// and no min(s, n - s). Errors: crypto.bad_input (not 8 bytes, a key too short for the hash), crypto.unsupported (RSA key of broken
// bytes).
Result<Bytes> sign(const crypto::PrivateKey& key, ByteView rnd_ifd, crypto::HashAlg hash, Rng& rng,
                   EcdsaFormat format = EcdsaFormat::plain);

}  // namespace idchip::active_auth
