// Encoder templates: literals, references and a fixed list of functions. No loops, no state, no general-purpose language.
#pragma once

#include <map>

#include <idchip/base/bytes.hpp>

namespace idchip::profile {

// A value is bytes; a number keeps its value beside them, for be() and lengths.
struct Value {
    Bytes bytes;
    std::optional<std::uint64_t> number;
    static Value of(std::uint64_t n) { return {{}, n}; }
    static Value of(ByteView b) { return {to_bytes(b), {}}; }
};
using Variables = std::map<std::string, Value>;

// Terms one after the other are concatenated: 0xHEX, a decimal number (as an argument), a name, function(argument, ...).
// Functions: tlv(tag, parts...), be(number, width), size(bytes), right_pad(bytes, width, byte), left_pad(bytes, width, byte),
// first(bytes, n), sha1(bytes), sha256(bytes).
// Errors: profile.bad with the offset in the expression.
Result<Bytes> evaluate(std::string_view expression, const Variables& variables);

}  // namespace idchip::profile
