#include <idchip/line/breaker.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <idchip/iso7816/status_word.hpp>

namespace idchip::line {
namespace {

bool is_authentication(const Error& error) {
    return error.code == Errc::scp_refused || error.code == Errc::scp_wrong_key || error.code == Errc::cardkey_check_value;
}

// The same card, the same operator: not a sign of anything.
bool is_of_this_card_only(const personalize::Outcome& o) {
    return o.condition == personalize::ChipCondition::found_locked || o.condition == personalize::ChipCondition::found_written ||
           o.failure->code == Errc::ledger_known;  // the chip has been somebody's
}

}  // namespace

Stop Breaker::after(const std::string& reader, const personalize::Outcome& o) {
    if (o.failure && is_authentication(*o.failure))
        return {Scope::line, fmt::format("{}: {}; with the next card another try could be lost", reader, o.failure->name())};
    if (o.failure && o.failure->code == Errc::perso_not_accepted)
        return {Scope::line, fmt::format("{}: {}; most often it is the trust store or the clock, and the next card is locked in vain",
                                         reader, o.failure->name())};
    if (o.failure && is_of_this_card_only(o)) return {};
    auto& last = failed_[reader];
    last.push_back(o.failure.has_value());
    if (last.size() > cards_remembered) last.pop_front();
    const auto word = o.failure ? o.failure->sw : std::optional<std::uint16_t>();
    const bool again = word && word == last_word_;
    last_word_ = word;
    if (!o.failure) return {};
    if (again) return {Scope::line, fmt::format("the same answer on two cards in a row: {}", iso7816::sw::describe(*word))};
    const auto failures = static_cast<std::size_t>(std::count(last.begin(), last.end(), true));
    if (failures > failures_allowed)
        return {Scope::reader, fmt::format("{}: {} of the last {} cards failed", reader, failures, last.size())};
    return {};
}

}  // namespace idchip::line
