#include <idchip/base/bytes.hpp>

#include <algorithm>
#include <array>

namespace idchip {
namespace {

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

constexpr std::string_view base64_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

}  // namespace

std::string to_hex(ByteView bytes) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const Byte b : bytes) {
        text += digits[b >> 4U];
        text += digits[b & 15U];
    }
    return text;
}

Result<Bytes> from_hex(std::string_view text) {
    Bytes bytes;
    bytes.reserve(text.size() / 2);
    int high = -1;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (high < 0 && (c == ' ' || c == '\n' || c == '\r' || c == '\t')) continue;
        const int digit = hex_digit(c);
        if (digit < 0) return fail(Error(Errc::bad_hex).at(i));
        if (high < 0) {
            high = digit;
        } else {
            bytes.push_back(static_cast<Byte>(high * 16 + digit));
            high = -1;
        }
    }
    if (high >= 0) return fail(Error(Errc::bad_hex, {}, "odd number of digits").at(text.size()));
    return bytes;
}

std::string to_base64(ByteView bytes) {
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::size_t n = std::min<std::size_t>(3, bytes.size() - i);
        unsigned group = static_cast<unsigned>(bytes[i]) << 16U;
        if (n > 1) group |= static_cast<unsigned>(bytes[i + 1]) << 8U;
        if (n > 2) group |= bytes[i + 2];
        for (std::size_t k = 0; k < 4; ++k) text += k <= n ? base64_alphabet[(group >> (18U - 6U * static_cast<unsigned>(k))) & 63U] : '=';
    }
    return text;
}

Result<Bytes> from_base64(std::string_view text) {
    Bytes bytes;
    bytes.reserve(text.size() / 4 * 3);
    unsigned group = 0;
    unsigned count = 0;
    unsigned padding = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '\n' || c == '\r' || c == ' ' || c == '\t') continue;
        const auto value = c == '=' ? 0 : base64_alphabet.find(c);
        if (value == std::string_view::npos || (padding > 0 && c != '=')) return fail(Error(Errc::bad_base64).at(i));
        if (c == '=') ++padding;
        group = group << 6U | static_cast<unsigned>(value);
        if (++count < 4) continue;
        if (padding > 2) return fail(Error(Errc::bad_base64).at(i));
        for (unsigned k = 0; k < 3 - padding; ++k) bytes.push_back(static_cast<Byte>(group >> (16U - 8U * k)));
        group = 0;
        count = 0;
    }
    if (count != 0) return fail(Error(Errc::bad_base64, {}, "length is not a multiple of four").at(text.size()));
    return bytes;
}

void append(Bytes& to, ByteView more) { to.insert(to.end(), more.begin(), more.end()); }

Bytes concat(std::initializer_list<ByteView> parts) {
    std::size_t size = 0;
    for (const auto part : parts) size += part.size();
    Bytes bytes;
    bytes.reserve(size);
    for (const auto part : parts) append(bytes, part);
    return bytes;
}

void append_be(Bytes& to, std::uint64_t value, std::size_t width) {
    to.resize(to.size() + width);
    for (auto at = to.rbegin(); width-- > 0; value >>= 8U) *at++ = static_cast<Byte>(value);
}

std::uint64_t read_be(ByteView bytes) {
    std::uint64_t value = 0;
    for (const Byte b : bytes) value = value << 8U | b;
    return value;
}

bool equal(ByteView a, ByteView b) { return std::equal(a.begin(), a.end(), b.begin(), b.end()); }

bool equal_constant_time(ByteView a, ByteView b) {
    if (a.size() != b.size()) return false;
    Byte difference = 0;
    for (std::size_t i = 0; i < a.size(); ++i) difference = static_cast<Byte>(difference | (a[i] ^ b[i]));
    return difference == 0;
}

ByteView as_bytes(std::string_view text) { return {reinterpret_cast<const Byte*>(text.data()), text.size()}; }

std::string as_text(ByteView bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

}  // namespace idchip
