// What became of a card and of a job. A card goes forward only; a job comes back to the queue when its card did not become a document.
#pragma once

#include <optional>
#include <string_view>

namespace idchip::ledger {

// Of a chip that a job was given. The order is that of the way.
enum class CardState {
    reserved,     // this chip is for this job; nothing has been sent that changes it
    writing,      // the channel is being opened, or something has been written
    written,      // everything was sent
    read_back,    // and compared
    locked,       // the lock was sent, and is proven or found
    verified,     // a checkpoint would accept it
    issued,       // the end: a live document
    replaced,     // was issued; a reprint stands for it
    spoiled,      // the end: locked or broken, and no document
    quarantined,  // the end for this program: a person must look at it
    released,     // the end: the blank was not touched, as the chip itself says, and is a blank again
};
std::string_view name(CardState state);  // "read_back"
std::optional<CardState> card_state_by_name(std::string_view name);
bool is_open(CardState state);  // reserved to verified
// Forward only, by one step or by more (what a second run finds done); to an end from anywhere before it. `issued` only from `verified`,
// `verified` only from `locked`, `released` only from `reserved` and `writing`, `replaced` only from `issued`.
bool may_follow(CardState from, CardState to);

enum class JobState {
    queued,    // waits for a card
    in_work,   // somebody has claimed it
    issued,    // its document is live
    replaced,  // its document was; a reprint stands for it, made or to be made
    rejected,  // will not be made; the correction list says why
};
std::string_view name(JobState state);
std::optional<JobState> job_state_by_name(std::string_view name);

// What is written down before it is done, because it cannot be undone or because the chip counts it.
enum class Intent { authenticate, write, lock };
std::string_view name(Intent intent);

}  // namespace idchip::ledger
