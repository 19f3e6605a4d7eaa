// What stands of a card when it leaves the machine: signed off, or not, and why.
#pragma once

#include <idchip/personalize/run.hpp>

namespace idchip::cli {

// JSON: record, profile and its hash, card, keys by their fingerprints, files by their hashes, checks, verdict. No content of a file, no
// personal datum but the record's name, no key.
std::string card_record(const personalize::Job& job, const profile::Profile& profile, const personalize::Outcome& outcome, Instant at);

}  // namespace idchip::cli
