#include "ledger/schema.hpp"

#include <array>

#include "base/try.hpp"

namespace idchip::ledger {
namespace {

// {ID} is a number that the database gives. States are named in full: a person with a database browser reads them.
constexpr std::array tables = {
    "CREATE TABLE job (id {ID}, record TEXT NOT NULL, reprint BIGINT NOT NULL, document_number TEXT NOT NULL, province TEXT NOT NULL,"
    " district TEXT NOT NULL, commune TEXT NOT NULL, priority BIGINT NOT NULL, turn BIGINT NOT NULL, source TEXT NOT NULL,"
    " position BIGINT NOT NULL, digest TEXT NOT NULL, state TEXT NOT NULL, attempts BIGINT NOT NULL, worker TEXT NOT NULL,"
    " lease_until BIGINT NOT NULL, reason TEXT NOT NULL, batch TEXT NOT NULL, portrait TEXT NOT NULL DEFAULT '')",
    "CREATE INDEX by_batch ON job (batch, id)",
    "CREATE UNIQUE INDEX one_record ON job (record, reprint)",
    "CREATE UNIQUE INDEX live_number ON job (document_number) WHERE state IN ('queued', 'in_work', 'issued')",
    "CREATE INDEX by_number ON job (document_number)",
    "CREATE INDEX queue ON job (priority DESC, turn, id) WHERE state = 'queued'",
    "CREATE INDEX leases ON job (lease_until) WHERE state = 'in_work'",

    "CREATE TABLE card (id {ID}, job BIGINT NOT NULL REFERENCES job (id), chip TEXT, profile TEXT NOT NULL, profile_hash TEXT NOT NULL,"
    " station TEXT NOT NULL, reader TEXT NOT NULL, state TEXT NOT NULL, intent TEXT NOT NULL, sod_hash TEXT, condition TEXT NOT NULL,"
    " error TEXT NOT NULL, started BIGINT NOT NULL, changed BIGINT NOT NULL)",
    "CREATE UNIQUE INDEX one_chip ON card (chip) WHERE chip IS NOT NULL AND state <> 'released'",
    "CREATE INDEX by_chip ON card (chip)",
    "CREATE UNIQUE INDEX one_card ON card (job)"
    " WHERE state IN ('reserved', 'writing', 'written', 'read_back', 'locked', 'verified', 'issued')",
    "CREATE UNIQUE INDEX one_sod ON card (sod_hash) WHERE sod_hash IS NOT NULL"
    " AND state IN ('writing', 'written', 'read_back', 'locked', 'verified', 'issued')",
    "CREATE INDEX by_job ON card (job)",
    "CREATE INDEX open_cards ON card (id) WHERE state IN ('reserved', 'writing', 'written', 'read_back', 'locked', 'verified')",

    // A chain for each station: stations do not wait for each other.
    "CREATE TABLE chain (name TEXT PRIMARY KEY, sequence BIGINT NOT NULL, hash TEXT NOT NULL)",
    "CREATE TABLE event (chain TEXT NOT NULL, sequence BIGINT NOT NULL, at BIGINT NOT NULL, kind TEXT NOT NULL, job BIGINT NOT NULL,"
    " card BIGINT NOT NULL, detail TEXT NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (chain, sequence))",
    "CREATE INDEX event_of_job ON event (job)",
    "CREATE INDEX event_of_card ON event (card)",
    "CREATE TABLE checkpoint (chain TEXT NOT NULL, sequence BIGINT NOT NULL, hash TEXT NOT NULL, at BIGINT NOT NULL,"
    " signed_statement TEXT NOT NULL, PRIMARY KEY (chain, sequence))",

    // Sums, one line for each station, so that a status costs the same with a million records and nobody waits for another's line.
    "CREATE TABLE tally (station TEXT NOT NULL, what TEXT NOT NULL, n BIGINT NOT NULL, PRIMARY KEY (station, what))",
    "CREATE TABLE daily (station TEXT NOT NULL, province TEXT NOT NULL, district TEXT NOT NULL, commune TEXT NOT NULL, day BIGINT NOT NULL,"
    " n BIGINT NOT NULL, PRIMARY KEY (station, province, district, commune, day))",
};

std::string for_dialect(std::string_view statement, Dialect dialect) {
    std::string text(statement);
    const auto at = text.find("{ID}");
    if (at != std::string::npos) text.replace(at, 4, dialect == Dialect::sqlite ? "INTEGER PRIMARY KEY" : "BIGSERIAL PRIMARY KEY");
    return text;
}

Result<bool> has_tables(Connection& c) {
    const auto rows =
        TRY(c.run(c.dialect() == Dialect::sqlite ? "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'idchip_ledger'"
                                                 : "SELECT count(*) FROM information_schema.tables WHERE table_schema = current_schema()"
                                                   " AND table_name = 'idchip_ledger'"));
    return rows[0].number(0) != 0;
}

Result<bool> is_empty(Connection& c) {
    const auto rows =
        TRY(c.run(c.dialect() == Dialect::sqlite ? "SELECT count(*) FROM sqlite_master"
                                                 : "SELECT count(*) FROM information_schema.tables WHERE table_schema = current_schema()"));
    return rows[0].number(0) == 0;
}

Result<void> make_tables(Connection& c) {
    if (!TRY(is_empty(c))) return fail(Errc::ledger_bad, {}, "the database holds other tables, and none of a ledger");
    for (const auto* table : tables) TRY(c.run(for_dialect(table, c.dialect())));
    TRY(c.run("CREATE TABLE idchip_ledger (version BIGINT NOT NULL)"));
    TRY(c.run("INSERT INTO idchip_ledger VALUES ($1)", {schema_version}));
    return {};
}

// What brings version n, counted from 1, to the next one.
constexpr std::array steps = {
    "ALTER TABLE job ADD COLUMN portrait TEXT NOT NULL DEFAULT ''",
};

Result<void> bring_up_to_date(Connection& c, std::int64_t from) {
    for (auto version = from; version < schema_version; ++version) TRY(c.run(steps.at(static_cast<std::size_t>(version - 1))));
    if (from != schema_version) TRY(c.run("UPDATE idchip_ledger SET version = $1", {schema_version}));
    return {};
}

}  // namespace

Result<void> prepare(Connection& c) {
    auto transaction = TRY(Transaction::begin(c));
    // Two stations that begin at the same moment: one makes the tables.
    if (c.dialect() == Dialect::postgresql) TRY(c.run("SELECT pg_advisory_xact_lock(71006720)"));
    if (!TRY(has_tables(c))) TRY(make_tables(c));
    const auto rows = TRY(c.run("SELECT version FROM idchip_ledger"));
    const auto version = rows.size() == 1 ? rows[0].number(0) : 0;
    if (version < 1 || version > schema_version)
        return fail(Errc::ledger_bad, {},
                    "its tables are of version " + std::to_string(version) + "; this program knows versions up to " +
                        std::to_string(schema_version));
    TRY(bring_up_to_date(c, version));
    return transaction.commit();
}

}  // namespace idchip::ledger
