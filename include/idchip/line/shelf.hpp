// Records between their file and the queue: the ledger keeps where a record stands and what it was, not the record.
#pragma once

#include <map>

#include <idchip/ledger/ledger.hpp>
#include <idchip/record/source.hpp>

namespace idchip::line {

// `checked` has a record and a digest. The number that lives once is the one that records are compared by: of the Vietnamese card the
// personal number, because nine of its digits are the document number.
ledger::NewJob new_job(const record::Checked& checked, const std::string& file, std::optional<std::int64_t> priority);

// Not for several threads at once.
class Shelf {
public:
    explicit Shelf(record::Settings settings) : settings_(std::move(settings)) {}
    // The record as it was queued, checked again. Errors: io.*, input.changed (something else stands there now, or nothing).
    Result<record::Checked> fetch(const ledger::Job& job);

private:
    Result<record::RawRecord> read(const ledger::Job& job);

    record::Settings settings_;
    std::map<std::string, std::unique_ptr<record::Source>> open_;
};

}  // namespace idchip::line
