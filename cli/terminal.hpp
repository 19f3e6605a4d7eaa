// What a verb shows to a person: colour and progress only on a terminal.
#pragma once

#include <string>
#include <string_view>

#include <idchip/base/result.hpp>

namespace idchip::cli {

bool stdout_is_terminal();
bool stderr_is_terminal();
// Standard output on a terminal, and NO_COLOR not set.
bool colour();
// A progress bar on standard error; nothing when that is no terminal.
class Progress {
public:
    Progress(std::string title, std::size_t total);
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;
    ~Progress();
    void at(std::size_t done, std::string_view what = {});

private:
    std::string title_;
    std::size_t total_;
    bool shown_ = false;
};
// "idchip: ..." on standard error.
void print_error(const Error& error);
// To standard output; a full disk is an error, a closed pipe is not.
Result<void> print(std::string_view text);

}  // namespace idchip::cli
