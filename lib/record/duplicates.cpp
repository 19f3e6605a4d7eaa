#include "record/duplicates.hpp"

#include <fmt/format.h>

#include <idchip/codec/portrait.hpp>
#include <idchip/crypto/hash.hpp>

namespace idchip::record {
namespace {

constexpr int nearly_the_same = 3;  // bits of 64; below 8 `bands_` finds all

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
    if (!checked.record) return problems;
    const auto& r = *checked.record;
    if (const auto before = seen(ids_, r.id, checked.line)) problems.push_back(problem(Kind::duplicate_record, "record", text(*before)));
    const auto& number = r.details.personal_number.empty() ? r.document_number : r.details.personal_number;
    const auto number_field = r.details.personal_number.empty() ? "document_number" : "personal_number";
    if (const auto before = seen(numbers_, r.issuing_state + '\n' + number, checked.line))
        problems.push_back(problem(Kind::duplicate_number, number_field, text(*before)));
    const auto person = fmt::format("{}\n{}\n{}\n{}", r.details.full_name, to_iso(r.birth), r.details.father, r.details.mother);
    if (const auto before = seen(persons_, person, checked.line))
        problems.push_back(problem(Kind::duplicate_person, "surname", text(*before)));
    return problems;
}

std::optional<Duplicates::Place> Duplicates::similar_portrait(std::uint64_t dhash) const {
    for (std::size_t k = 0; k < bands_.size(); ++k)
        for (const auto i : bands_[k][band(dhash, k)])
            if (codec::hash_distance(pictures_[i].dhash, dhash) <= nearly_the_same) return pictures_[i].place;
    return std::nullopt;
}

Problems Duplicates::add_portrait(const PortraitMarks& marks, std::size_t line) {
    const auto [it, fresh] = portraits_.emplace(marks.digest, here(line));
    if (!fresh) return {problem(Kind::duplicate_portrait, "portrait", text(it->second))};
    Problems problems;
    if (const auto before = similar_portrait(marks.dhash)) problems.push_back(problem(Kind::similar_portrait, "portrait", text(*before)));
    for (std::size_t k = 0; k < bands_.size(); ++k) bands_[k][band(marks.dhash, k)].push_back(static_cast<std::uint32_t>(pictures_.size()));
    pictures_.push_back({marks.dhash, here(line)});
    return problems;
}

}  // namespace idchip::record
