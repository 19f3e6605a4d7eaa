// One document onto one chip. Whatever happens, the result says what state the chip is in.
#pragma once

#include <set>

#include <idchip/card_keys/card_keys.hpp>
#include <idchip/inspect/reader.hpp>
#include <idchip/inspect/judge.hpp>
#include <idchip/personalize/chip_keys.hpp>
#include <idchip/personalize/document.hpp>
#include <idchip/profile/plan.hpp>

namespace idchip::personalize {

// What is known of the chip when the run ends.
enum class ChipCondition {
    untouched,      // blank, as it was before
    key_refused,    // it refused our key: a try is used up; not locked
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

enum class Stage { identify, generate, write, read_back, lock, prove, inspect };
std::string_view name(Stage stage);

// What a ledger wants to know, in this order; what cannot be undone, and what the chip counts, is told before it is done.
enum class Milestone {
    identified,      // this chip, or none with a name; told again whenever the chip is opened anew
    authenticating,  // the next command makes the chip try our key
    writing,         // the next command changes the chip
    written,         // all files; `sod_hash` is known
    read_back,
    locking,  // the next command locks
    locked,   // proven, or found and compared with this document
    accepted,
};

struct Outcome;

struct Options {
    bool resume = false;  // continue on a chip that an interrupted run left behind
    card_keys::Source* keys = nullptr;
    // Serial numbers (hexadecimal) of the blanks that belong here; nothing: any card of the profile's kind. A GlobalPlatform card without
    // one goes by its key diversification data, which it tells before it is given a key.
    const std::set<std::string>* stock = nullptr;
    std::function<void(Stage stage, std::size_t done, std::size_t total)> progress;
    // An error stops the run at the milestone.
    std::function<Result<void>(Milestone milestone, const Outcome& so_far)> journal;
};

struct Outcome {
    ChipCondition condition = ChipCondition::untouched;
    std::optional<Error> failure;
    std::optional<inspect::Verdict> verdict;
    std::size_t commands = 0;      // of the plan
    unsigned authentications = 0;  // how often the card was asked to take our key
    std::string serial;            // hexadecimal, as the card tells it (GlobalPlatform: the key diversification data); empty: it tells none
    std::string sod_hash;          // SHA-256 of the chip's EF.SOD, hexadecimal, when it is known
    bool read_back = false;        // all files were compared byte by byte before the lock
    bool lock_proven = false;      // by this run: a command of the issuer was refused after the lock
    bool was_finished = false;     // resume found the chip already finished
};

// What the run needs of a document: made, but not signed; the run signs it when all data groups are known.
struct Job {
    Document document;
    ChipKeys keys;
    pki::ContentSigner& signer;
};

// The whole way: identify, open, generate keys, sign, write, read back and compare, lock, prove the lock, inspect as a checkpoint would.
Outcome personalize(transport::Transport& transport, const profile::Profile& profile, Job& job, const pki::TrustStore& trust, Rng& rng,
                    Instant now, const Options& options);

// Signs what can be signed before a chip is there: everything, unless the chip makes its own keys. The run takes it as it is; `keys` are
// those of the run. Errors: profile.bad, signer.*.
Result<void> sign_ahead(Document& document, const profile::Profile& profile, const ChipKeys& keys, pki::ContentSigner& signer, Instant now);

struct Identified {
    profile::ChipState state = profile::ChipState::blank;
    Bytes serial;
};
// Which state the profile's probes find the chip in. Errors: transport.*, profile.mismatch.
Result<Identified> identify(transport::Transport& transport, const profile::Profile& profile, Rng& rng);
// The same; a card that tells its name only when a secure channel opens is asked for it so. No key is tried. Errors: as identify.
Result<Identified> recognize(transport::Transport& transport, const profile::Profile& profile, Rng& rng);

}  // namespace idchip::personalize
