// Options that every verb on a reader shares.
#pragma once

#include <memory>

#include <CLI/CLI.hpp>

#include <idchip/transport/pcsc.hpp>

namespace idchip::cli {

struct ReaderOptions {
    std::string reader;
    double deadline = 10, wait = 0;
    bool trace = false, trace_unsafe = false;
};
void add_reader_options(CLI::App& verb, ReaderOptions& options);
// The reader named, or the only one there is; with trace on standard error where asked for: redacted, or
// whole where the environment allows it, too. Errors: cli.usage: it does not.
Result<std::unique_ptr<transport::Transport>> open_reader(const ReaderOptions& options);

}  // namespace idchip::cli
