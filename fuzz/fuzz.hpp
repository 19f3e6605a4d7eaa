// What every fuzz target has: the entry point's types, and a check that stops the run.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include <idchip/base/bytes.hpp>
#include <idchip/base/note.hpp>
#include <idchip/tlv/reader.hpp>

// A property that must hold for every input. An escaped exception is a find, too: nothing here catches one.
#define FUZZ_CHECK(condition)                                                                            \
    do {                                                                                                 \
        if (!(condition)) {                                                                              \
            std::fprintf(stderr, "%s:%d: property does not hold: %s\n", __FILE__, __LINE__, #condition); \
            std::abort();                                                                                \
        }                                                                                                \
    } while (false)

namespace idchip::fuzz {

// Whether a view lies inside the input it was taken from; an empty one may lie anywhere.
inline bool inside(ByteView part, ByteView whole) {
    return part.empty() || (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

// Calls `visit` for every element, as deep as the readers go, without recursion. The number of elements seen.
template <class Visit>
std::size_t walk(ByteView input, tlv::Rules rules, Visit visit) {
    std::size_t seen = 0;
    std::vector<tlv::Reader> open;
    open.emplace_back(input, rules, "fuzz");
    while (!open.empty()) {
        auto& r = open.back();
        if (r.at_end()) {
            open.pop_back();
            continue;
        }
        const auto e = r.next();
        if (!e) {
            open.pop_back();
            continue;
        }
        ++seen;
        visit(*e);
        if (e->constructed) {
            auto inner = r.enter(*e);
            open.push_back(std::move(inner));
        }
    }
    return seen;
}

inline bool has_note(const Notes& notes, std::string_view id) {
    for (const auto& note : notes)
        if (note.id == id) return true;
    return false;
}

}  // namespace idchip::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
