// A token with its sessions. Opened once and shared; safe to use from several threads, each signature has a session of its own.
#pragma once

#include <functional>
#include <memory>

#include <idchip/base/secret.hpp>
#include <idchip/crypto/key.hpp>
#include <idchip/pkcs11/uri.hpp>

namespace idchip::pkcs11 {

// Where the PIN comes from: asked once, kept for as long as the token is open.
using PinSource = std::function<Result<Secret>()>;

// What the token holds, as far as a login shows it.
struct KeyEntry {
    std::string label;
    Bytes id;
    std::optional<crypto::PublicKey> public_key;  // nothing: no public object, or one of an unknown kind
};

// A symmetric key that stays in a token. What it makes out of data comes out, and is as secret as a key. Safe to use from several threads.
class SecretKey {
public:
    enum class Kind { tdes, aes };
    virtual ~SecretKey() = default;
    virtual Kind kind() const = 0;
    virtual std::size_t size() const = 0;  // bytes; 3DES: 16, also where the token holds the first half again behind the second
    // Whole blocks, ECB: CKM_DES3_ECB_ENCRYPT_DATA or CKM_AES_ECB_ENCRYPT_DATA; as C_Encrypt where the key or the token does not derive.
    // Errors: crypto.bad_input, token.*.
    virtual Result<Secret> encrypt(ByteView blocks) const = 0;
    // Errors: crypto.bad_key (3DES), token.*.
    virtual Result<Secret> aes_cmac(ByteView message) const = 0;
};

class Token {
public:
    // The token that the URI names, logged in. The PIN is tried once; not at all where the token says that one try is left.
    // Errors: token.no_module, token.not_found, token.wrong_pin, token.pin_locked, token.lost, token.refused.
    static Result<std::shared_ptr<Token>> open(const Uri& uri, const PinSource& pin);
    ~Token();
    Token(const Token&) = delete;
    Token& operator=(const Token&) = delete;

    std::string label() const;
    Result<std::vector<KeyEntry>> keys();
    // One private key, with the public object or certificate of the same id beside it; or with a public key that is known otherwise. It has
    // signed something before it is given out: opening a session proves nothing. Errors: token.not_found (none, or several), token.*.
    Result<std::shared_ptr<const crypto::SigningKey>> key(const Uri& uri, std::optional<crypto::PublicKey> known = {});
    // A pair that never leaves the token (sensitive, not extractable). Errors: io.exists when the label is taken, token.*.
    Result<std::shared_ptr<const crypto::SigningKey>> generate_ec(crypto::Curve curve, const std::string& label);
    Result<std::shared_ptr<const crypto::SigningKey>> generate_rsa(std::size_t bits, const std::string& label);

    // Errors: token.not_found (none of this label, or several), token.refused (neither 3DES nor AES), token.*.
    Result<std::shared_ptr<const SecretKey>> secret_key(const std::string& label);
    // A key that comes from elsewhere; from then on it derives and MACs in the token and does not come out. Errors: io.exists, crypto.bad_key.
    Result<void> import_secret_key(SecretKey::Kind kind, const std::string& label, ByteView value);

    struct Impl;

private:
    explicit Token(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
    std::shared_ptr<Impl> impl_;
};

}  // namespace idchip::pkcs11
