// ASN.1 values: whatever is read is written back byte by byte.
#include "fuzz.hpp"

#include <idchip/base/text.hpp>
#include <idchip/tlv/der.hpp>

using namespace idchip;

namespace {

void check_oid(const tlv::Element& e) {
    tlv::Reader r(e.raw, tlv::Rules::der);
    const auto id = der::read_oid(r);
    if (!id) return;
    FUZZ_CHECK(equal(der::write(*id), e.raw));
    const auto text = id->dotted();
    FUZZ_CHECK(!text.empty());
    if (text.find('(') == std::string::npos) FUZZ_CHECK(der::Oid(text) == *id);
}

void check_integer(const tlv::Element& e) {
    tlv::Reader big(e.raw, tlv::Rules::der);
    const auto contents = der::read_big_integer(big);
    tlv::Reader small(e.raw, tlv::Rules::der);
    const auto value = der::read_integer(small);
    if (value) {
        FUZZ_CHECK(contents);
        FUZZ_CHECK(equal(der::write_integer(*value), e.raw));
    }
    if (contents && (*contents)[0] < 0x80) FUZZ_CHECK(equal(der::write_unsigned(*contents), e.raw));
}

void check_time(const tlv::Element& e) {
    const auto time = der::read_time(e);
    if (!time) return;
    // A leap second is read as the second after it.
    const auto text = as_text(e.value);
    if (text.substr(text.size() - 3, 2) == "60") return;
    if (e.tag == der::generalized_time) FUZZ_CHECK(equal(der::write_generalized_time(*time), e.raw));
    else FUZZ_CHECK(equal(der::write_time(*time), e.raw));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::walk({data, size}, tlv::Rules::der, [](const tlv::Element& e) {
        if (e.tag == der::oid) check_oid(e);
        if (e.tag == der::integer) check_integer(e);
        if (e.tag == der::boolean)
            if (const auto value = der::read_boolean(e)) FUZZ_CHECK(equal(der::write_boolean(*value), e.raw));
        if (e.tag == der::bit_string) {
            if (const auto bytes = der::read_bit_string(e)) FUZZ_CHECK(equal(der::write_bit_string(*bytes), e.raw));
            if (const auto bits = der::read_named_bits(e)) FUZZ_CHECK(bits->size() <= 8 * e.value.size());
        }
        if (e.tag == der::utc_time || e.tag == der::generalized_time) check_time(e);
        if (e.tag >= der::utf8_string && e.tag <= der::bmp_string)
            if (const auto text = der::read_string(e))
                FUZZ_CHECK(is_valid_utf8(as_bytes(*text)) && is_valid_utf8(as_bytes(printable(*text))));
    });
    return 0;
}
