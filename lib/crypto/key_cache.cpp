#include "crypto/key_cache.hpp"

#include <mutex>
#include <shared_mutex>
#include <string>
#include <unordered_map>

namespace idchip::crypto {
namespace {

// Several times the CSCA and document signer keys of one country. Strangers' keys may fill it; then it begins anew.
constexpr std::size_t most_keys = 4096;

struct Cache {
    std::shared_mutex mutex;
    std::unordered_map<std::string, PublicKey> keys;
};

Cache& cache() {
    // Never destroyed: at the end of the program the libraries below may have gone before.
    static auto& instance = *new Cache;
    return instance;
}

std::string text(ByteView spki) { return {reinterpret_cast<const char*>(spki.data()), spki.size()}; }

}  // namespace

std::optional<PublicKey> known_key(ByteView spki) {
    auto& c = cache();
    const std::shared_lock lock(c.mutex);
    const auto it = c.keys.find(text(spki));
    return it == c.keys.end() ? std::nullopt : std::optional(it->second);
}

void remember_key(ByteView spki, const PublicKey& key) {
    auto& c = cache();
    const std::unique_lock lock(c.mutex);
    if (c.keys.size() >= most_keys) c.keys.clear();
    c.keys.emplace(text(spki), key);
}

}  // namespace idchip::crypto
