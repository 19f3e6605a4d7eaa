// The two layers around the text of a bundle: the team's signature, and the envelope for the centre.
#pragma once

#include <span>

#include <idchip/base/random.hpp>
#include <idchip/pki/cms.hpp>

namespace idchip::bundle {

// Verified before it leaves. Errors: crypto.*, token.*, pki.refused.
Result<Bytes> sign_and_seal(ByteView content, pki::ContentSigner& team, const pki::Certificate& centre, Instant at, Rng& rng);

struct Opened {
    Bytes content;
    pki::Certificate team;
    Instant signed_at;
};
// Errors: those of pki::open; pki.bad_cms, bundle.bad, bundle.untrusted, crypto.*.
Result<Opened> open_and_verify(ByteView bundle, const pki::Certificate& own, const crypto::PrivateKey& key,
                               std::span<const pki::Certificate> teams, Instant now);

}  // namespace idchip::bundle
