#include "screen.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include <sys/ioctl.h>
#include <unistd.h>

#include "terminal.hpp"

namespace idchip::cli {
namespace {

// The alternate screen, no cursor, no wrapping: a character that is wider here than we thought must not move the lines below.
constexpr std::string_view take_over = "\033[?1049h\033[?25l\033[?7l", restore = "\033[0m\033[?7h\033[?25h\033[?1049l";

bool can_draw() {
    const char* term = std::getenv("TERM");
    return stderr_is_terminal() && term != nullptr && std::string_view(term) != "dumb";
}

// Past stdio and in one piece, so that no half of a picture is seen. A signal does not cut it short; a terminal that has gone is no error.
void write_all(std::string_view text) {
    while (!text.empty()) {
        const auto written = ::write(STDERR_FILENO, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
}

}  // namespace

Screen::Screen() : shown_(can_draw()) {
    if (!shown_) return;
    std::fflush(stderr);
    write_all(take_over);
}

Screen::~Screen() {
    if (shown_) write_all(restore);
}

bool Screen::colour() const { return shown_ && std::getenv("NO_COLOR") == nullptr; }

Screen::Size Screen::size() const {
    winsize w{};
    if (!shown_ || ::ioctl(STDERR_FILENO, TIOCGWINSZ, &w) != 0 || w.ws_col == 0 || w.ws_row == 0) return {};
    return {w.ws_col, w.ws_row};
}

void Screen::draw(const std::vector<std::string>& lines) const {
    if (!shown_) return;
    const auto height = size().height;
    const auto count = std::min(lines.size(), height);
    std::string text = "\033[H";
    // Each line is cleared before it is written: behind one that fills its row the cursor stands on its last character.
    for (std::size_t i = 0; i < count; ++i) text.append(i == 0 ? "" : "\r\n").append("\033[K").append(lines[i]);
    if (count < height) text += count == 0 ? "\033[J" : "\r\n\033[J";
    write_all(text);
}

}  // namespace idchip::cli
