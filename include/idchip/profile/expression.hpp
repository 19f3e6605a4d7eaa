// Encoder templates: literals, references and a fixed list of functions. No loops, no state, no general-purpose language.
#pragma once

#include <functional>
#include <map>

#include <idchip/base/secret.hpp>

namespace idchip::profile {

// A value is bytes; a number keeps its value beside them, for be() and lengths. Any of them may be a key: all are wiped.
struct Value {
    Bytes bytes;
    std::optional<std::uint64_t> number;

    Value() = default;
    Value(Bytes b, std::optional<std::uint64_t> n) : bytes(std::move(b)), number(n) {}
    Value(const Value&) = default;
    Value(Value&&) noexcept = default;
    Value& operator=(const Value& other) {
        if (this != &other) *this = Value(other);
        return *this;
    }
    Value& operator=(Value&& other) noexcept {
        bytes.swap(other.bytes);
        number = other.number;
        return *this;
    }
    ~Value() { wipe(bytes); }
    static Value of(std::uint64_t n) { return {{}, n}; }
    static Value of(ByteView b) { return {to_bytes(b), {}}; }
};
using Variables = std::map<std::string, Value>;

// Encrypts for the card under the key of the secure channel that is open (dek).
using Encrypt = std::function<Result<Bytes>(ByteView)>;
// Where no channel is: an error.
Result<Bytes> no_channel(ByteView);

// Terms one after the other are concatenated: 0xHEX, a decimal number (as an argument), a name, function(argument, ...).
//   tlv(tag, parts...)  dgi(id, content)  be(number, width)  size(bytes)  or(bytes, bytes)
//   left_pad(bytes, width, byte)  right_pad(bytes, width, byte)  pad80(bytes, block)  first(bytes, n)  last(bytes, n)
//   sha1(bytes)  sha256(bytes)  kdf_3des(bytes, counter)  kdf_aes128(bytes, counter): Doc 9303-11, 9.7.1
//   dek(bytes): under the secure channel's key for data
// Errors: profile.bad with the offset in the expression.
Result<Bytes> evaluate(std::string_view expression, const Variables& variables, const Encrypt& encrypt = no_channel);
// The same where a number by itself makes sense.
Result<Value> evaluate_value(std::string_view expression, const Variables& variables, const Encrypt& encrypt = no_channel);

}  // namespace idchip::profile
