// Contents of extensions that several checks look into.
#pragma once

#include "lint/walk.hpp"

namespace idchip::lint {

struct AuthorityKeyId {
    std::optional<ByteView> key_id;
    bool issuer = false, serial = false;
};
Result<AuthorityKeyId> read_authority_key_id(ByteView value);
Result<ByteView> read_subject_key_id(ByteView value);

struct KeyUsage {
    std::vector<bool> bits;
    bool has(std::size_t bit) const { return bit < bits.size() && bits[bit]; }
};
Result<KeyUsage> read_key_usage(ByteView value);

struct BasicConstraints {
    bool is_ca = false, false_stated = false;
    std::optional<std::int64_t> path_length;
};
Result<BasicConstraints> read_basic_constraints(ByteView value);
Result<std::vector<der::Oid>> read_purposes(ByteView value);  // extKeyUsage

struct UsagePeriod {
    std::optional<tlv::Element> not_before, not_after;
};
Result<UsagePeriod> read_usage_period(ByteView value);

// The extension's content, where it is there and can be read.
template <class T>
std::optional<T> content(const RawExtensions& extensions, const der::Oid& id, Result<T> (*read)(ByteView)) {
    const auto* e = find(extensions, id);
    if (e == nullptr) return std::nullopt;
    auto value = read(e->value);
    return value ? std::optional<T>(std::move(*value)) : std::nullopt;
}

}  // namespace idchip::lint
