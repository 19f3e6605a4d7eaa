#include <idchip/crypto/key.hpp>

#include <array>
#include <cstdlib>

#include <fmt/format.h>

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/rsa.h>

#include "base/try.hpp"
#include "crypto/openssl/key_impl.hpp"

namespace idchip::crypto {
namespace {

const char* group_name(Curve curve) {
    static constexpr std::array names = {"P-192",           "P-224",           "P-256",           "P-384",
                                         "P-521",           "brainpoolP192r1", "brainpoolP224r1", "brainpoolP256r1",
                                         "brainpoolP320r1", "brainpoolP384r1", "brainpoolP512r1"};
    return names.at(static_cast<std::size_t>(curve));
}

std::string reason() {
    const auto code = ERR_get_error();
    ERR_clear_error();
    if (code == 0) return {};
    const char* text = ERR_reason_error_string(code);
    return text != nullptr ? text : "unknown reason";
}

Failure failed(Errc code) { return fail(code, {}, reason()); }

CurveParameters load(Curve curve) {
    const Group group(EC_GROUP_new_by_curve_name(OBJ_txt2nid(oid(curve).dotted().c_str())));
    const Bignum p(BN_new());
    const Bignum a(BN_new());
    const Bignum b(BN_new());
    const Bignum x(BN_new());
    const Bignum y(BN_new());
    if (!group || EC_GROUP_get_curve(group.get(), p.get(), a.get(), b.get(), nullptr) != 1 ||
        EC_POINT_get_affine_coordinates(group.get(), EC_GROUP_get0_generator(group.get()), x.get(), y.get(), nullptr) != 1)
        std::abort();  // the build of OpenSSL lacks a curve of Doc 9303
    const std::size_t size = field_size(curve);
    return {to_bytes(p.get(), size),
            to_bytes(a.get(), size),
            to_bytes(b.get(), size),
            to_bytes(x.get(), size),
            to_bytes(y.get(), size),
            to_bytes(EC_GROUP_get0_order(group.get())),
            BN_get_word(EC_GROUP_get0_cofactor(group.get()))};
}

Pkey from_params(const char* type, const OSSL_PARAM* params) {
    const PkeyCtx ctx(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
    EVP_PKEY* key = nullptr;
    if (!ctx || EVP_PKEY_fromdata_init(ctx.get()) != 1 ||
        EVP_PKEY_fromdata(ctx.get(), &key, EVP_PKEY_PUBLIC_KEY, const_cast<OSSL_PARAM*>(params)) != 1)
        return nullptr;
    return Pkey(key);
}

}  // namespace

const CurveParameters& parameters(Curve curve) {
    static const auto table = [] {
        std::vector<CurveParameters> t;
        for (int i = 0; i <= static_cast<int>(Curve::bp512r1); ++i) t.push_back(load(static_cast<Curve>(i)));
        return t;
    }();
    return table.at(static_cast<std::size_t>(curve));
}

const PublicKeyInfo& PublicKey::info() const { return impl_->info; }

Result<PublicKey> PublicKey::from_ec_point(Curve curve, ByteView point, EcEncoding encoding) {
    const std::size_t size = field_size(curve);
    if (point.size() != 1 + 2 * size || point[0] != 4)
        return fail(Errc::crypto_bad_key, {}, "EC point is not uncompressed or has the wrong length");
    const ParamBld build(OSSL_PARAM_BLD_new());
    OSSL_PARAM_BLD_push_utf8_string(build.get(), OSSL_PKEY_PARAM_GROUP_NAME, group_name(curve), 0);
    OSSL_PARAM_BLD_push_octet_string(build.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size());
    const Params params(OSSL_PARAM_BLD_to_param(build.get()));
    auto key = from_params("EC", params.get());  // checks that the point lies on the curve
    if (!key) {
        ERR_clear_error();
        return fail(Errc::crypto_bad_key, {}, "EC point is not on the curve");
    }
    PublicKeyInfo info;
    info.type = KeyType::ec;
    info.curve = curve;
    info.encoding = encoding;
    info.bits = 8 * size - (curve == Curve::p521 ? 7 : 0);
    info.point = idchip::to_bytes(point);
    return PublicKey(std::make_shared<const Impl>(std::move(info), std::move(key)));
}

Result<PublicKey> PublicKey::from_rsa(ByteView n, ByteView e) {
    const auto modulus = number(n);
    const auto exponent = number(e);
    const auto bits = static_cast<std::size_t>(BN_num_bits(modulus.get()));
    if (bits < 1024 || bits > 16384) return fail(Errc::crypto_bad_key, {}, fmt::format("RSA modulus of {} bits", bits));
    if (BN_is_odd(modulus.get()) == 0) return fail(Errc::crypto_bad_key, {}, "even RSA modulus");
    if (BN_is_odd(exponent.get()) == 0 || BN_is_one(exponent.get()) != 0 || e.size() > 32)
        return fail(Errc::crypto_bad_key, {}, "RSA exponent even, one or huge");
    const ParamBld build(OSSL_PARAM_BLD_new());
    OSSL_PARAM_BLD_push_BN(build.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get());
    OSSL_PARAM_BLD_push_BN(build.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get());
    const Params params(OSSL_PARAM_BLD_to_param(build.get()));
    auto key = from_params("RSA", params.get());
    if (!key) return failed(Errc::crypto_bad_key);
    PublicKeyInfo info;
    info.type = KeyType::rsa;
    info.bits = bits;
    info.n = idchip::to_bytes(n);
    info.e = idchip::to_bytes(e);
    return PublicKey(std::make_shared<const Impl>(std::move(info), std::move(key)));
}

namespace {

Result<PublicKey> public_part(EVP_PKEY* key) {
    if (EVP_PKEY_is_a(key, "EC") == 1) {
        std::array<char, 64> group{};
        // The coordinates, because the encoded point may be compressed.
        BIGNUM* px = nullptr;
        BIGNUM* py = nullptr;
        const bool ok = EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, group.data(), group.size(), nullptr) == 1 &&
                        EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_EC_PUB_X, &px) == 1 &&
                        EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_EC_PUB_Y, &py) == 1;
        const Bignum x(px);
        const Bignum y(py);
        if (!ok) return failed(Errc::crypto_bad_key);
        const int nid = OBJ_txt2nid(group.data());
        for (int i = 0; i <= static_cast<int>(Curve::bp512r1); ++i) {
            const auto curve = static_cast<Curve>(i);
            if (OBJ_txt2nid(oid(curve).dotted().c_str()) == nid)
                return PublicKey::from_ec_point(
                    curve, concat({Bytes{4}, to_bytes(x.get(), field_size(curve)), to_bytes(y.get(), field_size(curve))}));
        }
        return fail(Errc::crypto_unsupported, {}, std::string("curve ") + group.data());
    }
    if (EVP_PKEY_is_a(key, "RSA") == 1 || EVP_PKEY_is_a(key, "RSA-PSS") == 1) {
        BIGNUM* n = nullptr;
        BIGNUM* e = nullptr;
        EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &n);
        EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &e);
        const Bignum modulus(n);
        const Bignum exponent(e);
        if (!modulus || !exponent) return failed(Errc::crypto_bad_key);
        return PublicKey::from_rsa(to_bytes(n), to_bytes(e));
    }
    return fail(Errc::crypto_unsupported, {}, "private key type");
}

// Never asks at a terminal: no passphrase means none.
int give_passphrase(char* buffer, int size, int, void* user) {
    const auto* passphrase = static_cast<const std::string_view*>(user);
    const auto n = std::min(passphrase->size(), static_cast<std::size_t>(size));
    std::copy_n(passphrase->data(), n, buffer);
    return static_cast<int>(n);
}

}  // namespace

Result<PrivateKey> PrivateKey::generate_ec(Curve curve) {
    Pkey key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", group_name(curve)));
    if (!key) return failed(Errc::crypto_failed);
    auto pub = TRY(public_part(key.get()));
    return PrivateKey(std::make_shared<const Impl>(std::move(key), std::move(pub)));
}

Result<PrivateKey> PrivateKey::generate_rsa(std::size_t bits) {
    Pkey key(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", bits));
    if (!key) return failed(Errc::crypto_failed);
    auto pub = TRY(public_part(key.get()));
    return PrivateKey(std::make_shared<const Impl>(std::move(key), std::move(pub)));
}

Result<PrivateKey> PrivateKey::from_pem(std::string_view pem, std::string_view passphrase) {
    const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    Pkey key(PEM_read_bio_PrivateKey(bio.get(), nullptr, give_passphrase, &passphrase));
    if (!key) {
        ERR_clear_error();
        return fail(Errc::crypto_bad_key, {}, "not a PKCS#8 private key, or the wrong passphrase");
    }
    auto pub = TRY(public_part(key.get()));
    return PrivateKey(std::make_shared<const Impl>(std::move(key), std::move(pub)));
}

Result<std::string> PrivateKey::to_pem(std::string_view passphrase) const {
    const Bio bio(BIO_new(BIO_s_secmem()));
    const EVP_CIPHER* cipher = passphrase.empty() ? nullptr : EVP_aes_256_cbc();
    if (PEM_write_bio_PKCS8PrivateKey(bio.get(), impl_->key.get(), cipher, passphrase.data(), static_cast<int>(passphrase.size()), nullptr,
                                      nullptr) != 1)
        return failed(Errc::crypto_failed);
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &data);
    return std::string(data, static_cast<std::size_t>(size));
}

const PublicKey& PrivateKey::public_key() const { return impl_->public_key; }

Result<Secret> private_value(const PrivateKey::Impl& key) {
    BIGNUM* raw = nullptr;
    EVP_PKEY_get_bn_param(key.key.get(), OSSL_PKEY_PARAM_PRIV_KEY, &raw);
    const Bignum n(raw);
    if (!n) return failed(Errc::crypto_bad_key);
    Secret value(field_size(key.public_key.info().curve) + 1);  // an order may have a bit more than its field
    BN_bn2binpad(n.get(), value.writable().data(), static_cast<int>(value.size()));
    return value;
}

}  // namespace idchip::crypto
