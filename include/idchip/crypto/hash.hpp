// SHA-1 and SHA-2.
#pragma once

#include <idchip/tlv/der.hpp>

namespace idchip::crypto {

enum class HashAlg { sha1, sha224, sha256, sha384, sha512 };

std::size_t digest_size(HashAlg alg);
std::string_view name(HashAlg alg);  // "SHA-256"
const der::Oid& oid(HashAlg alg);
// Errors: crypto.unsupported, naming the algorithm (MD5 by its name).
Result<HashAlg> hash_by_oid(const der::Oid& id);
Result<HashAlg> hash_by_name(std::string_view name);

Bytes hash(HashAlg alg, ByteView data);
Bytes hash(HashAlg alg, std::initializer_list<ByteView> parts);

}  // namespace idchip::crypto
