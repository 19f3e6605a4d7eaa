#include "protocol/active_auth/ecdsa_hash.hpp"

#include <array>

#include <fmt/format.h>

#include "base/try.hpp"

namespace idchip::active_auth {
namespace {

using crypto::HashAlg;
using crypto::PublicKeyInfo;

struct Row {
    der::Oid algorithm;
    HashAlg hash;
    bool plain;
};
const std::array<Row, 10>& rows() {
    // BSI TR-03111, 5.2.1.1: ecdsa-plain-SHA1 and on; ANSI X9.62 and RFC 5758: ecdsa-with-SHA1 and on, which mean DER.
    static const std::array<Row, 10> table = {{
        {der::Oid("0.4.0.127.0.7.1.1.4.1.1"), HashAlg::sha1, true},
        {der::Oid("0.4.0.127.0.7.1.1.4.1.2"), HashAlg::sha224, true},
        {der::Oid("0.4.0.127.0.7.1.1.4.1.3"), HashAlg::sha256, true},
        {der::Oid("0.4.0.127.0.7.1.1.4.1.4"), HashAlg::sha384, true},
        {der::Oid("0.4.0.127.0.7.1.1.4.1.5"), HashAlg::sha512, true},
        {der::Oid("1.2.840.10045.4.1"), HashAlg::sha1, false},
        {der::Oid("1.2.840.10045.4.3.1"), HashAlg::sha224, false},
        {der::Oid("1.2.840.10045.4.3.2"), HashAlg::sha256, false},
        {der::Oid("1.2.840.10045.4.3.3"), HashAlg::sha384, false},
        {der::Oid("1.2.840.10045.4.3.4"), HashAlg::sha512, false},
    }};
    return table;
}
const der::Oid& plain_signatures() {
    static const der::Oid arc("0.4.0.127.0.7.1.1.4.1");
    return arc;
}

std::size_t bits(HashAlg hash) { return 8 * crypto::digest_size(hash); }

constexpr std::array<HashAlg, 4> allowed = {HashAlg::sha224, HashAlg::sha256, HashAlg::sha384, HashAlg::sha512};

// 6.1.2.3: not longer than the key. The longest of these, or the shortest there is for a key of less than 224 bits.
HashAlg best_fit(const PublicKeyInfo& key) {
    auto best = allowed.front();
    for (const auto hash : allowed)
        if (bits(hash) <= key.bits) best = hash;
    return best;
}

// The best fit, then shorter ones, then longer ones, then the one that the standard forbids.
std::vector<HashAlg> by_fit(const PublicKeyInfo& key) {
    const auto best = best_fit(key);
    std::vector<HashAlg> order;
    for (auto it = allowed.rbegin(); it != allowed.rend(); ++it)
        if (*it <= best) order.push_back(*it);
    for (const auto hash : allowed)
        if (hash > best) order.push_back(hash);
    order.push_back(HashAlg::sha1);
    return order;
}

}  // namespace

Result<HashChoice> hashes_for(const PublicKeyInfo& key, const std::optional<lds::ActiveAuthenticationInfo>& info, Notes& notes) {
    if (!info) return HashChoice{by_fit(key), true, {}};
    const auto& algorithm = info->signature_algorithm;
    if (info->version != 1) notes.push_back({"aa.algorithm_info_version", "DG14", fmt::format("version {}", info->version)});
    for (const auto& row : rows()) {
        if (!(row.algorithm == algorithm)) continue;
        if (!row.plain) notes.push_back({"aa.algorithm_not_plain", "DG14", algorithm.dotted()});
        return HashChoice{{row.hash}, false, {}};
    }
    if (algorithm.starts_with(plain_signatures())) return fail(Errc::crypto_unsupported, "DG14", "algorithm " + algorithm.dotted());
    notes.push_back({"aa.algorithm_info_ignored", "DG14", algorithm.dotted()});
    return HashChoice{by_fit(key), true, algorithm.dotted()};
}

void note_hash(const PublicKeyInfo& key, HashAlg hash, bool inferred, Notes& notes) {
    const auto detail = fmt::format("{} with {}", crypto::name(hash), key.text());
    if (inferred) notes.push_back({"aa.hash_inferred", "DG14", detail});
    if (hash == HashAlg::sha1) notes.push_back({"aa.hash_sha1", "DG14", detail});
    else if (bits(hash) > key.bits) notes.push_back({"aa.hash_long", "DG14", detail});
    else if (hash < best_fit(key)) notes.push_back({"aa.hash_short", "DG14", detail});
}

}  // namespace idchip::active_auth
