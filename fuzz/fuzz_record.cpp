// A record as a line of JSON: any line is read and checked, and a record that is ready has a zone.
#include "fuzz.hpp"

#include <idchip/record/source.hpp>

using namespace idchip;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    record::RawRecord raw;
    record::read_json({reinterpret_cast<const char*>(data), size}, raw);
    const auto checked = record::check(raw, {{}, {2026, 11, 22}});
    FUZZ_CHECK(checked.record || !checked.problems.empty());
    if (checked.record) FUZZ_CHECK(record::make_zone(*checked.record));
    return 0;
}
