#include "ledger/ledger_impl.hpp"

#include <fmt/format.h>

#include <idchip/crypto/hash.hpp>

#include "base/try.hpp"

namespace idchip::ledger {

const std::string job_columns =
    "id, record, document_number, reprint, province, district, commune, priority, source, position, digest, state, attempts, worker, reason,"
    " portrait";
const std::string card_columns =
    "id, job, chip, profile, profile_hash, station, reader, state, intent, sod_hash, condition, error, started, changed";

Job job_of(const Row& r) {
    return {r.number(0),  r.text(1),   r.text(2),  r.number(3), r.text(4),  r.text(5),
            r.text(6),    r.number(7), r.text(8),  r.number(9), r.text(10), job_state_by_name(r.text(11)).value_or(JobState::rejected),
            r.number(12), r.text(13),  r.text(14), r.text(15)};
}

Card card_of(const Row& r) {
    return {r.number(0),    r.number(1),   r.text(2),  r.text(3),
            r.text(4),      r.text(5),     r.text(6),  card_state_by_name(r.text(7)).value_or(CardState::quarantined),
            r.text(8),      r.text(9),     r.text(10), r.text(11),
            {r.number(12)}, {r.number(13)}};
}

std::string job_count(JobState state) { return "job." + std::string(name(state)); }
std::string card_count(CardState state) { return "card." + std::string(name(state)); }

std::string origin(const Card& card) {
    return fmt::format("chip {}; {} {}; {}", card.chip.empty() ? "without a name" : card.chip, card.profile, card.profile_hash,
                       card.reader);
}

namespace {

std::string hash_of(std::initializer_list<std::string_view> parts) {
    std::string text;
    for (const auto part : parts) text += fmt::format("{}:{},", part.size(), part);
    return to_hex(crypto::hash(crypto::HashAlg::sha256, as_bytes(text)));
}

}  // namespace

void BatchDigest::add(const Job& j) {
    // What is signed of a portrait stands beside the values; batches from before there was such a thing say nothing of it.
    hash_ = hash_of({hash_, std::to_string(j.id), j.record, std::to_string(j.reprint), j.document_number, j.province, j.district, j.commune,
                     j.portrait.empty() ? j.digest : j.digest + " " + j.portrait});
}

std::string event_hash(const Event& e, std::string_view previous) {
    return hash_of({previous, e.chain, std::to_string(e.sequence), std::to_string(e.at.seconds), e.kind, std::to_string(e.job),
                    std::to_string(e.card), e.detail});
}

Result<Transaction> Ledger::Impl::begin(Durability durability) const {
    auto transaction = TRY(Transaction::begin(*connection, durability));
    if (connection->dialect() == Dialect::postgresql) TRY(connection->run("SELECT 1 FROM chain WHERE name = $1 FOR UPDATE", {station}));
    return transaction;
}

Result<std::string> Ledger::Impl::next_event() const {
    const auto head = TRY(connection->run(locked("SELECT sequence FROM chain WHERE name = $1"), {station}));
    if (head.empty()) return fail(Errc::ledger_tampered, station, "its chain is not there");
    return fmt::format("{}/{}", station, head[0].number(0) + 1);
}

Result<void> Ledger::Impl::record(std::string_view kind, std::int64_t job, std::int64_t card, const std::string& detail, Instant now) {
    const auto head = TRY(connection->run(locked("SELECT sequence, hash FROM chain WHERE name = $1"), {station}));
    if (head.empty()) return fail(Errc::ledger_tampered, station, "its chain is not there");
    Event e{station, head[0].number(0) + 1, now, std::string(kind), job, card, detail, {}};
    e.hash = event_hash(e, head[0].text(1));
    TRY(connection->run("INSERT INTO event (chain, sequence, at, kind, job, card, detail, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                        {station, e.sequence, now.seconds, e.kind, job, card, detail, e.hash}));
    TRY(connection->run("UPDATE chain SET sequence = $2, hash = $3 WHERE name = $1", {station, e.sequence, e.hash}));
    return {};
}

Result<void> Ledger::Impl::count(const std::string& what, std::int64_t difference) {
    TRY(
        connection->run("INSERT INTO tally (station, what, n) VALUES ($1, $2, $3)"
                        " ON CONFLICT (station, what) DO UPDATE SET n = tally.n + excluded.n",
                        {station, what, difference}));
    return {};
}

}  // namespace idchip::ledger
