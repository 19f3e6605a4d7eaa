// Why a child that is executed and not only forked: docs/adr/0004-image-sandbox.md
#include "codec/run.hpp"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include <fmt/format.h>

#include <idchip/base/text.hpp>

#include "base/try.hpp"

#ifndef IDCHIP_LIBEXEC_DIR
#define IDCHIP_LIBEXEC_DIR "/usr/local/libexec"
#endif

namespace idchip::codec {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto where = "portrait";

class Socket {
public:
    explicit Socket(int fd = -1) : fd_(fd) {}
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;
    ~Socket() { close(); }
    int get() const { return fd_; }
    void close() {
        if (fd_ >= 0) ::close(fd_);
        fd_ = -1;
    }

private:
    int fd_;
};

// A child that is killed and reaped at the latest when this dies.
class Child {
public:
    explicit Child(pid_t pid) : pid_(pid) {}
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;
    ~Child() { end(); }
    // Its wait status; -1 when somebody else has reaped it. The status of a child that is already dying does not change by the
    // kill; one that has answered and will not leave does so now.
    int end() {
        if (pid_ <= 0) return -1;
        ::kill(pid_, SIGKILL);
        int status = -1;
        while (::waitpid(pid_, &status, 0) < 0)
            if (errno != EINTR) {
                status = -1;
                break;
            }
        pid_ = -1;
        return status;
    }

private:
    pid_t pid_;
};

// Nothing of the parent reaches the child but one end of the socket: no environment, no other file, no signal mask, no terminal.
Result<pid_t> spawn(const std::string& program, int socket, const Limits& limits) {
    const auto memory = std::to_string(limits.memory);
    const auto seconds = std::to_string(limits.seconds);
    std::array<char*, 4> arguments = {const_cast<char*>(program.c_str()), const_cast<char*>(memory.c_str()),
                                      const_cast<char*>(seconds.c_str()), nullptr};
    std::array<char*, 1> environment = {nullptr};
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    int error = posix_spawn_file_actions_init(&files);
    if (error != 0) return fail(unavailable, where, std::strerror(error));
    error = posix_spawnattr_init(&attributes);
    if (error == 0) error = posix_spawn_file_actions_adddup2(&files, socket, 0);
    if (error == 0) error = posix_spawn_file_actions_adddup2(&files, 0, 1);
    if (error == 0) error = posix_spawn_file_actions_addclosefrom_np(&files, 2);
    if (error == 0) error = posix_spawnattr_setsigmask(&attributes, &none);
    if (error == 0) error = posix_spawnattr_setsigdefault(&attributes, &all);
    if (error == 0) error = posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID);
    pid_t pid = -1;
    if (error == 0) error = posix_spawn(&pid, program.c_str(), &files, &attributes, arguments.data(), environment.data());
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
    if (error != 0) return fail(unavailable, where, fmt::format("cannot start {}: {}", program, std::strerror(error)));
    return pid;
}

enum class Talk { done, ended, late };

Talk wait_for(int socket, short event, Clock::time_point deadline) {
    for (;;) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
        if (left <= 0) return Talk::late;
        pollfd p{socket, event, 0};
        const int n = ::poll(&p, 1, static_cast<int>(std::min<long>(left, 60'000)));
        if (n > 0) return Talk::done;
        if (n < 0 && errno != EINTR) return Talk::ended;
    }
}

template <class Step>
Talk transfer(int socket, std::size_t size, short event, Clock::time_point deadline, Step step) {
    for (std::size_t at = 0; at < size;) {
        const ssize_t n = step(at);
        if (n > 0) {
            at += static_cast<std::size_t>(n);
        } else if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
            if (const auto talk = wait_for(socket, event, deadline); talk != Talk::done) return talk;
        } else {
            return Talk::ended;
        }
        if (Clock::now() >= deadline) return Talk::late;
    }
    return Talk::done;
}

Talk send(int socket, ByteView bytes, Clock::time_point deadline) {
    return transfer(socket, bytes.size(), POLLOUT, deadline,
                    [&](std::size_t at) { return ::send(socket, bytes.data() + at, bytes.size() - at, MSG_NOSIGNAL | MSG_DONTWAIT); });
}

Talk receive(int socket, std::span<Byte> bytes, Clock::time_point deadline) {
    return transfer(socket, bytes.size(), POLLIN, deadline,
                    [&](std::size_t at) { return ::recv(socket, bytes.data() + at, bytes.size() - at, MSG_DONTWAIT); });
}

Failure late(const Limits& limits) { return fail(too_costly, where, fmt::format("the budget of {} seconds is exceeded", limits.seconds)); }

// Why a child left without a whole answer.
Failure explain(int status, const Limits& limits) {
    if (status == -1) return fail(crashed, where, "the decoder ended without an answer");
    if (WIFEXITED(status))
        return fail(unavailable, where, fmt::format("the decoder ended without an answer (exit code {})", WEXITSTATUS(status)));
    const int signal = WTERMSIG(status);
    if (signal == SIGXCPU) return late(limits);
    if (signal == SIGSYS) return fail(crashed, where, "the decoder made a forbidden system call and was stopped");
    return fail(crashed, where, fmt::format("the decoder crashed (signal {})", signal));
}

Failure refusal(wire::Status status, const std::string& text) {
    switch (status) {
        case wire::Status::bad: return fail(bad_picture, where, "cut off or damaged: " + text);
        case wire::Status::unsupported: return fail(bad_picture, where, "unsupported: " + text);
        case wire::Status::too_large: return fail(too_costly, where, "too large: " + text);
        case wire::Status::no_memory: return fail(too_costly, where, "the budget of memory is exceeded");
        case wire::Status::does_not_fit: return fail(does_not_fit, where, "does not fit: " + text);
        case wire::Status::no_sandbox: return fail(unavailable, where, "no sandbox, so nothing is decoded: " + text);
        case wire::Status::good: break;
    }
    return fail(unavailable, where, "the decoder's answer makes no sense");
}

bool sensible(const wire::Reply& reply, std::uint64_t largest_body) {
    if (reply.magic != wire::magic || reply.status > wire::Status::last) return false;
    return reply.body <= (reply.status == wire::Status::good ? largest_body : wire::longest_text);
}

std::string own_folder() {
    std::error_code error;
    const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
    return error ? std::string() : self.parent_path().string();
}

}  // namespace

Result<std::string> find_child() {
    if (const char* named = ::secure_getenv("IDCHIP_CODEC"); named != nullptr && *named != '\0') return std::string(named);
    std::vector<std::string> folders;
    if (const auto own = own_folder(); !own.empty()) folders = {own, own + "/../libexec"};
    folders.emplace_back(IDCHIP_LIBEXEC_DIR);
    for (const auto& folder : folders)
        if (auto path = folder + "/idchip-codec"; ::access(path.c_str(), X_OK) == 0) return path;
    return fail(unavailable, where, "no program idchip-codec, neither beside this program nor in " IDCHIP_LIBEXEC_DIR);
}

Result<Answer> run(wire::Request request, ByteView body, std::uint64_t largest_body, const Limits& limits) {
    const auto deadline = Clock::now() + std::chrono::seconds(limits.seconds);
    const auto program = TRY(find_child());
    std::array<int, 2> ends = {-1, -1};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) return fail(unavailable, where, std::strerror(errno));
    const Socket ours(ends[0]);
    Socket theirs(ends[1]);
    Child child(TRY(spawn(program, theirs.get(), limits)));
    theirs.close();  // from now on the end of the child is the end of the stream

    request.body = body.size();
    // A child that ends early may have said why: a failure to send is not the last word.
    auto talk = send(ours.get(), wire::bytes_of(request), deadline);
    if (talk == Talk::done) talk = send(ours.get(), body, deadline);
    Answer answer;
    if (talk != Talk::late) talk = receive(ours.get(), wire::writable_bytes_of(answer.head), deadline);
    if (talk == Talk::done) {
        if (!sensible(answer.head, largest_body)) return fail(unavailable, where, "the decoder's answer makes no sense");
        answer.body.resize(answer.head.body);
        talk = receive(ours.get(), answer.body, deadline);
    }
    const int status = child.end();
    if (talk == Talk::late) return late(limits);
    if (talk == Talk::ended) return explain(status, limits);
    if (answer.head.status != wire::Status::good) return refusal(answer.head.status, printable(as_text(answer.body)));
    return answer;
}

}  // namespace idchip::codec
