// `idchip show`: whatever lies in a folder is decoded or refused, with every object listed.
#include "fuzz.hpp"

#include <idchip/report/show.hpp>

using namespace idchip;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto shown = report::show({data, size}, {{}, true});
    if (shown) FUZZ_CHECK(!shown->kind.empty() && !shown->text.empty());
    return 0;
}
