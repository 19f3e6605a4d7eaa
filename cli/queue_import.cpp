#include "queue_import.hpp"

#include <thread>

#include <fmt/format.h>

#include <idchip/line/shelf.hpp>
#include <idchip/record/intake.hpp>

#include "base/try.hpp"
#include "document_jobs.hpp"
#include "record.hpp"
#include "record_options.hpp"
#include "terminal.hpp"

namespace idchip::cli {
namespace {

constexpr std::size_t batch_size = 1000;
constexpr std::size_t lines_shown = 20;  // of standard error; the correction list has all

class Import {
public:
    Import(const ImportOptions& o, ledger::Ledger& ledger) : o_(o), ledger_(ledger) {}

    Result<Imported> run() {
        corrections_ = TRY(CorrectionList::create(o_.corrections));
        record::IntakeOptions options;
        options.settings = TRY(record_settings(o_.card));
        options.portraits = o_.portraits;
        options.digests = true;
        options.threads = std::max(1U, std::thread::hardware_concurrency());
        record::Intake intake(options);
        for (const auto& file : o_.files) TRY(one_file(intake, file));
        TRY(corrections_.finish());
        if (shown_ > lines_shown) fmt::print(stderr, "idchip: ... and {} more; --corrections writes all of them\n", shown_ - lines_shown);
        return result_;
    }

private:
    Result<void> one_file(record::Intake& intake, const std::string& file) {
        if (file == "-") return fail(Errc::bad_usage, "-", "the line reads a record again when its card is there: give a file");
        const auto source = TRY(record::open_records(file));
        const auto path = std::filesystem::absolute(file).lexically_normal().string();
        Progress progress(file, source->total_bytes());
        TRY(intake.run(*source, file, [&](const record::Checked& checked) -> Result<void> {
            if (++result_.records % 64 == 0) progress.at(source->bytes_read(), fmt::format("{} records", result_.records));
            TRY(corrections_.add(file, checked));
            if (!checked.record) {
                ++result_.with_errors;
                for (const auto& problem : checked.problems)
                    if (problem.severity == Severity::error) show(checked.id, problem_line(problem));
                return {};
            }
            batch_.push_back(line::new_job(checked, path, o_.priority));
            if (o_.portraits) batch_.back().portrait = TRY(portrait_digest(std::filesystem::path(path).parent_path(), *checked.record));
            return batch_.size() < batch_size ? Result<void>() : flush();
        }));
        return flush();
    }

    Result<void> flush() {
        const auto added = TRY(ledger_.add(batch_, now()));
        result_.added += added.added;
        result_.known += added.known;
        result_.changed += added.changed.size();
        result_.refused += added.refused.size();
        result_.made_before += added.made_before.size();
        for (const auto i : added.changed)
            show(batch_[i].record, "is in the ledger, but not word for word; to correct it: `idchip ledger reject`, then import again");
        for (const auto i : added.made_before)
            show(batch_[i].record, "a document was made of it before; another one is `ledger reprint`'s");
        for (const auto i : added.refused) show(batch_[i].record, "its document number is live in another record [ledger.known]");
        batch_.clear();
        return {};
    }

    void show(const std::string& record, const std::string& what) {
        if (++shown_ <= lines_shown) fmt::print(stderr, "idchip: {}: {}\n", record, what);
    }

    const ImportOptions& o_;
    ledger::Ledger& ledger_;
    CorrectionList corrections_;
    std::vector<ledger::NewJob> batch_;
    Imported result_;
    std::size_t shown_ = 0;
};

}  // namespace

Result<Imported> import_records(const ImportOptions& o, ledger::Ledger& ledger) { return Import(o, ledger).run(); }

std::string to_text(const Imported& i) {
    return fmt::format("{} records: {} queued, {} known already, {} with errors, {} changed, {} with a number that is live\n", i.records,
                       i.added, i.known, i.with_errors, i.changed + i.made_before, i.refused);
}

void add_import_options(CLI::App& verb, ImportOptions& o) {
    add_card_option(verb, o.card);
    verb.add_option("--priority", o.priority, "the higher ones first; without it 0. Given again, those that still wait change their place");
    verb.add_option("--corrections", o.corrections, "write a correction list, CSV for a spreadsheet");
    verb.add_flag("--portraits", o.portraits, "look at the portraits' pixels, too, as `record check` does");
}

}  // namespace idchip::cli
