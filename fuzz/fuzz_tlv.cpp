// The walk over TLV under each of the three rules. First byte: which rules.
#include "fuzz.hpp"

#include <idchip/tlv/writer.hpp>

using namespace idchip;
using tlv::Rules;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const auto rules = static_cast<Rules>(data[0] % 3);
    const ByteView input(data + 1, size - 1);

    const auto seen = fuzz::walk(input, rules, [&](const tlv::Element& e) {
        FUZZ_CHECK(fuzz::inside(e.raw, input));
        FUZZ_CHECK(fuzz::inside(e.value, e.raw));
        FUZZ_CHECK(e.raw.data() == input.data() + e.offset);
        FUZZ_CHECK(e.value_offset() >= e.offset && e.value_offset() + e.value.size() <= input.size());
        FUZZ_CHECK(rules == Rules::ber_indefinite || !e.indefinite);
        if (rules == Rules::der) {
            FUZZ_CHECK(e.minimal_length);
            FUZZ_CHECK(equal(tlv::element(e.tag, e.value), e.raw));
        }
    });
    FUZZ_CHECK(seen <= tlv::Budget().elements);

    // The size announced by the first bytes is the size of the element, and known as soon as the header is there.
    tlv::Reader r(input, Rules::ber);
    const auto first = r.next();
    const auto announced = tlv::announced_size(input);
    if (first) FUZZ_CHECK(announced && *announced && **announced == first->raw.size());
    if (announced && *announced)
        for (std::size_t n = 0; n < input.size() && n < 8; ++n) {
            const auto early = tlv::announced_size(input.first(n));
            FUZZ_CHECK(early && (!*early || **early == **announced));
        }
    return 0;
}
