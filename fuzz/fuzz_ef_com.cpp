// EF.COM: accepted without a note, it is encoded back byte by byte.
#include "fuzz.hpp"

#include <idchip/lds/ef_com.hpp>

using namespace idchip;
using lds::EfCom;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView input(data, size);
    const auto com = EfCom::parse(input);
    if (!com) return 0;
    const auto bytes = com->encode();
    if (com->notes.empty()) FUZZ_CHECK(equal(bytes, input));
    const auto again = EfCom::parse(bytes);
    FUZZ_CHECK(again && again->tags == com->tags && again->lds_version == com->lds_version &&
               again->unicode_version == com->unicode_version);
    for (const auto ef : com->files()) FUZZ_CHECK(lds::is_data_group(ef));
    return 0;
}
