#include <algorithm>

#include <fmt/format.h>

#include <idchip/base/file.hpp>
#include <idchip/codec/portrait.hpp>
#include <idchip/crypto/hash.hpp>

#include "base/try.hpp"
#include "bundle/content.hpp"
#include "bundle/sealed.hpp"
#include "bundle/store_impl.hpp"

namespace idchip::bundle {
namespace {

using record::Kind;

// Of one record: who has mended ten things packs it again, and sees the rest.
constexpr std::size_t most_problems = 10;
// Bytes of the journal. With the lines of all other records that one bundle may hold it stays below what a crash may leave behind.
constexpr std::size_t most_refusals = largest_file / 4;

std::string sha256(std::string_view text) { return to_hex(crypto::hash(crypto::HashAlg::sha256, as_bytes(text))); }

Problems errors_of(const Problems& problems) {
    Problems errors;
    std::copy_if(problems.begin(), problems.end(), std::back_inserter(errors),
                 [](const Problem& p) { return p.severity == Severity::error; });
    return errors;
}

std::string ending(codec::Format format) {
    return format == codec::Format::jpeg ? ".jpg" : format == codec::Format::jpeg2000 ? ".jp2" : ".png";
}

// Empty: no picture.
std::string path_of(const Entry& entry) {
    const auto format = codec::sniff(entry.portrait);
    return format ? "portraits/" + entry.portrait_digest + ending(*format) : std::string();
}

// What no two records may share, with the field it stands in. The document number of the Vietnamese card is nine of the twelve digits of
// the personal number: two persons may have the same.
std::vector<std::pair<std::string, const char*>> numbers_of(const record::Record& r) {
    std::vector<std::pair<std::string, const char*>> numbers;
    const auto add = [&](const std::string& number, const char* field) {
        if (!number.empty()) numbers.emplace_back(std::string(field) + "\n" + r.issuing_state + "\n" + number, field);
    };
    add(r.details.personal_number, "personal_number");
    if (!vietnam::info(r.card).vn_mrz) add(r.document_number, "document_number");
    return numbers;
}

// One bundle on its way into the store. The index in memory grows at once, the files when the whole bundle has been looked at.
class Merging {
public:
    // `before`: what came of it when it was merged last, if it was.
    Merging(Store::Impl& store, const Content& content, const MergeOptions& options, const Closed* before)
        : store_(store), content_(content), options_(options), before_(before), manifest_(content.manifest()) {
        report_.manifest = manifest_;
        report_.number_seen_before =
            before == nullptr && store_.numbers.contains(manifest_.team) && store_.numbers.at(manifest_.team).contains(manifest_.number);
    }

    Result<MergeReport> run() {
        for (std::size_t i = 0; i < content_.size(); ++i)
            if (const auto looked = look_at(i); !looked) {
                store_.forget(lines_);
                return fail(looked.error());
            }
        if (before_ != nullptr && report_.taken == 0 && report_.refused == before_->refused) return unchanged();
        for (const auto i : taken_) TRY(write_portrait(TRY(content_.entry(i))));
        const auto end = store_.records.size() + records_.size();
        Closed closed{manifest_, content_.digest(), report_.taken, report_.known, report_.refused, end, sha256(lines_)};
        TRY(store_.records.append(records_));
        step();
        TRY(store_.journal.append(lines_ + to_line(closed)));
        step();
        store_.remember(std::move(closed));
        return std::move(report_);
    }

private:
    void step() const {
        if (options_.step) options_.step();
    }

    // What is refused is refused for today's reasons.
    MergeReport unchanged() {
        report_.merged_before = true;
        report_.taken = before_->taken;
        report_.known = before_->known;
        return std::move(report_);
    }

    Result<void> look_at(std::size_t i) {
        auto entry = TRY(content_.entry(i));
        auto& raw = entry.record;
        constexpr auto portrait = static_cast<std::size_t>(record::Field::portrait);
        raw.values[portrait] = path_of(entry);
        raw.stated[portrait] = true;
        const auto line = record::write_json(raw);
        const auto content = sha256(line);
        if (const auto before = store_.by_name.find(digest_of(raw[record::Field::record])); before != store_.by_name.end()) {
            if (before->second.content != digest_of_hex(content))
                return refuse(raw[record::Field::record], raw.line, {problem_at(Kind::merged_otherwise, "record", before->second.place)});
            ++report_.known;
            return {};
        }
        const auto checked = record::check(raw, options_.settings);
        auto problems = errors_of(checked.problems);
        if (line.size() >= record::Source::longest_line) problems.push_back(record::problem(Kind::too_long, "record"));
        if (problems.empty()) problems = TRY(check_portrait(entry));
        if (problems.empty()) problems = compare(*checked.record, entry);
        if (!problems.empty()) return refuse(checked.id, raw.line, std::move(problems));
        take(*checked.record, line, content, entry);
        taken_.push_back(i);
        return {};
    }

    Problem problem_at(Kind kind, const char* field, Store::Impl::Place place) const {
        return record::problem(kind, field, store_.text(place, manifest_));
    }

    Result<Problems> check_portrait(const Entry& entry) const {
        if (!codec::sniff(entry.portrait))
            return Problems{record::problem(Kind::portrait_unreadable, "portrait", "neither JPEG nor JPEG 2000 nor PNG")};
        if (!options_.portraits) return Problems();
        const auto checked = record::check_portrait(entry.portrait, options_.portrait_rules);
        // A helper program that is not there, or not just now, must not look like a bad portrait.
        if (checked.failure && checked.failure->code == Errc::codec_unavailable) return fail(*checked.failure);
        return errors_of(checked.problems);
    }

    Problems compare(const record::Record& r, const Entry& entry) const {
        Problems problems;
        for (const auto& [number, field] : numbers_of(r))
            if (const auto before = store_.by_number.find(digest_of(number)); before != store_.by_number.end())
                problems.push_back(problem_at(Kind::duplicate_number, field, before->second));
        if (const auto digest = digest_of_hex(entry.portrait_digest))
            if (const auto before = store_.by_portrait.find(*digest); before != store_.by_portrait.end())
                problems.push_back(problem_at(Kind::duplicate_portrait, "portrait", before->second));
        return problems;
    }

    // Named by its hash: what lies there already is the same, unless the disk has harmed it.
    Result<void> write_portrait(const Entry& entry) {
        const auto file = store_.folder / path_of(entry);
        if (const auto there = read_file(file, record::largest_portrait_file); there && *there == entry.portrait) return {};
        TRY(write_file(file, entry.portrait, FileMode::secret));
        step();
        return {};
    }

    void take(const record::Record& r, const std::string& line, const std::string& content, const Entry& entry) {
        records_ += line + "\n";
        Taken taken{manifest_.bundle, entry.record.line, r.id, content, {}, entry.portrait_digest, store_.records.size() + records_.size()};
        for (const auto& [number, field] : numbers_of(r)) taken.numbers.push_back(to_hex(digest_of(number)));
        lines_ += to_line(taken);
        store_.remember(taken);
        ++report_.taken;
    }

    Result<void> refuse(const std::string& id, std::size_t line, Problems problems) {
        if (problems.size() > most_problems) problems.resize(most_problems);
        for (const auto& p : problems) report_.corrections.push_back({line, id, p});
        const auto text = to_line(Refused{manifest_.bundle, line, id, std::move(problems)});
        lines_ += text;
        ++report_.refused;
        refusals_ += text.size();
        if (refusals_ > most_refusals)
            return fail(Errc::bundle_bad, "bundle", fmt::format("more is wrong with its records than {} bytes can say", most_refusals));
        return {};
    }

    Store::Impl& store_;
    const Content& content_;
    const MergeOptions& options_;
    const Closed* before_;
    const Manifest& manifest_;
    MergeReport report_;
    std::string records_, lines_;     // for the two files
    std::vector<std::size_t> taken_;  // entries of the bundle
    std::size_t refusals_ = 0;        // bytes of lines_
};

MergeReport merged_before(const Closed& closed) {
    MergeReport report;
    report.manifest = closed.manifest;
    report.merged_before = true;
    report.taken = closed.taken;
    report.known = closed.known;
    return report;
}

}  // namespace

Result<MergeReport> Store::merge(ByteView bundle, const pki::Certificate& own, const crypto::PrivateKey& key,
                                 std::span<const pki::Certificate> teams, const MergeOptions& options) {
    auto& store = *impl_;
    if (store.broken) return fail(Errc::io_error, store.folder.string(), "writing failed before; open the store anew");
    if (bundle.size() > largest_file) return fail(Errc::too_large, "bundle", fmt::format("more than {} bytes", largest_file));
    auto opened = TRY(open_and_verify(bundle, own, key, teams, options.now));
    const auto content = TRY(Content::parse(std::move(opened.content)));
    const auto& manifest = content.manifest();
    if (manifest.team != TRY(team_name(opened.team))) return fail(Errc::bundle_untrusted, "bundle", "signed by another team than it names");
    if (manifest.made_at != opened.signed_at) return fail(Errc::bundle_altered, "bundle", "it was not signed when it was made");
    const auto found = store.by_content.find(content.digest());
    const auto* before = found != store.by_content.end() ? &store.bundles[found->second] : nullptr;
    // What was refused then may have been the fault of the centre's options, or of its clock.
    if (before != nullptr && before->refused == 0) return merged_before(*before);
    if (before == nullptr && store.bundle_names.contains(manifest.bundle))
        return fail(Errc::bundle_bad, "bundle", "another bundle was merged under its name");
    store.broken = true;  // until all of it is on the disk
    auto report = Merging(store, content, options, before).run();
    // A bundle that is refused whole has changed nothing.
    store.broken = !report && report.error().code != Errc::bundle_bad;
    return report;
}

}  // namespace idchip::bundle
