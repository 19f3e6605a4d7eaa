// Runs test-vectors/: data files that a person adds to without a compiler. The format is told in test-vectors/README.md.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <idchip/base/result.hpp>

namespace idchip::vectors {

enum class Status { passed, failed, skipped };

struct CaseResult {
    std::string suite;
    std::string id;
    std::string file;  // relative to the folder
    Status status = Status::passed;
    std::string reason;  // why it failed or was skipped
};

struct Summary {
    std::size_t passed = 0, failed = 0, skipped = 0;
    std::vector<CaseResult> results;
};

struct RunOptions {
    std::filesystem::path folder;
    std::string only;   // a glob over the case id: * and ?; empty: all
    bool list = false;  // names the cases without running them; each counts as skipped
};

// Every file is read and checked before a case is judged, so that a typing mistake never hides cases. A folder with a file
// COUNTS fails when a suite has fewer cases than written there; not asked together with `only`.
// Errors: vectors.bad (with file and case), input.not_found, input.too_large, io.failed; cli.usage when `only` fits no case.
Result<Summary> run_vectors(const RunOptions& options);

// Failures and skipped cases with their reasons; the last line is "N passed, N failed, N skipped".
std::string to_text(const Summary& summary);
// The contents of COUNTS for what was run.
std::string counts_text(const Summary& summary);

}  // namespace idchip::vectors
