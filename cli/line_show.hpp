// What the people and the machine at a line see of it: the whole screen, plain lines, or JSON.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include <CLI/CLI.hpp>

#include <idchip/ledger/ledger.hpp>
#include <idchip/report/line_board.hpp>

#include "screen.hpp"

namespace idchip::cli {

struct LineShowOptions {
    bool json = false, plain = false;
};
void add_line_show_options(CLI::App& verb, LineShowOptions& o);

class LineShow {
public:
    LineShow(const LineShowOptions& options, ledger::Ledger& ledger);
    ~LineShow();
    LineShow(const LineShow&) = delete;
    LineShow& operator=(const LineShow&) = delete;

    // Errors: ledger.*.
    Result<void> begin();
    // One at a time.
    void take(const line::Event& event);
    // The terminal is given back.
    void end();

private:
    LineShowOptions options_;
    ledger::Ledger& ledger_;
    report::LineBoard board_;
    std::unique_ptr<Screen> screen_;
    std::mutex mutex_;
    std::condition_variable ended_;
    bool is_over_ = false;
    std::thread painter_;
};

}  // namespace idchip::cli
