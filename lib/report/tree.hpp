// Renders a JSON tree as indented text, so that text and JSON never disagree.
#pragma once

#include <nlohmann/json.hpp>

namespace idchip::report {

using Json = nlohmann::ordered_json;

std::string tree_text(const Json& tree);

}  // namespace idchip::report
