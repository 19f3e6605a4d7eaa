// EF.CVCA.
#include "lds_file.hpp"

#include <idchip/lds/ef_cvca.hpp>

using namespace idchip;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::check_file(
        {data, size}, [](ByteView file) { return lds::EfCvca::parse(file); }, [](const auto& file) { return file.encode().value(); });
    return 0;
}
