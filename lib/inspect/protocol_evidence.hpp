// The protocols' part of saved evidence.
#pragma once

#include <nlohmann/json.hpp>

#include <idchip/inspect/evidence.hpp>

namespace idchip::inspect {

using Json = nlohmann::ordered_json;

// Members are added where there is something to say.
void write_protocols(Json& json, const Evidence& evidence);
// Errors: input.bad_hex. Throws nlohmann::json::exception.
Result<void> read_protocols(const Json& json, Evidence& evidence);

}  // namespace idchip::inspect
