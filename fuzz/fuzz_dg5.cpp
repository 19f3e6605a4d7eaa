// DG5 and DG7: displayed images.
#include "lds_file.hpp"

#include <idchip/lds/displayed_image.hpp>

using namespace idchip;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::check_file(
        {data, size}, [](ByteView file) { return lds::DisplayedImages::parse(lds::Ef::dg5, file); },
        [](const auto& file) { return file.encode(lds::Ef::dg5); });
    return 0;
}
