// DG16: persons to notify.
#include "lds_file.hpp"

#include <idchip/lds/dg16.hpp>

using namespace idchip;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::check_file(
        {data, size}, [](ByteView file) { return lds::Dg16::parse(file); },
        [](const auto& file) { return file.encode().value_or(Bytes()); });
    return 0;
}
