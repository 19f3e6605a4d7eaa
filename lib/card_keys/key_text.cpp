#include "card_keys/key_text.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/descriptor.hpp"
#include "base/try.hpp"

namespace idchip::card_keys {
namespace {

// Two million cards with AES-256 keys and check values.
constexpr std::size_t largest = std::size_t{1} << 30U;
constexpr std::size_t first_guess = 65'536;

Failure failure(const std::filesystem::path& file, int error) {
    const auto code = error == ENOENT || error == ENOTDIR ? Errc::not_found : Errc::io_error;
    return fail(code, file.string(), std::generic_category().message(error));
}

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

// A vector that grows would leave what it outgrew behind, unwiped.
void grow(Secret& bytes, std::size_t used) {
    Secret larger(std::max(first_guess, bytes.size() * 2));
    std::copy_n(bytes.view().begin(), used, larger.writable().begin());
    bytes = std::move(larger);
}

}  // namespace

Result<KeyText> KeyText::read(const std::filesystem::path& file) {
    const Descriptor descriptor(file == "-" ? 0 : ::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat status = {};
    if (descriptor.get() < 0 || ::fstat(descriptor.get(), &status) != 0) return failure(file, errno);
    KeyText text;
    text.mode_ = status.st_mode & 0777U;
    text.regular_ = S_ISREG(status.st_mode);
    if (text.regular_) text.bytes_ = Secret(std::min(static_cast<std::size_t>(status.st_size), largest) + 1);
    for (;;) {
        if (text.size_ > largest) return fail(Errc::too_large, file.string());
        if (text.size_ == text.bytes_.size()) grow(text.bytes_, text.size_);
        const auto free = text.bytes_.writable().subspan(text.size_);
        const auto n = ::read(descriptor.get(), free.data(), free.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return failure(file, errno);
        if (n == 0) return text;
        text.size_ += static_cast<std::size_t>(n);
    }
}

std::string_view KeyText::view() const { return {reinterpret_cast<const char*>(bytes_.view().data()), size_}; }

Result<void> KeyText::check_private() const {
    if (!regular_ || (mode_ & 077U) == 0) return {};
    return fail(Errc::cardkey_bad, {},
                fmt::format("keys in clear, and others may read the file (mode {:04o}): chmod 600, or wrap the keys", mode_));
}

bool decode_hex(std::string_view text, std::span<Byte> out) {
    if (text.size() != out.size() * 2) return false;
    for (std::size_t i = 0; i < out.size(); ++i) {
        const int high = hex_digit(text[2 * i]), low = hex_digit(text[2 * i + 1]);
        if (high < 0 || low < 0) return false;
        out[i] = static_cast<Byte>(high * 16 + low);
    }
    return true;
}

std::string quoted(std::string_view word) {
    const bool harmless = !word.empty() && word.size() <= 24 && std::all_of(word.begin(), word.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    });
    return harmless ? '"' + std::string(word) + '"' : "(not shown)";
}

}  // namespace idchip::card_keys
