#include <idchip/crypto/hash.hpp>

#include <array>

namespace idchip::crypto {
namespace {

struct Row {
    HashAlg alg;
    std::string_view name;
    std::size_t size;
    der::Oid oid;
};

const std::array<Row, 5>& rows() {
    static const std::array<Row, 5> table = {{
        {HashAlg::sha1, "SHA-1", 20, der::Oid("1.3.14.3.2.26")},
        {HashAlg::sha224, "SHA-224", 28, der::Oid("2.16.840.1.101.3.4.2.4")},
        {HashAlg::sha256, "SHA-256", 32, der::Oid("2.16.840.1.101.3.4.2.1")},
        {HashAlg::sha384, "SHA-384", 48, der::Oid("2.16.840.1.101.3.4.2.2")},
        {HashAlg::sha512, "SHA-512", 64, der::Oid("2.16.840.1.101.3.4.2.3")},
    }};
    return table;
}

const Row& row(HashAlg alg) { return rows().at(static_cast<std::size_t>(alg)); }

}  // namespace

std::size_t digest_size(HashAlg alg) { return row(alg).size; }
std::string_view name(HashAlg alg) { return row(alg).name; }
const der::Oid& oid(HashAlg alg) { return row(alg).oid; }

Result<HashAlg> hash_by_oid(const der::Oid& id) {
    for (const auto& r : rows())
        if (r.oid == id) return r.alg;
    static const der::Oid md5("1.2.840.113549.2.5");
    return fail(Errc::crypto_unsupported, {}, id == md5 ? "hash MD5" : "hash " + id.dotted());
}

Result<HashAlg> hash_by_name(std::string_view wanted) {
    for (const auto& r : rows())
        if (r.name == wanted) return r.alg;
    return fail(Errc::crypto_unsupported, {}, "hash " + std::string(wanted));
}

Bytes hash(HashAlg alg, ByteView data) { return hash(alg, {data}); }

}  // namespace idchip::crypto
