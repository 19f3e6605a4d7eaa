// ASN.1 types on top of the DER walk: what certificates, CMS and SecurityInfos need.
#pragma once

#include <idchip/base/time.hpp>
#include <idchip/tlv/reader.hpp>
#include <idchip/tlv/writer.hpp>

namespace idchip::der {

enum Tag : std::uint32_t {
    boolean = 0x01,
    integer = 0x02,
    bit_string = 0x03,
    octet_string = 0x04,
    null = 0x05,
    oid = 0x06,
    enumerated = 0x0A,
    utf8_string = 0x0C,
    printable_string = 0x13,
    t61_string = 0x14,
    ia5_string = 0x16,
    utc_time = 0x17,
    generalized_time = 0x18,
    bmp_string = 0x1E,
    sequence = 0x30,
    set = 0x31,
};
constexpr std::uint32_t context(unsigned n) { return 0x80U | n; }              // [n] IMPLICIT primitive
constexpr std::uint32_t context_constructed(unsigned n) { return 0xA0U | n; }  // [n] constructed

// An object identifier as its encoded contents; compares and prints.
class Oid {
public:
    Oid() = default;
    // From dotted text known to be valid at compile time of the table it stands in; aborts on nonsense.
    explicit Oid(std::string_view dotted);
    static Result<Oid> from_contents(ByteView contents);
    ByteView contents() const { return contents_; }
    std::string dotted() const;
    bool operator==(const Oid& other) const { return contents_ == other.contents_; }
    bool operator<(const Oid& other) const { return contents_ < other.contents_; }
    bool starts_with(const Oid& prefix) const;

private:
    Bytes contents_;
};

// --- reading; every function wants the element it names and reports tlv.* or der.bad_value
Result<Oid> read_oid(tlv::Reader& reader);
Result<std::int64_t> read_integer(tlv::Reader& reader);  // fits 64 bits
Result<ByteView> read_big_integer(tlv::Reader& reader);  // contents, two's complement, shortest form
Result<bool> read_boolean(const tlv::Element& element);
Result<ByteView> read_octet_string(tlv::Reader& reader);
Result<ByteView> read_bit_string(const tlv::Element& element);  // no unused bits
Result<std::vector<bool>> read_named_bits(const tlv::Element& element);
Result<std::string> read_string(const tlv::Element& element);  // any directory string, as UTF-8
Result<Instant> read_time(const tlv::Element& element);        // UTCTime or GeneralizedTime

// --- writing
Bytes write(const Oid& id);
Bytes write_integer(std::int64_t value);
Bytes write_unsigned(ByteView magnitude);  // big-endian, made positive and shortest
Bytes write_boolean(bool value);
Bytes write_octet_string(ByteView bytes);
Bytes write_bit_string(ByteView bytes);
Bytes write_named_bits(std::initializer_list<unsigned> bits);
Bytes write_printable(std::string_view text);
Bytes write_utf8(std::string_view text);
Bytes write_time(Instant instant);  // UTCTime until 2049, then GeneralizedTime
Bytes write_generalized_time(Instant instant);
Bytes write_null();
Bytes sequence_of(std::initializer_list<ByteView> parts);
Bytes set_of(std::vector<Bytes> members);  // sorted as DER wants

}  // namespace idchip::der
