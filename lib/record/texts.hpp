// Text fields: what is wrong with them, and their clean form.
#pragma once

#include <idchip/record/record.hpp>

namespace idchip::record {

// Composed, with single spaces and none at the ends. Precondition: valid UTF-8. Reports what had to be changed or is refused.
std::string clean_text(std::string_view text, std::string_view field, Problems& problems);

}  // namespace idchip::record
