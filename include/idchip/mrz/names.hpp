// Names on their way into the zone: Doc 9303-3, 4.6 and section 6; truncation of Doc 9303-4, -5, -6, 4.2.3.
#pragma once

#include <idchip/mrz/mrz.hpp>

namespace idchip::mrz {

enum class Variant {
    recommended,  // the first mapping of the table: Ä -> AE, Ñ -> N
    simple,       // the plain letter where the table allows it: Ä -> A, Ü -> U
};

struct Transliterated {
    std::string text;                // A-Z, '<' between components, nothing for an apostrophe; digits stay, `write` refuses them
    std::vector<char32_t> unmapped;  // characters that no table maps; each stands as '<' in the text
};

// Latin (Vietnamese diacritics included, composed or decomposed), Cyrillic and Arabic tables of Doc 9303-3 section 6.
// `issuing_state` picks among the mappings that the Cyrillic table gives by state (e.g. "SRB", "BLR"); empty: the general one.
// Errors: input.bad_utf8.
Result<Transliterated> transliterate(std::string_view utf8_name, Variant variant = Variant::recommended,
                                     std::string_view issuing_state = {});

// The name field, exactly as wide as the format has it (TD1 30, TD2 31, TD3 39 characters).
// `primary` and `secondary` are transliterated parts with '<' between words; secondary may be empty.
struct NameField {
    std::string text;
    bool truncated = false;
};
// Deterministic: components are cut to initials from the last one backwards, the rest of the field is filled from the first one on.
NameField fit_name(std::string_view primary, std::string_view secondary, Format format);

// The way back: what stands before and after the first "<<", without trailing fillers.
struct NameParts {
    std::string primary;
    std::string secondary;
};
NameParts split_name(std::string_view name_field);

}  // namespace idchip::mrz
