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
    Merging(Store::Impl& store, const Content& content, const MergeOptions& options)
        : store_(store), content_(content), options_(options), manifest_(content.manifest()) {
        report_.manifest = manifest_;
        report_.number_seen_before =
            store_.numbers.contains(manifest_.team) && store_.numbers.at(manifest_.team).contains(manifest_.number);
    }

    Result<MergeReport> run() {
        for (std::size_t i = 0; i < content_.size(); ++i) TRY(look_at(TRY(content_.entry(i))));
        const auto end = store_.records.size() + records_.size();
        Closed closed{manifest_, content_.digest(), report_.taken,        report_.known, report_.refused,
                      end,       sha256(lines_),    store_.journal.size()};
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

    Result<void> look_at(Entry entry) {
        auto& raw = entry.record;
        const auto format = codec::sniff(entry.portrait);
        const auto path = format ? "portraits/" + entry.portrait_digest + ending(*format) : std::string();
        raw.values[static_cast<std::size_t>(record::Field::portrait)] = path;
        const auto line = record::write_json(raw);
        const auto content = sha256(line);
        if (const auto before = store_.by_name.find(digest_of(raw[record::Field::record])); before != store_.by_name.end()) {
            if (before->second.content == digest_of_hex(content)) ++report_.known;
            else refuse(raw[record::Field::record], raw.line, {problem_at(Kind::merged_otherwise, "record", before->second.place)});
            return {};
        }
        const auto checked = record::check(raw, options_.settings);
        auto problems = errors_of(checked.problems);
        if (line.size() >= record::Source::longest_line) problems.push_back(record::problem(Kind::too_long, "record"));
        if (problems.empty()) problems = TRY(check_portrait(entry, format.has_value()));
        if (problems.empty()) problems = compare(*checked.record, entry);
        if (!problems.empty()) {
            refuse(checked.id, raw.line, std::move(problems));
            return {};
        }
        TRY(write_portrait(store_.folder / path, entry.portrait));
        take(*checked.record, line, content, entry);
        return {};
    }

    Problem problem_at(Kind kind, const char* field, Store::Impl::Place place) const {
        return record::problem(kind, field, store_.text(place, manifest_));
    }

    Result<Problems> check_portrait(const Entry& entry, bool known_format) {
        if (!known_format) return Problems{record::problem(Kind::portrait_unreadable, "portrait", "neither JPEG nor JPEG 2000 nor PNG")};
        if (!options_.portraits) return Problems();
        // A helper program that is not installed must not look like a bad portrait.
        if (!helper_works_)
            if (const auto picture = codec::decode(entry.portrait); !picture && picture.error().code == Errc::codec_unavailable)
                return fail(picture.error());
        helper_works_ = true;
        return errors_of(record::check_portrait(entry.portrait, options_.portrait_rules).problems);
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
    Result<void> write_portrait(const std::filesystem::path& file, const Bytes& portrait) {
        if (const auto there = read_file(file, record::largest_portrait_file); there && *there == portrait) return {};
        TRY(write_file(file, portrait, FileMode::secret));
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

    void refuse(const std::string& id, std::size_t line, Problems problems) {
        for (const auto& p : problems) report_.corrections.push_back({line, id, p});
        lines_ += to_line(Refused{manifest_.bundle, line, id, std::move(problems)});
        ++report_.refused;
    }

    Store::Impl& store_;
    const Content& content_;
    const MergeOptions& options_;
    const Manifest& manifest_;
    MergeReport report_;
    std::string records_, lines_;  // for the two files
    bool helper_works_ = false;
};

Result<MergeReport> merged_before(const Store::Impl& store, const Closed& closed) {
    MergeReport report;
    report.manifest = closed.manifest;
    report.merged_before = true;
    report.taken = closed.taken;
    report.known = closed.known;
    report.refused = closed.refused;
    report.corrections = TRY(store.corrections_of(closed));
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
    if (const auto before = store.by_content.find(content.digest()); before != store.by_content.end())
        return merged_before(store, store.bundles[before->second]);
    if (store.bundle_names.contains(manifest.bundle)) return fail(Errc::bundle_bad, "bundle", "another bundle was merged under its name");
    store.broken = true;  // until all of it is on the disk
    auto report = TRY(Merging(store, content, options).run());
    store.broken = false;
    return report;
}

}  // namespace idchip::bundle
