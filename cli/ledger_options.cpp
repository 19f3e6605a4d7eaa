#include "ledger_options.hpp"

#include <filesystem>
#include <vector>

#include <unistd.h>

#include <idchip/base/text.hpp>

#include "base/try.hpp"

namespace idchip::cli {

void add_ledger_options(CLI::App& verb, LedgerOptions& o) {
    verb.add_option("--ledger", o.ledger, "file, or postgresql://USER@HOST/DATABASE")->capture_default_str();
    verb.add_option("--station", o.station, "whose chain says what was done (default: HOST/line for a line, HOST/desk for the rest)");
}

std::string station_name(const LedgerOptions& o, const std::string& place) {
    if (!o.station.empty()) return o.station;
    char host[256] = {};
    ::gethostname(host, sizeof host - 1);
    return std::string(host) + "/" + place;
}

Result<ledger::Ledger> open_ledger(const LedgerOptions& o, const std::string& place) {
    return ledger::Ledger::open(o.ledger, station_name(o, place), now());
}

Result<ledger::Ledger> open_existing_ledger(const LedgerOptions& o, const std::string& place) {
    if (o.ledger.find("://") == std::string::npos && !std::filesystem::exists(o.ledger))
        return fail(Errc::not_found, o.ledger, "no ledger is there");
    return open_ledger(o, place);
}

std::string masked(const std::string& text) {
    // Where letters begin: a letter of UTF-8 has no place within another.
    std::vector<std::size_t> letters;
    for (std::size_t i = 0; i < text.size(); ++i)
        if ((static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U) letters.push_back(i);
    if (letters.size() <= 4) return std::string(letters.size(), '*');
    return text.substr(0, letters[1]) + std::string(letters.size() - 3, '*') + text.substr(letters[letters.size() - 2]);
}

void add_unmask_option(CLI::App& verb, Unmask& o) {
    verb.add_option("--unmask", o.reason, "show personal data, for this reason, which is recorded");
}

Result<bool> may_show(ledger::Ledger& ledger, const Unmask& o, const std::string& what) {
    if (o.reason.empty()) return false;
    if (trim(o.reason).empty()) return fail(Errc::bad_field, "--unmask", "want a reason");
    TRY(ledger.record_disclosure(what, o.reason, now()));
    return true;
}

}  // namespace idchip::cli
