#include "pkcs11/derive.hpp"

#include <cstring>

#include <fmt/format.h>

#include <idchip/base/random.hpp>

#include "base/try.hpp"
#include "pkcs11/objects.hpp"

namespace idchip::pkcs11 {
namespace {

using Kind = SecretKey::Kind;

CK_BBOOL yes = CK_TRUE, no = CK_FALSE;

// The key is not made to derive, the token cannot, or does not show what was derived: there is another way to the same bytes.
bool cannot_derive(CK_RV code) {
    return code == CKR_KEY_FUNCTION_NOT_PERMITTED || code == CKR_MECHANISM_INVALID || code == CKR_TEMPLATE_INCONSISTENT ||
           code == CKR_ATTRIBUTE_SENSITIVE;
}

Result<CK_ULONG> number(Token::Impl& token, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type, CK_ULONG otherwise) {
    const auto value = TRY(attribute(token, object, type));
    if (!value || value->size() != sizeof otherwise) return otherwise;
    std::memcpy(&otherwise, value->data(), sizeof otherwise);
    return otherwise;
}

class TokenSecretKey final : public SecretKey {
public:
    TokenSecretKey(std::shared_ptr<Token::Impl> token, CK_OBJECT_HANDLE object, Kind kind, std::size_t size)
        : token_(std::move(token)), object_(object), kind_(kind), size_(size) {}

    Kind kind() const override { return kind_; }
    std::size_t size() const override { return size_; }

    Result<Secret> encrypt(ByteView blocks) const override {
        if (blocks.empty() || blocks.size() % (kind_ == Kind::tdes ? 8 : 16) != 0)
            return fail(Errc::crypto_bad_input, token_->label, "not whole blocks");
        Secret out(blocks.size());
        bool derived = true;
        TRY(token_->with_session("C_DeriveKey", [&](CK_SESSION_HANDLE session) {
            const auto code = derive(session, blocks, out.writable());
            derived = !cannot_derive(code);
            return derived ? code : CKR_OK;
        }));
        if (!derived)
            TRY(token_->with_session("C_Encrypt, as it does not derive",
                                     [&](CK_SESSION_HANDLE session) { return encipher(session, blocks, out.writable()); }));
        return out;
    }

    Result<Secret> aes_cmac(ByteView message) const override {
        if (kind_ != Kind::aes) return fail(Errc::crypto_bad_key, token_->label, "CMAC wants an AES key");
        Secret out(16);
        TRY(token_->with_session("C_Sign", [&](CK_SESSION_HANDLE session) { return sign(session, message, out.writable()); }));
        return out;
    }

private:
    // PKCS#11 2.40, 2.15: the encrypted data is the value of a new key. It lives in this session, for as long as it takes to read it.
    CK_RV derive(CK_SESSION_HANDLE session, ByteView blocks, std::span<Byte> out) const {
        CK_KEY_DERIVATION_STRING_DATA data{const_cast<Byte*>(blocks.data()), blocks.size()};
        CK_MECHANISM mechanism{kind_ == Kind::tdes ? CKM_DES3_ECB_ENCRYPT_DATA : CKM_AES_ECB_ENCRYPT_DATA, &data, sizeof data};
        CK_OBJECT_CLASS secret = CKO_SECRET_KEY;
        CK_KEY_TYPE generic = CKK_GENERIC_SECRET;  // a DES key would have its parity adjusted by some tokens
        CK_ULONG size = out.size();
        CK_ATTRIBUTE wanted[] = {{CKA_CLASS, &secret, sizeof secret}, {CKA_KEY_TYPE, &generic, sizeof generic},
                                 {CKA_VALUE_LEN, &size, sizeof size}, {CKA_TOKEN, &no, sizeof no},
                                 {CKA_SENSITIVE, &no, sizeof no},     {CKA_EXTRACTABLE, &yes, sizeof yes}};
        CK_OBJECT_HANDLE derived = CK_INVALID_HANDLE;
        auto& f = token_->f();
        if (const auto code = f.C_DeriveKey(session, &mechanism, object_, wanted, std::size(wanted), &derived); code != CKR_OK) return code;
        CK_ATTRIBUTE value{CKA_VALUE, out.data(), out.size()};
        const auto read = f.C_GetAttributeValue(session, derived, &value, 1);
        const auto destroyed = f.C_DestroyObject(session, derived);
        if (read != CKR_OK) return read;
        return value.ulValueLen != out.size() ? CKR_DATA_LEN_RANGE : destroyed;
    }

    CK_RV encipher(CK_SESSION_HANDLE session, ByteView blocks, std::span<Byte> out) const {
        CK_MECHANISM mechanism{kind_ == Kind::tdes ? CKM_DES3_ECB : CKM_AES_ECB, nullptr, 0};
        auto& f = token_->f();
        if (const auto code = f.C_EncryptInit(session, &mechanism, object_); code != CKR_OK) return code;
        CK_ULONG size = out.size();
        const auto code = f.C_Encrypt(session, const_cast<Byte*>(blocks.data()), blocks.size(), out.data(), &size);
        return code == CKR_OK && size != out.size() ? CKR_DATA_LEN_RANGE : code;
    }

    CK_RV sign(CK_SESSION_HANDLE session, ByteView message, std::span<Byte> out) const {
        CK_MECHANISM mechanism{CKM_AES_CMAC, nullptr, 0};
        auto& f = token_->f();
        if (const auto code = f.C_SignInit(session, &mechanism, object_); code != CKR_OK) return code;
        Byte nothing = 0;  // an empty message is no null pointer
        auto* data = message.empty() ? &nothing : const_cast<Byte*>(message.data());
        CK_ULONG size = out.size();
        const auto code = f.C_Sign(session, data, message.size(), out.data(), &size);
        return code == CKR_OK && size != out.size() ? CKR_DATA_LEN_RANGE : code;
    }

    std::shared_ptr<Token::Impl> token_;
    CK_OBJECT_HANDLE object_;
    Kind kind_;
    std::size_t size_;
};

bool fits(Kind kind, std::size_t size) { return size == 16 || size == 24 || (kind == Kind::aes && size == 32); }

}  // namespace

Result<std::shared_ptr<const SecretKey>> find_secret_key(std::shared_ptr<Token::Impl> token, const std::string& label) {
    const auto found = TRY(find_objects(*token, CKO_SECRET_KEY, label, {}));
    if (label.empty() || found.size() != 1)
        return fail(Errc::token_not_found, token->label,
                    fmt::format("{} secret keys are called \"{}\"; one is wanted", found.size(), label));
    const auto object = found.front();
    const auto type = TRY(number(*token, object, CKA_KEY_TYPE, CKK_GENERIC_SECRET));
    if (type == CKK_DES2 || type == CKK_DES3) return std::make_shared<const TokenSecretKey>(std::move(token), object, Kind::tdes, 16);
    const auto size = TRY(number(*token, object, CKA_VALUE_LEN, 0));
    if (type != CKK_AES || !fits(Kind::aes, size))
        return fail(Errc::token_refused, token->label, label + ": neither a 3DES nor an AES key");
    return std::make_shared<const TokenSecretKey>(std::move(token), object, Kind::aes, size);
}

Result<void> create_secret_key(Token::Impl& token, Kind kind, const std::string& label, ByteView value) {
    if (label.empty()) return fail(Errc::bad_field, "object", "the new key needs a label");
    if (!fits(kind, value.size())) return fail(Errc::crypto_bad_key, label, "key of the wrong length");
    if (!TRY(find_objects(token, CKO_SECRET_KEY, label, {})).empty()) return fail(Errc::already_exists, label);
    auto id = system_rng().bytes(8);
    CK_OBJECT_CLASS secret = CKO_SECRET_KEY;
    CK_KEY_TYPE type = kind == Kind::aes ? CKK_AES : value.size() == 16 ? CKK_DES2 : CKK_DES3;
    // Derives and MACs, and nothing else: what a stolen login could do with a key that decrypts or wraps is left out.
    CK_ATTRIBUTE wanted[] = {{CKA_CLASS, &secret, sizeof secret},
                             {CKA_KEY_TYPE, &type, sizeof type},
                             {CKA_TOKEN, &yes, sizeof yes},
                             {CKA_PRIVATE, &yes, sizeof yes},
                             {CKA_SENSITIVE, &yes, sizeof yes},
                             {CKA_EXTRACTABLE, &no, sizeof no},
                             {CKA_LABEL, const_cast<char*>(label.data()), label.size()},
                             {CKA_ID, id.data(), id.size()},
                             {CKA_DERIVE, &yes, sizeof yes},
                             {CKA_SIGN, kind == Kind::aes ? &yes : &no, sizeof yes},
                             {CKA_VERIFY, &no, sizeof no},
                             {CKA_ENCRYPT, &no, sizeof no},
                             {CKA_DECRYPT, &no, sizeof no},
                             {CKA_WRAP, &no, sizeof no},
                             {CKA_UNWRAP, &no, sizeof no},
                             {CKA_VALUE, const_cast<Byte*>(value.data()), value.size()}};
    return token.with_session("C_CreateObject", [&](CK_SESSION_HANDLE session) {
        CK_OBJECT_HANDLE object = CK_INVALID_HANDLE;
        return token.f().C_CreateObject(session, wanted, std::size(wanted), &object);
    });
}

}  // namespace idchip::pkcs11
