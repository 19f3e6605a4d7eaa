#include <idchip/tlv/writer.hpp>

namespace idchip::tlv {
namespace {

std::size_t width_of(std::uint64_t value) {
    std::size_t width = 1;
    while (value >>= 8U) ++width;
    return width;
}

void append_length(Bytes& to, std::size_t length) {
    if (length >= 0x80) {
        const std::size_t width = width_of(length);
        to.push_back(static_cast<Byte>(0x80U | width));
        append_be(to, length, width);
    } else {
        to.push_back(static_cast<Byte>(length));
    }
}

}  // namespace

Bytes encode_tag(std::uint32_t tag) {
    Bytes bytes;
    append_be(bytes, tag, width_of(tag));
    return bytes;
}

Bytes shortest_number(std::uint64_t value) {
    std::size_t width = 1;
    while (width < 8 && (value >> (8 * width)) != 0) ++width;
    Bytes bytes;
    append_be(bytes, value, width);
    return bytes;
}

Bytes encode_length(std::size_t length) {
    Bytes bytes;
    append_length(bytes, length);
    return bytes;
}

void append_element(Bytes& to, std::uint32_t tag, ByteView value) {
    append_be(to, tag, width_of(tag));
    append_length(to, value.size());
    append(to, value);
}

Bytes element(std::uint32_t tag, ByteView value) { return element(tag, {value}); }

Bytes element(std::uint32_t tag, std::initializer_list<ByteView> parts) {
    std::size_t size = 0;
    for (const auto part : parts) size += part.size();
    Bytes bytes;
    bytes.reserve(size + 10);
    append_be(bytes, tag, width_of(tag));
    append_length(bytes, size);
    for (const auto part : parts) append(bytes, part);
    return bytes;
}

}  // namespace idchip::tlv
