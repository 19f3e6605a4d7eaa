// A key wherever it is, and its certificate, of people and offices. Those who sign documents have a policy and a count: DocumentSigner.
#pragma once

#include <idchip/pki/cms.hpp>
#include <idchip/signer/software.hpp>

namespace idchip::signer {

// Precondition: key and certificate belong together, and live longer than this.
class KeySigner : public pki::ContentSigner {
public:
    KeySigner(const pki::Certificate& certificate, const crypto::SigningKey& key)
        : certificate_(certificate), key_(key), algorithm_(default_algorithm(key.public_key().info())) {}
    const pki::Certificate& certificate() const override { return certificate_; }
    crypto::SignatureAlgorithm algorithm() const override { return algorithm_; }
    Result<Bytes> sign(ByteView message) override { return key_.sign(algorithm(), message); }

private:
    const pki::Certificate& certificate_;
    const crypto::SigningKey& key_;
    crypto::SignatureAlgorithm algorithm_;
};

}  // namespace idchip::signer
