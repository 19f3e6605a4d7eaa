// DG3: templates and finger records.
#include "lds_file.hpp"

#include <idchip/lds/dg3.hpp>

using namespace idchip;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::check_file(
        {data, size}, [](ByteView file) { return lds::Dg3::parse(file); }, [](const auto& file) { return file.encode(); });
    return 0;
}
