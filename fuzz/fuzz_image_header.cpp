// Headers of JPEG and JPEG 2000.
#include "fuzz.hpp"

#include <idchip/image/header.hpp>

using namespace idchip;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView input(data, size);
    const auto format = image::sniff(input);
    const auto header = image::read_header(input);
    if (const auto whole = image::check_complete(input))
        FUZZ_CHECK(header && whole->width == header->width && whole->height == header->height);
    if (!header) {
        FUZZ_CHECK(header.error().code == Errc::lds_bad_image);
        return 0;
    }
    FUZZ_CHECK(header->format == format && format != image::Format::unknown);
    FUZZ_CHECK(header->width > 0 && header->height > 0);
    return 0;
}
