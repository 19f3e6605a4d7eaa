// DG12: tag list and details.
#include "lds_file.hpp"

#include <idchip/lds/details.hpp>

using namespace idchip;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::check_file(
        {data, size}, [](ByteView file) { return lds::DetailFile::parse(lds::Ef::dg12, file); },
        [](const auto& file) { return file.encode(); });
    return 0;
}
