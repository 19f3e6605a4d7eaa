#include "line_supply.hpp"

#include <fmt/format.h>

#include "base/try.hpp"

namespace idchip::cli {
namespace {

// A portrait may be missing; where its folder is, too, none will be found.
bool is_folder_gone(const std::filesystem::path& portrait) {
    std::error_code ignored;
    return !std::filesystem::is_directory(portrait.parent_path(), ignored);
}

// Another record may well become a document.
bool is_of_this_record(const Error& error) {
    if (error.code == Errc::record_changed || error.code == Errc::codec_unavailable) return false;
    for (const auto* room : {"input.", "mrz.", "lds.", "codec.", "image."})
        if (error.name().starts_with(room)) return true;
    return false;
}

}  // namespace

Result<void> LineSupply::begin() {
    TRY(ledger_.be_alone());
    TRY(ledger_.give_back_all(ledger_.station()));
    return {};
}

Result<std::optional<line::Ready>> LineSupply::next(const std::function<void(const line::Event&)>& sink) {
    for (;;) {
        const auto job = TRY(ledger_.claim(ledger_.station(), lease_seconds_, now()));
        if (!job) return std::optional<line::Ready>();
        auto ready = make(*job, Issuance::Letter::either);
        if (ready) return std::optional(std::move(*ready));
        const auto& error = ready.error();
        if (!is_of_this_record(error)) {
            TRY(ledger_.give_back(*job));
            return fail(error);
        }
        TRY(ledger_.reject(job->id, std::string(error.name()), now()));
        line::Event event;
        event.kind = line::Event::Kind::rejected;
        event.job = job->id;
        event.failure = error;
        sink(event);
    }
}

Result<line::Ready> LineSupply::again(const ledger::Job& job) { return make(job, Issuance::Letter::old_only); }

Result<line::Ready> LineSupply::make(const ledger::Job& job, Issuance::Letter letter) {
    const std::scoped_lock lock(mutex_);
    const auto checked = shelf_.fetch(job);
    if (!checked) return fail(checked.error());
    if (!checked->record) return fail(Errc::bad_field, fmt::format("job {}", job.id), "its record has errors: `idchip record check`");
    const auto folder = std::filesystem::path(job.source).parent_path();
    if (const auto portrait = folder / checked->record->portrait; is_folder_gone(portrait))
        return fail(Errc::io_error, portrait.parent_path().string(), "the folder of the portraits is not there");
    auto document = TRY(make_document(folder, *checked->record, style_, job.portrait));
    TRY(issuance_.complete(document, letter));
    // A card that was begun before may be locked, and needs no keys then: none of the pool is spent on it.
    auto taken = TRY(letter == Issuance::Letter::old_only ? issuance_.fresh_chip_keys() : issuance_.chip_keys());
    TRY(personalize::sign_ahead(document, issuance_.profile, taken.keys, *issuance_.signer, now()));
    line::Ready ready{job, std::move(document), std::move(taken.keys)};
    ready.after = [this, id = taken.id](const personalize::Job& work, const line::Made& made) { return after(id, work, made); };
    return ready;
}

Result<void> LineSupply::after(const std::string& pool_id, const personalize::Job& job, const line::Made& made) {
    const std::scoped_lock lock(mutex_);
    // The locked chip has them, and nobody else shall.
    if (!made.outcome.failure && !pool_id.empty()) TRY(issuance_.pool->wipe(pool_id));
    return issuance_.report(job, made.outcome);
}

}  // namespace idchip::cli
