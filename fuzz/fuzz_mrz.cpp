// The machine readable zone: what is written reads back as it was.
#include "fuzz.hpp"

#include <idchip/mrz/mrz.hpp>

using namespace idchip;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto parsed = mrz::parse(as_text({data, size}));
    if (!parsed) return 0;
    for (const auto& fault : parsed->faults) {
        FUZZ_CHECK(fault.line < parsed->lines.size() && fault.column < parsed->lines[fault.line].size());
        FUZZ_CHECK(parsed->lines[fault.line][fault.column] == fault.printed);
        FUZZ_CHECK(fault.printed != fault.computed);
    }
    FUZZ_CHECK(mrz::parse_strict(as_text({data, size})).has_value() == parsed->faults.empty());
    static_cast<void>(mrz::mrz_information(parsed->mrz));

    const auto lines = mrz::write(parsed->mrz);
    if (!lines) return 0;
    std::string text;
    for (const auto& line : *lines) text += line;
    const auto again = mrz::parse(text);
    FUZZ_CHECK(again);
    FUZZ_CHECK(again->faults.empty());
    FUZZ_CHECK(again->mrz == parsed->mrz);
    FUZZ_CHECK(again->lines == *lines);
    return 0;
}
