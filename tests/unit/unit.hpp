// What most unit tests want.
#pragma once

#include "catch.hpp"

#include <cstdlib>
#include <filesystem>
#include <string>

#include <idchip/base/bytes.hpp>
#include <idchip/base/file.hpp>
#include <idchip/base/random.hpp>

namespace idchip::test {

// "00 A4"_hex
inline Bytes operator""_hex(const char* text, std::size_t size) { return from_hex({text, size}).value(); }

inline Bytes bytes_of(std::string_view text) { return to_bytes(as_bytes(text)); }

// Name of the error, or "none".
template <class T>
std::string error_of(const Result<T>& result) {
    return result ? "none" : std::string(result.error().name());
}

// The value of a result that must be good.
template <class T>
T good(Result<T> result) {
    if (!result) FAIL(result.error().message());
    return std::move(*result);
}
inline void good(const Result<void>& result) {
    if (!result) FAIL(result.error().message());
}

// Notes by their ids, joined with spaces.
template <class Notes>
std::string ids(const Notes& notes) {
    std::string text;
    for (const auto& note : notes) text += (text.empty() ? "" : " ") + note.id;
    return text;
}

class TempFolder {
public:
    TempFolder() {
        auto name = (std::filesystem::temp_directory_path() / "idchip-unit-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) FAIL("no temporary folder");
        path_ = name;
    }
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;
    ~TempFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    const std::filesystem::path& path() const { return path_; }
    std::filesystem::path operator/(std::string_view name) const { return path_ / name; }

private:
    std::filesystem::path path_;
};

// Different bytes at each call, the same in each run (xorshift): tests can be repeated.
class TestRng final : public Rng {
public:
    explicit TestRng(std::uint64_t seed = 1) : state_(seed * 0x9E3779B97F4A7C15U + 1) {}
    std::uint64_t next() {
        state_ ^= state_ << 13U;
        state_ ^= state_ >> 7U;
        state_ ^= state_ << 17U;
        return state_;
    }
    std::size_t below(std::size_t limit) { return static_cast<std::size_t>(next() % limit); }
    void fill(std::span<Byte> out) override {
        for (auto& b : out) b = static_cast<Byte>(next() >> 24U);
    }

private:
    std::uint64_t state_;
};

}  // namespace idchip::test
