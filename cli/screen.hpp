// The whole terminal, for as long as the object lives. On standard error, and only if that is a terminal which can: else nothing happens.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace idchip::cli {

class Screen {
public:
    struct Size {
        std::size_t width = 80, height = 24;
    };

    Screen();
    Screen(const Screen&) = delete;
    Screen& operator=(const Screen&) = delete;
    ~Screen();

    bool shown() const { return shown_; }
    bool colour() const;  // NO_COLOR is not set
    Size size() const;    // as it is now: people drag windows
    // Lines below the height are left out; none is to be wider than the width.
    void draw(const std::vector<std::string>& lines) const;

private:
    bool shown_;
};

}  // namespace idchip::cli
