// What the parts of the ledger share: the connection, one caller at a time, and the writing of events.
#pragma once

#include <mutex>

#include <idchip/ledger/ledger.hpp>

#include "ledger/sql.hpp"

namespace idchip::ledger {

struct Ledger::Impl {
    std::unique_ptr<Connection> connection;
    std::string station;
    std::mutex mutex;

    // A change that will be written down. The end of the chain is locked first: programs of one station that lock in another order would wait for
    // each other.
    Result<Transaction> begin(Durability durability = Durability::at_once) const;
    // Within a transaction. The name that the next event of this chain will have: "station/17".
    Result<std::string> next_event() const;
    // The next link of this station's chain.
    Result<void> record(std::string_view kind, std::int64_t job, std::int64_t card, const std::string& detail, Instant now);
    Result<void> count(const std::string& what, std::int64_t difference);
    // Where another station could be at the same row: SQLite has one writer anyway.
    std::string locked(std::string statement) const {
        return connection->dialect() == Dialect::postgresql ? statement + " FOR UPDATE" : statement;
    }
};

// The columns of a job or a card, in the order in which these read them.
extern const std::string job_columns, card_columns;
Job job_of(const Row& row);
Card card_of(const Row& row);

// Of a card that was reserved: its chip, its profile, its reader.
std::string origin(const Card& card);

std::string job_count(JobState state);    // "job.queued": its name among the sums
std::string card_count(CardState state);  // "card.spoiled"

// Of what is never changed in the jobs of a batch, one after the other. Where a record stands is: files are moved.
class BatchDigest {
public:
    void add(const Job& job);
    std::string value() const { return hash_; }

private:
    std::string hash_;
};

// What is hashed: every field with its length, so that no two events look alike. `previous`: the hash before, empty at the beginning.
std::string event_hash(const Event& event, std::string_view previous);

}  // namespace idchip::ledger
