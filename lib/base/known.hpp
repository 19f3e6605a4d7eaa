// Things that were read before, by their bytes: a checkpoint and a signer meet the same few keys and certificates again and again. Bounded;
// strangers may fill it, then it begins anew. Safe to use from several threads.
#pragma once

#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <unordered_map>

#include <idchip/base/bytes.hpp>

namespace idchip {

template <class Value>
class Known {
public:
    explicit Known(std::size_t most) : most_(most) {}

    std::optional<Value> find(ByteView bytes) const {
        const std::shared_lock lock(mutex_);
        const auto it = values_.find(text(bytes));
        return it == values_.end() ? std::nullopt : std::optional(it->second);
    }
    void remember(ByteView bytes, const Value& value) {
        if (bytes.size() > largest) return;
        const std::unique_lock lock(mutex_);
        if (values_.size() >= most_) values_.clear();
        values_.emplace(text(bytes), value);
    }

private:
    static constexpr std::size_t largest = 8192;  // no key or certificate that is met every day is larger
    // Looking up needs no copy of the bytes.
    struct Hash : std::hash<std::string_view> {
        using is_transparent = void;
    };
    static std::string_view text(ByteView bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

    std::size_t most_;
    mutable std::shared_mutex mutex_;
    std::unordered_map<std::string, Value, Hash, std::equal_to<>> values_;
};

}  // namespace idchip
