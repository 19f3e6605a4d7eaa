// Something wrong with data that came from people: reported with its remedy, all at once, not as the error of one call.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace idchip {

// An error only where no reading of the law or of the standard makes it right; everything else is a warning.
enum class Severity { warning, error };

// Messages name fields, never their values.
struct Problem {
    std::string field;  // "birth_date", "mrz.document_number", "dg13.birth_date"
    std::string code;   // "record.missing", "vn.number_birth_year": stable
    Severity severity = Severity::warning;
    std::string message;                // one clause for a person
    std::string remedy;                 // what to do now
    std::optional<std::size_t> line;    // of the zone, from 0
    std::optional<std::size_t> column;  // from 0
    bool operator==(const Problem&) const = default;
};
using Problems = std::vector<Problem>;

}  // namespace idchip
