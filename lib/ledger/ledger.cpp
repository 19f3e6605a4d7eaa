// Opening, and the questions that change nothing.
#include "base/try.hpp"
#include "ledger/ledger_impl.hpp"
#include "ledger/schema.hpp"

namespace idchip::ledger {
namespace {

template <class T, class Read>
std::vector<T> all_of(const Rows& rows, Read read) {
    std::vector<T> result;
    result.reserve(rows.size());
    for (const auto& row : rows) result.push_back(read(row));
    return result;
}

template <class T, class Read>
std::optional<T> first_of(const Rows& rows, Read read) {
    return rows.empty() ? std::nullopt : std::optional<T>(read(rows[0]));
}

Event event_of(const Row& r) { return {r.text(0), r.number(1), {r.number(2)}, r.text(3), r.number(4), r.number(5), r.text(6), r.text(7)}; }

bool is_address(const std::string& where) { return where.starts_with("postgresql://") || where.starts_with("postgres://"); }

// A password within the address would stand in the list of processes.
Result<void> check_address(const std::string& address) {
    const auto host = address.find("://") + 3;
    const auto at = address.find('@', host), colon = address.find(':', host);
    const bool is_parameter = address.find("password=") != std::string::npos;
    if (is_parameter || (at != std::string::npos && colon < at))
        return fail(Errc::bad_field, "--ledger", "a password does not belong into the address: use a password file (PGPASSFILE)");
    return {};
}

}  // namespace

Ledger::Ledger(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Ledger::Ledger(Ledger&&) noexcept = default;
Ledger& Ledger::operator=(Ledger&&) noexcept = default;
Ledger::~Ledger() = default;

Result<Ledger> Ledger::open(const std::string& where, const std::string& station, Instant now) {
    auto impl = std::make_unique<Impl>();
    if (is_address(where)) TRY(check_address(where));
    impl->connection = is_address(where) ? TRY(open_postgresql(where)) : TRY(open_sqlite(where));
    impl->station = station;
    if (auto prepared = prepare(*impl->connection); !prepared) {
        auto& error = prepared.error();
        if (error.where.empty() && !is_address(where)) error.where = where;
        return fail(std::move(error));
    }
    auto transaction = TRY(Transaction::begin(*impl->connection));
    const auto made = TRY(impl->connection->run(
        "INSERT INTO chain (name, sequence, hash) VALUES ($1, 0, '') ON CONFLICT DO NOTHING RETURNING name", {station}));
    if (!made.empty()) TRY(impl->record("begin", 0, 0, "", now));
    TRY(transaction.commit());
    return Ledger(std::move(impl));
}

Result<void> Ledger::be_alone() {
    const std::scoped_lock lock(impl_->mutex);
    return impl_->connection->hold(impl_->station);
}

const std::string& Ledger::station() const { return impl_->station; }

Result<Status> Ledger::status() {
    const std::scoped_lock lock(impl_->mutex);
    Status s;
    for (const auto& row : TRY(impl_->connection->run("SELECT what, CAST(sum(n) AS BIGINT) FROM tally GROUP BY what"))) {
        const auto what = row.text(0);
        if (what.starts_with("job.")) s.jobs[what.substr(4)] = row.number(1);
        else if (what.starts_with("card.")) s.cards[what.substr(5)] = row.number(1);
        else if (what == "stock") s.stock = row.number(1);
    }
    s.open_cards =
        TRY(impl_->connection->run("SELECT count(*) FROM card WHERE state IN ('reserved', 'writing', 'written', 'read_back',"
                                   " 'locked', 'verified')"))[0]
            .number(0);
    return s;
}

bool may_be_locked(const Card& card) { return card.state >= CardState::locked || card.intent == name(Intent::lock); }

std::int64_t blanks_left(const Status& s) {
    auto left = s.stock - s.open_cards;
    for (const auto* end : {"issued", "replaced", "spoiled", "quarantined"})
        if (const auto found = s.cards.find(end); found != s.cards.end()) left -= found->second;
    return left;
}

Result<std::vector<Card>> Ledger::open_cards() {
    const std::scoped_lock lock(impl_->mutex);
    return all_of<Card>(TRY(impl_->connection->run("SELECT " + card_columns +
                                                   " FROM card WHERE state IN ('reserved', 'writing', 'written', 'read_back', 'locked',"
                                                   " 'verified') ORDER BY id")),
                        card_of);
}

Result<std::optional<Job>> Ledger::job(std::int64_t id) {
    const std::scoped_lock lock(impl_->mutex);
    return first_of<Job>(TRY(impl_->connection->run("SELECT " + job_columns + " FROM job WHERE id = $1", {id})), job_of);
}

Result<std::vector<Job>> Ledger::jobs_of_record(const std::string& record) {
    const std::scoped_lock lock(impl_->mutex);
    return all_of<Job>(TRY(impl_->connection->run("SELECT " + job_columns + " FROM job WHERE record = $1 ORDER BY reprint", {record})),
                       job_of);
}

Result<std::vector<Job>> Ledger::jobs_of_number(const std::string& number) {
    const std::scoped_lock lock(impl_->mutex);
    return all_of<Job>(TRY(impl_->connection->run("SELECT " + job_columns + " FROM job WHERE document_number = $1 ORDER BY id", {number})),
                       job_of);
}

Result<std::optional<Card>> Ledger::card(std::int64_t id) {
    const std::scoped_lock lock(impl_->mutex);
    return first_of<Card>(TRY(impl_->connection->run("SELECT " + card_columns + " FROM card WHERE id = $1", {id})), card_of);
}

Result<std::vector<Card>> Ledger::cards_of_chip(const std::string& chip) {
    const std::scoped_lock lock(impl_->mutex);
    return all_of<Card>(TRY(impl_->connection->run("SELECT " + card_columns + " FROM card WHERE chip = $1 ORDER BY id", {chip})), card_of);
}

Result<std::vector<Card>> Ledger::cards_of_job(std::int64_t job) {
    const std::scoped_lock lock(impl_->mutex);
    return all_of<Card>(TRY(impl_->connection->run("SELECT " + card_columns + " FROM card WHERE job = $1 ORDER BY id", {job})), card_of);
}

Result<std::vector<Event>> Ledger::events_of_job(std::int64_t job) {
    const std::scoped_lock lock(impl_->mutex);
    return all_of<Event>(TRY(impl_->connection->run("SELECT chain, sequence, at, kind, job, card, detail, hash FROM event WHERE job = $1"
                                                    " ORDER BY at, chain, sequence",
                                                    {job})),
                         event_of);
}

Result<std::vector<Issued>> Ledger::issued_by_day() {
    const std::scoped_lock lock(impl_->mutex);
    return all_of<Issued>(TRY(impl_->connection->run("SELECT province, district, commune, day, CAST(sum(n) AS BIGINT) FROM daily"
                                                     " GROUP BY province, district, commune, day ORDER BY day")),
                          [](const Row& r) {
                              return Issued{r.text(0), r.text(1), r.text(2), date_from_days(r.number(3)), r.number(4)};
                          });
}

Result<void> Ledger::each_job(const std::function<Result<void>(const Job&)>& visit) {
    constexpr std::int64_t at_once = 1000;
    for (std::int64_t after = 0;;) {
        std::vector<Job> jobs;
        {
            const std::scoped_lock lock(impl_->mutex);
            jobs = all_of<Job>(
                TRY(impl_->connection->run("SELECT " + job_columns + " FROM job WHERE id > $1 ORDER BY id LIMIT $2", {after, at_once})),
                job_of);
        }
        if (jobs.empty()) return {};
        for (const auto& job : jobs) TRY(visit(job));
        after = jobs.back().id;
    }
}

}  // namespace idchip::ledger
