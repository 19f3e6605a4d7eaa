// Master keys in a token.
#include "base/try.hpp"
#include "card_keys/diversify.hpp"

#include <fmt/format.h>

namespace idchip::card_keys {
namespace {

using Masters = std::array<std::shared_ptr<const pkcs11::SecretKey>, 3>;

class TokenSource final : public Source {
public:
    TokenSource(Masters masters, Algorithm algorithm, Diversification method, Byte version)
        : masters_(std::move(masters)), algorithm_(algorithm), method_(method), version_(version) {}

    Result<KeySet> keys(ByteView card) override {
        if (card.size() != kdd_size)
            return fail(Errc::cardkey_missing, {},
                        fmt::format("the card gave {} bytes of key diversification data; {} are wanted", card.size(), kdd_size));
        KeySet set;
        set.version = version_;
        set.enc = TRY(derive(card, 1));
        set.mac = TRY(derive(card, 2));
        set.dek = TRY(derive(card, 3));
        return set;
    }
    Algorithm algorithm() const override { return algorithm_; }

private:
    Result<Secret> derive(ByteView kdd, Byte k) const {
        const auto& master = *masters_[k - 1U];
        if (method_ != Diversification::kdf3) return master.encrypt(tdes_blocks(method_, kdd, k));
        return counter_kdf([&](ByteView message) { return master.aes_cmac(message); }, kdf3_input(kdd, k), master.size());
    }

    Masters masters_;  // each keeps the token open
    Algorithm algorithm_;
    Diversification method_;
    Byte version_;
};

}  // namespace

Result<std::unique_ptr<Source>> open_token(const pkcs11::Uri& uri, const pkcs11::PinSource& pin, Algorithm algorithm,
                                           Diversification method, Byte version) {
    if (method == Diversification::none) return fail(Errc::crypto_bad_input, uri.text(), "master keys do not come out of the token");
    TRY(check_method(method, algorithm));
    if (uri.object.empty()) return fail(Errc::token_not_found, uri.text(), "the URI names no object");
    const auto token = TRY(pkcs11::Token::open(uri, pin));
    const auto wanted = algorithm == Algorithm::tdes ? pkcs11::SecretKey::Kind::tdes : pkcs11::SecretKey::Kind::aes;
    Masters masters;
    for (std::size_t i = 0; i < masters.size(); ++i) {
        const auto label = fmt::format("{}-{}", uri.object, key_names[i]);
        masters[i] = TRY(token->secret_key(label));
        if (masters[i]->kind() != wanted)
            return fail(Errc::token_refused, uri.text(), fmt::format("{} is no {} key", label, name(algorithm)));
        if (masters[i]->size() != masters[0]->size())
            return fail(Errc::token_refused, uri.text(), fmt::format("{} is not as long as {}-enc", label, uri.object));
    }
    auto source = std::make_unique<TokenSource>(std::move(masters), algorithm, method, version);
    // Mechanism, permissions of the keys, reading of what was derived: all that a token may refuse shows here.
    TRY(source->keys(Bytes(kdd_size)));
    return std::unique_ptr<Source>(std::move(source));
}

}  // namespace idchip::card_keys
