// One language for two databases: statements with parameters $1, $2, ... that SQLite and PostgreSQL both understand.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <span>
#include <variant>
#include <vector>

#include <idchip/base/result.hpp>

namespace idchip::ledger {

using Cell = std::variant<std::monostate, std::int64_t, std::string>;

// One row of an answer. A NULL reads as 0 or as the empty text.
class Row {
public:
    explicit Row(std::vector<Cell> cells) : cells_(std::move(cells)) {}
    std::int64_t number(std::size_t i) const;
    std::string text(std::size_t i) const;
    bool is_null(std::size_t i) const { return std::holds_alternative<std::monostate>(cells_[i]); }

private:
    std::vector<Cell> cells_;
};
using Rows = std::vector<Row>;

enum class Dialect { sqlite, postgresql };
// lazy: everybody sees it at once, and it is durable with the next one that is. grouped: durable after `sync`, which several threads share.
enum class Durability { at_once, grouped, lazy };

// Not for several threads at once.
class Connection {
public:
    virtual ~Connection() = default;
    virtual Dialect dialect() const = 0;
    // One statement; prepared once, kept. Errors: ledger.known (a rule of uniqueness is broken; `where` is the rule's name), ledger.busy,
    // ledger.lost, io.disk_full, io.failed, ledger.bad.
    virtual Result<Rows> run(std::string_view statement, std::span<const Cell> parameters) = 0;
    Result<Rows> run(std::string_view statement) { return run(statement, std::span<const Cell>()); }
    Result<Rows> run(std::string_view statement, std::initializer_list<Cell> parameters) {
        return run(statement, std::span<const Cell>(parameters.begin(), parameters.size()));
    }
    virtual bool in_transaction() const = 0;
    // Of the transaction that begins (PostgreSQL) or will begin (SQLite).
    virtual Result<void> set_durability(Durability durability) = 0;
    // All that was committed before is durable when it returns. Beside other methods and itself, from any thread. Errors: io.failed.
    virtual Result<void> sync() { return {}; }
    // From now on one answer may take as long as an audit of everything does.
    virtual void be_patient() {}
    // Nobody else has this name until the connection ends. Errors: ledger.busy.
    virtual Result<void> hold(const std::string& name) = 0;
};

// All or nothing; nothing when it is left without `commit`.
class Transaction {
public:
    // SQLite: BEGIN IMMEDIATE, because a writer that begins as a reader is refused at once, whatever the time limit says.
    static Result<Transaction> begin(Connection& connection, Durability durability = Durability::at_once);
    // Everything that is read within it is of one moment; nobody waits for it.
    static Result<Transaction> begin_reading(Connection& connection);
    Transaction(Transaction&& other) noexcept : connection_(std::exchange(other.connection_, nullptr)) {}
    Transaction& operator=(Transaction&&) = delete;
    ~Transaction();
    Result<void> commit();

private:
    explicit Transaction(Connection& connection) : connection_(&connection) {}
    Connection* connection_;
};

// Errors: as Connection::run.
Result<std::unique_ptr<Connection>> open_sqlite(const std::filesystem::path& file);
// "postgresql://user@host:port/database"; a password comes from PGPASSFILE or the like, never from the address. `patience`: for one answer.
// Errors: ledger.lost.
Result<std::unique_ptr<Connection>> open_postgresql(const std::string& address,
                                                    std::chrono::milliseconds patience = std::chrono::minutes(2));

}  // namespace idchip::ledger
