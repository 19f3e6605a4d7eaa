#pragma once

#include <cstdint>

namespace idchip::codec::child {

struct Budget {
    std::uint64_t memory = 0;   // bytes of address space
    std::uint64_t seconds = 0;  // of the processor
};

// Gives up everything but reading descriptor 0, writing descriptor 1, memory and time, for good. Returns nullptr, or the name of
// the step that failed (errno says why): then nothing may be decoded.
const char* enter_sandbox(const Budget& budget);

}  // namespace idchip::codec::child
