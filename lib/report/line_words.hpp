// The words that log, screen and JSON of a production line have in common.
#pragma once

#include <idchip/line/event.hpp>

namespace idchip::report {

// What became of a card: the name of its end, "open", or "not begun" when no chip was taken.
std::string_view outcome(const line::Event& event);
// "0:12:44"
std::string clock_text(double seconds);
// "job 5, card 7: issued, 41.2 s": safe to print, without the reader; empty for what no log needs.
std::string what(const line::Event& event);
// What the event says in its own words, safe to print; a reader that it begins with is left out.
std::string own_words(const line::Event& event);

}  // namespace idchip::report
