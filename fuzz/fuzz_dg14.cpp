// DG14: SecurityInfos.
#include "lds_file.hpp"

#include <idchip/lds/security_infos.hpp>

using namespace idchip;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::check_file(
        {data, size}, [](ByteView file) { return lds::Dg14::parse(file); }, [](const auto& file) { return lds::Dg14::encode(file); });
    return 0;
}
