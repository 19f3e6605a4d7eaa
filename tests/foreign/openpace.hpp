// The test's end of tests/foreign/openpace.cpp: one process for all tests, a deadline for each answer.
#pragma once

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <sstream>
#include <string>
#include <vector>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit/unit.hpp"

namespace idchip::test {

class OpenPace {
public:
    OpenPace() = default;
    OpenPace(const OpenPace&) = delete;
    OpenPace& operator=(const OpenPace&) = delete;
    ~OpenPace() { end(); }

    struct Answer {
        std::string verdict;  // "ok", "no", "error"
        std::vector<std::string> values;
        bool ok() const { return verdict == "ok"; }
        std::string value(std::size_t i = 0) const { return i < values.size() ? values[i] : std::string(); }
        Bytes bytes(std::size_t i = 0) const { return value(i) == "-" ? Bytes() : from_hex(value(i)).value(); }
    };
    static std::string word(ByteView bytes) { return bytes.empty() ? "-" : to_hex(bytes); }

    // Whatever comes.
    Answer ask(std::initializer_list<std::string> words) {
        if (pid_ <= 0) start();
        std::string line;
        for (const auto& w : words) line += (line.empty() ? "" : " ") + w;
        send(line + "\n");
        std::istringstream stream(receive(line));
        Answer a;
        stream >> a.verdict;
        for (std::string w; stream >> w;) a.values.push_back(w);
        return a;
    }
    // "ok" and nothing else.
    Answer must(std::initializer_list<std::string> words) {
        auto a = ask(words);
        if (!a.ok()) FAIL("libeac: " << *words.begin() << ": " << a.verdict << " " << a.value());
        return a;
    }

private:
    static constexpr std::chrono::seconds deadline{20};

    void start() {
        std::array<int, 2> ends{};
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) FAIL("socketpair");
        posix_spawn_file_actions_t files;
        posix_spawn_file_actions_init(&files);
        posix_spawn_file_actions_adddup2(&files, ends[1], 0);
        posix_spawn_file_actions_adddup2(&files, ends[1], 1);
        posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0);  // libeac complains there of what tests provoke
        std::string program = IDCHIP_OPENPACE;
        std::array<char*, 2> arguments = {program.data(), nullptr};
        const int error = ::posix_spawn(&pid_, program.c_str(), &files, nullptr, arguments.data(), environ);
        posix_spawn_file_actions_destroy(&files);
        ::close(ends[1]);
        socket_ = ends[0];
        if (error != 0) {
            pid_ = -1;
            FAIL("cannot start " << program);
        }
    }

    // Killed: a process that hangs would not leave by itself.
    void end() {
        if (pid_ <= 0) return;
        ::kill(pid_, SIGKILL);
        while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) continue;
        ::close(socket_);
        pid_ = -1;
        pending_.clear();
    }

    void send(std::string_view text) {
        while (!text.empty()) {
            const auto n = ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
            if (n < 0 && errno == EINTR) continue;
            if (n <= 0) {
                end();
                FAIL("libeac's process has ended");
            }
            text.remove_prefix(static_cast<std::size_t>(n));
        }
    }

    std::string receive(const std::string& request) {
        const auto until = std::chrono::steady_clock::now() + deadline;
        for (;;) {
            if (const auto line_end = pending_.find('\n'); line_end != std::string::npos) {
                auto line = pending_.substr(0, line_end);
                pending_.erase(0, line_end + 1);
                return line;
            }
            if (!more(until)) {
                end();
                FAIL("libeac's process hangs or has ended at: " << request.substr(0, 100));
            }
        }
    }

    bool more(std::chrono::steady_clock::time_point until) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now()).count();
        pollfd p{socket_, POLLIN, 0};
        const int ready = left > 0 ? ::poll(&p, 1, static_cast<int>(left)) : 0;
        if (ready < 0 && errno == EINTR) return true;
        if (ready <= 0) return false;
        std::array<char, 4096> part{};
        const auto n = ::recv(socket_, part.data(), part.size(), 0);
        if (n < 0 && errno == EINTR) return true;
        if (n <= 0) return false;
        pending_.append(part.data(), static_cast<std::size_t>(n));
        return true;
    }

    pid_t pid_ = -1;
    int socket_ = -1;
    std::string pending_;
};

inline OpenPace& openpace() {
    static OpenPace process;
    return process;
}

}  // namespace idchip::test
