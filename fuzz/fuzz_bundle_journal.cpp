// The journal of a store. An input is what stands behind its heading, once as it is, once with the hashes that its closing lines want. The
// store holds the two records that the seeds speak of.
#include "fuzz.hpp"

#include <utility>

#include <unistd.h>

#include <idchip/base/file.hpp>
#include <idchip/base/text.hpp>
#include <idchip/crypto/hash.hpp>

#include "bundle/journal.hpp"

using namespace idchip;
using bundle::Store;

namespace {

constexpr std::string_view records = "{}\n{\"a\":1}\n";

class Folder {
public:
    Folder() {
        std::string name =
            (std::filesystem::exists("/dev/shm") ? "/dev/shm" : std::filesystem::temp_directory_path().string()) + "/journal-XXXXXX";
        FUZZ_CHECK(::mkdtemp(name.data()) != nullptr);
        path_ = name;
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    // Not with write_text: that waits for the disk.
    void write(const char* name, std::string_view text) const {
        std::FILE* file = std::fopen((path_ / name).c_str(), "wb");
        FUZZ_CHECK(file != nullptr && std::fwrite(text.data(), 1, text.size(), file) == text.size() && std::fclose(file) == 0);
    }
    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

std::string written(const bundle::JournalLine& line) {
    if (const auto* taken = std::get_if<bundle::Taken>(&line)) return bundle::to_line(*taken);
    if (const auto* refused = std::get_if<bundle::Refused>(&line)) return bundle::to_line(*refused);
    return bundle::to_line(std::get<bundle::Closed>(line));
}

// A line that was read is written and read again as the same.
void check_line(const bundle::JournalLine& parsed) {
    const auto text = written(parsed);
    FUZZ_CHECK(text.find('\n') == text.size() - 1);
    const auto again = bundle::read_line(std::string_view(text).substr(0, text.size() - 1));
    FUZZ_CHECK(again.index() == parsed.index());
    FUZZ_CHECK(written(again) == text);
}

// The same journal with hashes that fit.
std::string repaired(std::string_view text) {
    std::string whole, open;
    auto lines = split(text, '\n');
    const auto rest = std::exchange(lines.back(), {});  // behind the last line end
    lines.pop_back();
    for (const auto& line : lines) {
        auto parsed = bundle::read_line(line);
        if (std::holds_alternative<std::monostate>(parsed)) {
            whole += std::exchange(open, {}) + line + "\n";  // the reader begins anew behind it
            continue;
        }
        check_line(parsed);
        if (auto* closed = std::get_if<bundle::Closed>(&parsed)) {
            closed->lines = to_hex(crypto::hash(crypto::HashAlg::sha256, as_bytes(open)));
            whole += std::exchange(open, {}) + bundle::to_line(*closed);
        } else {
            open += line + "\n";
        }
    }
    return whole + open + rest;
}

struct State {
    std::uint64_t records, cut_off;
    std::vector<bundle::Gap> missing;
};
std::optional<State> opened(const Folder& folder) {
    const auto store = Store::open(folder.path());
    if (!store) {
        FUZZ_CHECK(store.error().code == Errc::bundle_bad_store);
        return std::nullopt;
    }
    FUZZ_CHECK(store->usable());
    return State{store->records(), store->cut_off(), store->missing()};
}

// What an interrupted merge has left is cut off once; nothing that counts goes with it.
void check_store(const std::string& journal) {
    static const Folder folder;
    folder.write("records.jsonl", records);
    folder.write("merged.jsonl", journal);
    const auto first = opened(folder);
    if (!first) return;
    FUZZ_CHECK(first->records <= split(journal, '\n').size() && first->cut_off <= records.size() + journal.size());
    for (std::size_t i = 0; i < first->missing.size(); ++i) {
        const auto& gap = first->missing[i];
        FUZZ_CHECK(gap.first >= 1 && gap.first <= gap.last);
        if (i > 0 && first->missing[i - 1].team == gap.team) FUZZ_CHECK(first->missing[i - 1].last < gap.first);
    }
    const auto left = read_text(folder.path() / "merged.jsonl"), left_records = read_text(folder.path() / "records.jsonl");
    FUZZ_CHECK(left && journal.starts_with(*left) && left_records && records.starts_with(*left_records));
    FUZZ_CHECK(left->size() + left_records->size() + first->cut_off == journal.size() + records.size());
    const auto second = opened(folder);
    FUZZ_CHECK(second && second->records == first->records && second->cut_off == 0);
    FUZZ_CHECK(second->missing.size() == first->missing.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = as_text({data, size});
    const auto other = repaired(text);
    check_store(bundle::journal_heading() + std::string(text));
    if (other != text) check_store(bundle::journal_heading() + other);
    return 0;
}
