// Records that were seen before, in whole or in part.
#pragma once

#include <array>
#include <unordered_map>

#include <idchip/record/intake.hpp>

namespace idchip::record {

class Duplicates {
public:
    // The name of the file that records come from until the next call.
    void begin_file(const std::string& name) { files_.push_back(name); }
    Problems add(const Checked& checked);
    Problems add_portrait(const PortraitMarks& marks, std::size_t line);

private:
    struct Place {
        std::uint32_t file = 0, line = 0;
    };
    struct Hash128 {
        std::uint64_t high = 0, low = 0;
        bool operator==(const Hash128&) const = default;
    };
    struct HashOf {
        std::size_t operator()(const Hash128& h) const { return static_cast<std::size_t>(h.low); }
    };
    using Seen = std::unordered_map<Hash128, Place, HashOf>;

    Place here(std::size_t line) const;
    std::string text(Place place) const;
    // Where the same text was seen before; remembers it otherwise.
    std::optional<Place> seen(Seen& seen, std::string_view key, std::size_t line);
    std::optional<Place> similar_portrait(const PortraitMarks& marks) const;

    std::vector<std::string> files_;
    Seen ids_, numbers_, persons_;
    std::unordered_map<std::uint64_t, Place> portraits_;
    // A portrait within 7 bits of another shares at least one of its eight bytes: only those are compared.
    struct Portrait {
        PortraitMarks marks;
        Place place;
    };
    std::vector<Portrait> pictures_;
    std::array<std::array<std::vector<std::uint32_t>, 256>, 8> bands_;
};

}  // namespace idchip::record
