#include <idchip/line/shelf.hpp>

#include "base/try.hpp"

namespace idchip::line {
namespace {

constexpr std::size_t most_files = 64;  // that are held open

}  // namespace

ledger::NewJob new_job(const record::Checked& c, const std::string& file, std::optional<std::int64_t> priority) {
    // Without the issuing State before it: a ledger is one issuer's.
    const auto number = c.keys.number.substr(c.keys.number.find('\n') + 1);
    return {c.id,    number, c.unit.province, c.unit.district, c.unit.commune, priority, file, static_cast<std::int64_t>(c.position),
            c.digest};
}

Result<record::RawRecord> Shelf::read(const ledger::Job& job) {
    if (!open_.contains(job.source) && open_.size() >= most_files) open_.clear();
    auto& source = open_[job.source];
    if (!source) source = TRY(record::open_records(job.source));
    record::RawRecord raw;
    TRY(source->seek(static_cast<std::uint64_t>(job.position)));
    const bool is_there = TRY(source->next(raw));
    if (!is_there || record::digest_of(raw) != job.digest)
        return fail(Error(Errc::record_changed, job.source).at(static_cast<std::size_t>(job.position)));
    return raw;
}

Result<record::Checked> Shelf::fetch(const ledger::Job& job) {
    const auto raw = read(job);
    if (raw) return record::check(*raw, settings_);
    open_.erase(job.source);
    const auto& error = raw.error();
    // Nothing of it is the record's fault, which was right when it was queued: the file is another one, or gone.
    if (error.code == Errc::record_changed || !error.name().starts_with("input.")) return fail(error);
    return fail(Errc::record_changed, job.source, error.code == Errc::not_found ? "it is gone" : error.message());
}

}  // namespace idchip::line
