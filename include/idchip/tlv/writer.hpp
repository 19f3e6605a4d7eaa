// Encoding of BER-TLV and DER in the shortest form.
#pragma once

#include <idchip/base/bytes.hpp>

namespace idchip::tlv {

Bytes encode_tag(std::uint32_t tag);
Bytes encode_length(std::size_t length);

// Big-endian in the fewest bytes, at least one.
Bytes shortest_number(std::uint64_t value);

// Behind what `to` holds already.
void append_element(Bytes& to, std::uint32_t tag, ByteView value);

// One element. `tag` holds all tag bytes, big-endian.
Bytes element(std::uint32_t tag, ByteView value);
// One element around the concatenation of its parts.
Bytes element(std::uint32_t tag, std::initializer_list<ByteView> parts);

}  // namespace idchip::tlv
