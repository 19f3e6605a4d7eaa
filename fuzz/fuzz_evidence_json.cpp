// Saved evidence: what is accepted is saved again as the same evidence.
#include "fuzz.hpp"

#include <idchip/inspect/evidence.hpp>

using namespace idchip;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto evidence = inspect::evidence_from_json(as_text({data, size}));
    if (!evidence) return 0;
    const auto text = inspect::to_json(*evidence);
    const auto again = inspect::evidence_from_json(text);
    FUZZ_CHECK(again);
    FUZZ_CHECK(inspect::to_json(*again) == text);
    for (const auto& [ef, file] : evidence->files)
        FUZZ_CHECK(again->files.at(ef).content == file.content && again->files.at(ef).sw == file.sw);
    return 0;
}
