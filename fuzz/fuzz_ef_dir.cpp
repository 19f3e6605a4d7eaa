// EF.DIR: application templates.
#include "lds_file.hpp"

#include <idchip/lds/ef_dir.hpp>

using namespace idchip;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::check_file(
        {data, size}, [](ByteView file) { return lds::EfDir::parse(file); }, [](const auto& file) { return file.encode(); });
    return 0;
}
