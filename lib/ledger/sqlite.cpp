// SQLite with a journal written ahead and synced at every commit.
#include <cerrno>
#include <condition_variable>
#include <map>
#include <mutex>

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <idchip/crypto/hash.hpp>

#include "base/try.hpp"
#include "ledger/sql.hpp"

namespace idchip::ledger {
namespace {

constexpr int busy_milliseconds = 10'000;

struct CloseDatabase {
    void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
};
struct FinalizeStatement {
    void operator()(sqlite3_stmt* s) const { sqlite3_finalize(s); }
};
using Database = std::unique_ptr<sqlite3, CloseDatabase>;
using Statement = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

// "UNIQUE constraint failed: index 'live_number'" or "...: card.chip": no value stands in it.
std::string rule_of(const std::string& message) {
    const auto colon = message.find(": ");
    auto rule = colon == std::string::npos ? message : message.substr(colon + 2);
    std::erase(rule, '\'');
    if (rule.starts_with("index ")) return rule.substr(6);
    // An index over columns alone is told by these.
    for (const auto& [columns, name] :
         {std::pair("card.chip", "one_chip"), std::pair("card.job", "one_card"), std::pair("card.sod_hash", "one_sod"),
          std::pair("job.record, job.reprint", "one_record"), std::pair("job.document_number", "live_number")})
        if (rule == columns) return name;
    return rule;
}

// The file that commits are written to, synced by us and not by SQLite: so one sync serves all workers that wait for one. SQLite keeps no lock on
// this file that our closing it could break, and does not replace it while the database is open.
class Journal {
public:
    explicit Journal(std::string path) : path_(std::move(path)) {}
    Journal(const Journal&) = delete;
    Journal& operator=(const Journal&) = delete;
    ~Journal() {
        if (fd_ >= 0) ::close(fd_);
    }

    Result<void> sync() {
        std::unique_lock lock(mutex_);
        const auto mine = ++asked_;
        changed_.wait(lock, [&] { return !syncing_ || synced_ >= mine || broken_; });
        if (synced_ >= mine) return {};
        if (broken_) return cannot();
        if (fd_ < 0) fd_ = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC);
        if (fd_ < 0) return fail(Errc::io_error, path_, "cannot be opened");
        syncing_ = true;
        const auto served = asked_;
        lock.unlock();
        const bool done = ::fdatasync(fd_) == 0;
        lock.lock();
        syncing_ = false;
        if (done) synced_ = served;
        // What was not synced once may never be, and the next call says nothing of it: nobody goes on with this ledger.
        else broken_ = true;
        changed_.notify_all();
        return done ? Result<void>() : cannot();
    }

private:
    Failure cannot() const { return fail(Errc::io_error, path_, "cannot be synced"); }

    std::string path_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::uint64_t asked_ = 0, synced_ = 0;
    bool syncing_ = false, broken_ = false;
    int fd_ = -1;
};

class Sqlite final : public Connection {
public:
    Sqlite(Database db, std::string file) : db_(std::move(db)), file_(std::move(file)), journal_(file_ + "-wal") {}

    Dialect dialect() const override { return Dialect::sqlite; }
    bool in_transaction() const override { return sqlite3_get_autocommit(db_.get()) == 0; }

    // In WAL mode NORMAL syncs at no commit; a later one under FULL syncs all that was written before it. A pragma acts when it is compiled:
    // it cannot be kept.
    Result<void> set_durability(Durability durability) override {
        if (durability == durability_) return {};
        const auto* pragma = durability != Durability::at_once ? "PRAGMA synchronous = NORMAL" : "PRAGMA synchronous = FULL";
        if (sqlite3_exec(db_.get(), pragma, nullptr, nullptr, nullptr) != SQLITE_OK) return failure();
        durability_ = durability;
        return {};
    }

    Result<void> sync() override { return journal_.sync(); }

    // Another process's lock ends with it, however it ends.
    Result<void> hold(const std::string& name) override {
        const auto path = file_ + "." + to_hex(crypto::hash(crypto::HashAlg::sha256, as_bytes(name))).substr(0, 16) + ".lock";
        const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        if (fd < 0) return fail(Errc::io_error, path, "cannot be opened for writing");
        held_.push_back(std::make_unique<Held>(fd));
        if (::flock(fd, LOCK_EX | LOCK_NB) != 0) return fail(Errc::ledger_busy, name, "a program works under this name");
        return {};
    }

    using Connection::run;
    Result<Rows> run(std::string_view text, std::span<const Cell> parameters) override {
        auto* statement = TRY(prepared(text));
        bind(statement, parameters);
        Rows rows;
        for (;;) {
            const int code = sqlite3_step(statement);
            if (code == SQLITE_ROW) {
                rows.push_back(row_of(statement));
                continue;
            }
            if (code == SQLITE_DONE) {
                sqlite3_reset(statement);
                return rows;
            }
            auto failed = failure();  // before the reset, which may change it
            sqlite3_reset(statement);
            return failed;
        }
    }

private:
    Result<sqlite3_stmt*> prepared(std::string_view text) {
        if (const auto found = statements_.find(text); found != statements_.end()) return found->second.get();
        sqlite3_stmt* statement = nullptr;
        if (sqlite3_prepare_v3(db_.get(), text.data(), static_cast<int>(text.size()), SQLITE_PREPARE_PERSISTENT, &statement, nullptr) !=
            SQLITE_OK)
            return failure();
        return (statements_[std::string(text)] = Statement(statement)).get();
    }

    static void bind(sqlite3_stmt* statement, std::span<const Cell> parameters) {
        for (std::size_t i = 0; i < parameters.size(); ++i) {
            const int at = sqlite3_bind_parameter_index(statement, ("$" + std::to_string(i + 1)).c_str());
            if (at == 0) continue;
            if (const auto* n = std::get_if<std::int64_t>(&parameters[i])) sqlite3_bind_int64(statement, at, *n);
            else if (const auto* t = std::get_if<std::string>(&parameters[i]))
                sqlite3_bind_text(statement, at, t->data(), static_cast<int>(t->size()), SQLITE_TRANSIENT);
            else sqlite3_bind_null(statement, at);
        }
    }

    static Row row_of(sqlite3_stmt* statement) {
        std::vector<Cell> cells;
        for (int i = 0; i < sqlite3_column_count(statement); ++i) {
            const int type = sqlite3_column_type(statement, i);
            if (type == SQLITE_NULL) cells.emplace_back();
            else if (type == SQLITE_INTEGER) cells.emplace_back(std::int64_t{sqlite3_column_int64(statement, i)});
            else
                cells.emplace_back(std::string(reinterpret_cast<const char*>(sqlite3_column_text(statement, i)),
                                               static_cast<std::size_t>(sqlite3_column_bytes(statement, i))));
        }
        return Row(std::move(cells));
    }

    Failure failure() const {
        const std::string message = sqlite3_errmsg(db_.get());
        const int extended = sqlite3_extended_errcode(db_.get());
        switch (extended & 0xFF) {
            case SQLITE_CONSTRAINT: return fail(Errc::ledger_known, rule_of(message));
            case SQLITE_BUSY:
            case SQLITE_LOCKED: return fail(Errc::ledger_busy, file_);
            case SQLITE_FULL: return fail(Errc::disk_full, file_);
            case SQLITE_IOERR:
                // The file beside the journal is what cannot grow first, and SQLite calls that a fault of the disk.
                if (extended == SQLITE_IOERR_SHMSIZE || sqlite3_system_errno(db_.get()) == ENOSPC) return fail(Errc::disk_full, file_);
                break;
            case SQLITE_NOTADB:
            case SQLITE_CORRUPT: return fail(Errc::ledger_bad, file_, message);
            default: break;
        }
        return fail(Errc::io_error, file_, message + " (SQLite " + std::to_string(extended) + ")");
    }

    struct Held {
        explicit Held(int descriptor) : fd(descriptor) {}
        Held(const Held&) = delete;
        Held& operator=(const Held&) = delete;
        ~Held() { ::close(fd); }
        int fd;
    };

    Database db_;
    std::string file_;
    Durability durability_ = Durability::at_once;
    std::vector<std::unique_ptr<Held>> held_;
    Journal journal_;
    std::map<std::string, Statement, std::less<>> statements_;
};

// Nobody else reads it; SQLite gives its journal the same permissions.
Result<void> make_private(const std::filesystem::path& file) {
    const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) return fail(Errc::io_error, file.string(), "cannot be opened for writing");
    ::close(fd);
    return {};
}

}  // namespace

Result<std::unique_ptr<Connection>> open_sqlite(const std::filesystem::path& file) {
    TRY(make_private(file));
    sqlite3* raw = nullptr;
    const int code = sqlite3_open_v2(file.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
    Database db(raw);
    if (code != SQLITE_OK) return fail(Errc::io_error, file.string(), sqlite3_errstr(code));
    sqlite3_busy_timeout(raw, busy_milliseconds);
    auto connection = std::make_unique<Sqlite>(std::move(db), file.string());
    for (const auto* pragma : {"PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", "PRAGMA foreign_keys = ON",
                               "PRAGMA trusted_schema = OFF", "PRAGMA secure_delete = ON"})
        TRY(connection->run(pragma));
    return connection;
}

}  // namespace idchip::ledger
