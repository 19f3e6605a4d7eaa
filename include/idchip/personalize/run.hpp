// One document onto one chip. Whatever happens, the result says what state the chip is in.
#pragma once

#include <idchip/inspect/reader.hpp>
#include <idchip/inspect/judge.hpp>
#include <idchip/personalize/document.hpp>
#include <idchip/profile/plan.hpp>

namespace idchip::personalize {

// What is known of the chip when the run ends.
enum class ChipCondition {
    untouched,      // blank, as it was before
    found_written,  // written by an earlier run, not locked; not touched now
    found_locked,   // locked by an earlier run; not touched now
    half_written,   // not locked; can be written again with --resume
    written,        // complete and not locked; can be finished with --resume
    lock_unknown,   // the lock was sent, its effect is not known: ask the chip (--resume does)
    locked,         // locked, but not accepted: quarantine
    finished,       // locked, proven, accepted
};
std::string_view name(ChipCondition condition);
std::string_view next_action(ChipCondition condition);

enum class Stage { identify, write, read_back, lock, prove, inspect };
std::string_view name(Stage stage);

struct Options {
    bool resume = false;  // continue on a chip that an interrupted run left behind
    std::function<void(Stage stage, std::size_t done, std::size_t total)> progress;
};

struct Outcome {
    ChipCondition condition = ChipCondition::untouched;
    std::optional<Error> failure;
    std::optional<inspect::Verdict> verdict;
    std::size_t commands = 0;
    bool was_finished = false;  // resume found the chip already finished
};

// The whole way: identify, write, read back and compare, lock, prove the lock, inspect as a checkpoint would.
Outcome personalize(transport::Transport& transport, const profile::Profile& profile, const Document& document,
                    const pki::TrustStore& trust, Rng& rng, Instant now, const Options& options);

// Which state the profile's probes find the chip in. Errors: transport.*, profile.mismatch.
Result<profile::ChipState> identify(transport::Transport& transport, const profile::Profile& profile);

}  // namespace idchip::personalize
