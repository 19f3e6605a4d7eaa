// A token with its sessions. Opened once and shared; safe to use from several threads, each signature has a session of its own.
#pragma once

#include <functional>
#include <memory>

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

    struct Impl;

private:
    explicit Token(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
    std::shared_ptr<Impl> impl_;
};

}  // namespace idchip::pkcs11
