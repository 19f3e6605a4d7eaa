// When one card's trouble is everybody's: the keys are wrong, the profile does not fit, a reader wears out. Pure.
#pragma once

#include <deque>
#include <map>

#include <idchip/personalize/run.hpp>

namespace idchip::line {

enum class Scope { none, reader, line };  // what must stop

struct Stop {
    Scope scope = Scope::none;
    std::string why;  // for a person; no personal data
};

// Fed with the outcome of every card, in the order in which they end.
class Breaker {
public:
    static constexpr std::size_t cards_remembered = 10, failures_allowed = 2;

    // An authentication that failed stops the line: the next card would lose a try, too. So does a finished chip that is not accepted,
    // because the next one would be locked in vain, and the same unexpected status word on two cards in a row, wherever they lay: it is the
    // profile's fault or the batch's. Three failures among the last ten cards of a reader stop that reader.
    Stop after(const std::string& reader, const personalize::Outcome& outcome);

private:
    std::optional<std::uint16_t> last_word_;
    std::map<std::string, std::deque<bool>> failed_;
};

}  // namespace idchip::line
