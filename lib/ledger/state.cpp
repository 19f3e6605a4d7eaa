#include <idchip/ledger/state.hpp>

#include <algorithm>
#include <array>

namespace idchip::ledger {
namespace {

constexpr std::array<std::string_view, 11> card_names = {"reserved", "writing",  "written", "read_back",   "locked",  "verified",
                                                         "issued",   "replaced", "spoiled", "quarantined", "released"};
constexpr std::array<std::string_view, 5> job_names = {"queued", "in_work", "issued", "replaced", "rejected"};
constexpr std::array<std::string_view, 3> intent_names = {"authenticate", "write", "lock"};

template <class E, std::size_t N>
std::optional<E> find(const std::array<std::string_view, N>& names, std::string_view name) {
    const auto found = std::find(names.begin(), names.end(), name);
    return found == names.end() ? std::nullopt : std::optional(static_cast<E>(found - names.begin()));
}

}  // namespace

std::string_view name(CardState state) { return card_names[static_cast<std::size_t>(state)]; }
std::optional<CardState> card_state_by_name(std::string_view text) { return find<CardState>(card_names, text); }
bool is_open(CardState state) { return state < CardState::issued; }

bool may_follow(CardState from, CardState to) {
    switch (to) {
        case CardState::reserved: return false;
        case CardState::issued: return from == CardState::verified;
        case CardState::verified: return from == CardState::locked;
        case CardState::replaced: return from == CardState::issued;
        case CardState::released: return from == CardState::reserved || from == CardState::writing;
        case CardState::spoiled:
        case CardState::quarantined: return is_open(from);
        default: return from < to;
    }
}

std::string_view name(JobState state) { return job_names[static_cast<std::size_t>(state)]; }
std::optional<JobState> job_state_by_name(std::string_view text) { return find<JobState>(job_names, text); }
std::string_view name(Intent intent) { return intent_names[static_cast<std::size_t>(intent)]; }

}  // namespace idchip::ledger
