#include <idchip/crypto/rsa.hpp>

#include <fmt/format.h>

#include <openssl/err.h>
#include <openssl/rsa.h>

#include "crypto/openssl/key_impl.hpp"
#include "base/try.hpp"

namespace idchip::crypto {
namespace {

Failure bad_input(std::string detail) { return fail(Errc::crypto_bad_input, "RSA", std::move(detail)); }

Result<void> check(const RsaNumbers& key) {
    if (key.bits() > 16'384) return bad_key(fmt::format("modulus of {} bits", key.bits()));
    const bool odd = !key.e.empty() && (key.e.back() & 1U) != 0;
    if (!odd || key.e.size() > 32 || equal(key.e, Bytes{1})) return bad_key("exponent even, one or huge");
    return {};
}

// ISO/IEC 9796-2, B.5: a representative is 12 modulo 16.
bool is_representative(ByteView f) { return (f.back() & 0x0FU) == 0x0CU; }

}  // namespace

std::size_t RsaNumbers::bits() const { return static_cast<std::size_t>(BN_num_bits(number(n).get())); }

Result<Bytes> rsa_public(const RsaNumbers& key, ByteView x) {
    TRY(check(key));
    if (x.size() != key.n.size()) return bad_input(fmt::format("{} bytes instead of {}", x.size(), key.n.size()));
    const auto n = number(key.n), base = number(x);
    if (BN_cmp(base.get(), n.get()) >= 0) return bad_input("not smaller than the modulus");
    const Bignum result(BN_new());
    const BnCtx ctx(BN_CTX_new());
    if (BN_mod_exp(result.get(), base.get(), number(key.e).get(), n.get(), ctx.get()) != 1) {
        ERR_clear_error();
        return fail(Errc::crypto_failed, "RSA");
    }
    return to_bytes(result.get(), key.n.size());
}

Result<OpenedSignature> open_signature(const RsaNumbers& key, ByteView signature) {
    OpenedSignature opened{TRY(rsa_public(key, signature)), false};
    if (is_representative(opened.representative)) return opened;
    const Bignum other(BN_new());
    BN_sub(other.get(), number(key.n).get(), number(opened.representative).get());
    auto complement = to_bytes(other.get(), key.n.size());
    if (is_representative(complement)) return OpenedSignature{std::move(complement), true};
    return opened;
}

Result<Bytes> PrivateKey::raw_rsa(ByteView x) const {
    const auto& info = public_key().info();
    if (info.type != KeyType::rsa) return bad_key(info.text() + " is no RSA key");
    if (x.size() != (info.bits + 7) / 8) return bad_input(fmt::format("{} bytes for {}", x.size(), info.text()));
    const PkeyCtx ctx(EVP_PKEY_CTX_new_from_pkey(nullptr, impl_->key.get(), nullptr));
    Bytes y(x.size());
    std::size_t size = y.size();
    const bool ok = EVP_PKEY_sign_init(ctx.get()) == 1 && EVP_PKEY_CTX_set_rsa_padding(ctx.get(), RSA_NO_PADDING) == 1 &&
                    EVP_PKEY_sign(ctx.get(), y.data(), &size, x.data(), x.size()) == 1;
    ERR_clear_error();
    if (!ok) return fail(Errc::crypto_failed, "RSA");
    return y;
}

}  // namespace idchip::crypto
