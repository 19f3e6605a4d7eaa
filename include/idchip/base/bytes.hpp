// Byte sequences: owned, viewed, and their hexadecimal text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <idchip/base/result.hpp>

namespace idchip {

using Byte = std::uint8_t;
using Bytes = std::vector<Byte>;
using ByteView = std::span<const Byte>;

// Upper-case hexadecimal, two characters a byte, no separators.
std::string to_hex(ByteView bytes);

// Hexadecimal in either case; white space between bytes is allowed.
// Errors: input.bad_hex, with the offset of the first wrong character.
Result<Bytes> from_hex(std::string_view text);

// RFC 4648 base64 with padding.
std::string to_base64(ByteView bytes);
// Errors: input.bad_base64.
Result<Bytes> from_base64(std::string_view text);

Bytes concat(std::initializer_list<ByteView> parts);
void append(Bytes& to, ByteView more);
// Big-endian, exactly `width` bytes.
void append_be(Bytes& to, std::uint64_t value, std::size_t width);
// Big-endian value of up to 8 bytes.
std::uint64_t read_be(ByteView bytes);

bool equal(ByteView a, ByteView b);
// Same answer as `equal`, in time that depends on the lengths only.
bool equal_constant_time(ByteView a, ByteView b);

ByteView as_bytes(std::string_view text);
std::string as_text(ByteView bytes);
inline Bytes to_bytes(ByteView view) { return {view.begin(), view.end()}; }

}  // namespace idchip
