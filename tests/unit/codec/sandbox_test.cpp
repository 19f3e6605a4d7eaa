// The sandbox holds: tests/codec/hostile_child.cpp enters the same sandbox as the real child and then does what an attacker would.
#include "child.hpp"

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <set>
#include <thread>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace idchip;
using namespace idchip::test;
using Catch::Matchers::Contains;

namespace {

Bytes asking_for(const std::string& deed) { return concat({"FFD8FF"_hex, as_bytes(deed)}); }

// Small, so that tests are fast.
codec::Limits tight(unsigned seconds = 20) { return {40'000'000, 256U << 20U, seconds}; }

Result<codec::Picture> after(const std::string& deed, unsigned seconds = 20) {
    const OtherChild hostile(IDCHIP_CODEC_HOSTILE);
    return codec::decode(asking_for(deed), tight(seconds));
}

// A child of this process that is a decoder, running or not waited for. Other tests have children of their own.
bool have_children() {
    const auto ours = std::to_string(::getpid());
    for (const auto& process : std::filesystem::directory_iterator("/proc")) {
        // proc(5): pid (comm) state ppid
        std::ifstream stat(process.path() / "stat");
        std::string pid, comm, state, parent;
        if (stat >> pid >> comm >> state >> parent && parent == ours && comm.starts_with("(idchip-codec")) return true;
    }
    return false;
}

double seconds_of(const std::function<void()>& f) {
    const auto start = std::chrono::steady_clock::now();
    f();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

TEST_CASE("the hostile child that does nothing bad is believed", "[codec]") {
    const auto p = good(after("nothing"));
    CHECK(p.width == 2);
    CHECK(p.height == 1);
    CHECK(p.pixels == "010203040506"_hex);
    CHECK(p.notes.empty());
    CHECK(words_of(after("something unheard of")) == "unsupported: no such deed");
}

TEST_CASE("a child that opens, connects, forks, executes, kills or makes code is stopped", "[codec]") {
    for (const auto* deed : {"open", "create", "socket", "fork", "exec", "kill parent", "kill by thread", "read elsewhere",
                             "write elsewhere", "code in memory", "data to code", "raise limits", "x32"}) {
        CAPTURE(deed);
        const auto p = after(deed);
        CHECK(error_of(p) == "codec.crashed");
        CHECK(words_of(p) == "the decoder made a forbidden system call and was stopped");
    }
    CHECK_FALSE(std::filesystem::exists("/tmp/idchip-hostile"));
    CHECK(words_of(after("write to stderr")) == "unsupported: refused");
    CHECK_FALSE(have_children());
}

#if defined(__x86_64__)
TEST_CASE("of all system calls only those of the list are let through", "[codec]") {
    // With all arguments 0: mmap and mprotect then ask for no code. read waits for the parent and is left out; it is what `receive` uses.
    const std::set<long> allowed = {SYS_brk,           SYS_munmap,       SYS_mremap,         SYS_madvise,   SYS_mmap,         SYS_mprotect,
                                    SYS_clock_gettime, SYS_gettimeofday, SYS_futex,          SYS_getrandom, SYS_rt_sigreturn, SYS_exit,
                                    SYS_exit_group,    SYS_writev,       SYS_rt_sigprocmask, SYS_getpid,    SYS_gettid};
    // uretprobe and uprobe: Linux itself leads them past every filter; called from anywhere but a probe they do nothing.
    const std::set<long> unfiltered = {335, 336};
    std::set<long> passed;
    for (long call = 1; call < 470; ++call)
        if (!unfiltered.contains(call) &&
            words_of(after("call " + std::to_string(call))) != "the decoder made a forbidden system call and was stopped")
            passed.insert(call);
    CHECK(passed == allowed);
}
#endif

TEST_CASE("nothing of the parent comes along: no open file, no environment, no signal state", "[codec]") {
    const int leak = ::open("/dev/null", O_RDONLY);  // without O_CLOEXEC
    REQUIRE(::fcntl(leak, F_DUPFD, 500) >= 500);
    const auto before = std::signal(SIGUSR1, SIG_IGN);
    sigset_t block, old;
    sigemptyset(&block);
    sigaddset(&block, SIGUSR2);
    ::sigprocmask(SIG_BLOCK, &block, &old);
    CHECK(words_of(after("inherited")) == "unsupported: inherited: ");
    ::sigprocmask(SIG_SETMASK, &old, nullptr);
    std::signal(SIGUSR1, before);
    ::close(leak);
    ::close(500);
}

TEST_CASE("a child that never comes to an end is ended", "[codec]") {
    for (const auto* deed : {"loop", "wait", "half a body"}) {
        CAPTURE(deed);
        std::string words;
        const double taken = seconds_of([&] { words = words_of(after(deed, 1)); });
        CHECK(words == "the budget of 1 seconds is exceeded");
        CHECK(taken > 0.9);
        CHECK(taken < 3);
    }
    // Nor does one that takes nothing hold the parent: the picture is larger than any buffer between them.
    const TempFolder folder;
    const auto program = (folder / "that-does-not-read").string();
    std::filesystem::create_symlink(IDCHIP_CODEC_HOSTILE, program);
    const OtherChild silent(program);
    auto image = asking_for("nothing");
    image.resize(20'000'000);
    // wait_for_ever reads one byte after the other, far too slowly.
    CHECK(words_of(codec::decode(image, tight(1))) == "the budget of 1 seconds is exceeded");
    CHECK(words_of(codec::decode(image, tight(0))) == "the budget of 0 seconds is exceeded");
    CHECK_FALSE(have_children());
}

TEST_CASE("a child that has answered and stays is not waited for", "[codec]") {
    Result<codec::Picture> p = after("nothing");
    CHECK(seconds_of([&] { p = after("answer and stay"); }) < 5);
    CHECK(good(p).pixels == "010203040506"_hex);
    CHECK_FALSE(have_children());
}

TEST_CASE("a child whose parent was killed does not run on", "[codec]") {
    REQUIRE(::prctl(PR_SET_CHILD_SUBREAPER, 1) == 0);
    for (const auto& [deed, signal] : {std::pair{"loop", SIGXCPU}, {"wait", 0}}) {
        CAPTURE(deed);
        const pid_t parent = ::fork();
        if (parent == 0) {
            (void)after(deed, 1);
            ::_exit(0);
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(300));
        ::kill(parent, SIGKILL);
        int status = 0;
        REQUIRE(::waitpid(parent, &status, 0) == parent);
        REQUIRE(WIFSIGNALED(status));
        const double taken = seconds_of([&] { REQUIRE(::waitpid(-1, &status, 0) > 0); });
        CHECK(taken < 3);
        CHECK((WIFSIGNALED(status) ? WTERMSIG(status) : 0) == signal);
    }
    ::prctl(PR_SET_CHILD_SUBREAPER, 0);
}

TEST_CASE("a child that wants more memory than its budget is told so", "[codec]") {
    CHECK(words_of(after("memory by malloc")) == "the budget of memory is exceeded");
    CHECK(words_of(after("memory by new")) == "the budget of memory is exceeded");
}

TEST_CASE("a child that crashes is a refused picture with the signal's number", "[codec]") {
    CHECK(words_of(after("abort")) == "the decoder crashed (signal 6)");
    CHECK(words_of(after("double free")) == "the decoder crashed (signal 6)");
    CHECK(words_of(after("segfault")) == "the decoder crashed (signal 11)");
    CHECK(words_of(after("stack")) == "the decoder crashed (signal 11)");
    CHECK(words_of(after("exit")) == "the decoder ended without an answer (exit code 7)");
    CHECK(words_of(after("half a head")) == "the decoder ended without an answer (exit code 0)");
    // And the next picture is not affected.
    CHECK(good(after("nothing")).width == 2);
    CHECK_FALSE(have_children());
}

TEST_CASE("a child that lies is not believed, and costs no memory", "[codec]") {
    for (const auto* deed : {"wrong magic", "wrong status", "endless body", "large body", "long words"}) {
        CAPTURE(deed);
        CHECK(words_of(after(deed)) == "the decoder's answer makes no sense");
    }
    for (const auto* deed : {"body too short", "body too long", "two components", "no size", "sizes that overflow", "unknown remark"}) {
        CAPTURE(deed);
        CHECK(words_of(after(deed)) == "the decoder's picture contradicts itself");
    }
    const auto words = words_of(after("dirty words"));
    CHECK_THAT(words, Contains("cleared") && !Contains("\x1B") && !Contains("\n") && !Contains("\xFF"));
}

TEST_CASE("where the kernel has no seccomp nothing is decoded", "[codec]") {
    const TempFolder folder;
    const auto program = (folder / "without-seccomp").string();
    std::filesystem::create_symlink(IDCHIP_CODEC_HOSTILE, program);
    const OtherChild child(program);
    auto image = asking_for("nothing");
    for (const std::size_t size : {image.size(), std::size_t{20'000'000}}) {  // also while the parent still sends
        image.resize(size);
        const auto p = codec::decode(image, tight());
        CHECK(error_of(p) == "codec.unavailable");
        CHECK_THAT(words_of(p), Contains("no sandbox, so nothing is decoded: seccomp filter"));
    }
}

TEST_CASE("a helper program that is missing, no program or another one is named", "[codec]") {
    const auto image = asking_for("nothing");
    for (const auto* path : {"/nonexistent/idchip-codec", "/etc/passwd", "/tmp"}) {
        CAPTURE(path);
        const OtherChild child(path);
        const auto p = codec::decode(image, tight());
        CHECK(error_of(p) == "codec.unavailable");
        CHECK_THAT(words_of(p), Contains(std::string("cannot start ") + path));
    }
    const OtherChild other("/bin/true");
    CHECK(words_of(codec::decode(image, tight())) == "the decoder ended without an answer (exit code 0)");
}

TEST_CASE("a host that ignores its children still gets its answers", "[codec]") {
    const auto before = std::signal(SIGCHLD, SIG_IGN);
    CHECK(good(after("nothing")).width == 2);
    CHECK(words_of(after("abort")) == "the decoder ended without an answer");
    std::signal(SIGCHLD, before);
}

TEST_CASE("many threads decode at once", "[codec]") {
    const OtherChild hostile(IDCHIP_CODEC_HOSTILE);
    std::array<int, 8> right{};
    std::vector<std::thread> threads;
    for (auto& count : right)
        threads.emplace_back([&count] {
            for (int i = 0; i < 10; ++i) {
                const bool crash = i % 2 == 1;
                const auto p = codec::decode(asking_for(crash ? "abort" : "nothing"), tight());
                if (crash ? words_of(p) == "the decoder crashed (signal 6)" : p && p->pixels.size() == 6) ++count;
            }
        });
    for (auto& t : threads) t.join();
    for (const int count : right) CHECK(count == 10);
    CHECK_FALSE(have_children());
}
