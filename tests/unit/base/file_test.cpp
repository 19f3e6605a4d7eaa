#include "unit/unit.hpp"

#include <csignal>
#include <fstream>
#include <thread>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace idchip;
using namespace idchip::test;

namespace {

unsigned permissions(const std::filesystem::path& path) {
    struct stat status = {};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    return status.st_mode & 07777U;
}

std::size_t entries(const std::filesystem::path& folder) {
    std::size_t n = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        static_cast<void>(entry);
        ++n;
    }
    return n;
}

// While it lives no file can grow beyond `size`: what a full disk does, without mounting one.
class FileSizeLimit {
public:
    explicit FileSizeLimit(rlim_t size) {
        handler_ = std::signal(SIGXFSZ, SIG_IGN);
        ::getrlimit(RLIMIT_FSIZE, &before_);
        const rlimit limit{size, before_.rlim_max};
        REQUIRE(::setrlimit(RLIMIT_FSIZE, &limit) == 0);
    }
    FileSizeLimit(const FileSizeLimit&) = delete;
    FileSizeLimit& operator=(const FileSizeLimit&) = delete;
    ~FileSizeLimit() {
        ::setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, handler_);
    }

private:
    rlimit before_{};
    void (*handler_)(int) = nullptr;
};

}  // namespace

TEST_CASE("a file reads back as it was written", "[base]") {
    const TempFolder folder;
    TestRng rng;
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{65536}, std::size_t{65537}, std::size_t{200'000}}) {
        const auto content = rng.bytes(size);
        good(write_file(folder / "f", content));
        CHECK(good(read_file(folder / "f")) == content);
    }
    good(write_text(folder / "t", "text\n"));
    CHECK(good(read_text(folder / "t")) == "text\n");
    CHECK(entries(folder.path()) == 2);  // nothing half-written is left beside them
}

TEST_CASE("reading fails by name: absent, too large, a folder", "[base]") {
    const TempFolder folder;
    CHECK(error_of(read_file(folder / "none")) == "input.not_found");
    CHECK(error_of(read_file(folder / "none/below")) == "input.not_found");
    good(write_file(folder / "f", Bytes(100)));
    CHECK(error_of(read_file(folder / "f", 99)) == "input.too_large");
    CHECK(error_of(read_file(folder / "f", 100)) == "none");
    CHECK(error_of(read_file(folder / "f/below")) == "input.not_found");
    CHECK(error_of(read_file(folder.path())) == "io.failed");
}

TEST_CASE("a limit holds for what states no size, too", "[base]") {
    CHECK(error_of(read_file("/dev/zero", 1'000'000)) == "input.too_large");
}

TEST_CASE("a disk that fills up leaves the old file and nothing beside it", "[base]") {
    const TempFolder folder;
    const auto path = folder / "f";
    good(write_file(path, Bytes(10, 1)));
    {
        const FileSizeLimit limit(4096);
        const auto result = write_file(path, Bytes(100'000, 2));
        CHECK(error_of(result) == "io.disk_full");
        CHECK(error_of(write_file(folder / "new", Bytes(100'000, 2))) == "io.disk_full");
    }
    CHECK(good(read_file(path)) == Bytes(10, 1));
    CHECK(entries(folder.path()) == 1);
}

TEST_CASE("writing where there is no folder, or over a folder, fails and leaves nothing", "[base]") {
    const TempFolder folder;
    CHECK(error_of(write_file(folder / "none/f", Bytes(1))) == "input.not_found");
    good(make_folder(folder / "d"));
    CHECK(error_of(write_file(folder / "d", Bytes(1))) == "io.failed");
    CHECK(entries(folder.path()) == 1);
    CHECK(std::filesystem::is_directory(folder / "d"));
}

TEST_CASE("secret files are readable by their owner only, whatever stood there before", "[base]") {
    const auto before = ::umask(0022);
    const TempFolder folder;
    good(write_file(folder / "s", Bytes(3), FileMode::secret));
    CHECK(permissions(folder / "s") == 0600);
    good(write_file(folder / "p", Bytes(3)));
    CHECK(permissions(folder / "p") == 0644);
    good(write_file(folder / "p", Bytes(3), FileMode::secret));
    CHECK(permissions(folder / "p") == 0600);
    ::umask(before);
}

TEST_CASE("a leftover of an earlier run, or a link laid in its place, neither opens a secret nor is written through", "[base]") {
    const auto before = ::umask(0022);
    const TempFolder folder;
    const auto part = "s.part" + std::to_string(::getpid());
    good(write_file(folder / "victim", bytes_of("precious")));
    {
        std::ofstream(folder / part) << "left";
        REQUIRE(permissions(folder / part) == 0644);
        good(write_file(folder / "s", bytes_of("key"), FileMode::secret));
        CHECK(permissions(folder / "s") == 0600);
    }
    std::filesystem::create_symlink(folder / "victim", folder / part);
    good(write_file(folder / "s", bytes_of("key"), FileMode::secret));
    CHECK(good(read_text(folder / "victim")) == "precious");
    CHECK(good(read_text(folder / "s")) == "key");
    CHECK_FALSE(std::filesystem::is_symlink(folder / "s"));
    ::umask(before);
}

TEST_CASE("what is not a regular file is written to, not replaced", "[base]") {
    const TempFolder folder;
    const auto pipe = folder / "pipe";
    REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
    const int reader = ::open(pipe.c_str(), O_RDONLY | O_NONBLOCK);
    REQUIRE(reader >= 0);
    good(write_file(pipe, bytes_of("through")));
    char text[16] = {};
    CHECK(::read(reader, text, sizeof text) == 7);
    CHECK(std::string_view(text) == "through");
    ::close(reader);
    CHECK(std::filesystem::is_fifo(pipe));
    CHECK(entries(folder.path()) == 1);
}

TEST_CASE("folders are made with their parents, and one that is there is good", "[base]") {
    const TempFolder folder;
    good(make_folder(folder / "a/b/c"));
    good(make_folder(folder / "a/b/c"));
    CHECK(std::filesystem::is_directory(folder / "a/b/c"));
    good(write_file(folder / "f", Bytes(1)));
    CHECK_FALSE(make_folder(folder / "f/x"));
}

TEST_CASE("a line is appended whole or not at all", "[base]") {
    const TempFolder folder;
    const auto file = folder / "log";
    good(append_line(file, "one", FileMode::secret));
    good(append_line(file, ""));
    CHECK(permissions(file) == 0600);
    {
        const FileSizeLimit limit(10);
        CHECK(error_of(append_line(file, "longer than what is left")) == "io.disk_full");
    }
    CHECK(good(read_text(file)) == "one\n\n");
    std::vector<std::jthread> writers;
    for (int i = 0; i < 4; ++i)
        writers.emplace_back([&] {
            for (int n = 0; n < 25; ++n) static_cast<void>(append_line(file, "many"));
        });
    writers.clear();
    CHECK(good(read_text(file)).size() == 5 + 100 * 5);
    CHECK(error_of(append_line(folder / "none" / "log", "x")) == "input.not_found");
    CHECK(error_of(append_line(folder.path(), "x")) == "io.failed");
}
