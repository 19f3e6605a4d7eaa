// The keys that live on one chip, and what the document says of them: EF.CardAccess, DG14, DG15.
#pragma once

#include <idchip/crypto/key_agreement.hpp>
#include <idchip/personalize/document.hpp>
#include <idchip/profile/profile.hpp>

namespace idchip::personalize {

// What a profile offers and a document uses. A key that the chip makes by itself has no private half here.
struct ChipKeys {
    std::optional<crypto::PublicKey> aa_public;
    std::optional<crypto::PrivateKey> aa_private;
    std::optional<crypto::AgreementKey> ca_public;
    Secret ca_private;

    ChipKeys clone() const { return {aa_public, aa_private, ca_public, ca_private.clone()}; }
};

// Fresh keys for what the profile's chip can do; where the chip makes its own, they stand for them until it has.
// Errors: profile.bad (an unknown kind of key), crypto.failed.
Result<ChipKeys> make_chip_keys(const profile::Features& features, Rng& rng);

// Adds EF.CardAccess, DG14 and DG15 and lists them in EF.COM; gives the profile's templates the private halves and the passwords:
//   can, aa.modulus, aa.private_exponent, aa.private_key, ca.private_key, ca.p, ca.a, ca.b, ca.g, ca.n, ca.h, ca.public_key
// Before signing. Errors: profile.bad.
Result<void> set_chip_keys(Document& document, const profile::Features& features, const ChipKeys& keys);

// The public key in the answer of GENERATE ASYMMETRIC KEY PAIR, 7F49 of ISO/IEC 7816-8, for the kind of key that the profile names.
// Errors: tlv.*, crypto.bad_key, profile.bad.
Result<void> take_generated(ChipKeys& keys, const profile::Features& features, profile::KeyPurpose purpose, ByteView answer);

}  // namespace idchip::personalize
