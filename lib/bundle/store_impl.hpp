// What a store keeps in memory of everything that was ever taken.
#pragma once

#include <map>
#include <set>
#include <unordered_map>

#include "bundle/growing_file.hpp"
#include "bundle/journal.hpp"

namespace idchip::bundle {

struct Store::Impl {
    struct Place {
        std::uint32_t bundle = 0, line = 0;  // index into `bundles`
    };
    struct Known {
        Digest content;
        Place place;
    };
    template <class Value>
    using ByDigest = std::unordered_map<Digest, Value, DigestHash>;

    std::filesystem::path folder;
    Descriptor lock;
    GrowingFile records, journal;
    std::uint64_t cut_off = 0;
    bool broken = false;  // a write failed: what is in memory may be more than what counts

    ByDigest<Known> by_name;
    ByDigest<Place> by_number, by_portrait;
    std::vector<Closed> bundles;
    std::unordered_map<std::string, std::size_t> by_content;  // hash of a bundle's text -> index into `bundles`, of the last time
    std::set<std::string> bundle_names;
    std::map<std::string, std::set<std::uint64_t>> numbers;  // of each team's bundles

    Impl(std::filesystem::path f, Descriptor l, GrowingFile r, GrowingFile j)
        : folder(std::move(f)), lock(std::move(l)), records(std::move(r)), journal(std::move(j)) {}

    std::filesystem::path journal_path() const { return folder / "merged.jsonl"; }
    // Of the bundle that `bundles` gets next.
    void remember(const Taken& taken);
    void remember(Closed closed);
    // Records of the same bundle, as the journal would have had them.
    void forget(std::string_view lines);
    // Reads the journal, and cuts off what an interrupted merge has left. Errors: bundle.bad_store, io.*.
    Result<void> read_back();
    // "line 3 of bundle ... of north"; the bundle that is just being merged is not among `bundles` yet.
    std::string text(Place place, const Manifest& current) const;
};

}  // namespace idchip::bundle
