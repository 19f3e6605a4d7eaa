// The two kinds of input.
#pragma once

#include <idchip/record/source.hpp>

#include "record/line_reader.hpp"

namespace idchip::record {

std::unique_ptr<Source> make_json_source(LineReader lines);
// Errors: input.bad_field for a heading without "record", io.failed.
Result<std::unique_ptr<Source>> make_csv_source(LineReader lines);

}  // namespace idchip::record
