// Whether anybody has changed what the ledger says: the chains, the rows against the chains, the checkpoints.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/try.hpp"
#include "ledger/ledger_impl.hpp"

namespace idchip::ledger {
namespace {

constexpr std::int64_t at_once = 5000;

struct Link {
    std::int64_t sequence;
    std::string hash;
};

class Audit {
public:
    Audit(Connection& connection, const std::function<bool(const pki::Certificate&)>& trusted) : c_(connection), trusted_(trusted) {}

    Result<Verification> run(std::span<const Checkpoint> kept) {
        const auto transaction = TRY(Transaction::begin_reading(c_));
        TRY(read_checkpoints(kept));
        for (const auto& row : TRY(c_.run("SELECT name, sequence, hash FROM chain ORDER BY name")))
            TRY(walk(row.text(0), {row.number(1), row.text(2)}));
        for (const auto& chain : TRY(c_.run("SELECT DISTINCT chain FROM event WHERE chain NOT IN (SELECT name FROM chain)")))
            find("chain {}: events without a head", chain.text(0));
        for (const auto& [place, checkpoint] : checkpoints_)
            if (!met_.contains(place))
                find("chain {}: a checkpoint was signed over event {}, which is not there", place.first, place.second);
        TRY(compare_cards());
        TRY(compare_jobs());
        TRY(compare_sums());
        return std::move(result_);
    }

private:
    using Place = std::pair<std::string, std::int64_t>;

    template <class... Args>
    void find(fmt::format_string<Args...> text, Args&&... args) {
        result_.findings.push_back(fmt::format(text, std::forward<Args>(args)...));
    }

    Result<void> read_checkpoints(std::span<const Checkpoint> kept) {
        for (const auto& k : kept) check_checkpoint(k);
        for (const auto& r : TRY(c_.run("SELECT chain, sequence, hash, at, signed_statement FROM checkpoint"))) {
            auto signed_statement = from_hex(r.text(4));
            check_checkpoint({r.text(0), r.number(1), r.text(2), {r.number(3)}, signed_statement.value_or(Bytes())});
        }
        return {};
    }

    void check_checkpoint(const Checkpoint& p) {
        ++result_.checkpoints;
        if (const auto why = objection(p); !why.empty()) return find("chain {}: checkpoint at event {}: {}", p.chain, p.sequence, why);
        const auto [at, is_new] = checkpoints_.emplace(Place{p.chain, p.sequence}, p.hash);
        if (!is_new && at->second != p.hash) find("chain {}: two checkpoints over event {} differ", p.chain, p.sequence);
    }

    std::string objection(const Checkpoint& p) const {
        const auto data = pki::SignedData::parse(p.signed_statement);
        if (!data) return data.error().message();
        if (!equal(data->content, as_bytes(p.statement()))) return "it is not this statement that was signed";
        for (const auto& signer : data->signers)
            for (const auto* certificate : data->candidates(signer)) {
                const auto key = certificate->public_key;
                if (!key || pki::check_signature(*data, signer, *key).failure) continue;
                return trusted_(*certificate) ? std::string() : "its signer is not one of yours";
            }
        return "its signature is wrong";
    }

    Result<void> walk(const std::string& chain, const Link& head) {
        Link last{0, {}};
        for (;;) {
            const auto rows =
                TRY(c_.run("SELECT chain, sequence, at, kind, job, card, detail, hash FROM event WHERE chain = $1 AND sequence > $2"
                           " ORDER BY sequence LIMIT $3",
                           {chain, last.sequence, at_once}));
            if (rows.empty()) break;
            for (const auto& r : rows)
                last = step(last, {r.text(0), r.number(1), {r.number(2)}, r.text(3), r.number(4), r.number(5), r.text(6), r.text(7)});
        }
        if (last.sequence < head.sequence) find("chain {}: cut off behind event {}; its head is {}", chain, last.sequence, head.sequence);
        else if (last.sequence != head.sequence || last.hash != head.hash) find("chain {}: its head does not fit its last event", chain);
        return {};
    }

    Link step(const Link& last, const Event& e) {
        ++result_.events;
        if (e.sequence != last.sequence + 1) find("chain {}: events {} to {} are missing", e.chain, last.sequence + 1, e.sequence - 1);
        else if (event_hash(e, last.hash) != e.hash) find("chain {}: event {} was changed", e.chain, e.sequence);
        if (const auto p = checkpoints_.find({e.chain, e.sequence}); p != checkpoints_.end()) {
            met_.insert(p->first);
            if (p->second != e.hash) find("chain {}: event {} is not the one that the checkpoint was signed over", e.chain, e.sequence);
        }
        if (e.kind == "stock") stock_ += std::strtoll(e.detail.c_str(), nullptr, 10);
        if (e.kind == "queued" || e.kind == "reprint") batches_.push_back({fmt::format("{}/{}", e.chain, e.sequence), e.detail});
        return {e.sequence, e.hash};
    }

    // States go forward only: the furthest that was ever written down is the card's.
    Result<void> compare_cards() {
        for (std::int64_t after = 0;;) {
            const auto cards = TRY(c_.run("SELECT " + card_columns + " FROM card WHERE id > $1 ORDER BY id LIMIT $2", {after, at_once}));
            if (cards.empty()) break;
            const auto last = cards.back().number(0);
            std::map<std::int64_t, CardState> furthest;
            std::map<std::int64_t, std::string> origins;
            for (const auto& e : TRY(c_.run("SELECT card, kind, detail FROM event WHERE card > $1 AND card <= $2", {after, last}))) {
                if (e.text(1) == name(CardState::reserved)) origins.emplace(e.number(0), e.text(2));
                if (const auto state = card_state_by_name(e.text(1))) {
                    const auto [at, is_new] = furthest.emplace(e.number(0), *state);
                    if (!is_new) at->second = std::max(at->second, *state);
                }
            }
            for (const auto& row : cards) {
                const auto card = card_of(row);
                const auto found = furthest.find(card.id);
                if (found == furthest.end() || found->second != card.state)
                    find("card {}: it says {}, its events say {}", card.id, name(card.state),
                         found == furthest.end() ? std::string_view("nothing") : name(found->second));
                if (const auto was = origins.find(card.id); was != origins.end() && was->second != origin(card))
                    find("card {}: chip, profile or reader are not those that were reserved", card.id);
            }
            after = last;
        }
        // NOT EXISTS and not NOT IN, for which PostgreSQL looks a million cards through for every event.
        const auto lost =
            TRY(c_.run("SELECT DISTINCT card FROM event WHERE card <> 0 AND NOT EXISTS (SELECT 1 FROM card"
                       " WHERE card.id = event.card)"));
        for (const auto& row : lost) find("card {}: its row is missing", row.number(0));
        return {};
    }

    Result<void> compare_jobs() {
        for (const auto& [batch, detail] : batches_) {
            BatchDigest digest;
            std::int64_t count = 0;
            for (std::int64_t after = 0;;) {
                const auto rows = TRY(c_.run("SELECT " + job_columns + " FROM job WHERE batch = $1 AND id > $2 ORDER BY id LIMIT $3",
                                             {batch, after, at_once}));
                if (rows.empty()) break;
                for (const auto& row : rows) digest.add(job_of(row));
                count += static_cast<std::int64_t>(rows.size());
                after = rows.back().number(0);
            }
            const auto stated = fmt::format("{} records; {}", count, digest.value());
            if (!detail.starts_with(stated)) find("jobs of event {}: rows were changed, added or taken out", batch);
        }
        for (const auto& row : TRY(c_.run("SELECT id FROM job WHERE state IN ('issued', 'replaced') AND NOT EXISTS (SELECT 1 FROM card"
                                          " WHERE card.job = job.id AND card.state = job.state) ORDER BY id LIMIT 100")))
            find("job {}: it says that it has a document, and no card does", row.number(0));
        for (const auto& row : TRY(c_.run("SELECT job.id FROM job JOIN card ON card.job = job.id AND card.state = 'issued'"
                                          " WHERE job.state <> 'issued' ORDER BY job.id LIMIT 100")))
            find("job {}: a card is its live document, and it says otherwise", row.number(0));
        return {};
    }

    // What `status` and the progress of a campaign are made of.
    Result<void> compare_sums() {
        std::map<std::string, std::int64_t> counted{{"stock", stock_}};
        for (const auto& r : TRY(c_.run("SELECT state, count(*) FROM job GROUP BY state"))) counted["job." + r.text(0)] = r.number(1);
        for (const auto& r : TRY(c_.run("SELECT state, count(*) FROM card GROUP BY state"))) {
            const auto state = card_state_by_name(r.text(0));
            if (state && !is_open(*state)) counted[card_count(*state)] = r.number(1);
        }
        for (const auto& r : TRY(c_.run("SELECT what, CAST(sum(n) AS BIGINT) FROM tally GROUP BY what"))) {
            if (counted[r.text(0)] != r.number(1)) find("the sum of {} says {}, it is {}", r.text(0), r.number(1), counted[r.text(0)]);
            counted.erase(r.text(0));
        }
        for (const auto& [what, n] : counted)
            if (n != 0) find("the sum of {} is missing, it is {}", what, n);
        // A person counts once, however often the document was made again.
        const auto persons = TRY(c_.run("SELECT count(DISTINCT record) FROM job WHERE state IN ('issued', 'replaced')"))[0].number(0);
        const auto days = TRY(c_.run("SELECT CAST(sum(n) AS BIGINT) FROM daily"))[0].number(0);
        if (persons != days) find("{} persons have a document, by the days {}", persons, days);
        return {};
    }

    struct Batch {
        std::string name, detail;
    };
    Connection& c_;
    const std::function<bool(const pki::Certificate&)>& trusted_;
    Verification result_;
    std::map<Place, std::string> checkpoints_;
    std::set<Place> met_;
    std::vector<Batch> batches_;
    std::int64_t stock_ = 0;
};

}  // namespace

std::string Checkpoint::statement() const {
    return fmt::format("idchip ledger checkpoint 1\nchain {}\nevent {}\nhash {}\nat {}\n", chain, sequence, hash, to_iso(at));
}

Result<std::vector<Checkpoint>> Ledger::checkpoint(pki::ContentSigner& signer, Instant now) {
    static const der::Oid data("1.2.840.113549.1.7.1");  // RFC 5652, 4
    const std::scoped_lock lock(impl_->mutex);
    auto& c = *impl_->connection;
    std::vector<Checkpoint> made;
    // A token may take its time, and chains may grow meanwhile: nobody waits.
    for (const auto& head : TRY(c.run("SELECT name, sequence, hash FROM chain ORDER BY name"))) {
        Checkpoint p{head.text(0), head.number(1), head.text(2), now, {}};
        p.signed_statement = TRY(pki::build_signed_data(data, as_bytes(p.statement()), signer, now));
        made.push_back(std::move(p));
    }
    // With this commit what was signed is durable, too.
    auto transaction = TRY(Transaction::begin(c));
    for (const auto& p : made)
        TRY(
            c.run("INSERT INTO checkpoint (chain, sequence, hash, at, signed_statement) VALUES ($1, $2, $3, $4, $5)"
                  " ON CONFLICT DO NOTHING",
                  {p.chain, p.sequence, p.hash, p.at.seconds, to_hex(p.signed_statement)}));
    TRY(transaction.commit());
    return made;
}

Result<Verification> Ledger::verify(const std::function<bool(const pki::Certificate&)>& trusted, std::span<const Checkpoint> kept) {
    const std::scoped_lock lock(impl_->mutex);
    impl_->connection->be_patient();
    return Audit(*impl_->connection, trusted).run(kept);
}

}  // namespace idchip::ledger
