// ECDSA by Botan, over digests that OpenSSL has made. Nonces are those of RFC 6979, blinded.
#include "crypto/botan/ecdsa.hpp"

#include <botan/ecdsa.h>
#include <botan/mem_ops.h>
#include <botan/pubkey.h>
#include <botan/system_rng.h>

#include <idchip/crypto/key_agreement.hpp>

#include "base/try.hpp"
#include "crypto/botan/groups.hpp"

namespace idchip::crypto {
namespace {

// Botan's pool of locked memory must outlive every key, those in static objects among them: it is made before main.
const Botan::Allocator_Initializer memory_pool;

Failure failed(const std::exception& e) { return fail(Errc::crypto_failed, "ECDSA", e.what()); }

class BotanSigning final : public Signing {
public:
    BotanSigning(Curve curve, ByteView private_value)
        : curve_(curve),
          key_(rng_, Botan::EC_Group(botan_group_name(curve)), Botan::BigInt(private_value.data(), private_value.size())),
          signer_(key_, rng_, "Raw", Botan::IEEE_1363) {}
    Result<Bytes> sign(ByteView digest) override {
        try {
            const auto plain = signer_.sign_message(digest.data(), digest.size(), rng_);
            return ecdsa_plain_to_der(curve_, plain);
        } catch (const std::exception& e) {
            return failed(e);
        }
    }

private:
    Curve curve_;
    Botan::System_RNG rng_;
    Botan::ECDSA_PrivateKey key_;
    Botan::PK_Signer signer_;
};

Botan::PointGFp point_of(const Botan::EC_Group& group, ByteView point) { return group.OS2ECP(point.data(), point.size()); }

class BotanVerifying final : public Verifying {
public:
    BotanVerifying(Curve curve, ByteView point)
        : curve_(curve), group_(botan_group_name(curve)), key_(group_, point_of(group_, point)), verifier_(key_, "Raw", Botan::IEEE_1363) {}
    Result<void> verify(ByteView digest, ByteView signature) override {
        const auto plain = TRY(ecdsa_der_to_plain(curve_, signature));
        try {
            if (verifier_.verify_message(digest.data(), digest.size(), plain.data(), plain.size())) return {};
        } catch (const std::exception& e) {
            return failed(e);
        }
        return fail(Errc::crypto_bad_signature, "ECDSA");
    }

private:
    Curve curve_;
    Botan::EC_Group group_;
    Botan::ECDSA_PublicKey key_;
    Botan::PK_Verifier verifier_;
};

}  // namespace

bool botan_signs(Curve curve) { return botan_group_name(curve) != nullptr; }
bool botan_verifies(Curve curve) { return botan_group_name(curve) != nullptr; }

Result<std::unique_ptr<Signing>> make_botan_signing(Curve curve, ByteView private_value) {
    try {
        return std::make_unique<BotanSigning>(curve, private_value);
    } catch (const std::exception& e) {
        return failed(e);
    }
}

Result<std::unique_ptr<Verifying>> make_botan_verifying(Curve curve, ByteView point) {
    try {
        return std::make_unique<BotanVerifying>(curve, point);
    } catch (const std::exception& e) {
        return failed(e);
    }
}

}  // namespace idchip::crypto
