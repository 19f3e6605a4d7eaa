// DG8 and the other data groups whose contents are the issuer's.
#include "lds_file.hpp"

#include <idchip/lds/issuer_file.hpp>

using namespace idchip;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::check_file(
        {data, size}, [](ByteView file) { return lds::IssuerFile::parse(lds::Ef::dg8, file); },
        [](const auto& file) { return file.encode(lds::Ef::dg8); });
    return 0;
}
