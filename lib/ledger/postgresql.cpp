// PostgreSQL through libpq. Every commit is synced by the server (synchronous_commit is on for this session, whatever the server's file says).
#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <map>
#include <thread>

#include <libpq-fe.h>
#include <poll.h>

#include <idchip/crypto/hash.hpp>

#include "base/try.hpp"
#include "ledger/sql.hpp"

namespace idchip::ledger {
namespace {

struct Finish {
    void operator()(PGconn* c) const { PQfinish(c); }
};
struct Clear {
    void operator()(PGresult* r) const { PQclear(r); }
};
using Answer = std::unique_ptr<PGresult, Clear>;

// Types of pg_type.dat that come back as numbers.
constexpr Oid int8_type = 20, int2_type = 21, int4_type = 23;

Cell cell_of(const PGresult* answer, int row, int column) {
    if (PQgetisnull(answer, row, column) != 0) return {};
    const std::string_view text(PQgetvalue(answer, row, column), static_cast<std::size_t>(PQgetlength(answer, row, column)));
    const auto type = PQftype(answer, column);
    if (type != int8_type && type != int2_type && type != int4_type) return std::string(text);
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

Rows rows_of(const PGresult* answer) {
    Rows rows;
    for (int row = 0; row < PQntuples(answer); ++row) {
        std::vector<Cell> cells;
        for (int column = 0; column < PQnfields(answer); ++column) cells.push_back(cell_of(answer, row, column));
        rows.emplace_back(std::move(cells));
    }
    return rows;
}

class Postgresql final : public Connection {
public:
    Postgresql(std::string address, std::chrono::milliseconds patience) : address_(std::move(address)), patience_(patience) {}

    Result<void> connect() {
        // A server or a station that is gone without a word is missed within half a minute, on both sides. What the address says stands above it.
        constexpr std::array keywords = {"connect_timeout",
                                         "keepalives_idle",
                                         "keepalives_interval",
                                         "keepalives_count",
                                         "tcp_user_timeout",
                                         "dbname",
                                         static_cast<const char*>(nullptr)};
        const std::array values = {"10", "10", "5", "3", "20000", address_.c_str(), static_cast<const char*>(nullptr)};
        connection_.reset(PQconnectdbParams(keywords.data(), values.data(), 1));
        if (PQstatus(connection_.get()) != CONNECTION_OK) return lost();
        PQsetNoticeProcessor(
            connection_.get(), [](void*, const char*) {}, nullptr);  // what matters comes as an error
        TRY(run("SET synchronous_commit = on"));
        TRY(run("SET client_min_messages = warning"));
        TRY(run("SET lock_timeout = '10s'"));
        for (const auto* limit : {"SET tcp_keepalives_idle = 10", "SET tcp_keepalives_interval = 5", "SET tcp_keepalives_count = 3",
                                  "SET tcp_user_timeout = 20000"})
            TRY(run(limit));
        return {};
    }

    Dialect dialect() const override { return Dialect::postgresql; }
    bool in_transaction() const override {
        const auto status = PQtransactionStatus(connection_.get());
        return status == PQTRANS_INTRANS || status == PQTRANS_INERROR;
    }

    using Connection::run;
    Result<Rows> run(std::string_view text, std::span<const Cell> parameters) override {
        std::vector<std::string> numbers(parameters.size());
        std::vector<const char*> values;
        for (std::size_t i = 0; i < parameters.size(); ++i) {
            if (const auto* n = std::get_if<std::int64_t>(&parameters[i])) values.push_back((numbers[i] = std::to_string(*n)).c_str());
            else if (const auto* t = std::get_if<std::string>(&parameters[i])) values.push_back(t->c_str());
            else values.push_back(nullptr);
        }
        const auto* statement = TRY(prepared(text, parameters.size()));
        if (PQsendQueryPrepared(connection_.get(), statement->c_str(), static_cast<int>(values.size()), values.data(), nullptr, nullptr,
                                0) == 0)
            return lost();
        const auto answer = TRY(await());
        const auto status = PQresultStatus(answer.get());
        if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) return failure(answer.get());
        // A transaction that has failed answers COMMIT with ROLLBACK, and calls that a success.
        if (text == "COMMIT" && std::string_view(PQcmdStatus(answer.get())) != "COMMIT")
            return fail(Errc::ledger_lost, {}, "the transaction had failed");
        return rows_of(answer.get());
    }

    Result<void> set_durability(Durability durability) override {
        if (durability == Durability::lazy) TRY(run("SET LOCAL synchronous_commit = off"));
        return {};
    }

    void be_patient() override { patience_ = std::max<std::chrono::milliseconds>(patience_, std::chrono::hours(1)); }

    Result<void> hold(const std::string& name) override {
        const auto digest = crypto::hash(crypto::HashAlg::sha256, as_bytes("idchip station " + name));
        const auto key = static_cast<std::int64_t>(read_be(ByteView(digest).first(8)));
        // The server takes a moment to notice that a program was killed.
        for (int tries = 0; tries < 30; ++tries) {
            const auto rows = TRY(run("SELECT CASE WHEN pg_try_advisory_lock($1) THEN 1 ELSE 0 END", {key}));
            if (rows[0].number(0) != 0) return {};
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
        }
        return fail(Errc::ledger_busy, name, "a program works under this name");
    }

private:
    // A server that is there and says nothing (a disk that hangs, a process that was stopped) is lost as well.
    Result<Answer> await() {
        const auto until = std::chrono::steady_clock::now() + patience_;
        while (PQisBusy(connection_.get()) != 0) {
            const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
            pollfd socket{PQsocket(connection_.get()), POLLIN, 0};
            const int ready = left.count() <= 0 ? 0 : ::poll(&socket, 1, static_cast<int>(left.count()));
            if (ready < 0 && errno == EINTR) continue;
            if (ready == 0) {
                connection_.reset();  // whatever it answers yet is nobody's
                return fail(Errc::ledger_lost, {}, "no answer within " + std::to_string(patience_.count() / 1000) + " s");
            }
            if (PQconsumeInput(connection_.get()) == 0) return lost();
        }
        Answer answer(PQgetResult(connection_.get()));
        // What follows the one answer is that it was the only one.
        while (const Answer rest{PQgetResult(connection_.get())}) {
        }
        return answer;
    }

    Result<const std::string*> prepared(std::string_view text, std::size_t parameters) {
        if (const auto found = statements_.find(text); found != statements_.end()) return &found->second;
        auto name = "s" + std::to_string(statements_.size());
        if (PQsendPrepare(connection_.get(), name.c_str(), std::string(text).c_str(), static_cast<int>(parameters), nullptr) == 0)
            return lost();
        const auto answer = TRY(await());
        if (PQresultStatus(answer.get()) != PGRES_COMMAND_OK) return failure(answer.get());
        return &(statements_[std::string(text)] = std::move(name));
    }

    // The server's address could carry a user's name and no more: a password in it is refused before.
    Failure lost() const { return fail(Errc::ledger_lost, {}, first_line(PQerrorMessage(connection_.get()))); }

    Failure failure(const PGresult* answer) const {
        if (PQstatus(connection_.get()) != CONNECTION_OK || answer == nullptr) return lost();
        const auto field = [&](int code) {
            const char* text = PQresultErrorField(answer, code);
            return std::string(text == nullptr ? "" : text);
        };
        const auto state = field(PG_DIAG_SQLSTATE);
        if (state.empty()) return lost();  // libpq's own word, not the server's
        if (state.starts_with("23")) return fail(Errc::ledger_known, field(PG_DIAG_CONSTRAINT_NAME));
        if (state == "55P03" || state.starts_with("40")) return fail(Errc::ledger_busy, {}, "SQLSTATE " + state);
        if (state == "53100") return fail(Errc::disk_full, "the ledger's server");
        if (state.starts_with("57P") || state.starts_with("08")) return fail(Errc::ledger_lost, {}, "SQLSTATE " + state);
        return fail(Errc::ledger_bad, {}, field(PG_DIAG_MESSAGE_PRIMARY) + " (SQLSTATE " + state + ")");
    }

    static std::string first_line(std::string_view text) { return std::string(text.substr(0, text.find('\n'))); }

    std::string address_;
    std::chrono::milliseconds patience_;
    std::unique_ptr<PGconn, Finish> connection_;
    std::map<std::string, std::string, std::less<>> statements_;
};

}  // namespace

Result<std::unique_ptr<Connection>> open_postgresql(const std::string& address, std::chrono::milliseconds patience) {
    auto connection = std::make_unique<Postgresql>(address, patience);
    TRY(connection->connect());
    return connection;
}

}  // namespace idchip::ledger
