// One suite over both databases.
#include "postgres_server.hpp"
#include "unit/command.hpp"

#include <set>
#include <thread>

#include <idchip/ledger/ledger.hpp>
#include <idchip/signer/software.hpp>
#include <idchip/signer/test_pki.hpp>

#include "flow/bad_disk.hpp"
#include "ledger/schema.hpp"
#include "ledger/sql.hpp"

using namespace idchip;
using namespace idchip::test;
using ledger::CardState;
using ledger::Intent;
using ledger::JobState;
using ledger::Ledger;
using ledger::Rework;

namespace {

const Instant today = start_of({2026, 11, 21});

ledger::NewJob person(int n, std::int64_t priority = 0) {
    const auto number = std::to_string(100'000'000 + n);
    return {"R" + std::to_string(n), number, "Province", "", "Commune " + std::to_string(n % 3), priority, "people.jsonl", n * 100, "00"};
}

std::vector<ledger::NewJob> people(int count) {
    std::vector<ledger::NewJob> jobs;
    for (int n = 0; n < count; ++n) jobs.push_back(person(n));
    return jobs;
}

ledger::NewJob with_number(int n, const std::string& number) {
    auto job = person(n);
    job.document_number = number;
    return job;
}

ledger::Blank blank(const std::string& chip) { return {chip, "iso-native", "00", "Reader 0"}; }

// A database of its own for each test, of one kind or the other.
class Place {
public:
    virtual ~Place() = default;
    virtual std::string where() const = 0;
    Ledger open(const std::string& station = "A") const { return good(Ledger::open(where(), station, today)); }
    // Behind the ledger's back.
    std::unique_ptr<ledger::Connection> database() const {
        return where().starts_with("postgresql") ? good(ledger::open_postgresql(where())) : good(ledger::open_sqlite(where()));
    }
};

class File final : public Place {
public:
    std::string where() const override { return (folder_ / "ledger.db").string(); }

private:
    TempFolder folder_;
};

#if defined(IDCHIP_POSTGRESQL)
class Server final : public Place {
public:
    Server() {
        auto c = database();
        good(c->run("DROP SCHEMA public CASCADE"));
        good(c->run("CREATE SCHEMA public"));
    }
    std::string where() const override { return server().address(); }
    static PostgresServer& server() {
        static TempFolder folder;
        static PostgresServer one(folder.path());
        return one;
    }
};
#define BOTH File, Server
#else
#define BOTH File
#endif

// The whole way of one card.
void issue(Ledger& l, std::int64_t card, const std::string& sod) {
    good(l.intend(card, Intent::authenticate, today));
    good(l.intend(card, Intent::write, today));
    good(l.advance(card, CardState::written, {.sod_hash = sod}, today));
    good(l.advance(card, CardState::read_back, {}, today));
    good(l.intend(card, Intent::lock, today));
    good(l.advance(card, CardState::locked, {}, today));
    good(l.advance(card, CardState::verified, {}, today));
    good(l.finish(card, CardState::issued, {.condition = "finished"}, Rework::end_of_batch, today));
}

struct Signing {
    std::unique_ptr<pki::ContentSigner> signer;
    Signing() {
        const auto pki = good(signer::make_test_pki({.now = today}, system_rng()));
        signer = good(signer::make_software_signer(pki.ds, good(crypto::PrivateKey::from_pem(good(pki.ds_key.to_pem())))));
    }
};

std::vector<std::string> findings(Ledger& l) {
    return good(l.verify([](const auto&) { return true; })).findings;
}

}  // namespace

TEST_CASE("states of a card go forward only", "[ledger]") {
    using ledger::may_follow;
    const std::vector<CardState> all = {CardState::reserved, CardState::writing,     CardState::written, CardState::read_back,
                                        CardState::locked,   CardState::verified,    CardState::issued,  CardState::replaced,
                                        CardState::spoiled,  CardState::quarantined, CardState::released};
    for (const auto from : all)
        for (const auto to : all) {
            CAPTURE(name(from), name(to));
            CHECK_FALSE((may_follow(from, to) && may_follow(to, from)));
            if (!is_open(from)) CHECK(may_follow(from, to) == (from == CardState::issued && to == CardState::replaced));
            CHECK(ledger::card_state_by_name(name(to)) == to);
        }
    CHECK(may_follow(CardState::writing, CardState::locked));
    CHECK_FALSE(may_follow(CardState::locked, CardState::issued));
    CHECK_FALSE(may_follow(CardState::written, CardState::released));
}

TEMPLATE_TEST_CASE("records come in once, and go out by priority and order", "[ledger]", BOTH) {
    const TestType place;
    auto l = place.open();
    auto jobs = people(5);
    jobs.push_back(person(5, 7));
    auto added = good(l.add(jobs, today));
    CHECK(added.added == 6);
    added = good(l.add(jobs, today));
    CHECK((added.added == 0 && added.known == 6 && added.refused.empty()));
    // Another record with a number that is live.
    auto thief = person(9);
    thief.document_number = jobs[2].document_number;
    added = good(l.add(std::vector{thief, person(6)}, today));
    CHECK(added.added == 1);
    CHECK(added.refused == std::vector<std::size_t>{0});

    std::vector<std::string> order;
    while (const auto job = good(l.claim("worker", 60, today))) order.push_back(job->record);
    CHECK(order == std::vector<std::string>{"R5", "R0", "R1", "R2", "R3", "R4", "R6"});
    const auto status = good(l.status());
    CHECK(status.jobs.at("queued") == 0);
    CHECK(status.jobs.at("in_work") == 7);
    // A worker that has vanished before it touched a card; it does not take over from itself.
    CHECK_FALSE(good(l.claim("worker", 60, today + 61)));
    const auto again = good(l.claim("another", 60, today + 61));
    REQUIRE(again);
    CHECK(again->record == "R5");
    CHECK(again->worker == "another");
    good(l.give_back(*again));
    CHECK(error_of(l.give_back(*again)) == "ledger.order");
    good(l.reject(again->id, "portrait.missing", today));
    CHECK(good(l.jobs_of_record("R5")).at(0).reason == "portrait.missing");
    CHECK(error_of(l.reject(4711, "", today)) == "ledger.order");
    CHECK(findings(l).empty());
}

TEMPLATE_TEST_CASE("a card goes its way, and is counted", "[ledger]", BOTH) {
    const TestType place;
    auto l = place.open();
    good(l.add(people(3), today));
    good(l.receive_blanks(10, "delivery 1", today));
    const auto job = *good(l.claim("w", 60, today));
    const auto card = good(l.reserve(job.id, blank("C1"), today));
    CHECK(error_of(l.reserve(job.id, blank("C2"), today)) == "ledger.known");
    CHECK(good(l.open_cards()).size() == 1);
    // A second run takes a step again.
    good(l.advance(card.id, CardState::written, {.sod_hash = "AA"}, today));
    good(l.advance(card.id, CardState::writing, {}, today));
    CHECK(good(l.card(card.id))->state == CardState::written);
    CHECK(error_of(l.advance(card.id, CardState::verified, {}, today)) == "ledger.order");
    CHECK(error_of(l.finish(card.id, CardState::issued, {}, Rework::at_once, today)) == "ledger.order");
    CHECK(error_of(l.finish(card.id, CardState::released, {}, Rework::at_once, today)) == "ledger.order");
    CHECK(error_of(l.finish(card.id, CardState::written, {}, Rework::at_once, today)) == "ledger.order");
    good(l.intend(card.id, Intent::lock, today));
    CHECK(good(l.card(card.id))->intent == "lock");
    issue(l, card.id, "AA");
    CHECK(error_of(l.intend(card.id, Intent::lock, today)) == "ledger.order");
    CHECK(good(l.job(job.id))->state == JobState::issued);

    // A chip that is somebody's is nobody else's; a spoiled one neither; an untouched one comes back.
    const auto second = *good(l.claim("w", 60, today));
    CHECK(error_of(l.reserve(second.id, blank("C1"), today)) == "ledger.known");
    const auto untouched = good(l.reserve(second.id, blank("C3"), today));
    good(l.finish(untouched.id, CardState::released, {}, Rework::at_once, today));
    const auto back = *good(l.claim("w", 60, today));
    CHECK(back.id == second.id);
    CHECK(back.attempts == 0);
    const auto broken = good(l.reserve(second.id, blank("C3"), today));
    good(l.intend(broken.id, Intent::write, today));
    CHECK(error_of(l.advance(broken.id, CardState::written, {.sod_hash = "AA"}, today)) == "ledger.known");  // another document's EF.SOD
    good(l.finish(broken.id, CardState::spoiled, {.error = "perso.not_accepted"}, Rework::end_of_batch, today));
    // Behind the third record, for it has had its turn.
    const auto third = *good(l.claim("w", 60, today));
    CHECK(third.record == "R2");
    const auto later = *good(l.claim("w", 60, today));
    CHECK((later.id == second.id && later.attempts == 1));
    CHECK(error_of(l.reserve(later.id, blank("C3"), today)) == "ledger.known");
    const auto last = good(l.reserve(later.id, blank(""), today));  // a chip without a name
    good(l.finish(last.id, CardState::quarantined, {}, Rework::reject, today));

    const auto status = good(l.status());
    CHECK(status.jobs.at("issued") == 1);
    CHECK(status.jobs.at("rejected") == 1);
    CHECK(status.cards.at("spoiled") == 1);
    CHECK(status.cards.at("released") == 1);
    CHECK(ledger::blanks_left(status) == 10 - 3);
    const auto issued = good(l.issued_by_day());
    REQUIRE(issued.size() == 1);
    CHECK((issued[0].commune == "Commune 0" && issued[0].day == date_of(today) && issued[0].count == 1));
    CHECK(good(l.cards_of_job(second.id)).size() == 3);
    CHECK(good(l.cards_of_chip("C3")).size() == 2);
    CHECK(good(l.events_of_job(job.id)).size() >= 9);
    CHECK(findings(l).empty());
}

TEMPLATE_TEST_CASE("a record that comes again: moved, hastened, changed, corrected", "[ledger]", BOTH) {
    const TestType place;
    auto l = place.open();
    good(l.add(people(3), today));
    auto again = person(2, 5);
    again.source = "elsewhere.jsonl";
    again.position = 7;
    auto changed = person(1);
    changed.digest = "11";
    auto added = good(l.add(std::vector{again, changed}, today));
    CHECK((added.added == 0 && added.known == 1 && added.refused.empty()));
    CHECK(added.changed == std::vector<std::size_t>{1});
    const auto job = *good(l.claim("w", 60, today));
    CHECK((job.record == "R2" && job.priority == 5 && job.source == "elsewhere.jsonl" && job.position == 7));
    // Rejected, and corrected by its office.
    const auto wrong = good(l.jobs_of_record("R1")).at(0);
    good(l.reject(wrong.id, "the name is misspelt", today));
    CHECK(good(l.add(std::vector{person(1)}, today)).known == 1);
    CHECK(good(l.add(std::vector{changed}, today)).added == 1);
    const auto jobs = good(l.jobs_of_record("R1"));
    CHECK((jobs.size() == 2 && jobs[1].state == JobState::queued && jobs[1].reprint == 1 && jobs[1].digest == "11"));
    CHECK(good(l.status()).jobs.at("rejected") == 1);
    CHECK(findings(l).empty());
}

TEMPLATE_TEST_CASE("rejected: not while a card is made; and back into the queue when it was a mistake", "[ledger]", BOTH) {
    const TestType place;
    auto l = place.open();
    good(l.add(people(2), today));
    const auto job = *good(l.claim("w", 60, today));
    const auto card = good(l.reserve(job.id, blank("C1"), today));
    CHECK(error_of(l.reject(job.id, "x", today)) == "ledger.order");
    CHECK(error_of(l.give_back(job)) == "ledger.order");
    good(l.intend(card.id, ledger::Intent::write, today));
    good(l.finish(card.id, CardState::spoiled, {}, Rework::reject, today));
    CHECK(good(l.job(job.id))->state == JobState::rejected);
    good(l.requeue(job.id, "the blanks were bad", today));
    CHECK(error_of(l.requeue(job.id, "again", today)) == "ledger.order");
    CHECK((good(l.job(job.id))->state == JobState::queued && good(l.job(job.id))->attempts == 0));
    // Corrected since: the old one is nobody's any more.
    const auto other = good(l.jobs_of_record("R1")).at(0);
    good(l.reject(other.id, "its name", today));
    auto better = person(1);
    better.digest = "corrected";
    CHECK(good(l.add(std::vector{better}, today)).added == 1);
    CHECK(error_of(l.requeue(other.id, "x", today)) == "ledger.order");
    // Meanwhile another record has the number.
    good(l.reject(job.id, "x", today));
    good(l.add(std::vector{with_number(7, job.document_number)}, today));
    CHECK(error_of(l.requeue(job.id, "x", today)) == "ledger.known");
    CHECK(findings(l).empty());
}

TEMPLATE_TEST_CASE("one program works as a station; what it has claimed goes back when it is gone", "[ledger]", BOTH) {
    const TestType place;
    auto b = place.open("B");
    good(b.be_alone());
    {
        auto a = place.open("A");
        good(a.be_alone());
        auto again = place.open("A");
        CHECK(error_of(again.be_alone()) == "ledger.busy");
        good(a.add(people(3), today));
        good(a.claim("A", 60, today));
        const auto held = *good(a.claim("A", 60, today));
        good(a.reserve(held.id, blank("C1"), today));
        good(a.claim("B", 60, today));
    }
    auto a = place.open("A");
    good(a.be_alone());
    CHECK(good(a.give_back_all("A")) == 1);
    CHECK(good(a.status()).jobs.at("queued") == 1);
    CHECK(good(a.status()).jobs.at("in_work") == 2);
    CHECK(findings(a).empty());
}

TEMPLATE_TEST_CASE("a reprint takes the document's place", "[ledger]", BOTH) {
    const TestType place;
    auto l = place.open();
    good(l.add(people(2), today));
    const auto job = *good(l.claim("w", 60, today));
    CHECK(error_of(l.reprint(job.id, with_number(0, "X"), "two persons", today)) == "ledger.order");
    issue(l, good(l.reserve(job.id, blank("C1"), today)).id, "AA");
    CHECK(error_of(l.reprint(job.id, person(1), "two persons", today)) == "ledger.order");  // another person's
    // Its own number is free again; another's is not.
    CHECK(error_of(l.reprint(job.id, with_number(0, person(1).document_number), "two persons", today)) == "ledger.known");
    CHECK(good(l.job(job.id))->state == JobState::issued);
    const auto anew = good(l.reprint(job.id, person(0), "two persons", today));
    CHECK((anew.reprint == 1 && anew.state == JobState::queued && anew.record == job.record));
    CHECK(good(l.job(job.id))->state == JobState::replaced);
    CHECK(good(l.cards_of_job(job.id)).at(0).state == CardState::replaced);
    CHECK(error_of(l.reprint(job.id, with_number(0, "Y"), "", today)) == "ledger.order");
    const auto claimed = *good(l.claim("w", 60, today));
    CHECK(claimed.record == "R1");
    CHECK(good(l.claim("w", 60, today))->id == anew.id);
    issue(l, good(l.reserve(anew.id, blank("C2"), today)).id, "BB");
    // One person has a card, as before.
    CHECK((good(l.issued_by_day()).size() == 1 && good(l.issued_by_day())[0].count == 1));
    const auto status = good(l.status());
    CHECK((status.jobs.at("issued") == 1 && status.jobs.at("replaced") == 1));
    CHECK((status.cards.at("issued") == 1 && status.cards.at("replaced") == 1));
    CHECK(findings(l).empty());
}

TEMPLATE_TEST_CASE("what two persons have released, one does not exchange", "[ledger]", BOTH) {
    const TestType place;
    auto l = place.open();
    good(l.add(people(1), today));
    const auto job = *good(l.claim("w", 60, today));
    issue(l, good(l.reserve(job.id, blank("C1"), today)).id, "AA");
    auto agreed = person(0);
    agreed.portrait = std::string(64, 'A');
    const auto anew = good(l.reprint(job.id, agreed, "two persons", today));
    CHECK(good(l.job(anew.id))->portrait == agreed.portrait);
    good(l.reject(anew.id, "not today", today));
    auto another = person(0);
    another.digest = "another";
    const auto added = good(l.add(std::vector{another}, today));
    CHECK((added.added == 0 && added.made_before == std::vector<std::size_t>{0}));
    // Two persons do.
    const auto again = good(l.reprint(anew.id, another, "two persons once more", today));
    CHECK((again.reprint == 2 && again.digest == "another"));
    const auto status = good(l.status());
    CHECK((status.jobs.at("queued") == 1 && status.jobs.at("rejected") == 1 && status.jobs.at("replaced") == 1));
    // Somebody changes what was agreed.
    CHECK(findings(l).empty());
    good(place.database()->run("UPDATE job SET portrait = 'B' WHERE id = $1", {anew.id}));
    CHECK_FALSE(findings(l).empty());
}

TEMPLATE_TEST_CASE("several stations and workers: each record once", "[ledger]", BOTH) {
    const TestType place;
    constexpr int count = 120;
    {
        auto l = place.open();
        good(l.add(people(count), today));
    }
    std::vector<std::vector<std::string>> taken(4);
    std::vector<std::thread> workers;
    std::atomic<int> failures = 0;
    for (std::size_t w = 0; w < taken.size(); ++w)
        workers.emplace_back([&, w] {
            const auto name = std::string(1, static_cast<char>('A' + w));
            auto l = Ledger::open(place.where(), name, today);
            if (!l) {
                ++failures;
                return;
            }
            for (int n = 0;; ++n) {
                const auto job = l->claim(name, 60, today);
                if (!job) ++failures;
                if (!job || !*job) return;
                taken[w].push_back((*job)->record);
                const auto card = l->reserve((*job)->id, blank(name + std::to_string(n)), today);
                if (!card || !l->intend(card->id, Intent::write, today) ||
                    !l->finish(card->id, CardState::spoiled, {}, Rework::reject, today))
                    ++failures;
            }
        });
    for (auto& w : workers) w.join();
    CHECK(failures == 0);
    std::set<std::string> all;
    std::size_t sum = 0;
    for (const auto& t : taken) {
        all.insert(t.begin(), t.end());
        sum += t.size();
    }
    CHECK((all.size() == count && sum == count));
    auto l = place.open();
    CHECK(good(l.status()).jobs.at("rejected") == count);
    CHECK(findings(l).empty());
}

TEMPLATE_TEST_CASE("whoever changes, takes out or cuts off is found", "[ledger]", BOTH) {
    const TestType place;
    const Signing signing;
    auto* const signer = signing.signer.get();
    const Bytes own = signer->certificate().raw;
    const std::function<bool(const pki::Certificate&)> ours = [&own](const pki::Certificate& c) { return c.raw == own; };
    const std::function<bool(const pki::Certificate&)> nobody = [](const pki::Certificate&) { return false; };
    auto l = place.open();
    good(l.add(people(4), today));
    for (int n = 0; n < 2; ++n) {
        const auto job = *good(l.claim("w", 60, today));
        issue(l, good(l.reserve(job.id, blank("C" + std::to_string(n)), today)).id, "0" + std::to_string(n));
    }
    const auto kept = good(l.checkpoint(*signer, today)).at(0);
    good(l.record_disclosure("record R1", "the holder asked", today));
    const auto whole = good(l.verify(ours, std::vector{kept}));
    CHECK(whole.findings.empty());
    CHECK(whole.checkpoints == 2);
    CHECK(good(l.verify(nobody)).findings.size() == 1);

    const auto db = place.database();
    const auto found = [&](std::string_view statement, std::string_view text) {
        INFO(statement);
        good(db->run("BEGIN"));
        good(db->run(statement));
        good(db->run("COMMIT"));
        const auto result = good(l.verify(ours, std::vector{kept}));
        REQUIRE_FALSE(result.findings.empty());
        for (const auto& f : result.findings) UNSCOPED_INFO(f);
        CHECK(std::any_of(result.findings.begin(), result.findings.end(),
                          [&](const std::string& f) { return f.find(text) != std::string::npos; }));
    };
    SECTION("an event changed") { found("UPDATE event SET detail = 'chip C9' WHERE sequence = 3", "event 3 was changed"); }
    SECTION("a card's chip changed") { found("UPDATE card SET chip = 'C9' WHERE id = 1", "card 1: chip"); }
    SECTION("a card's reader changed") { found("UPDATE card SET reader = 'Reader 9' WHERE id = 1", "card 1: chip"); }
    SECTION("a sum changed") { found("UPDATE tally SET n = n - 1 WHERE what = 'card.issued'", "the sum of card.issued"); }
    SECTION("the stock changed") {
        good(l.receive_blanks(10, "delivery", today));
        found("UPDATE tally SET n = n - 1 WHERE what = 'stock'", "the sum of stock");
    }
    SECTION("the days changed") { found("UPDATE daily SET n = n + 1", "by the days"); }
    SECTION("an event taken out") { found("DELETE FROM event WHERE sequence = 4", "events 4 to 4 are missing"); }
    SECTION("the end cut off") { found("DELETE FROM event WHERE sequence > 12", "cut off behind event 12"); }
    SECTION("the end cut off, and the head with it") {
        const auto row = good(db->run("SELECT hash FROM event WHERE sequence = 12"))[0].text(0);
        good(db->run("DELETE FROM event WHERE sequence > 12"));
        good(db->run("DELETE FROM checkpoint"));
        found("UPDATE chain SET sequence = 12, hash = '" + row + "'", "a checkpoint was signed over event");
    }
    SECTION("a card's state") { found("UPDATE card SET state = 'spoiled' WHERE id = 1", "card 1: it says spoiled, its events say issued"); }
    SECTION("a card's row") { found("DELETE FROM card WHERE id = 2", "card 2: its row is missing"); }
    SECTION("a job's number") { found("UPDATE job SET document_number = 'X' WHERE id = 3", "rows were changed"); }
    SECTION("a job slipped in") {
        found(
            "INSERT INTO job SELECT 99, 'R99', 0, 'N99', '', '', '', 0, 0, '', 0, '', 'queued', 0, '', 0, '', batch, '' FROM job WHERE id = 1",
            "rows were changed, added");
    }
    SECTION("a job's state") { found("UPDATE job SET state = 'issued' WHERE id = 3", "job 3: it says that it has a document"); }
    SECTION("a checkpoint") { found("UPDATE checkpoint SET hash = '00'", "not this statement"); }
}

TEST_CASE("other programs find the same: Python the chain, openssl the checkpoint", "[ledger]") {
    const File place;
    const Signing signing;
    auto l = place.open("Gia Lai / 2");
    good(l.add(people(2), today));
    const auto job = *good(l.claim("w", 60, today));
    issue(l, good(l.reserve(job.id, blank("C1"), today)).id, "AA");
    good(l.record_disclosure("record", "vì chủ thẻ yêu cầu", today));  // lengths are of bytes
    const auto checkpoint = good(l.checkpoint(*signing.signer, today)).at(0);
    const TempFolder folder;
    good(write_text(folder / "chain.py", R"(import hashlib, sqlite3, sys
before = ''
for row in sqlite3.connect(sys.argv[1]).execute('SELECT chain, sequence, at, kind, job, card, detail, hash FROM event ORDER BY sequence'):
    parts = [str(p).encode() for p in (before, *row[:7])]
    before = hashlib.sha256(b''.join(b'%d:%s,' % (len(p), p) for p in parts)).hexdigest().upper()
    assert before == row[7], row
print(before)
)"));
    const auto python = run("python3 " + (folder / "chain.py").string() + " " + place.where());
    CHECK(python.status == 0);
    CHECK(python.output == checkpoint.hash + "\n");
    if (!openssl_is_here()) return;
    good(write_file(folder / "checkpoint.p7", checkpoint.signed_statement));
    good(write_text(folder / "ds.pem", pki::to_pem(signing.signer->certificate().raw, "CERTIFICATE")));
    const auto openssl = run("openssl cms -verify -binary -inform DER -in " + (folder / "checkpoint.p7").string() + " -certfile " +
                             (folder / "ds.pem").string() + " -noverify -out " + (folder / "statement").string());
    INFO(openssl.output);
    CHECK(openssl.status == 0);
    CHECK(good(read_text(folder / "statement")) == checkpoint.statement());
}

TEST_CASE("somebody looks the whole ledger through, and the line goes on meanwhile", "[ledger]") {
    const File place;
    auto l = place.open(), other = place.open("B");
    good(l.add(people(3), today));
    good(l.checkpoint(*Signing().signer, today));
    // The trust is asked in the middle of the audit.
    bool claimed = false;
    const auto result = good(l.verify([&](const pki::Certificate&) {
        claimed = good(other.claim("w", 60, today)).has_value();
        return true;
    }));
    CHECK(claimed);
    CHECK(result.findings.empty());
}

TEST_CASE("a chain whose head was taken out is no crash", "[ledger]") {
    const File place;
    auto l = place.open();
    good(l.add(people(1), today));
    good(place.database()->run("DELETE FROM chain"));
    CHECK(good(l.checkpoint(*Signing().signer, today)).empty());
    CHECK(error_of(l.add(std::vector{person(7)}, today)) == "ledger.tampered");
    CHECK_FALSE(findings(l).empty());
}

TEMPLATE_TEST_CASE("a ledger of an older version is brought up to date, and nothing is lost", "[ledger]", BOTH) {
    const TestType place;
    {
        auto l = place.open();
        good(l.add(people(3), today));
    }
    {
        const auto db = place.database();
        good(db->run("ALTER TABLE job DROP COLUMN portrait"));
        good(db->run("UPDATE idchip_ledger SET version = 1"));
    }
    auto l = place.open();
    CHECK(good(place.database()->run("SELECT version FROM idchip_ledger"))[0].number(0) == ledger::schema_version);
    CHECK(good(l.add(people(4), today)).added == 1);
    CHECK(findings(l).empty());
}

TEST_CASE("what is no ledger, another version, a password in the address", "[ledger]") {
    const File place;
    {
        auto l = place.open();
        const auto permissions = std::filesystem::status(place.where()).permissions();
        CHECK((permissions & std::filesystem::perms(077)) == std::filesystem::perms::none);
    }
    good(place.database()->run("UPDATE idchip_ledger SET version = 99"));
    CHECK(error_of(Ledger::open(place.where(), "A", today)) == "ledger.bad");
    const TempFolder folder;
    good(write_text(folder / "text", "this is a letter and no database, however long it may be ........................................"));
    CHECK(error_of(Ledger::open((folder / "text").string(), "A", today)) == "ledger.bad");
    {
        const auto other = good(ledger::open_sqlite(folder / "other"));
        good(other->run("CREATE TABLE cookies (id INTEGER)"));
    }
    CHECK(error_of(Ledger::open((folder / "other").string(), "A", today)) == "ledger.bad");
    CHECK(error_of(Ledger::open((folder / "none/ledger").string(), "A", today)) == "io.failed");
    CHECK(error_of(Ledger::open("postgresql://me:secret@host/db", "A", today)) == "input.bad_field");
    CHECK(error_of(Ledger::open("postgresql:///db?host=" + folder.path().string(), "A", today)) == "ledger.lost");
}

TEST_CASE("what the ledger has acknowledged survives kill -9, and nothing else is half there", "[ledger]") {
    const File place;
    good(place.open().add(people(500), today));
    int issued = 0;
    for (int round = 0; round < 12; ++round) {
        int ends[2];
        REQUIRE(::pipe(ends) == 0);
        const auto child = ::fork();
        if (child == 0) {
            auto l = Ledger::open(place.where(), "A", today);
            for (int n = 0; l; ++n) {
                const auto job = l->claim("w", 0, today);
                if (!job || !*job) break;
                const auto chip = std::to_string(round) + "." + std::to_string(n);
                const auto card = l->reserve((*job)->id, blank(chip), today);
                if (!card || !l->intend(card->id, Intent::write, today) ||
                    !l->advance(card->id, CardState::locked, {.sod_hash = chip}, today) ||
                    !l->advance(card->id, CardState::verified, {}, today) ||
                    !l->finish(card->id, CardState::issued, {}, Rework::at_once, today) || ::write(ends[1], "+", 1) != 1)
                    break;
            }
            ::_exit(0);
        }
        ::close(ends[1]);
        // However slow the disk is: after its first card, somewhere in the next ones.
        char c = 0;
        REQUIRE(::read(ends[0], &c, 1) == 1);
        ++issued;
        ::usleep(static_cast<useconds_t>(1'000 + 3'000 * round));
        ::kill(child, SIGKILL);
        ::waitpid(child, nullptr, 0);
        while (::read(ends[0], &c, 1) == 1) ++issued;
        ::close(ends[0]);
        auto l = place.open();
        const auto status = good(l.status());
        const auto stated = status.jobs.contains("issued") ? status.jobs.at("issued") : 0;
        // The last one may be done and not acknowledged.
        CHECK(stated >= issued);
        CHECK(stated <= issued + 1);
        issued = static_cast<int>(stated);
        CHECK(status.open_cards <= 1);
        for (const auto& card : good(l.open_cards())) {
            good(l.intend(card.id, Intent::write, today));
            good(l.finish(card.id, CardState::quarantined, {}, Rework::end_of_batch, today));
        }
        CHECK(findings(l).empty());
    }
    CHECK(issued >= 12);
}

TEST_CASE("what was not synced once is not believed the next time, by no worker", "[ledger]") {
    const File place;
    auto l = place.open();
    good(l.add(people(2), today));
    std::vector<ledger::Card> cards;
    for (const auto* chip : {"C1", "C2"}) cards.push_back(good(l.reserve(good(l.claim("w", 60, today))->id, blank(chip), today)));
    bad_disk::sync_error = EIO;
    CHECK(error_of(l.intend(cards[0].id, Intent::write, today)) == "io.failed");
    // The system tells a fault once; after that it knows of no page that was not written.
    bad_disk::mend();
    CHECK(error_of(l.intend(cards[1].id, Intent::write, today)) == "io.failed");
    CHECK(error_of(l.finish(cards[0].id, CardState::spoiled, {}, Rework::reject, today)) == "io.failed");
    auto anew = place.open();
    good(anew.intend(cards[1].id, Intent::lock, today));
    CHECK(findings(anew).empty());
}

namespace {

// A token that takes its time; meanwhile the line works.
class Slow final : public pki::ContentSigner {
public:
    Slow(pki::ContentSigner& inner, std::function<void()> meanwhile) : inner_(inner), meanwhile_(std::move(meanwhile)) {}
    const pki::Certificate& certificate() const override { return inner_.certificate(); }
    crypto::SignatureAlgorithm algorithm() const override { return inner_.algorithm(); }
    Result<Bytes> sign(ByteView message) override {
        meanwhile_();
        return inner_.sign(message);
    }

private:
    pki::ContentSigner& inner_;
    std::function<void()> meanwhile_;
};

}  // namespace

TEMPLATE_TEST_CASE("while a checkpoint is signed, the line goes on", "[ledger]", BOTH) {
    const TestType place;
    auto line = place.open("line"), desk = place.open("desk");
    good(line.add(people(3), today));
    Signing signing;
    int n = 10;
    Slow slow(*signing.signer, [&] { good(line.add(std::vector{person(n++)}, today)); });
    CHECK(good(desk.checkpoint(slow, today)).size() == 2);
    CHECK(findings(desk).empty());
}

TEST_CASE("a full disk: a clear error, and what was there stays", "[ledger]") {
    const File place;
    auto l = place.open();
    good(l.add(people(3), today));
    const auto db = place.database();
    const auto pages = good(db->run("PRAGMA page_count"))[0].number(0);
    // This connection's limit is its own: the same code as a full disk (SQLITE_FULL).
    good(db->run("PRAGMA max_page_count = " + std::to_string(pages)));
    std::string code = "none";
    for (int n = 0; n < 2000 && code == "none"; ++n) {
        const auto done =
            db->run("INSERT INTO tally (station, what, n) VALUES ('" + std::string(400, 'x') + std::to_string(n) + "', 'w', 1)");
        if (!done) code = std::string(done.error().name());
    }
    CHECK(code == "io.disk_full");
    CHECK(good(l.status()).jobs.at("queued") == 3);
}

#if defined(IDCHIP_POSTGRESQL)
TEST_CASE("a server that says nothing any more is lost, too", "[ledger]") {
    const Server place;
    const auto connection = good(ledger::open_postgresql(place.where(), std::chrono::milliseconds(500)));
    const auto process = static_cast<pid_t>(good(connection->run("SELECT pg_backend_pid()"))[0].number(0));
    REQUIRE(::kill(process, SIGSTOP) == 0);
    const auto silent = connection->run("SELECT 1");
    REQUIRE(::kill(process, SIGCONT) == 0);
    CHECK(error_of(silent) == "ledger.lost");
    CHECK(error_of(connection->run("SELECT 1")) == "ledger.lost");
    CHECK_FALSE(connection->in_transaction());
}

TEST_CASE("a server that is restarted: the error says so, a new connection finds all that was acknowledged", "[ledger]") {
    const Server place;
    auto l = place.open();
    good(l.add(people(3), today));
    const auto job = *good(l.claim("w", 60, today));
    const auto card = good(l.reserve(job.id, blank("C1"), today));
    good(l.intend(card.id, Intent::write, today));
    Server::server().kill_and_restart();
    const auto lost = l.intend(card.id, Intent::lock, today);
    INFO(lost.error().message());
    CHECK(error_of(lost) == "ledger.lost");
    CHECK(error_of(l.status()) == "ledger.lost");
    auto anew = place.open();
    CHECK(good(anew.card(card.id))->state == CardState::writing);
    CHECK(good(anew.card(card.id))->intent == name(Intent::write));
    issue(anew, card.id, "AA");
    CHECK(findings(anew).empty());
}
#endif
