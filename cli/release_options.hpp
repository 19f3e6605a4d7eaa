// What two operators have released, as verbs name it.
#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include <idchip/release/release.hpp>

namespace idchip::cli {

struct ReleaseOptions {
    std::string request{};
    std::vector<std::string> releases{};
    std::string operators{};

    bool given() const { return !request.empty(); }
};
// --request, --release, --operators: all of them or none.
void add_release_options(CLI::App& verb, ReleaseOptions& options);

// Errors: as release::Request::parse, io.*; they name the file.
Result<release::Request> read_request(const std::string& file);
// Errors: release.missing (not given: says what to request; not signed by two), release.bad (for something else; as release::check), as
// read_request and release::load_operators.
Result<release::Release> require_release(const ReleaseOptions& options, std::string_view kind, const std::string& subject, Instant now);

}  // namespace idchip::cli
