// Commands and responses: what is parsed is encoded back, byte by byte where the form leaves no choice.
#include "fuzz.hpp"

#include <idchip/iso7816/apdu.hpp>

using namespace idchip;
using iso7816::CommandApdu;
using iso7816::ResponseApdu;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView input(data, size);
    if (const auto c = CommandApdu::parse(input)) {
        FUZZ_CHECK(equal(c->header(), input.first(4)));
        const auto bytes = c->encode();
        FUZZ_CHECK(bytes);
        FUZZ_CHECK(equal(*bytes, input));
        const auto again = CommandApdu::parse(*bytes);
        FUZZ_CHECK(again && again->data == c->data && again->le == c->le && again->extended == c->extended);
    }
    if (const auto r = ResponseApdu::parse(input)) FUZZ_CHECK(equal(r->encode(), input));
    return 0;
}
