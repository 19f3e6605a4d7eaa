#include "pki/enveloped_parts.hpp"

#include <array>

namespace idchip::pki::envelope {
namespace {

template <class Value, std::size_t Size>
Result<Value> find(const std::array<std::pair<der::Oid, Value>, Size>& table, const der::Oid& id, const char* what) {
    for (const auto& [known, value] : table)
        if (known == id) return value;
    return fail(Errc::crypto_unsupported, where, what + (" " + id.dotted()));
}

}  // namespace

Result<crypto::Cipher> cipher_by_oid(const der::Oid& id) {
    static const std::array<std::pair<der::Oid, crypto::Cipher>, 3> table = {{
        {der::Oid("2.16.840.1.101.3.4.1.2"), crypto::Cipher::aes128},
        {der::Oid("2.16.840.1.101.3.4.1.22"), crypto::Cipher::aes192},
        {aes256_cbc(), crypto::Cipher::aes256},
    }};
    return find(table, id, "content encryption");
}

Result<std::size_t> wrap_size_by_oid(const der::Oid& id) {
    static const std::array<std::pair<der::Oid, std::size_t>, 3> table = {{
        {der::Oid("2.16.840.1.101.3.4.1.5"), 16},
        {der::Oid("2.16.840.1.101.3.4.1.25"), 24},
        {aes256_wrap(), 32},
    }};
    return find(table, id, "key wrap");
}

Result<crypto::HashAlg> agreement_hash_by_oid(const der::Oid& id) {
    static const std::array<std::pair<der::Oid, crypto::HashAlg>, 3> table = {{
        {ecdh_sha256(), crypto::HashAlg::sha256},
        {der::Oid("1.3.132.1.11.2"), crypto::HashAlg::sha384},
        {der::Oid("1.3.132.1.11.3"), crypto::HashAlg::sha512},
    }};
    return find(table, id, "key agreement");
}

Secret key_encryption_key(crypto::HashAlg hash, const Secret& shared, ByteView wrap, std::optional<ByteView> user_keying_material,
                          std::size_t size) {
    Bytes bits;
    append_be(bits, 8 * size, 4);
    // ECC-CMS-SharedInfo ::= SEQUENCE { keyInfo, entityUInfo [0] OPTIONAL, suppPubInfo [2] }
    const auto user =
        user_keying_material ? tlv::element(der::context_constructed(0), der::write_octet_string(*user_keying_material)) : Bytes();
    const auto info = der::sequence_of({wrap, user, tlv::element(der::context_constructed(2), der::write_octet_string(bits))});
    return crypto::x963_key(hash, shared.view(), info, size);
}

}  // namespace idchip::pki::envelope
