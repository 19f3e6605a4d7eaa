#include "ledger/sql.hpp"

#include "base/try.hpp"

namespace idchip::ledger {

std::int64_t Row::number(std::size_t i) const {
    const auto* n = std::get_if<std::int64_t>(&cells_[i]);
    return n == nullptr ? 0 : *n;
}

std::string Row::text(std::size_t i) const {
    const auto* t = std::get_if<std::string>(&cells_[i]);
    return t == nullptr ? std::string() : *t;
}

Result<Transaction> Transaction::begin(Connection& c, Durability durability) {
    const bool is_sqlite = c.dialect() == Dialect::sqlite;
    if (is_sqlite) TRY(c.set_durability(durability));
    TRY(c.run(is_sqlite ? "BEGIN IMMEDIATE" : "BEGIN"));
    Transaction transaction(c);
    if (!is_sqlite) TRY(c.set_durability(durability));
    return transaction;
}

Result<Transaction> Transaction::begin_reading(Connection& c) {
    TRY(c.run(c.dialect() == Dialect::sqlite ? "BEGIN DEFERRED" : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"));
    return Transaction(c);
}

Transaction::~Transaction() {
    if (connection_ != nullptr && connection_->in_transaction()) static_cast<void>(connection_->run("ROLLBACK"));
}

Result<void> Transaction::commit() {
    auto* c = std::exchange(connection_, nullptr);
    auto done = c->run("COMMIT");
    if (done) return {};
    if (c->in_transaction()) static_cast<void>(c->run("ROLLBACK"));
    return fail(std::move(done.error()));
}

}  // namespace idchip::ledger
