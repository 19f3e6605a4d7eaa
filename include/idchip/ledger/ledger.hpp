// The ledger: every record once, every card accounted for. One file (SQLite), or a PostgreSQL server that several stations share. What a
// method has done is seen by everybody when it returns, and durable. Of claim, give_back, reserve and advance (to
// anything but `written`) power loss may take back the last ones, as if they had never been: each is durable with the next intend or finish at
// the latest, which come before what cannot be undone. What a method failed to do left nothing behind. After a lost answer nobody knows: look again.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <vector>

#include <idchip/ledger/state.hpp>
#include <idchip/pki/cms.hpp>

namespace idchip::ledger {

// A record as the queue takes it. Record and document number are personal data: whoever prints them masks them.
struct NewJob {
    std::string record;  // its id
    // Of live documents no two have the same. Where the number of the zone is not unique, the one that is: of the Vietnamese card, whose
    // document number is nine of twelve digits, the personal number.
    std::string document_number;
    std::string province, district, commune;
    std::optional<std::int64_t> priority = {};  // the higher ones first; nothing: 0, or what a record that is there already has
    std::string source = {};                    // the file that it stands in
    std::int64_t position = 0;                  // where: bytes from its beginning
    std::string digest = {};                    // record::digest_of
    std::string portrait = {};  // SHA-256 of its portrait's file, hexadecimal; empty: the path alone is bound, within `digest`
};
struct Added {
    std::uint64_t added = 0;
    std::uint64_t known = 0;           // this record, word for word, is there already; where it stands and its priority are taken anew
    std::vector<std::size_t> changed;  // of those given: the record is there, but not word for word; it stays as it was
    std::vector<std::size_t> refused;  // of those given: their document number is live in another record
    // Of those given: not word for word what is there, and a document was made of the record before. `reprint` corrects it.
    std::vector<std::size_t> made_before;
};

struct Job {
    std::int64_t id = 0;
    std::string record, document_number;
    std::int64_t reprint = 0;  // 0: the first job of this record; then one more for each reprint, and each correction of a rejected one
    std::string province, district, commune;
    std::int64_t priority = 0;
    std::string source;
    std::int64_t position = 0;
    std::string digest;
    JobState state = JobState::queued;
    std::int64_t attempts = 0;  // cards that did not become its document
    std::string worker, reason;
    std::string portrait;
};

struct Blank {
    std::string chip;  // what the chip says of itself, hexadecimal; empty: it tells nothing, and is known by its reader only
    std::string profile, profile_hash, reader;
};
struct Card {
    std::int64_t id = 0, job = 0;
    std::string chip, profile, profile_hash, station, reader;
    CardState state = CardState::reserved;
    std::string intent;     // what was about to happen when the ledger last heard of it; empty: nothing that matters
    std::string sod_hash;   // SHA-256 of EF.SOD, hexadecimal
    std::string condition;  // in the words of `personalize`
    std::string error;      // name in the error table
    Instant started, changed;
};
// The lock lies behind this card, or may do so: it may be a whole document.
bool may_be_locked(const Card& card);

// What is known when a card takes a step. Empty: as before.
struct News {
    std::string sod_hash{}, condition{}, error{};
};
// What becomes of the job whose card did not become its document.
enum class Rework { end_of_batch, at_once, reject };

struct Event {
    std::string chain;  // the station
    std::int64_t sequence = 0;
    Instant at;
    std::string kind;  // "queued", the name of a state, "intent", "reprint", "asked" ...
    std::int64_t job = 0, card = 0;
    std::string detail;  // no personal data
    std::string hash;    // over all of it and the hash before
};

struct Status {
    std::map<std::string, std::int64_t> jobs;   // by the name of their state
    std::map<std::string, std::int64_t> cards;  // ends only; open cards are listed one by one
    std::int64_t open_cards = 0;
    std::int64_t stock = 0;  // blanks that came in
};
// Blanks in = issued (replaced ones, too) + spoiled + quarantined + open + left.
std::int64_t blanks_left(const Status& status);

struct Issued {
    std::string province, district, commune;
    Date day;
    std::int64_t count = 0;
};

// A statement about the end of a chain that can be kept elsewhere.
struct Checkpoint {
    std::string chain;
    std::int64_t sequence = 0;
    std::string hash;
    Instant at;
    Bytes signed_statement;  // CMS SignedData over `statement`
    std::string statement() const;
};
struct Verification {
    std::uint64_t events = 0, checkpoints = 0;
    std::vector<std::string> findings;  // empty: nothing was changed, left out or cut off
};

class Ledger {
public:
    struct Impl;  // within lib/ledger
    // `where`: a file, which is made if it is not there, or postgresql://. `station`: who writes; no two running programs share a name.
    // Errors: ledger.bad (another program's, or made by a newer version), ledger.busy, ledger.lost, io.*. All methods: these as well.
    static Result<Ledger> open(const std::string& where, const std::string& station, Instant now);
    Ledger(Ledger&&) noexcept;
    Ledger& operator=(Ledger&&) noexcept;
    ~Ledger();
    const std::string& station() const;
    // No other program works as this station from now on, as long as this ledger is open. Errors: ledger.busy.
    Result<void> be_alone();

    // --- the queue
    // All of them in one transaction. Again: nothing changes. A record that was rejected, and has been corrected, is queued anew.
    Result<Added> add(std::span<const NewJob> jobs, Instant now);
    // The next one for this worker, of the highest priority; one whose worker's lease has expired before it touched a card, too, if that was
    // another worker. Nothing: none is left.
    Result<std::optional<Job>> claim(const std::string& worker, std::int64_t lease_seconds, Instant now);
    // Not begun: back to where it was. Errors: ledger.order (its worker has it no more, or a card is being made of it).
    Result<void> give_back(const Job& claimed);
    // What this worker has claimed and not begun: a run that was killed. How many they were.
    Result<std::int64_t> give_back_all(const std::string& worker);
    // Errors: ledger.order (made, or a card is being made of it).
    Result<void> reject(std::int64_t job, const std::string& reason, Instant now);
    // Rejected, and not rightly: back into the queue, as if no card had been spent. Errors: ledger.order (or corrected since); ledger.known (its
    // number is another's by now).
    Result<void> requeue(std::int64_t job, const std::string& reason, Instant now);
    // A new document for a record whose document is live; that one is live no more. Or for a reprint that was rejected before it was made.
    // `anew`: the same record, as it stands now. `release`: who agreed (no personal data of the holder). Errors: ledger.order; ledger.known (the new number is another's).
    Result<Job> reprint(std::int64_t job, const NewJob& anew, const std::string& release, Instant now);

    // --- a card's way
    // Errors: ledger.known ("one_chip": this chip has been somebody's; "one_card": the job has a card), ledger.order (the job is not in work).
    Result<Card> reserve(std::int64_t job, const Blank& blank, Instant now);
    // Before what cannot be undone. Errors: ledger.order (the card has ended).
    Result<void> intend(std::int64_t card, Intent intent, Instant now);
    // A step that lies behind the card's state changes nothing and is no error: a second run takes it again. Errors: ledger.order.
    Result<void> advance(std::int64_t card, CardState to, const News& news, Instant now);
    // The end of a card. With `issued` its job is issued; else the job goes where `rework` says. Errors: ledger.order.
    Result<void> finish(std::int64_t card, CardState end, const News& news, Rework rework, Instant now);

    // --- questions
    Result<Status> status();
    Result<std::vector<Card>> open_cards();
    Result<std::optional<Job>> job(std::int64_t id);
    Result<std::vector<Job>> jobs_of_record(const std::string& record);
    Result<std::vector<Job>> jobs_of_number(const std::string& document_number);
    Result<std::optional<Card>> card(std::int64_t id);
    Result<std::vector<Card>> cards_of_chip(const std::string& chip);
    Result<std::vector<Card>> cards_of_job(std::int64_t job);
    Result<std::vector<Event>> events_of_job(std::int64_t job);
    Result<std::vector<Issued>> issued_by_day();
    // Every job, in the order of the queue.
    Result<void> each_job(const std::function<Result<void>(const Job&)>& visit);

    // --- stock and audit
    // Less than 0: blanks that left without becoming cards.
    Result<void> receive_blanks(std::int64_t count, const std::string& note, Instant now);
    // Somebody has seen personal data, and said why.
    Result<void> record_disclosure(const std::string& what, const std::string& reason, Instant now);
    // Signs the end of every chain. Errors: signer.*, token.*.
    Result<std::vector<Checkpoint>> checkpoint(pki::ContentSigner& signer, Instant now);
    // Every event of every chain, what rows and sums say against what the events say, and the checkpoints: those in the ledger, and `kept` that
    // lay elsewhere. `trusted`: whether a checkpoint may be signed by this certificate.
    Result<Verification> verify(const std::function<bool(const pki::Certificate&)>& trusted, std::span<const Checkpoint> kept = {});

private:
    explicit Ledger(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace idchip::ledger
