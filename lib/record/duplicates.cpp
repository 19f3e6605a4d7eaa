#include "record/duplicates.hpp"

#include <cmath>

#include <fmt/format.h>

#include <idchip/codec/portrait.hpp>
#include <idchip/crypto/hash.hpp>

namespace idchip::record {
namespace {

constexpr int nearly_the_same = 3;  // bits of 64; below 8 `bands_` finds all

// Portraits of different people share their composition, hence much of the hash; light and colour tell them apart. Encoding a
// picture anew, or scaling it, changes these by less than one.
constexpr float nearly_the_same_light = 2;

bool is_similar(const PortraitMarks& a, const PortraitMarks& b) {
    const auto near = [](float x, float y) { return std::abs(x - y) < nearly_the_same_light; };
    return near(a.luminance, b.luminance) && near(a.contrast, b.contrast) && near(a.colourfulness, b.colourfulness) &&
           codec::hash_distance(a.dhash, b.dhash) <= nearly_the_same;
}

std::size_t band(std::uint64_t dhash, std::size_t k) { return static_cast<std::size_t>(dhash >> (8 * k) & 0xFFU); }

}  // namespace

Duplicates::Place Duplicates::here(std::size_t line) const {
    return {static_cast<std::uint32_t>(files_.size() - 1), static_cast<std::uint32_t>(line)};
}

std::string Duplicates::text(Place place) const {
    if (place.file + 1 == files_.size()) return fmt::format("line {}", place.line);
    return fmt::format("{}, line {}", files_[place.file], place.line);
}

std::optional<Duplicates::Place> Duplicates::seen(Seen& seen, std::string_view key, std::size_t line) {
    const auto digest = crypto::hash(crypto::HashAlg::sha256, as_bytes(key));
    const Hash128 hash{read_be(ByteView(digest).first(8)), read_be(ByteView(digest).subspan(8, 8))};
    const auto [it, fresh] = seen.emplace(hash, here(line));
    return fresh ? std::nullopt : std::optional(it->second);
}

Problems Duplicates::add(const Checked& checked) {
    Problems problems;
    const auto look = [&](Seen& seen_before, std::string_view key, Kind kind, std::string_view field) {
        if (key.empty()) return;
        if (const auto before = seen(seen_before, key, checked.line)) problems.push_back(problem(kind, field, text(*before)));
    };
    const auto& keys = checked.keys;
    look(ids_, keys.record, Kind::duplicate_record, "record");
    look(numbers_, keys.number, Kind::duplicate_number, keys.number_field);
    look(persons_, keys.person, Kind::duplicate_person, "surname");
    return problems;
}

std::optional<Duplicates::Place> Duplicates::similar_portrait(const PortraitMarks& marks) const {
    for (std::size_t k = 0; k < bands_.size(); ++k)
        for (const auto i : bands_[k][band(marks.dhash, k)])
            if (is_similar(pictures_[i].marks, marks)) return pictures_[i].place;
    return std::nullopt;
}

Problems Duplicates::add_portrait(const PortraitMarks& marks, std::size_t line) {
    const auto [it, fresh] = portraits_.emplace(marks.digest, here(line));
    if (!fresh) return {problem(Kind::duplicate_portrait, "portrait", text(it->second))};
    Problems problems;
    if (const auto before = similar_portrait(marks)) problems.push_back(problem(Kind::similar_portrait, "portrait", text(*before)));
    for (std::size_t k = 0; k < bands_.size(); ++k) bands_[k][band(marks.dhash, k)].push_back(static_cast<std::uint32_t>(pictures_.size()));
    pictures_.push_back({marks, here(line)});
    return problems;
}

}  // namespace idchip::record
