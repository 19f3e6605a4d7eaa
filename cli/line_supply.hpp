// Where a line's work comes from: jobs out of the ledger, their records out of files, made into signed documents.
#pragma once

#include <mutex>

#include <idchip/line/crew.hpp>
#include <idchip/line/shelf.hpp>

#include "document_jobs.hpp"
#include "issuance.hpp"

namespace idchip::cli {

class LineSupply {
public:
    LineSupply(Issuance& issuance, ledger::Ledger& ledger, DocumentStyle style, record::Settings settings, std::int64_t lease_seconds)
        : issuance_(issuance), ledger_(ledger), style_(std::move(style)), shelf_(std::move(settings)), lease_seconds_(lease_seconds) {}

    // No other program works as this station; what an earlier one had claimed and not begun goes back. Errors: ledger.*.
    Result<void> begin();
    // The next document. A record that cannot become one is rejected, and told to `sink`. Errors: everything that is not one record's fault.
    Result<std::optional<line::Ready>> next(const std::function<void(const line::Event&)>& sink);
    // Of a card that is open. Errors: as above, and the record's own.
    Result<line::Ready> again(const ledger::Job& job);

private:
    Result<line::Ready> make(const ledger::Job& job, Issuance::Letter letter);
    Result<void> after(const std::string& pool_id, const personalize::Job& job, const line::Made& made);

    Issuance& issuance_;
    ledger::Ledger& ledger_;
    DocumentStyle style_;
    line::Shelf shelf_;
    std::int64_t lease_seconds_;
    std::mutex mutex_;
};

}  // namespace idchip::cli
