#include "pkcs11/signing_key.hpp"

#include <idchip/crypto/key_agreement.hpp>
#include <idchip/tlv/der.hpp>

#include "base/try.hpp"
#include "pkcs11/objects.hpp"

namespace idchip::pkcs11 {
namespace {

using crypto::HashAlg;
using crypto::Scheme;

struct Mechanism {
    CK_MECHANISM_TYPE type;
    std::optional<CK_RSA_PKCS_PSS_PARAMS> pss;
    Bytes input;
};

CK_MECHANISM_TYPE hash_mechanism(HashAlg alg) {
    switch (alg) {
        case HashAlg::sha1: return CKM_SHA_1;
        case HashAlg::sha224: return CKM_SHA224;
        case HashAlg::sha256: return CKM_SHA256;
        case HashAlg::sha384: return CKM_SHA384;
        case HashAlg::sha512: return CKM_SHA512;
    }
    return CKM_SHA256;
}

CK_ULONG mask_generation(HashAlg alg) {
    switch (alg) {
        case HashAlg::sha1: return CKG_MGF1_SHA1;
        case HashAlg::sha224: return CKG_MGF1_SHA224;
        case HashAlg::sha256: return CKG_MGF1_SHA256;
        case HashAlg::sha384: return CKG_MGF1_SHA384;
        case HashAlg::sha512: return CKG_MGF1_SHA512;
    }
    return CKG_MGF1_SHA256;
}

// RFC 8017, 9.2, note 1
Bytes digest_info(HashAlg alg, ByteView digest) {
    return der::sequence_of({der::sequence_of({der::write(crypto::oid(alg)), der::write_null()}), der::write_octet_string(digest)});
}

// Only the private operation is left to the token: it need not know the hash, and gets a few bytes.
Mechanism mechanism_for(const crypto::PublicKeyInfo& key, const crypto::SignatureAlgorithm& a, ByteView message) {
    auto digest = crypto::hash(a.hash, message);
    switch (a.scheme) {
        case Scheme::rsa_pkcs1: return {CKM_RSA_PKCS, {}, digest_info(a.hash, digest)};
        case Scheme::rsa_pss:
            return {CKM_RSA_PKCS_PSS, CK_RSA_PKCS_PSS_PARAMS{hash_mechanism(a.hash), mask_generation(a.mgf_hash), a.salt_length},
                    std::move(digest)};
        case Scheme::ecdsa: break;
    }
    // FIPS 186-4, 6.4: the leftmost bits, as many as the order has.
    digest.resize(std::min(digest.size(), crypto::parameters(key.curve).order.size()));
    return {CKM_ECDSA, {}, std::move(digest)};
}

class TokenKey final : public crypto::SigningKey {
public:
    TokenKey(std::shared_ptr<Token::Impl> token, CK_OBJECT_HANDLE object, crypto::PublicKey public_key, bool always_authenticate)
        : token_(std::move(token)), object_(object), public_key_(std::move(public_key)), always_authenticate_(always_authenticate) {}

    const crypto::PublicKey& public_key() const override { return public_key_; }

    Result<Bytes> sign(const crypto::SignatureAlgorithm& a, ByteView message) const override {
        const auto& info = public_key_.info();
        if ((info.type == crypto::KeyType::ec) != (a.scheme == Scheme::ecdsa))
            return fail(Errc::crypto_bad_key, {}, info.text() + " does not go with " + a.text());
        if (a.hash_unstated) return fail(Errc::crypto_unsupported, {}, "signature algorithm that states no hash");
        auto mechanism = mechanism_for(info, a, message);
        Bytes signature;
        TRY(token_->with_session("C_Sign", [&](CK_SESSION_HANDLE session) { return run(session, mechanism, signature); }));
        return info.type == crypto::KeyType::ec ? crypto::ecdsa_plain_to_der(info.curve, signature) : Result<Bytes>(std::move(signature));
    }

private:
    CK_RV run(CK_SESSION_HANDLE session, Mechanism& m, Bytes& signature) const {
        CK_MECHANISM mechanism{m.type, m.pss ? &*m.pss : nullptr, m.pss ? sizeof *m.pss : 0};
        auto& f = token_->f();
        if (const auto code = f.C_SignInit(session, &mechanism, object_); code != CKR_OK) return code;
        if (always_authenticate_) {
            const auto pin = token_->pin.view();
            const auto code = f.C_Login(session, CKU_CONTEXT_SPECIFIC, const_cast<CK_UTF8CHAR*>(pin.data()), pin.size());
            if (code != CKR_OK) return code;
        }
        signature.resize(2048);
        CK_ULONG size = signature.size();
        const auto code = f.C_Sign(session, m.input.data(), m.input.size(), signature.data(), &size);
        signature.resize(code == CKR_OK ? size : 0);
        return code;
    }

    std::shared_ptr<Token::Impl> token_;
    CK_OBJECT_HANDLE object_;
    crypto::PublicKey public_key_;
    bool always_authenticate_;
};

// Any signature will do: that it verifies shows that the token works, and that both halves belong together.
Result<void> prove(const crypto::SigningKey& key) {
    const bool rsa = key.public_key().info().type == crypto::KeyType::rsa;
    const crypto::SignatureAlgorithm algorithm{rsa ? Scheme::rsa_pkcs1 : Scheme::ecdsa, HashAlg::sha256, HashAlg::sha256, 32, false};
    const auto message = as_bytes("idchip: does this key sign?");
    const auto signature = TRY(key.sign(algorithm, message));
    if (!key.public_key().verify(algorithm, message, signature))
        return fail(Errc::token_refused, {}, "the private key signs for another public key");
    return {};
}

}  // namespace

Result<std::shared_ptr<const crypto::SigningKey>> make_signing_key(std::shared_ptr<Token::Impl> token, CK_OBJECT_HANDLE object,
                                                                   crypto::PublicKey public_key) {
    const auto always = TRY(attribute(*token, object, CKA_ALWAYS_AUTHENTICATE));
    const bool each_time = always && !always->empty() && always->front() != CK_FALSE;
    auto key = std::make_shared<const TokenKey>(std::move(token), object, std::move(public_key), each_time);
    TRY(prove(*key));
    return key;
}

}  // namespace idchip::pkcs11
