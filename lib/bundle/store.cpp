#include "bundle/store_impl.hpp"

#include <fstream>
#include <utility>

#include <fmt/format.h>

#include <idchip/base/file.hpp>
#include <idchip/base/text.hpp>
#include <idchip/crypto/hash.hpp>

#include "base/try.hpp"

namespace idchip::bundle {
namespace {

namespace fs = std::filesystem;

std::string sha256(std::string_view text) { return to_hex(crypto::hash(crypto::HashAlg::sha256, as_bytes(text))); }
Failure damaged(const fs::path& file, std::string detail) { return fail(Errc::bundle_bad_store, file.string(), std::move(detail)); }

// The journal comes second: records without a journal would be cut off as what a crash has left.
Result<void> make_files(const fs::path& records, const fs::path& journal) {
    std::error_code error;
    if (fs::exists(journal, error)) return {};
    if (fs::exists(records, error) && fs::file_size(records, error) != 0)
        return damaged(records, "records without a journal (merged.jsonl)");
    TRY(write_text(records, "", FileMode::secret));
    return write_text(journal, journal_heading(), FileMode::secret);
}

// Goes through the journal bundle by bundle. A bundle whose lines do not have the hash that its closing line states was being written
// when the power failed; that can have happened to the last one only.
class Reading {
public:
    explicit Reading(Store::Impl& store) : store_(store) {}

    Result<void> run() {
        std::ifstream in(store_.journal_path(), std::ios::binary);
        std::string line;
        if (!std::getline(in, line) || in.eof() || line + "\n" != journal_heading()) return damaged(store_.journal_path(), "not a journal");
        whole_ = at_ = line.size() + 1;
        for (std::size_t number = 2; std::getline(in, line) && !in.eof(); ++number) {
            at_ += line.size() + 1;
            TRY(take(line, number));
        }
        if (in.bad()) return fail(Errc::io_error, store_.journal_path().string());
        return {};
    }
    std::uint64_t whole() const { return whole_; }  // bytes of the journal that count
    std::uint64_t end() const { return end_; }      // bytes of records.jsonl that count
    std::uint64_t before_last() const { return before_last_; }
    const std::string& last() const { return last_; }  // hash of the last record

private:
    Result<void> take(const std::string& line, std::size_t number) {
        auto parsed = read_line(line);
        if (auto* closed = std::get_if<Closed>(&parsed)) return close(std::move(*closed), number);
        if (std::holds_alternative<std::monostate>(parsed)) {
            sound_ = false;
            forget();
            return {};
        }
        text_ += line + "\n";
        if (auto* taken = std::get_if<Taken>(&parsed)) taken_.push_back(std::move(*taken));
        return {};
    }

    Result<void> close(Closed closed, std::size_t number) {
        const bool holds = sha256(text_) == closed.lines;
        if (holds && !(sound_ && reaches(closed.end)))
            return damaged(store_.journal_path(), fmt::format("lines before line {} are not what was written", number));
        sound_ = holds;
        if (holds) {
            for (const auto& t : taken_) store_.remember(t);
            if (!taken_.empty()) {
                last_ = taken_.back().content;
                before_last_ = taken_.size() > 1 ? taken_[taken_.size() - 2].end : end_;
            }
            whole_ = at_;
            end_ = closed.end;
            store_.remember(std::move(closed));
        }
        forget();
        return {};
    }
    // Whether the records that were taken lie one behind the other, up to there.
    bool reaches(std::uint64_t end) const {
        auto at = end_;
        for (const auto& t : taken_)
            if (t.end <= std::exchange(at, t.end)) return false;
        return at == end;
    }
    void forget() {
        text_.clear();
        taken_.clear();
    }

    Store::Impl& store_;
    std::uint64_t at_ = 0, whole_ = 0, end_ = 0, before_last_ = 0;
    std::string last_, text_;
    std::vector<Taken> taken_;
    bool sound_ = true;
};

}  // namespace

void Store::Impl::remember(const Taken& t) {
    const Place place{static_cast<std::uint32_t>(bundles.size()), static_cast<std::uint32_t>(t.line)};
    by_name.emplace(digest_of(t.record), Known{digest_of_hex(t.content).value_or(Digest{}), place});
    for (const auto& hash : t.numbers) by_number.emplace(digest_of_hex(hash).value_or(Digest{}), place);
    if (!t.portrait.empty()) by_portrait.emplace(digest_of_hex(t.portrait).value_or(Digest{}), place);
}

// Nothing that was there before goes with them: a record that shares a name, a number or a portrait is not taken.
void Store::Impl::forget(std::string_view lines) {
    for (const auto& line : split(lines, '\n')) {
        const auto parsed = read_line(line);
        const auto* taken = std::get_if<Taken>(&parsed);
        if (taken == nullptr) continue;
        by_name.erase(digest_of(taken->record));
        for (const auto& hash : taken->numbers) by_number.erase(digest_of_hex(hash).value_or(Digest{}));
        if (!taken->portrait.empty()) by_portrait.erase(digest_of_hex(taken->portrait).value_or(Digest{}));
    }
}

void Store::Impl::remember(Closed closed) {
    by_content.insert_or_assign(closed.content, bundles.size());
    bundle_names.insert(closed.manifest.bundle);
    numbers[closed.manifest.team].insert(closed.manifest.number);
    bundles.push_back(std::move(closed));
}

Result<void> Store::Impl::read_back() {
    Reading reading(*this);
    TRY(reading.run());
    const auto records_path = folder / "records.jsonl";
    if (records.size() < reading.end()) return damaged(records_path, "shorter than its journal says");
    if (!reading.last().empty()) {
        auto line = TRY(records.read(reading.before_last(), static_cast<std::size_t>(reading.end() - reading.before_last())));
        if (!line.ends_with('\n') || sha256(std::string_view(line).substr(0, line.size() - 1)) != reading.last())
            return damaged(records_path, "its last record is not the one of the journal");
    }
    const auto more_records = records.size() - reading.end(), more_lines = journal.size() - reading.whole();
    // A crash leaves one bundle at most. More than that is not ours to throw away.
    if (more_records > largest_file || more_lines > largest_file)
        return damaged(journal_path(), "the files hold more than it accounts for");
    if (more_lines != 0) TRY(journal.cut(reading.whole()));
    if (more_records != 0) TRY(records.cut(reading.end()));
    cut_off = more_records + more_lines;
    return {};
}

std::string Store::Impl::text(Place place, const Manifest& current) const {
    const auto& m = place.bundle < bundles.size() ? bundles[place.bundle].manifest : current;
    return fmt::format("line {} of bundle {} of {}", place.line, m.bundle, m.team);
}

Result<Store> Store::open(const fs::path& folder) {
    TRY(make_folder(folder / "portraits"));
    auto lock = TRY(lock_file(folder / "merged.lock", false));
    const auto records = folder / "records.jsonl", journal = folder / "merged.jsonl";
    TRY(make_files(records, journal));
    auto impl = std::make_unique<Impl>(folder, std::move(lock), TRY(GrowingFile::open(records)), TRY(GrowingFile::open(journal)));
    TRY(impl->read_back());
    return Store(std::move(impl));
}

Store::Store(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Store::Store(Store&&) noexcept = default;
Store::~Store() = default;

bool Store::usable() const { return !impl_->broken; }
std::uint64_t Store::records() const { return impl_->by_name.size(); }
std::uint64_t Store::cut_off() const { return impl_->cut_off; }

std::vector<Gap> Store::missing() const {
    std::vector<Gap> gaps;
    for (const auto& [team, seen] : impl_->numbers) {
        std::uint64_t next = 1;
        for (const auto number : seen) {
            if (number > next) gaps.push_back({team, next, number - 1});
            next = number + 1;
        }
    }
    return gaps;
}

}  // namespace idchip::bundle
