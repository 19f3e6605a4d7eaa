// DG15: a public key.
#include "lds_file.hpp"

#include <idchip/lds/dg15.hpp>

using namespace idchip;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::check_file(
        {data, size}, [](ByteView file) { return lds::Dg15::parse(file); },
        [](const auto& file) { return lds::Dg15::encode(file.public_key); });
    return 0;
}
