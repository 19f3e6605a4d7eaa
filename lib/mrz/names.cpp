#include <idchip/mrz/names.hpp>

#include <algorithm>

#include <idchip/base/text.hpp>

#include "mrz/layout.hpp"

namespace idchip::mrz {
namespace {

using Components = std::vector<std::string>;

// "<<" between the identifiers and one letter of the secondary one: 9303-4, -5, -6, 4.2.2, truncation of the name.
constexpr std::size_t least_for_secondary = 3;

Components components(std::string_view part) {
    auto words = split(part, '<');
    std::erase_if(words, [](const std::string& word) { return word.empty(); });
    return words;
}

std::string join(const Components& words) {
    std::string text;
    for (const auto& word : words) text += (text.empty() ? "" : "<") + word;
    return text;
}

struct Filled {
    std::string text;
    bool separated = true;  // false: the last initial had to be joined to the word before it
};

// Cuts to exactly `width` characters, never more than there are: every word that has room for its initial stays, the
// first ones keep the most. A last position too narrow for a separator and an initial takes the initial alone, because
// a filler there would say that the name is complete.
Filled fill(const Components& words, std::size_t width) {
    const std::size_t count = std::min(words.size(), (width + 1) / 2);
    std::size_t letters = width - (count == 0 ? 0 : count - 1);
    Filled filled;
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t later = count - 1 - i;
        const std::size_t taken = std::min(words[i].size(), letters - later);
        letters -= taken;
        filled.text += (i == 0 ? "" : "<") + words[i].substr(0, taken);
    }
    if (letters == 0) return filled;
    filled.separated = false;
    if (count < words.size()) filled.text += words[count][0];
    return filled;
}

// 9303-4, 4.2.3.3 a and its like in -5 and -6: whole components become initials, the last one first, until `room` is enough.
std::size_t length_with_initials(const Components& words, std::size_t room) {
    std::size_t length = join(words).size();
    for (std::size_t i = words.size(); i-- > 1 && length > room;) length -= words[i].size() - 1;
    return std::min(length, room);
}

std::string fill_both(const Components& primary, const Components& secondary, std::size_t width) {
    const std::size_t whole_secondary = join(secondary).size();
    const std::size_t shortest = width > whole_secondary + 2 ? width - 2 - whole_secondary : 1;
    const std::size_t best = std::max(length_with_initials(primary, width - least_for_secondary), shortest);
    // A shorter primary identifier may be needed for both to end with a letter of a word of their own.
    for (std::size_t length = best; length >= shortest; --length) {
        const auto first = fill(primary, length);
        const auto second = fill(secondary, width - 2 - length);
        if (first.separated && second.separated) return first.text + "<<" + second.text;
    }
    return fill(primary, best).text + "<<" + fill(secondary, width - 2 - best).text;
}

std::string without_trailing_fillers(std::string_view text) { return std::string(text.substr(0, text.find_last_not_of('<') + 1)); }

}  // namespace

NameField fit_name(std::string_view primary, std::string_view secondary, Format format) {
    const std::size_t width = layout_of(format).name.length;
    auto first = components(primary);
    auto second = components(secondary);
    if (first.empty()) first.swap(second);  // 9303-5, 4.2.2.3: a name of one part is the primary identifier
    std::string text = join(first);
    if (!second.empty()) text += "<<" + join(second);
    if (text.size() <= width) {
        text.resize(width, '<');
        return {text, false};
    }
    return {second.empty() ? fill(first, width).text : fill_both(first, second, width), true};
}

NameParts split_name(std::string_view name_field) {
    const auto end = name_field.find("<<");
    if (end == std::string_view::npos) return {without_trailing_fillers(name_field), {}};
    return {std::string(name_field.substr(0, end)), without_trailing_fillers(name_field.substr(end + 2))};
}

}  // namespace idchip::mrz
