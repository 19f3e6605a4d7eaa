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

Result<record::Checked> Shelf::fetch(const ledger::Job& job) {
    if (!open_.contains(job.source) && open_.size() >= most_files) open_.clear();
    auto& source = open_[job.source];
    if (!source) {
        auto opened = record::open_records(job.source);
        if (!opened) {
            open_.erase(job.source);
            return fail(opened.error());
        }
        source = std::move(*opened);
    }
    record::RawRecord raw;
    TRY(source->seek(static_cast<std::uint64_t>(job.position)));
    const bool is_there = TRY(source->next(raw));
    if (!is_there || record::digest_of(raw) != job.digest) {
        open_.erase(job.source);
        return fail(Error(Errc::record_changed, job.source).at(static_cast<std::size_t>(job.position)));
    }
    return record::check(raw, settings_);
}

}  // namespace idchip::line
