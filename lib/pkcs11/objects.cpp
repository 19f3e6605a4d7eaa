#include "pkcs11/objects.hpp"

#include <idchip/tlv/der.hpp>
#include <idchip/tlv/reader.hpp>

#include "base/try.hpp"

namespace idchip::pkcs11 {
namespace {

constexpr std::size_t most_objects = 4096, longest_attribute = 65'536;

// CKA_EC_POINT is an OCTET STRING; some tokens give the bare point.
Bytes point_of(const Bytes& value) {
    const auto outer = tlv::parse_single(value, tlv::Rules::der, "CKA_EC_POINT");
    return outer && outer->tag == der::octet_string ? to_bytes(outer->value) : value;
}

Result<crypto::PublicKey> ec_key(ByteView parameters, ByteView point) {
    static const der::Oid ec_public_key("1.2.840.10045.2.1");
    return crypto::PublicKey::from_spki(
        der::sequence_of({der::sequence_of({der::write(ec_public_key), to_bytes(parameters)}), der::write_bit_string(point)}));
}

}  // namespace

Result<std::vector<CK_OBJECT_HANDLE>> find_objects(Token::Impl& token, CK_OBJECT_CLASS kind, const std::string& label, ByteView id) {
    CK_BBOOL yes = CK_TRUE;
    std::vector<CK_ATTRIBUTE> wanted = {{CKA_CLASS, &kind, sizeof kind}, {CKA_TOKEN, &yes, sizeof yes}};
    if (!label.empty()) wanted.push_back({CKA_LABEL, const_cast<char*>(label.data()), label.size()});
    if (!id.empty()) wanted.push_back({CKA_ID, const_cast<Byte*>(id.data()), id.size()});
    std::vector<CK_OBJECT_HANDLE> found;
    TRY(token.with_session("C_FindObjects", [&](CK_SESSION_HANDLE session) {
        found.clear();
        auto code = token.f().C_FindObjectsInit(session, wanted.data(), wanted.size());
        CK_ULONG count = 1;
        while (code == CKR_OK && count != 0 && found.size() < most_objects) {
            CK_OBJECT_HANDLE handles[64];
            code = token.f().C_FindObjects(session, handles, std::size(handles), &count);
            if (code == CKR_OK) found.insert(found.end(), handles, handles + count);
        }
        const auto ended = token.f().C_FindObjectsFinal(session);
        return code != CKR_OK ? code : ended;
    }));
    return found;
}

Result<std::optional<Bytes>> attribute(Token::Impl& token, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) {
    std::optional<Bytes> value;
    TRY(token.with_session("C_GetAttributeValue", [&](CK_SESSION_HANDLE session) -> CK_RV {
        value.reset();
        CK_ATTRIBUTE a{type, nullptr, 0};
        auto code = token.f().C_GetAttributeValue(session, object, &a, 1);
        if (code == CKR_ATTRIBUTE_TYPE_INVALID || code == CKR_ATTRIBUTE_SENSITIVE) return CKR_OK;
        if (code != CKR_OK || a.ulValueLen > longest_attribute) return code;
        value.emplace(a.ulValueLen);
        a.pValue = value->data();
        code = token.f().C_GetAttributeValue(session, object, &a, 1);
        if (code == CKR_OK) value->resize(a.ulValueLen);
        return code;
    }));
    return value;
}

Result<std::optional<crypto::PublicKey>> public_key_of(Token::Impl& token, CK_OBJECT_HANDLE object) {
    const auto of = [](Result<crypto::PublicKey> key) { return key ? std::optional(std::move(*key)) : std::nullopt; };
    const auto modulus = TRY(attribute(token, object, CKA_MODULUS));
    const auto exponent = TRY(attribute(token, object, CKA_PUBLIC_EXPONENT));
    if (modulus && exponent && !modulus->empty()) return of(crypto::PublicKey::from_rsa(*modulus, *exponent));
    const auto parameters = TRY(attribute(token, object, CKA_EC_PARAMS));
    const auto point = TRY(attribute(token, object, CKA_EC_POINT));
    if (!parameters || !point || point->empty()) return std::nullopt;
    return of(ec_key(*parameters, point_of(*point)));
}

}  // namespace idchip::pkcs11
