// The centre's side: bundles into a store of records, in any order, any number of times, without loss or duplicate.
//
// The store is a folder:
//   records.jsonl     what `personalize` reads; grows at its end only
//   portraits/        HASH.jpg, .jp2 or .png: SHA-256 of the file; the names are made here, never taken from a bundle
//   merged.jsonl      the journal: what was taken from where, what was refused and why; it alone says what counts
//   merged.lock
// Of each bundle portraits reach the disk first, then its records, then its lines of the journal. What a crash leaves behind the last
// bundle that the journal closes is cut off when the store is opened next; the bundle is merged again.
#pragma once

#include <functional>
#include <memory>
#include <span>

#include <idchip/bundle/bundle.hpp>
#include <idchip/record/intake.hpp>

namespace idchip::bundle {

struct MergeOptions {
    record::Settings settings;
    record::PortraitRules portrait_rules;
    bool portraits = true;  // whether their pixels are looked at
    Instant now;
    std::function<void()> step = {};  // for tests: called after each change on the disk
};

// Why a record of a bundle was not taken; goes back to the team.
struct Correction {
    std::size_t line = 0;  // of the bundle's text, from 1
    std::string record;    // its name; "line 3" where it has none
    Problem problem;
};

struct MergeReport {
    Manifest manifest;
    bool merged_before = false;       // nothing was changed; `taken` and `known` are what the last time gave that changed something
    bool number_seen_before = false;  // another bundle of the team has this number: its count was lost
    std::uint64_t taken = 0;
    std::uint64_t known = 0;  // the same record, word for word, had come before
    std::uint64_t refused = 0;
    std::vector<Correction> corrections;  // at most ten of a record
};

// Bundles of a team that have not come though a later one has.
struct Gap {
    std::string team;
    std::uint64_t first = 0, last = 0;
};

// Memory: some hundred bytes for each record that was ever taken, and one bundle, a few times over.
class Store {
public:
    // Made when missing. Errors: io.failed (another run has it open), io.disk_full, bundle.bad_store.
    static Result<Store> open(const std::filesystem::path& folder);
    Store(Store&&) noexcept;
    Store& operator=(Store&&) = delete;
    ~Store();

    // All of the bundle is looked at before anything of it is taken. A record is refused alone when record::check finds an error in it,
    // or when another record that was taken before has its name, its number or its portrait. A bundle that comes again is looked at again
    // when some of it was refused: it may be taken now.
    // Errors: input.too_large; those of pki::open; pki.bad_cms, bundle.bad, bundle.altered, bundle.untrusted, crypto.*: nothing was taken.
    // io.*, codec.unavailable: nothing counts as taken either, but the store is not usable any more and must be opened anew.
    Result<MergeReport> merge(ByteView bundle, const pki::Certificate& own, const crypto::PrivateKey& key,
                              std::span<const pki::Certificate> teams, const MergeOptions& options);

    bool usable() const;
    std::uint64_t records() const;
    std::uint64_t cut_off() const;  // bytes that an interrupted merge had left when the store was opened
    std::vector<Gap> missing() const;

    struct Impl;

private:
    explicit Store(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace idchip::bundle
