#include "unit/unit.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <idchip/signer/signature_count.hpp>

using namespace idchip;
using namespace idchip::test;
using signer::SignatureCount;

TEST_CASE("signatures are reserved before they are made, and settled afterwards", "[signer]") {
    const TempFolder folder;
    SignatureCount count(folder / "signatures.json", "AB12");
    CHECK(good(count.used()) == 0);
    const auto first = good(count.reserve(10, 100, "a"));
    CHECK(good(count.used()) == 10);  // perhaps made
    good(count.settle(first, 7));
    CHECK(good(count.used()) == 7);
    good(count.settle(first, 7));  // twice changes nothing
    CHECK(good(count.used()) == 7);
    CHECK(error_of(count.reserve(94, 100, "a")) == "signer.limit");
    CHECK(good(count.used()) == 7);
    CHECK(error_of(count.reserve(93, 100, "a")) == "none");
    CHECK(error_of(count.reserve(1, 100, "a")) == "signer.limit");
    CHECK(error_of(count.reserve(1, 0, "a")) == "none");  // no limit
}

TEST_CASE("what a run left open counts until it is settled, by its own job", "[signer]") {
    const TempFolder folder;
    const auto file = folder / "signatures.json";
    {
        SignatureCount count(file, "AB12");
        static_cast<void>(good(count.reserve(512, 0, "batch-1")));
        static_cast<void>(good(count.reserve(3, 0, "single")));
    }
    SignatureCount count(file, "AB12");
    CHECK(good(count.used()) == 515);
    const auto open = good(count.left_open("batch-1"));
    REQUIRE(open.size() == 1);
    good(count.settle(open[0], 100));
    CHECK(good(count.used()) == 103);
    CHECK(good(count.left_open("batch-1")).empty());
}

TEST_CASE("a count that is damaged, or another key's, is not believed", "[signer]") {
    const TempFolder folder;
    const auto file = folder / "signatures.json";
    SignatureCount count(file, "AB12");
    static_cast<void>(good(count.reserve(5, 0, "a")));
    CHECK(error_of(SignatureCount(file, "CD34").used()) == "signer.bad_counter");
    const auto whole = good(read_text(file));
    for (const auto& text : {std::string(), whole.substr(0, whole.size() / 2), std::string("{}"), std::string("[1]")}) {
        good(write_text(file, text));
        CHECK(error_of(count.used()) == "signer.bad_counter");
        CHECK(error_of(count.reserve(1, 0, "a")) == "signer.bad_counter");
        CHECK(good(read_text(file)) == text);  // left for those who mend it
    }
}

TEST_CASE("two processes count together", "[signer]") {
    const TempFolder folder;
    const auto file = folder / "signatures.json";
    std::vector<pid_t> children;
    for (int p = 0; p < 4; ++p) {
        const auto child = ::fork();
        if (child == 0) {
            SignatureCount count(file, "AB12");
            int failures = 0;
            for (int i = 0; i < 25; ++i) {
                const auto r = count.reserve(2, 0, "child");
                if (!r || !count.settle(*r, 1)) ++failures;
            }
            ::_exit(failures == 0 ? 0 : 1);
        }
        children.push_back(child);
    }
    for (const auto child : children) {
        int status = 0;
        ::waitpid(child, &status, 0);
        CHECK(status == 0);
    }
    CHECK(good(SignatureCount(file, "AB12").used()) == 100);
}

TEST_CASE("a full disk is told before anything is signed, and the count stays", "[signer]") {
    // Only root can make a small file system; without one the case is covered by write_file's own tests.
    const TempFolder folder;
    const auto disk = (folder / "disk").string();
    good(make_folder(disk));
    if (std::system(("mount -t tmpfs -o size=16k tmpfs " + disk + " 2>/dev/null").c_str()) != 0) return;
    {
        SignatureCount count(std::filesystem::path(disk) / "signatures.json", "AB12");
        const auto reserved = count.reserve(5, 0, "a");
        CHECK(error_of(reserved) == "none");
        const auto filler = std::filesystem::path(disk) / "filler";
        for (std::size_t size = 16'384; size > 0; size /= 2)
            static_cast<void>(write_file(filler.string() + std::to_string(size), Bytes(size)));
        CHECK(error_of(count.reserve(1, 0, "b")) == "io.disk_full");
        CHECK(good(count.used()) == 5);
        CHECK(error_of(count.settle(*reserved, 5)) == "io.disk_full");
        CHECK(good(count.used()) == 5);
    }
    CHECK(std::system(("umount " + disk).c_str()) == 0);
}
