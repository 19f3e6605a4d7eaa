// What suites are made of: typed inputs, outputs by name, and the table from names to library calls.
#pragma once

#include <filesystem>
#include <map>
#include <memory>

#include <nlohmann/json.hpp>

#include <idchip/base/bytes.hpp>
#include <idchip/base/note.hpp>
#include <idchip/base/random.hpp>
#include <idchip/mrz/mrz.hpp>

namespace idchip::vectors {

using Json = nlohmann::json;

inline Failure bad(std::string where, std::string detail) { return fail(Errc::vector_bad, std::move(where), std::move(detail)); }

// Bytes as a vector writes them: hexadecimal text, or an object with one of `file` (relative to `folder`), `text`, `repeat`,
// `concat`, and after that `patch` and `first`. Errors: vectors.bad.
Result<Bytes> read_value(const Json& value, const std::filesystem::path& folder, const std::string& where);

// Gives the bytes of a vector, over and over.
class FixedRng final : public Rng {
public:
    explicit FixedRng(Bytes bytes) : bytes_(std::move(bytes)) {}
    void fill(std::span<Byte> out) override {
        for (std::size_t i = 0; i < out.size(); ++i) out[i] = bytes_.empty() ? Byte{0} : bytes_[i % bytes_.size()];
    }

private:
    Bytes bytes_;
};

// The object `in` of a case. Remembers what was read: a key that no operation reads is a typing mistake.
// An operation therefore reads all its inputs before it calls the library. Errors of all accessors: vectors.bad.
class Inputs {
public:
    Inputs(const Json& in, std::filesystem::path folder);

    bool has(std::string_view key) const { return object_->contains(key); }
    Result<Bytes> bytes(std::string_view key) const;
    Result<std::vector<Bytes>> byte_list(std::string_view key) const;
    Result<std::string> text(std::string_view key) const;
    Result<std::int64_t> number(std::string_view key) const;
    Result<std::uint64_t> number_up_to(std::string_view key, std::uint64_t limit) const;
    Result<std::vector<std::uint64_t>> numbers(std::string_view key) const;
    Result<bool> flag(std::string_view key) const;  // false when absent
    Result<Inputs> object(std::string_view key) const;
    Result<std::vector<Inputs>> objects(std::string_view key) const;

    // The value that a name stands for.
    template <class T>
    Result<T> choice(std::string_view key, std::initializer_list<std::pair<std::string_view, T>> choices) const {
        const auto name = text(key);
        if (!name) return fail(name.error());
        for (const auto& [candidate, value] : choices)
            if (candidate == *name) return value;
        return bad(place(key), "\"" + *name + "\" is not known here");
    }

    // The path of a key that nothing has read.
    std::optional<std::string> unread() const { return unread_in(*object_, where_); }

private:
    enum class Seen { entered, whole };
    using SeenMap = std::map<const Json*, Seen>;

    Inputs(const Json& object, const Inputs& parent, std::string where);
    std::string place(std::string_view key) const { return where_ + "." + std::string(key); }
    Result<const Json*> find(std::string_view key, Seen how) const;
    std::optional<std::string> unread_in(const Json& value, const std::string& path) const;

    const Json* object_;
    std::filesystem::path folder_;
    std::string where_;
    std::shared_ptr<SeenMap> seen_;
};

// Byte strings stand as JSON binary values, so that the runner compares bytes with bytes and text with text.
using Outputs = std::map<std::string, Json, std::less<>>;
using Op = Result<Outputs> (*)(const Inputs&);

inline Json binary(ByteView bytes) { return Json::binary(to_bytes(bytes)); }
Json ids(const Notes& notes);
Json fields(const mrz::Mrz& mrz);
Json faults(const mrz::Parsed& parsed);
std::string hex4(std::uint16_t sw);

struct Operation {
    std::string_view name;
    Op run;
};

struct Suite {
    std::string_view name;
    std::vector<Operation> operations;
};

Suite aa_suite();
Suite apdu_suite();
Suite bac_suite();
Suite pace_suite();
Suite cvc_suite();
Suite der_suite();
Suite hash_suite();
Suite image_suite();
Suite kdf_suite();
Suite lds_suite();
Suite lint_suite();
Suite mac_suite();
Suite mrz_suite();
Suite signature_suite();
Suite scp_suite();
Suite sm_suite();
Suite sod_suite();
Suite ta_suite();
Suite tlv_suite();
Suite vietnam_suite();

const std::vector<Suite>& suites();

// Whether this build can run a case that `requires` it; nothing for a name that is not known.
std::optional<bool> has_feature(std::string_view name);

}  // namespace idchip::vectors
