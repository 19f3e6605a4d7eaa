// Jobs: into the queue, out of it, back, and anew.
#include <fmt/format.h>

#include "base/try.hpp"
#include "ledger/ledger_impl.hpp"

namespace idchip::ledger {
namespace {

// Nobody is making a card of it.
const std::string without_card =
    "NOT EXISTS (SELECT 1 FROM card WHERE card.job = job.id"
    " AND card.state IN ('reserved', 'writing', 'written', 'read_back', 'locked', 'verified'))";

Failure out_of_order(const Job& job, std::string_view wanted) {
    return fail(Errc::ledger_order, "job " + std::to_string(job.id), fmt::format("it is {}, not {}", name(job.state), wanted));
}

Result<Job> find(Ledger::Impl& l, std::int64_t id) {
    const auto rows = TRY(l.connection->run(l.locked("SELECT " + job_columns + " FROM job WHERE id = $1"), {id}));
    if (rows.empty()) return fail(Errc::ledger_order, "job " + std::to_string(id), "there is no such job");
    return job_of(rows[0]);
}

Result<std::optional<Job>> insert(Connection& c, const NewJob& j, std::int64_t reprint, const std::string& batch) {
    const auto rows =
        TRY(c.run("INSERT INTO job (record, reprint, document_number, province, district, commune, priority, turn, source,"
                  " position, digest, portrait, state, attempts, worker, lease_until, reason, batch)"
                  " VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8, $9, $10, $12, 'queued', 0, '', 0, '', $11)"
                  " ON CONFLICT DO NOTHING RETURNING " +
                      job_columns,
                  {j.record, reprint, j.document_number, j.province, j.district, j.commune, j.priority.value_or(0), j.source, j.position,
                   j.digest, batch, j.portrait}));
    return rows.empty() ? std::nullopt : std::optional(job_of(rows[0]));
}

// A document was made of this record, and is live no more: another one is for two operators to decide.
Result<bool> was_made(Connection& c, const std::string& record) {
    return !TRY(c.run("SELECT 1 FROM job WHERE record = $1 AND state = 'replaced' LIMIT 1", {record})).empty();
}

// The document of this job is live no more.
Result<void> replace(Ledger::Impl& l, std::int64_t id, const std::string& release, Instant now) {
    TRY(l.connection->run("UPDATE job SET state = 'replaced' WHERE id = $1", {id}));
    TRY(l.connection->run("UPDATE card SET state = 'replaced', changed = $2 WHERE job = $1 AND state = 'issued'", {id, now.seconds}));
    for (const auto& [what, difference] : {std::pair(job_count(JobState::issued), -1), std::pair(job_count(JobState::replaced), 1),
                                           std::pair(card_count(CardState::issued), -1), std::pair(card_count(CardState::replaced), 1)})
        TRY(l.count(what, difference));
    const auto card = TRY(l.connection->run("SELECT id FROM card WHERE job = $1 AND state = 'replaced'", {id}));
    return l.record("replaced", id, card.empty() ? 0 : card[0].number(0), release, now);
}

// What becomes of a record that could not be inserted.
class Again {
public:
    Again(Ledger::Impl& l, std::string batch) : l_(l), batch_(std::move(batch)) {}

    // The job that was made of it after all.
    Result<std::optional<Job>> settle(const NewJob& given, std::size_t place, Added& result) {
        const auto rows =
            TRY(l_.connection->run("SELECT " + job_columns + " FROM job WHERE record = $1 ORDER BY reprint DESC LIMIT 1", {given.record}));
        if (rows.empty()) return refuse(place, result);
        const auto old = job_of(rows[0]);
        if (old.digest == given.digest && (old.portrait == given.portrait || old.portrait.empty() || given.portrait.empty()))
            return known(old, given, result);
        if (TRY(was_made(*l_.connection, given.record))) {
            result.made_before.push_back(place);
            return std::optional<Job>();
        }
        if (old.state != JobState::rejected) {
            result.changed.push_back(place);
            return std::optional<Job>();
        }
        auto corrected = TRY(insert(*l_.connection, given, old.reprint + 1, batch_));
        if (!corrected) return refuse(place, result);
        return corrected;
    }
    std::uint64_t moved() const { return moved_; }

private:
    static Result<std::optional<Job>> refuse(std::size_t place, Added& result) {
        result.refused.push_back(place);
        return std::optional<Job>();
    }

    Result<std::optional<Job>> known(const Job& old, const NewJob& given, Added& result) {
        ++result.known;
        if (old.source != given.source || old.position != given.position)
            TRY(l_.connection->run("UPDATE job SET source = $2, position = $3 WHERE record = $1 AND digest = $4",
                                   {given.record, given.source, given.position, given.digest}));
        if (old.state == JobState::queued && given.priority && old.priority != *given.priority) {
            TRY(l_.connection->run("UPDATE job SET priority = $2 WHERE id = $1", {old.id, *given.priority}));
            ++moved_;
        }
        return std::optional<Job>();
    }

    Ledger::Impl& l_;
    std::string batch_;
    std::uint64_t moved_ = 0;
};

}  // namespace

Result<Added> Ledger::add(std::span<const NewJob> jobs, Instant now) {
    const std::scoped_lock lock(impl_->mutex);
    auto& l = *impl_;
    auto transaction = TRY(l.begin());
    const auto batch = TRY(l.next_event());
    Again again(l, batch);
    Added result;
    BatchDigest digest;
    for (std::size_t i = 0; i < jobs.size(); ++i) {
        auto job = TRY(insert(*l.connection, jobs[i], 0, batch));
        if (!job) job = TRY(again.settle(jobs[i], i, result));
        if (!job) continue;
        digest.add(*job);
        ++result.added;
    }
    if (result.added != 0) {
        TRY(l.count(job_count(JobState::queued), static_cast<std::int64_t>(result.added)));
        TRY(l.record("queued", 0, 0, fmt::format("{} records; {}", result.added, digest.value()), now));
    }
    if (again.moved() != 0) TRY(l.record("priority", 0, 0, fmt::format("{} records that wait have another one", again.moved()), now));
    TRY(transaction.commit());
    return result;
}

Result<std::optional<Job>> Ledger::claim(const std::string& worker, std::int64_t lease_seconds, Instant now) {
    const std::scoped_lock lock(impl_->mutex);
    auto& l = *impl_;
    // Several stations take from the front without waiting for each other.
    static const std::string passing = " FOR UPDATE SKIP LOCKED";
    const auto& skip = l.connection->dialect() == Dialect::postgresql ? passing : std::string();
    const auto take = [&](const std::string& which, bool expired) -> Result<std::optional<Job>> {
        const auto rows = TRY(l.connection->run("UPDATE job SET state = 'in_work', worker = $1, lease_until = $2 WHERE id = (" + which +
                                                    " LIMIT 1" + skip + ") RETURNING " + job_columns,
                                                {worker, now.seconds + lease_seconds, now.seconds}));
        if (rows.empty()) return std::optional<Job>();
        if (!expired) {
            TRY(l.count(job_count(JobState::queued), -1));
            TRY(l.count(job_count(JobState::in_work), 1));
        }
        return std::optional(job_of(rows[0]));
    };
    auto transaction = TRY(Transaction::begin(*l.connection, Durability::lazy));
    // $3 is not needed by the first, but both databases want every parameter named.
    auto job =
        TRY(take("SELECT id FROM job WHERE state = 'queued' AND CAST($3 AS BIGINT) IS NOT NULL ORDER BY priority DESC, turn, id", false));
    // What this worker has claimed itself, it still has.
    if (!job)
        job = TRY(take("SELECT id FROM job WHERE state = 'in_work' AND worker <> $1 AND lease_until < $3 AND " + without_card +
                           " ORDER BY priority DESC, lease_until, id",
                       true));
    TRY(transaction.commit());
    return job;
}

Result<void> Ledger::give_back(const Job& claimed) {
    const std::scoped_lock lock(impl_->mutex);
    auto& l = *impl_;
    auto transaction = TRY(Transaction::begin(*l.connection, Durability::lazy));
    const auto id = claimed.id;
    const auto job = TRY(find(l, id));
    if (job.state != JobState::in_work) return out_of_order(job, "in work");
    if (job.worker != claimed.worker) return fail(Errc::ledger_order, "job " + std::to_string(id), "another worker has it");
    const auto back = TRY(l.connection->run(
        "UPDATE job SET state = 'queued', worker = '', lease_until = 0 WHERE id = $1 AND " + without_card + " RETURNING id", {id}));
    if (back.empty()) return fail(Errc::ledger_order, "job " + std::to_string(id), "a card is being made of it");
    TRY(l.count(job_count(JobState::in_work), -1));
    TRY(l.count(job_count(JobState::queued), 1));
    return transaction.commit();
}

Result<std::int64_t> Ledger::give_back_all(const std::string& worker) {
    const std::scoped_lock lock(impl_->mutex);
    auto& l = *impl_;
    auto transaction = TRY(Transaction::begin(*l.connection, Durability::lazy));
    const auto back =
        TRY(l.connection->run("UPDATE job SET state = 'queued', worker = '', lease_until = 0 WHERE state = 'in_work' AND worker = $1 AND " +
                                  without_card + " RETURNING id",
                              {worker}));
    const auto count = static_cast<std::int64_t>(back.size());
    if (count != 0) {
        TRY(l.count(job_count(JobState::in_work), -count));
        TRY(l.count(job_count(JobState::queued), count));
    }
    TRY(transaction.commit());
    return count;
}

Result<void> Ledger::reject(std::int64_t id, const std::string& reason, Instant now) {
    const std::scoped_lock lock(impl_->mutex);
    auto& l = *impl_;
    auto transaction = TRY(l.begin());
    const auto job = TRY(find(l, id));
    if (job.state != JobState::queued && job.state != JobState::in_work) return out_of_order(job, "queued or in work");
    const auto rows = TRY(l.connection->run(
        "UPDATE job SET state = 'rejected', worker = '', lease_until = 0, reason = $2 WHERE id = $1 AND " + without_card + " RETURNING id",
        {id, reason}));
    if (rows.empty()) return fail(Errc::ledger_order, "job " + std::to_string(id), "a card is being made of it");
    TRY(l.count(job_count(job.state), -1));
    TRY(l.count(job_count(JobState::rejected), 1));
    TRY(l.record("rejected", id, 0, reason, now));
    return transaction.commit();
}

Result<void> Ledger::requeue(std::int64_t id, const std::string& reason, Instant now) {
    const std::scoped_lock lock(impl_->mutex);
    auto& l = *impl_;
    auto transaction = TRY(l.begin());
    const auto job = TRY(find(l, id));
    if (job.state != JobState::rejected) return out_of_order(job, "rejected");
    if (!TRY(l.connection->run("SELECT 1 FROM job WHERE record = $1 AND reprint > $2 LIMIT 1", {job.record, job.reprint})).empty())
        return fail(Errc::ledger_order, "job " + std::to_string(id), "the record was corrected since");
    TRY(l.connection->run("UPDATE job SET state = 'queued', attempts = 0, turn = 0, reason = '' WHERE id = $1", {id}));
    TRY(l.count(job_count(JobState::rejected), -1));
    TRY(l.count(job_count(JobState::queued), 1));
    TRY(l.record("requeued", id, 0, reason, now));
    return transaction.commit();
}

Result<Job> Ledger::reprint(std::int64_t id, const NewJob& anew, const std::string& release, Instant now) {
    const std::scoped_lock lock(impl_->mutex);
    auto& l = *impl_;
    auto transaction = TRY(l.begin());
    const auto old = TRY(find(l, id));
    const bool is_live = old.state == JobState::issued;
    // A reprint that was rejected before it was made: the document that it was for is replaced already.
    if (!is_live && (old.state != JobState::rejected || !TRY(was_made(*l.connection, old.record)))) return out_of_order(old, "issued");
    if (old.record != anew.record) return fail(Errc::ledger_order, "job " + std::to_string(id), "the reprint is of another record");
    TRY(l.count(job_count(JobState::queued), 1));
    if (is_live) TRY(replace(l, id, release, now));
    const auto made = TRY(insert(*l.connection, anew, old.reprint + 1, TRY(l.next_event())));
    if (!made) return fail(Errc::ledger_known, "live_number", "the new document number is another record's");
    BatchDigest digest;
    digest.add(*made);
    TRY(l.record("reprint", made->id, 0, fmt::format("1 records; {}; of job {}; {}", digest.value(), id, release), now));
    TRY(transaction.commit());
    return *made;
}

Result<void> Ledger::receive_blanks(std::int64_t count, const std::string& note, Instant now) {
    const std::scoped_lock lock(impl_->mutex);
    auto transaction = TRY(impl_->begin());
    TRY(impl_->count("stock", count));
    TRY(impl_->record("stock", 0, 0, fmt::format("{} blanks; {}", count, note), now));
    return transaction.commit();
}

Result<void> Ledger::record_disclosure(const std::string& what, const std::string& reason, Instant now) {
    const std::scoped_lock lock(impl_->mutex);
    auto transaction = TRY(impl_->begin());
    TRY(impl_->record("disclosed", 0, 0, what + "; " + reason, now));
    return transaction.commit();
}

}  // namespace idchip::ledger
