// Whatever interrupts a merge, at whatever byte: the next one gives what an undisturbed one would have given.
#include "bundle_maker.hpp"

#include <csignal>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <idchip/base/text.hpp>

#include "bundle/journal.hpp"

using namespace idchip;
using namespace idchip::test;
using bundle::Store;
namespace fs = std::filesystem;

namespace {

struct Scene {
    Team north{"north"}, south{"south"};
    Centre centre{{&north, &south}};
    Bytes first = north.pack(centre.holder, {1, 2});
    Bytes second = south.pack(centre.holder, person_line(2) + person_line(3) + changed(person_line(1), "surname", "Khác") + person_line(4));
    Bytes third = north.pack(centre.holder, {5, 3});
    TempFolder folder;
    std::vector<std::string> expected;

    Scene() {
        for (const auto* b : {&first, &second, &third}) good(centre.merge(folder / "expected", *b));
        expected = contents_of(folder / "expected");
    }
    // As if nothing had happened.
    void go_on(const fs::path& store) {
        for (const auto* b : {&second, &third}) good(centre.merge(store, *b));
        CHECK(codes(good(centre.merge(store, second))) == "4:S5-000001 record record.merged_otherwise");
        CHECK((contents_of(store) == expected));
    }
};

std::string text_of(const fs::path& file) { return good(read_text(file)); }

void copy_folder(const fs::path& from, const fs::path& to) {
    fs::remove_all(to);
    fs::copy(from, to, fs::copy_options::recursive);
}

// The exit code of a child that runs `work`.
template <class Work>
int in_child(Work work) {
    const auto pid = ::fork();
    if (pid == 0) ::_exit(work());
    int status = 0;
    REQUIRE(::waitpid(pid, &status, 0) == pid);
    REQUIRE(WIFEXITED(status));
    return WEXITSTATUS(status);
}

// Merges the second bundle into a store that `prepare` has left with the first one, killed after each of its steps. How many there are.
template <class Prepare>
int killed_after_each_step(Scene& scene, Prepare prepare) {
    constexpr int killed = 9, done = 0;
    for (int last = 1;; ++last) {
        const auto store_folder = scene.folder / fmt::format("killed{}", last);
        good(scene.centre.merge(store_folder, scene.first));
        prepare(store_folder);
        const int code = in_child([&] {
            auto options = scene.centre.options();
            int count = 0;
            options.step = [&] {
                if (++count == last) ::_exit(killed);
            };
            auto store = Store::open(store_folder);
            return store && scene.centre.merge(*store, scene.second, options) ? done : 1;
        });
        REQUIRE((code == killed || code == done));
        scene.go_on(store_folder);
        if (code == done) return last - 1;
    }
}

}  // namespace

TEST_CASE("a merge that is killed after any of its steps loses and doubles nothing", "[bundle]") {
    Scene scene;
    CHECK(killed_after_each_step(scene, [](const fs::path&) {}) == 4);  // two portraits, records, journal
}

TEST_CASE("a bundle whose refused records are taken up again may be killed after any step, too", "[bundle]") {
    Scene scene;
    auto wrong_clock = scene.centre.options();
    wrong_clock.settings.today = {1900, 1, 1};
    const auto refuse_first = [&](const fs::path& store_folder) {
        auto store = good(Store::open(store_folder));
        CHECK(good(scene.centre.merge(store, scene.second, wrong_clock)).refused == 3);  // all that is not known
    };
    CHECK(killed_after_each_step(scene, refuse_first) == 4);  // two portraits, records, journal
}

TEST_CASE("a merge that was cut off at any byte loses and doubles nothing", "[bundle]") {
    Scene scene;
    const auto before = scene.folder / "before", after = scene.folder / "after", now = scene.folder / "now";
    good(scene.centre.merge(before, scene.first));
    copy_folder(before, after);
    good(scene.centre.merge(after, scene.second));
    const auto old_records = text_of(before / "records.jsonl"), new_records = text_of(after / "records.jsonl");
    const auto old_journal = text_of(before / "merged.jsonl"), new_journal = text_of(after / "merged.jsonl");
    int looks = 0;
    const auto look = [&](const std::string& records, const std::string& journal, bool committed) {
        CAPTURE(records.size(), journal.size());
        copy_folder(after, now);  // the portraits come first, and are there
        good(write_text(now / "records.jsonl", records));
        good(write_text(now / "merged.jsonl", journal));
        {
            const auto store = good(Store::open(now));
            CHECK(store.records() == (committed ? 4 : 2));
            CHECK(text_of(now / "records.jsonl") == (committed ? new_records : old_records));
            CHECK(text_of(now / "merged.jsonl") == (committed ? new_journal : old_journal));
            CHECK((store.cut_off() != 0) == (!committed && (records != old_records || journal != old_journal)));
        }
        if (++looks % 8 == 0) CHECK(good(scene.centre.merge(now, scene.second)).merged_before == committed);
    };
    for (auto size = old_records.size(); size <= new_records.size(); size += 19) look(new_records.substr(0, size), old_journal, false);
    for (auto size = old_journal.size(); size < new_journal.size(); size += 13) look(new_records, new_journal.substr(0, size), false);
    look(new_records, new_journal.substr(0, new_journal.size() - 1), false);
    look(new_records, new_journal, true);
    // Blocks that were given to the file and never written read as zeros.
    for (auto size = old_journal.size(); size < new_journal.size(); size += 50) {
        auto journal = new_journal;
        std::fill(journal.begin() + static_cast<std::ptrdiff_t>(size),
                  journal.begin() + static_cast<std::ptrdiff_t>(std::min(size + 50, journal.size())), '\0');
        look(new_records, journal, false);
    }
    scene.go_on(now);
}

TEST_CASE("the very first merge may be interrupted, too", "[bundle]") {
    Scene scene;
    const auto empty = scene.folder / "empty", now = scene.folder / "now";
    { const auto store = good(Store::open(empty)); }
    copy_folder(empty, now);
    const auto records = text_of(scene.folder / "expected/records.jsonl");
    good(write_text(now / "records.jsonl", records.substr(0, 1500)));
    CHECK(good(Store::open(now)).cut_off() == 1500);
    good(scene.centre.merge(now, scene.first));
    scene.go_on(now);
    // Between the making of the two files.
    const auto half = scene.folder / "half";
    good(make_folder(half));
    good(write_text(half / "records.jsonl", ""));
    good(scene.centre.merge(half, scene.first));
    scene.go_on(half);
}

TEST_CASE("a full disk is an error that costs nothing", "[bundle]") {
    Scene scene;
    const auto full = scene.folder / "full", reference = scene.folder / "reference";
    // Records that contradict one another make the journal grow beyond the records.
    std::string lines;
    for (int i = 0; i < 20; ++i) {
        auto json = changed(person_line(8), "residence", fmt::format("Số {} Phố Thử, Phường Mẫu, Hà Nội", i));
        json.pop_back();
        lines += bundle::entry_line(json, marked_portrait(8));
    }
    const auto contradictions = scene.south.seal_text(scene.centre.holder, bundle::write_content(scene.south.manifest(20), lines));
    good(scene.centre.merge(reference, scene.first));
    good(scene.centre.merge(reference, contradictions));
    const auto records = fs::file_size(reference / "records.jsonl"), journal = fs::file_size(reference / "merged.jsonl");
    REQUIRE(records < journal);
    for (const auto limit : {std::uintmax_t{50}, records - 300, records - 1, records, journal - 300, journal - 1}) {
        CAPTURE(limit);
        fs::remove_all(full);
        good(scene.centre.merge(full, scene.first));
        const int code = in_child([&] {
            ::signal(SIGXFSZ, SIG_IGN);
            const rlimit rule{limit, limit};
            auto store = Store::open(full);
            if (!store || ::setrlimit(RLIMIT_FSIZE, &rule) != 0) return 1;
            const auto merged = scene.centre.merge(*store, contradictions);
            if (merged) return 2;
            if (merged.error().code != Errc::disk_full) return 3;
            // The store knows that its memory is ahead of its disk.
            return scene.centre.merge(*store, scene.third) ? 4 : 0;
        });
        CHECK(code == 0);
        CHECK(good(scene.centre.merge(full, contradictions)).refused == 19);
        CHECK((contents_of(full) == contents_of(reference)));
    }
}

TEST_CASE("a store that was damaged otherwise is not mended by throwing away", "[bundle]") {
    Scene scene;
    const auto whole = scene.folder / "expected", now = scene.folder / "now";
    const auto journal = text_of(whole / "merged.jsonl"), records = text_of(whole / "records.jsonl");
    const auto broken = [&](const std::string& new_records, const std::string& new_journal) {
        copy_folder(whole, now);
        good(write_text(now / "records.jsonl", new_records));
        good(write_text(now / "merged.jsonl", new_journal));
        const auto name = error_of(Store::open(now));
        CHECK(text_of(now / "records.jsonl") == new_records);
        CHECK(text_of(now / "merged.jsonl") == new_journal);
        return name;
    };
    // One byte in any line of a bundle that is not the last.
    const auto last_bundle = journal.rfind("\n", journal.rfind("\"closed\":true", journal.size() - 400) + 1);
    for (std::size_t at = 0; at < last_bundle; at += 37) {
        auto bent = journal;
        bent[at] = bent[at] == 'X' ? 'Y' : 'X';
        CAPTURE(at);
        if (bent != journal) CHECK(broken(records, bent) == "bundle.bad_store");
    }
    CHECK(broken(records.substr(0, records.size() - 1), journal) == "bundle.bad_store");
    CHECK(broken(std::string(records.size(), 'x'), journal) == "bundle.bad_store");
    CHECK(broken("", journal) == "bundle.bad_store");
    CHECK(broken(records, "") == "bundle.bad_store");
    copy_folder(whole, now);
    fs::remove(now / "merged.jsonl");
    CHECK(error_of(Store::open(now)) == "bundle.bad_store");
    CHECK(text_of(now / "records.jsonl") == records);
}

TEST_CASE("a portrait that the disk has harmed is written again", "[bundle]") {
    Scene scene;
    const auto store_folder = scene.folder / "store";
    good(make_folder(store_folder / "portraits"));
    const auto file = store_folder / "portraits" / (to_hex(crypto::hash(crypto::HashAlg::sha256, marked_portrait(1))) + ".jpg");
    good(write_text(file, "half"));
    good(scene.centre.merge(store_folder, scene.first));
    CHECK(good(read_file(file)) == marked_portrait(1));
}

TEST_CASE("a journal whose hashes fit, but not its places in the records, is refused", "[bundle]") {
    Scene scene;
    const auto store = scene.folder / "store";
    good(scene.centre.merge(store, scene.first));
    const auto lines = split(text_of(store / "merged.jsonl"), '\n');
    REQUIRE(lines.size() == 5);  // heading, two records, closing line, nothing
    const auto one = std::get<bundle::Taken>(bundle::read_line(lines[1])), two = std::get<bundle::Taken>(bundle::read_line(lines[2]));
    const auto closed = std::get<bundle::Closed>(bundle::read_line(lines[3]));
    const auto opened = [&](std::uint64_t end_of_one, std::uint64_t end_of_two, std::uint64_t end) {
        auto a = one, b = two;
        auto c = closed;
        a.end = end_of_one;
        b.end = end_of_two;
        c.end = end;
        const auto text = bundle::to_line(a) + bundle::to_line(b);
        c.lines = to_hex(crypto::hash(crypto::HashAlg::sha256, as_bytes(text)));
        good(write_text(store / "merged.jsonl", bundle::journal_heading() + text + bundle::to_line(c)));
        return error_of(Store::open(store));
    };
    const auto middle = one.end, end = closed.end;
    CHECK(opened(middle, end, end) == "none");
    for (const auto wrong : {std::uint64_t{0}, end, end + 1, ~std::uint64_t{0}}) CHECK(opened(wrong, end, end) == "bundle.bad_store");
    for (const auto wrong : {std::uint64_t{0}, middle, end - 1, end + 1, ~std::uint64_t{0}})
        CHECK(opened(middle, wrong, end) == "bundle.bad_store");
    for (const auto wrong : {std::uint64_t{0}, middle, end - 1, end + 1, ~std::uint64_t{0}})
        CHECK(opened(middle, end, wrong) == "bundle.bad_store");
    CHECK(opened(middle, ~std::uint64_t{0}, ~std::uint64_t{0}) == "bundle.bad_store");
}
