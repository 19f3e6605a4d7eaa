// A file of test vectors, read and checked before anything of it is run.
#pragma once

#include "vectors/suites.hpp"

namespace idchip::vectors {

struct Case {
    const Suite* suite = nullptr;
    const Operation* operation = nullptr;
    std::string id;
    std::string file;                  // relative to the vector folder
    std::filesystem::path folder;      // of the file: what "file" values are relative to
    std::vector<std::string> missing;  // features of `requires` that this build lacks
    Json in, expect;
};

// Appends the cases of one file. Errors: vectors.bad, input.not_found, input.too_large, io.failed.
Result<void> load_cases(const std::filesystem::path& path, const std::string& name, std::vector<Case>& cases);

}  // namespace idchip::vectors
