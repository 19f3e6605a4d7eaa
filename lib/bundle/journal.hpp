// Lines of merged.jsonl. A bundle's lines count once its closing line stands behind them and has their hash. A bundle of which some was
// refused, and less is when it comes again, has more lines and another closing line then: the last one counts.
#pragma once

#include <array>
#include <variant>

#include <idchip/bundle/merge.hpp>

#include "bundle/json.hpp"

namespace idchip::bundle {

// The first half of a SHA-256: enough to tell records apart, and half the memory.
using Digest = std::array<Byte, 16>;
Digest digest_of(std::string_view text);
std::optional<Digest> digest_of_hex(std::string_view hex);  // of its first 32 digits
struct DigestHash {
    std::size_t operator()(const Digest& d) const { return static_cast<std::size_t>(read_be(ByteView(d).last(8))); }
};

struct Taken {
    std::string bundle;
    std::uint64_t line = 0;
    std::string record;
    std::string content;               // SHA-256 of its line in records.jsonl, without line end, hexadecimal
    std::vector<std::string> numbers;  // of its numbers, each with who gave it out: hash, hexadecimal
    std::string portrait;              // SHA-256, hexadecimal; empty: none
    std::uint64_t end = 0;             // of its line in records.jsonl, line end and all
};
struct Refused {
    std::string bundle;
    std::uint64_t line = 0;
    std::string record;
    Problems problems;
};
struct Closed {
    Manifest manifest;
    std::string content;  // SHA-256 of the bundle's text, hexadecimal: a bundle is known by this, not by the name it gives itself
    std::uint64_t taken = 0, known = 0, refused = 0;
    std::uint64_t end = 0;  // size of records.jsonl with this bundle's records
    std::string lines;      // SHA-256 of the journal's lines between the closing line before and this one, hexadecimal
};
using JournalLine = std::variant<std::monostate, Taken, Refused, Closed>;

// With line end.
std::string journal_heading();
std::string to_line(const Taken& taken);
std::string to_line(const Refused& refused);
std::string to_line(const Closed& closed);
// monostate: no line of a journal.
JournalLine read_line(std::string_view line);

}  // namespace idchip::bundle
