// A card's way from reserved to its end.
#include <fmt/format.h>

#include "base/try.hpp"
#include "ledger/ledger_impl.hpp"

namespace idchip::ledger {
namespace {

// A job whose card is worked on keeps its worker.
constexpr std::int64_t lease_of_card = 3600;
constexpr std::int64_t before_all_others = -1;  // of its priority

Result<Card> find(Ledger::Impl& l, std::int64_t id) {
    const auto rows = TRY(l.connection->run(l.locked("SELECT " + card_columns + " FROM card WHERE id = $1"), {id}));
    if (rows.empty()) return fail(Errc::ledger_order, "card " + std::to_string(id), "there is no such card");
    return card_of(rows[0]);
}

Failure out_of_order(const Card& card, std::string_view step) {
    return fail(Errc::ledger_order, "card " + std::to_string(card.id), fmt::format("it is {}; {} does not follow", name(card.state), step));
}

Cell or_null(const std::string& text) { return text.empty() ? Cell() : Cell(text); }

Result<void> take_news(Ledger::Impl& l, const Card& card, CardState to, const News& news, Instant now) {
    TRY(l.connection->run(
        "UPDATE card SET state = $2, intent = '', sod_hash = COALESCE($3, sod_hash), condition = COALESCE($4, condition),"
        " error = COALESCE($5, error), changed = $6 WHERE id = $1",
        {card.id, std::string(name(to)), or_null(news.sod_hash), or_null(news.condition), or_null(news.error), now.seconds}));
    return {};
}

std::string detail_of(const News& news) {
    std::string text;
    for (const auto& [what, value] :
         {std::pair("EF.SOD", &news.sod_hash), std::pair("condition", &news.condition), std::pair("error", &news.error)})
        if (!value->empty()) text += fmt::format("{}{} {}", text.empty() ? "" : "; ", what, *value);
    return text;
}

Result<void> count_issued(Ledger::Impl& l, std::int64_t job, Instant now) {
    TRY(
        l.connection->run("INSERT INTO daily (station, province, district, commune, day, n)"
                          " SELECT $2, province, district, commune, $3, 1 FROM job WHERE id = $1"
                          // A person who has a new card for the old one is no second person with a card.
                          " AND NOT EXISTS (SELECT 1 FROM job AS old WHERE old.record = job.record AND old.state = 'replaced')"
                          " ON CONFLICT (station, province, district, commune, day) DO UPDATE SET n = daily.n + 1",
                          {job, l.station, days_since_epoch(date_of(now))}));
    return {};
}

JobState after(CardState end, Rework rework) {
    if (end == CardState::issued) return JobState::issued;
    return rework == Rework::reject ? JobState::rejected : JobState::queued;
}

}  // namespace

Result<Card> Ledger::reserve(std::int64_t job, const Blank& blank, Instant now) {
    const std::scoped_lock lock(impl_->mutex);
    auto& l = *impl_;
    auto transaction = TRY(l.begin(Durability::lazy));
    const auto held = TRY(l.connection->run("UPDATE job SET lease_until = $2 WHERE id = $1 AND state = 'in_work' RETURNING id",
                                            {job, now.seconds + lease_of_card}));
    if (held.empty()) return fail(Errc::ledger_order, "job " + std::to_string(job), "nobody has claimed it");
    const auto rows =
        TRY(l.connection->run("INSERT INTO card (job, chip, profile, profile_hash, station, reader, state, intent, sod_hash,"
                              " condition, error, started, changed)"
                              " VALUES ($1, $2, $3, $4, $5, $6, 'reserved', '', NULL, '', '', $7, $7) RETURNING " +
                                  card_columns,
                              {job, or_null(blank.chip), blank.profile, blank.profile_hash, l.station, blank.reader, now.seconds}));
    auto card = card_of(rows[0]);
    TRY(l.record("reserved", job, card.id, origin(card), now));
    TRY(transaction.commit());
    return card;
}

Result<void> Ledger::intend(std::int64_t id, Intent intent, Instant now) {
    std::unique_lock lock(impl_->mutex);
    auto& l = *impl_;
    auto transaction = TRY(l.begin(Durability::grouped));
    const auto card = TRY(find(l, id));
    if (!is_open(card.state)) return out_of_order(card, name(intent));
    // From here on the chip may be no blank any more.
    const auto state = std::max(card.state, CardState::writing);
    TRY(l.connection->run("UPDATE card SET intent = $2, state = $3, changed = $4 WHERE id = $1",
                          {id, std::string(name(intent)), std::string(name(state)), now.seconds}));
    if (state != card.state) TRY(l.record(name(state), card.job, id, "", now));
    TRY(l.record("intent", card.job, id, std::string(name(intent)), now));
    TRY(transaction.commit());
    lock.unlock();
    return l.connection->sync();
}

Result<void> Ledger::advance(std::int64_t id, CardState to, const News& news, Instant now) {
    std::unique_lock lock(impl_->mutex);
    auto& l = *impl_;
    // A chip without a name is told from a blank by this alone.
    const auto durability = to == CardState::written ? Durability::grouped : Durability::lazy;
    auto transaction = TRY(l.begin(durability));
    const auto card = TRY(find(l, id));
    if (!is_open(card.state) || !is_open(to)) return out_of_order(card, name(to));
    const bool again = to <= card.state;
    if (!again && !may_follow(card.state, to)) return out_of_order(card, name(to));
    TRY(take_news(l, card, again ? card.state : to, news, now));
    TRY(l.record(again ? "again" : name(to), card.job, id, again ? std::string(name(to)) : detail_of(news), now));
    TRY(transaction.commit());
    lock.unlock();
    return durability == Durability::grouped ? l.connection->sync() : Result<void>();
}

Result<void> Ledger::finish(std::int64_t id, CardState end, const News& news, Rework rework, Instant now) {
    std::unique_lock lock(impl_->mutex);
    auto& l = *impl_;
    auto transaction = TRY(l.begin(Durability::grouped));
    const auto card = TRY(find(l, id));
    if (is_open(end) || !may_follow(card.state, end)) return out_of_order(card, name(end));
    TRY(take_news(l, card, end, news, now));
    const auto state = after(end, rework);
    // A card that was not touched costs the job nothing.
    const std::int64_t attempt = end == CardState::spoiled || end == CardState::quarantined ? 1 : 0;
    TRY(l.connection->run(
        "UPDATE job SET state = $2, worker = '', lease_until = 0, attempts = attempts + $3, turn = $4, reason = $5"
        " WHERE id = $1",
        {card.job, std::string(name(state)), attempt, std::int64_t{rework == Rework::at_once ? before_all_others : attempt},
         std::string(state == JobState::rejected ? "no card became its document" : "")}));
    TRY(l.count(job_count(JobState::in_work), -1));
    TRY(l.count(job_count(state), 1));
    TRY(l.count(card_count(end), 1));
    if (end == CardState::issued) TRY(count_issued(l, card.job, now));
    TRY(l.record(name(end), card.job, id, detail_of(news), now));
    if (state == JobState::rejected) TRY(l.record("rejected", card.job, 0, "no card became its document", now));
    TRY(transaction.commit());
    lock.unlock();
    return l.connection->sync();
}

}  // namespace idchip::ledger
