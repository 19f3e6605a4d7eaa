// Tables of the ledger, for both databases.
#pragma once

#include "ledger/sql.hpp"

namespace idchip::ledger {

constexpr std::int64_t schema_version = 2;

// Makes the tables where there are none, brings those of an older version up to date, refuses newer ones and what is no ledger.
// Errors: ledger.bad.
Result<void> prepare(Connection& connection);

}  // namespace idchip::ledger
