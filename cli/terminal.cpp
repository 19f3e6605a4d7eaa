#include "terminal.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <system_error>

#include <unistd.h>

#include <fmt/format.h>

namespace idchip::cli {

bool stdout_is_terminal() { return ::isatty(STDOUT_FILENO) == 1; }
bool stderr_is_terminal() { return ::isatty(STDERR_FILENO) == 1; }
bool colour() { return stdout_is_terminal() && std::getenv("NO_COLOR") == nullptr; }

Progress::Progress(std::string title, std::size_t total) : title_(std::move(title)), total_(total) {}

Progress::~Progress() {
    if (shown_) std::fputs("\r\033[K", stderr);
}

void Progress::at(std::size_t done, std::string_view what) {
    if (!stderr_is_terminal() || total_ == 0) return;
    constexpr std::size_t width = 28;
    const std::size_t filled = std::min(width, done * width / total_);
    std::string bar;
    for (std::size_t i = 0; i < width; ++i) bar += i < filled ? "█" : "░";
    fmt::print(stderr, "\r\033[K{} {} {:3}% {}", title_, bar, done * 100 / total_, what);
    std::fflush(stderr);
    shown_ = true;
}

void print_error(const Error& error) {
    std::fflush(stdout);
    fmt::print(stderr, "idchip: {}\n", error.message());
}

Result<void> print(std::string_view text) {
    if (std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0) return {};
    // Whoever closed the pipe has seen enough; what the verb does (a card in hand) goes on.
    if (errno != EPIPE)
        return fail(errno == ENOSPC ? Errc::disk_full : Errc::io_error, "standard output", std::generic_category().message(errno));
    return {};
}

}  // namespace idchip::cli
