#include <idchip/tlv/der.hpp>

#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>

#include <idchip/base/text.hpp>

#include "base/try.hpp"

namespace idchip::der {
namespace {

Failure bad_value(const tlv::Element& e, std::string detail) {
    return fail(Error(Errc::der_bad_value, {}, std::move(detail)).at(e.offset));
}

Result<ByteView> integer_contents(const tlv::Element& e) {
    const auto v = e.value;
    if (v.empty()) return bad_value(e, "INTEGER without contents");
    // X.690, 8.3.2: not all of the first nine bits alike.
    if (v.size() > 1 && ((v[0] == 0 && v[1] < 0x80) || (v[0] == 0xFF && v[1] >= 0x80)))
        return bad_value(e, "INTEGER not in its shortest form");
    return v;
}

void append_base128(Bytes& to, std::uint64_t value) {
    Bytes reversed{static_cast<Byte>(value & 0x7FU)};
    while (value >>= 7U) reversed.push_back(static_cast<Byte>(0x80U | (value & 0x7FU)));
    to.insert(to.end(), reversed.rbegin(), reversed.rend());
}

std::string latin1_to_utf8(ByteView bytes) {
    std::string text;
    for (const Byte b : bytes) {
        if (b < 0x80) {
            text += static_cast<char>(b);
        } else {
            text += static_cast<char>(0xC0U | b >> 6U);
            text += static_cast<char>(0x80U | (b & 0x3FU));
        }
    }
    return text;
}

}  // namespace

Oid::Oid(std::string_view dotted) {
    std::vector<std::uint64_t> arcs;
    for (const auto& part : split(dotted, '.')) {
        if (part.empty() || part.find_first_not_of("0123456789") != std::string::npos) std::abort();
        arcs.push_back(std::strtoull(part.c_str(), nullptr, 10));
    }
    if (arcs.size() < 2) std::abort();
    append_base128(contents_, arcs[0] * 40 + arcs[1]);
    for (std::size_t i = 2; i < arcs.size(); ++i) append_base128(contents_, arcs[i]);
}

Result<Oid> Oid::from_contents(ByteView contents) {
    if (contents.empty() || (contents.back() & 0x80U) != 0 || contents.size() > 64)
        return fail(Errc::der_bad_value, {}, "malformed OBJECT IDENTIFIER");
    for (std::size_t i = 0; i < contents.size(); ++i) {
        const bool first_of_arc = i == 0 || (contents[i - 1] & 0x80U) == 0;
        if (first_of_arc && contents[i] == 0x80) return fail(Errc::der_bad_value, {}, "OBJECT IDENTIFIER arc with leading zeros");
    }
    Oid id;
    id.contents_ = to_bytes(contents);
    return id;
}

std::string Oid::dotted() const {
    std::string text;
    ByteView rest(contents_);
    while (!rest.empty()) {
        std::size_t n = 0;
        std::uint64_t arc = 0;
        bool fits = true;
        do {
            fits = fits && arc >> 57U == 0;
            arc = arc << 7U | (rest[n] & 0x7FU);
        } while ((rest[n++] & 0x80U) != 0);
        const std::uint64_t root = std::min<std::uint64_t>(arc / 40, 2);
        if (!fits) text += fmt::format("{}({})", text.empty() ? "2." : ".", to_hex(rest.first(n)));  // 2.25 has arcs of 128 bits
        else if (text.empty()) text = fmt::format("{}.{}", root, arc - root * 40);
        else text += fmt::format(".{}", arc);
        rest = rest.subspan(n);
    }
    return text;
}

bool Oid::starts_with(const Oid& prefix) const {
    return contents_.size() >= prefix.contents_.size() && std::equal(prefix.contents_.begin(), prefix.contents_.end(), contents_.begin());
}

Result<Oid> read_oid(tlv::Reader& reader) {
    const auto e = TRY(reader.expect(oid));
    auto id = Oid::from_contents(e.value);
    if (!id) return bad_value(e, id.error().detail);
    return id;
}

Result<ByteView> read_big_integer(tlv::Reader& reader) { return integer_contents(TRY(reader.expect(integer))); }

Result<std::int64_t> read_integer(tlv::Reader& reader) {
    const auto e = TRY(reader.expect(integer));
    const auto v = TRY(integer_contents(e));
    if (v.size() > 8) return bad_value(e, "INTEGER too large");
    std::uint64_t value = v[0] >= 0x80 ? ~std::uint64_t{0} : 0;
    for (const Byte b : v) value = value << 8U | b;
    return static_cast<std::int64_t>(value);
}

Result<bool> read_boolean(const tlv::Element& e) {
    if (e.value.size() != 1 || (e.value[0] != 0 && e.value[0] != 0xFF)) return bad_value(e, "BOOLEAN is neither 00 nor FF");
    return e.value[0] == 0xFF;
}

Result<ByteView> read_octet_string(tlv::Reader& reader) { return TRY(reader.expect(octet_string)).value; }

Result<ByteView> read_bit_string(const tlv::Element& e) {
    if (e.value.empty() || e.value[0] != 0) return bad_value(e, "BIT STRING with unused bits or without contents");
    return e.value.subspan(1);
}

Result<std::vector<bool>> read_named_bits(const tlv::Element& e) {
    if (e.value.empty() || e.value[0] > 7 || (e.value.size() == 1 && e.value[0] != 0)) return bad_value(e, "malformed BIT STRING");
    std::vector<bool> bits;
    for (const Byte b : e.value.subspan(1))
        for (unsigned k = 8; k-- > 0;) bits.push_back((b >> k & 1U) != 0);
    // X.690, 11.2.1: unused bits are zero.
    for (unsigned k = 0; k < e.value[0]; ++k)
        if (bits[bits.size() - 1 - k]) return bad_value(e, "unused bits of a BIT STRING are set");
    bits.resize(bits.size() - e.value[0]);
    return bits;
}

Result<std::string> read_string(const tlv::Element& e) {
    switch (e.tag) {
        case utf8_string:
            if (!is_valid_utf8(e.value)) return fail(Error(Errc::bad_utf8).at(e.offset));
            return as_text(e.value);
        case printable_string:
        case ia5_string:
            for (const Byte b : e.value)
                if (b >= 0x80) return bad_value(e, "non-ASCII byte in an ASCII string");
            return as_text(e.value);
        case t61_string: return latin1_to_utf8(e.value);
        case bmp_string: {
            if (e.value.size() % 2 != 0) return bad_value(e, "BMPString of odd length");
            std::string text;
            for (std::size_t i = 0; i < e.value.size(); i += 2) {
                const unsigned c = static_cast<unsigned>(e.value[i] << 8U | e.value[i + 1]);
                if (c < 0x80) {
                    text += static_cast<char>(c);
                } else if (c < 0x800) {
                    text += static_cast<char>(0xC0U | c >> 6U);
                    text += static_cast<char>(0x80U | (c & 0x3FU));
                } else {
                    text += static_cast<char>(0xE0U | c >> 12U);
                    text += static_cast<char>(0x80U | (c >> 6U & 0x3FU));
                    text += static_cast<char>(0x80U | (c & 0x3FU));
                }
            }
            if (!is_valid_utf8(as_bytes(text))) return bad_value(e, "BMPString with surrogates");
            return text;
        }
        default: return bad_value(e, "not a string type: tag " + tlv::tag_text(e.tag));
    }
}

Result<Instant> read_time(const tlv::Element& e) {
    const std::string text = as_text(e.value);
    const bool utc = e.tag == utc_time;
    const std::size_t year_digits = utc ? 2 : 4;
    // X.690, 11.7 and 11.8; RFC 5280, 4.1.2.5: seconds present, Zulu.
    if ((!utc && e.tag != generalized_time) || text.size() != year_digits + 11 || text.back() != 'Z' ||
        text.find_first_not_of("0123456789") != text.size() - 1)
        return bad_value(e, "malformed time");
    int year = std::stoi(text.substr(0, year_digits));
    if (utc) year += year < 50 ? 2000 : 1900;  // RFC 5280, 4.1.2.5.1
    const auto part = [&](std::size_t i) { return text.substr(year_digits + 2 * i, 2); };
    auto instant = parse_iso_instant(fmt::format("{:04}-{}-{}T{}:{}:{}Z", year, part(0), part(1), part(2), part(3), part(4)));
    if (!instant) return bad_value(e, "no such time");
    return instant;
}

Bytes write(const Oid& id) { return tlv::element(oid, id.contents()); }

Bytes write_integer(std::int64_t value) {
    // As few bytes as hold the value and its sign: all that is shifted out must repeat the sign.
    std::size_t width = 1;
    for (auto rest = value >> 7U; rest != 0 && rest != -1; rest >>= 8U) ++width;
    Bytes bytes;
    bytes.reserve(2 + width);
    bytes.push_back(static_cast<Byte>(integer));
    bytes.push_back(static_cast<Byte>(width));
    append_be(bytes, static_cast<std::uint64_t>(value), width);
    return bytes;
}

Bytes write_unsigned(ByteView magnitude) {
    while (magnitude.size() > 1 && magnitude[0] == 0) magnitude = magnitude.subspan(1);
    Bytes bytes;
    if (magnitude.empty() || magnitude[0] >= 0x80) bytes.push_back(0);
    append(bytes, magnitude);
    return tlv::element(integer, bytes);
}

Bytes write_boolean(bool value) { return tlv::element(boolean, Bytes{static_cast<Byte>(value ? 0xFF : 0)}); }
Bytes write_octet_string(ByteView bytes) { return tlv::element(octet_string, bytes); }
Bytes write_bit_string(ByteView bytes) { return tlv::element(bit_string, {Bytes{0}, bytes}); }

Bytes write_named_bits(std::initializer_list<unsigned> bits) {
    const unsigned highest = std::max(bits);
    Bytes bytes(highest / 8 + 2);
    bytes[0] = static_cast<Byte>(7 - highest % 8);
    for (const unsigned bit : bits) bytes[1 + bit / 8] = static_cast<Byte>(bytes[1 + bit / 8] | 0x80U >> bit % 8);
    return tlv::element(bit_string, bytes);
}

Bytes write_printable(std::string_view text) { return tlv::element(printable_string, as_bytes(text)); }
Bytes write_utf8(std::string_view text) { return tlv::element(utf8_string, as_bytes(text)); }

Bytes write_generalized_time(Instant instant) {
    std::string text = to_iso(instant);
    std::erase_if(text, [](char c) { return c == '-' || c == ':' || c == 'T'; });
    return tlv::element(generalized_time, as_bytes(text));
}

Bytes write_time(Instant instant) {
    const int year = date_of(instant).year;
    if (year < 1950 || year > 2049) return write_generalized_time(instant);
    std::string text = to_iso(instant).substr(2);
    std::erase_if(text, [](char c) { return c == '-' || c == ':' || c == 'T'; });
    return tlv::element(utc_time, as_bytes(text));
}

Bytes write_null() { return {null, 0}; }

Bytes sequence_of(std::initializer_list<ByteView> parts) { return tlv::element(sequence, parts); }

Bytes set_of(std::vector<Bytes> members) {
    std::sort(members.begin(), members.end());
    Bytes contents;
    for (const auto& member : members) append(contents, member);
    return tlv::element(set, contents);
}

}  // namespace idchip::der
