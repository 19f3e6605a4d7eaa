#include <idchip/vectors/runner.hpp>

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include <fmt/format.h>

#include <idchip/base/file.hpp>
#include <idchip/base/text.hpp>

#include "base/try.hpp"
#include "vectors/compare.hpp"

namespace idchip::vectors {
namespace {

constexpr auto counts_file = "COUNTS", schema_folder = "schema";

using Counts = std::map<std::string, std::size_t>;

bool matches(std::string_view glob, std::string_view text) {
    // Where the last star stood and how much of the text it has taken: going back there is all the backtracking needed.
    std::size_t g = 0, t = 0, star = std::string_view::npos, taken = 0;
    while (t < text.size()) {
        if (g < glob.size() && glob[g] == '*') {
            star = g++;
            taken = t;
        } else if (g < glob.size() && (glob[g] == '?' || glob[g] == text[t])) {
            ++g;
            ++t;
        } else if (star != std::string_view::npos) {
            g = star + 1;
            t = ++taken;
        } else {
            return false;
        }
    }
    return glob.find_first_not_of('*', g) == std::string_view::npos;
}

// Relative names of folder/*/*.json, sorted.
Result<std::vector<std::string>> find_files(const std::filesystem::path& folder) {
    namespace fs = std::filesystem;
    std::vector<std::string> names;
    try {
        for (const auto& suite : fs::directory_iterator(folder)) {
            if (!suite.is_directory() || suite.path().filename() == schema_folder) continue;
            for (const auto& file : fs::directory_iterator(suite.path()))
                if (file.path().extension() == ".json") names.push_back((suite.path().filename() / file.path().filename()).string());
        }
    } catch (const fs::filesystem_error& e) {
        return fail(fs::is_directory(folder) ? Errc::io_error : Errc::not_found, folder.string(), e.code().message());
    }
    if (names.empty()) return bad(folder.string(), "no files */*.json here");
    std::sort(names.begin(), names.end());
    return names;
}

Result<std::vector<Case>> load_folder(const std::filesystem::path& folder) {
    std::vector<Case> cases;
    for (const auto& name : TRY(find_files(folder))) TRY(load_cases(folder / name, name, cases));
    std::map<std::string_view, std::string_view> file_of;
    for (const auto& c : cases)
        if (const auto [first, fresh] = file_of.emplace(c.id, c.file); !fresh)
            return bad(c.file + "/" + c.id, "the id stands twice, first in " + std::string(first->second));
    return cases;
}

Result<CaseResult> run_case(const Case& c) {
    CaseResult result{std::string(c.suite->name), c.id, c.file, Status::passed, {}};
    const auto place = c.file + "/" + c.id;
    const Inputs in(c.in, c.folder);
    auto outputs = c.operation->run(in);
    if (!outputs && outputs.error().code == Errc::vector_bad) return fail(std::move(outputs.error()).inside(place));
    if (const auto key = in.unread()) return bad(place, "op " + std::string(c.operation->name) + " does not read \"" + *key + "\"");
    std::optional<std::string> difference;
    if (outputs) {
        auto compared = compare(c, *outputs);
        if (!compared) return fail(std::move(compared.error()).inside(place));
        difference = std::move(*compared);
    } else {
        difference = compare(c, outputs.error());
    }
    if (difference) {
        result.status = Status::failed;
        result.reason = std::move(*difference);
    }
    return result;
}

Result<CaseResult> judge(const Case& c, bool list) {
    CaseResult skipped{std::string(c.suite->name), c.id, c.file, Status::skipped, {}};
    if (list) {
        skipped.reason = "listed";
        return skipped;
    }
    if (c.missing.empty()) return run_case(c);
    skipped.reason = "requires " + c.missing.front();
    return skipped;
}

void add(Summary& summary, CaseResult result) {
    ++(result.status == Status::passed ? summary.passed : result.status == Status::failed ? summary.failed : summary.skipped);
    summary.results.push_back(std::move(result));
}

Counts count(const Summary& summary) {
    Counts counts;
    for (const auto& r : summary.results)
        if (r.file != counts_file) ++counts[r.suite];
    return counts;
}

// Lines "suite number"; '#' begins a comment.
Result<Counts> read_counts(const std::filesystem::path& path) {
    Counts counts;
    for (const auto& line : split(TRY(read_text(path)), '\n')) {
        const auto words = split(trim(line.substr(0, line.find('#'))), ' ');
        if (words.size() == 1 && words[0].empty()) continue;
        std::size_t number = 0;
        const auto& digits = words.back();
        const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), number);
        if (words.size() != 2 || words[0].empty() || parsed.ec != std::errc() || parsed.ptr != digits.data() + digits.size())
            return bad(counts_file, "want lines \"suite number\"");
        if (!counts.emplace(words[0], number).second) return bad(counts_file, "suite " + words[0] + " stands twice");
    }
    return counts;
}

// Cases that get lost (a file not found any more, a list cut short) must not look like success.
Result<void> check_counts(const std::filesystem::path& folder, Summary& summary) {
    const auto path = folder / counts_file;
    if (!std::filesystem::exists(path)) return {};
    const auto wanted = TRY(read_counts(path));
    auto found = count(summary);
    for (const auto& [suite, number] : found)
        if (!wanted.contains(suite)) return bad(counts_file, "suite " + suite + " is missing");
    for (const auto& [suite, number] : wanted)
        if (found[suite] < number)
            add(summary, {suite, suite + ".COUNTS", counts_file, Status::failed,
                          fmt::format("{} cases, at least {} are required", found[suite], number)});
    return {};
}

}  // namespace

Result<Summary> run_vectors(const RunOptions& options) {
    const auto cases = TRY(load_folder(options.folder));
    Summary summary;
    for (const auto& c : cases)
        if (options.only.empty() || matches(options.only, c.id)) add(summary, TRY(judge(c, options.list)));
    if (summary.results.empty()) return fail(Errc::bad_usage, options.folder.string(), "no case is named " + options.only);
    if (options.only.empty() && !options.list) TRY(check_counts(options.folder, summary));
    return summary;
}

std::string to_text(const Summary& summary) {
    std::string text;
    for (const auto& r : summary.results)
        if (r.status != Status::passed)
            text += fmt::format("{} {} ({}): {}\n", r.status == Status::failed ? "FAILED" : "skipped", r.id, r.file, printable(r.reason));
    return text + fmt::format("{} passed, {} failed, {} skipped\n", summary.passed, summary.failed, summary.skipped);
}

std::string counts_text(const Summary& summary) {
    std::string text;
    for (const auto& [suite, number] : count(summary)) text += fmt::format("{} {}\n", suite, number);
    return text;
}

}  // namespace idchip::vectors
