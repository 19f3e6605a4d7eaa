// Takes the place of idchip-codec in tests: enters the same sandbox, takes a request by the same channel, and then behaves as a
// decoder that an attacker has taken over. What it does is the word behind the first three bytes of the picture.
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <map>
#include <new>
#include <string>

#include <fcntl.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "codec/child/channel.hpp"
#include "codec/child/sandbox.hpp"

using namespace idchip;
using namespace idchip::codec;
using namespace idchip::codec::child;

namespace {

// What is stored here cannot be optimized away.
void* volatile kept = nullptr;

// Before the sandbox: what came along from the parent. "": nothing but the socket.
std::string inherited;

void look_around() {
    for (int fd = 2; fd < 1024; ++fd)
        if (::fcntl(fd, F_GETFD) >= 0) inherited += "descriptor " + std::to_string(fd) + "; ";
    if (environ != nullptr && *environ != nullptr) inherited += "environment; ";
    sigset_t mask;
    sigprocmask(SIG_BLOCK, nullptr, &mask);
    for (int s = 1; s < NSIG; ++s) {
        struct sigaction action {};
        if (sigaction(s, nullptr, &action) == 0 && action.sa_handler == SIG_IGN) inherited += "ignored signal; ";
        if (sigismember(&mask, s) == 1) inherited += "blocked signal; ";
    }
}

// A kernel (or a container) that offers no seccomp filter.
void take_seccomp_away() {
    auto* f = ::seccomp_init(SCMP_ACT_ALLOW);
    ::seccomp_rule_add(f, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(seccomp), 0);
    ::seccomp_rule_add(f, SCMP_ACT_ERRNO(EINVAL), SCMP_SYS(prctl), 1, SCMP_A0(SCMP_CMP_EQ, 22));  // PR_SET_SECCOMP
    ::seccomp_load(f);
}

wire::Reply picture(std::uint32_t width, std::uint32_t height, std::uint32_t components) {
    wire::Reply r;
    r.width = width;
    r.height = height;
    r.components = components;
    return r;
}

void write_all(ByteView bytes) {
    while (!bytes.empty()) {
        const auto n = ::write(1, bytes.data(), bytes.size());
        if (n <= 0) ::_exit(1);
        bytes = bytes.subspan(static_cast<std::size_t>(n));
    }
}

[[noreturn]] void say(const std::string& text) { refuse(wire::Status::unsupported, text); }

[[gnu::noinline]] int overflow_stack(volatile char* above) {
    volatile char here[4096];
    here[0] = above[0];
    return here[0] == 1 ? 0 : overflow_stack(here) + here[0];
}

[[noreturn]] void wait_for_ever() {
    char c = 0;
    for (;;)
        if (::read(0, &c, 1) == 0) ::_exit(1);
}

const std::map<std::string, void (*)()>& deeds() {
    static const std::map<std::string, void (*)()> table = {
        {"nothing",
         [] {
             reply(picture(2, 1, 3), Bytes{1, 2, 3, 4, 5, 6});
         }},
        {"inherited", [] { say("inherited: " + inherited); }},
        {"open", [] { (void)!::open("/etc/passwd", O_RDONLY); }},
        {"create", [] { (void)!::open("/tmp/idchip-hostile", O_CREAT | O_WRONLY, 0600); }},
        {"socket", [] { (void)!::socket(AF_INET, SOCK_STREAM, 0); }},
        {"fork", [] { (void)!::fork(); }},
        {"exec", [] { ::execl("/bin/true", "true", nullptr); }},
        {"kill parent", [] { ::kill(::getppid(), SIGTERM); }},
        {"kill by thread", [] { ::syscall(SYS_tgkill, 1, 1, 0); }},
        {"read elsewhere",
         [] {
             char c;
             (void)!::read(5, &c, 1);
         }},
        {"write elsewhere", [] { (void)!::write(5, "x", 1); }},
        {"code in memory", [] { ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0); }},
        {"data to code",
         [] {
             static char data[8192];
             ::mprotect(data, 4096, PROT_READ | PROT_EXEC);
         }},
        {"raise limits",
         [] {
             const rlimit none{RLIM_INFINITY, RLIM_INFINITY};
             ::setrlimit(RLIMIT_CPU, &none);
         }},
        {"x32", [] { ::syscall(0x40000000 | SYS_getpid); }},
        {"write to stderr",
         [] {
             const bool refused = ::write(2, "x", 1) < 0 && errno == EBADF;
             say(refused ? "refused" : "written");
         }},
        {"loop",
         [] {
             for (volatile bool on = true; on;) {
             }
         }},
        {"wait", [] { wait_for_ever(); }},
        {"abort", [] { std::abort(); }},
        {"segfault", [] { ::raise(SIGSEGV); }},
        {"stack",
         [] {
             volatile char c = 0;
             overflow_stack(&c);
         }},
        {"double free",
         [] {
             void (*volatile release)(void*) = std::free;
             void* p = std::malloc(40);
             release(p);
             release(p);
         }},
        {"memory by malloc",
         [] {
             for (;;) {
                 void* p = std::malloc(10'000'000);
                 if (p == nullptr) refuse(wire::Status::bad, "a library's words");
                 std::memset(p, 1, 10'000'000);
                 kept = p;
             }
         }},
        {"memory by new",
         [] {
             for (;;) kept = std::memset(new char[10'000'000], 1, 10'000'000);
         }},
        {"exit", [] { ::_exit(7); }},
        {"half a head",
         [] {
             write_all(wire::bytes_of(picture(2, 1, 3)).first(20));
             ::_exit(0);
         }},
        {"half a body",
         [] {
             auto head = picture(2, 1, 3);
             head.body = 6;
             write_all(wire::bytes_of(head));
             wait_for_ever();
         }},
        {"wrong magic",
         [] {
             auto head = picture(2, 1, 3);
             head.magic[0] = 'I';
             reply(head, Bytes(6));
         }},
        {"wrong status",
         [] {
             wire::Reply head;
             head.status = static_cast<wire::Status>(77);
             reply(head, {});
         }},
        {"endless body",
         [] {
             auto head = picture(2, 1, 3);
             head.body = ~std::uint64_t{0};
             write_all(wire::bytes_of(head));
             wait_for_ever();
         }},
        {"large body",
         [] {
             auto head = picture(2, 1, 3);
             head.body = std::uint64_t{3} * 40'000'000 + 1;
             write_all(wire::bytes_of(head));
             wait_for_ever();
         }},
        {"long words",
         [] {
             wire::Reply head;
             head.status = wire::Status::bad;
             reply(head, Bytes(wire::longest_text + 1, 'x'));
         }},
        {"dirty words", [] { say("\x1B[2Jcleared\nline\xFF"); }},
        {"body too short", [] { reply(picture(2, 1, 3), Bytes(5)); }},
        {"body too long", [] { reply(picture(2, 1, 3), Bytes(7)); }},
        {"two components", [] { reply(picture(2, 1, 2), Bytes(4)); }},
        {"no size", [] { reply(picture(0, 0, 3), {}); }},
        {"sizes that overflow", [] { reply(picture(0x80000000, 2, 1), {}); }},
        {"unknown remark",
         [] {
             auto head = picture(2, 1, 3);
             head.remarks = 8;
             reply(head, Bytes(6));
         }},
        {"answer and stay",
         [] {
             auto head = picture(2, 1, 3);
             head.body = 6;
             write_all(wire::bytes_of(head));
             write_all(Bytes{1, 2, 3, 4, 5, 6});
             wait_for_ever();
         }},
    };
    return table;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) return 64;
    look_around();
    const std::string own_name = argv[0];
    if (own_name.ends_with("without-seccomp")) take_seccomp_away();
    std::set_new_handler([] { refuse(wire::Status::no_memory, {}); });
    if (const char* step = enter_sandbox({std::strtoull(argv[1], nullptr, 10), std::strtoull(argv[2], nullptr, 10)}))
        refuse(wire::Status::no_sandbox, std::string(step) + ": " + std::strerror(errno));
    if (own_name.ends_with("that-does-not-read")) wait_for_ever();
    Bytes body;
    receive(body);
    const std::string word(body.begin() + 3, body.end());
    if (word.starts_with("call ")) {
        ::syscall(std::atol(word.c_str() + 5), 0, 0, 0, 0, 0, 0);
        say("survived");
    }
    const auto deed = deeds().find(word);
    if (deed == deeds().end()) say("no such deed");
    deed->second();
    say("survived");
}
