#include "line_shards.hpp"

#include <array>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

#include <idchip/base/file.hpp>
#include <idchip/base/text.hpp>
#include <idchip/report/line_board.hpp>

#include "base/try.hpp"

namespace idchip::cli {
namespace {

constexpr std::size_t most_shards = 64;
std::array<std::atomic<pid_t>, most_shards> processes{};

struct Close {
    void operator()(std::FILE* f) const { std::fclose(f); }
};
using File = std::unique_ptr<std::FILE, Close>;

struct Shard {
    pid_t pid = 0;
    File events, words;  // what it writes: events, and errors, which are shown when the screen is given back
    int exit_code = 0;
};

Result<std::vector<std::string>> own_arguments() {
    auto text = TRY(read_text("/proc/self/cmdline"));
    if (text.ends_with('\0')) text.pop_back();
    std::vector<std::string> arguments;
    for (const auto& argument : split(text, '\0')) arguments.emplace_back(argument);
    return arguments;
}

Result<Shard> start(std::vector<std::string> arguments, const std::string& socket) {
    arguments.insert(arguments.end(), {"--shard", socket});
    std::vector<char*> argv;
    for (auto& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    int ends[2] = {};
    const int words = ::memfd_create("words", MFD_CLOEXEC);
    if (words < 0 || ::pipe2(ends, O_CLOEXEC) != 0) return fail(Errc::io_error, socket, "no process for it");
    Shard shard;
    shard.events.reset(::fdopen(ends[0], "r"));
    shard.words.reset(::fdopen(words, "r+"));
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, words, STDERR_FILENO);
    // A group of its own: a terminal's Ctrl-C reaches this process, which passes it on.
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    const int failed = ::posix_spawn(&shard.pid, "/proc/self/exe", &actions, &attributes, argv.data(), environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    if (failed != 0) return fail(Errc::io_error, socket, "no process for it");
    return shard;
}

void print_words(const std::string& socket, std::FILE* words) {
    std::rewind(words);
    std::string text;
    for (int c = std::fgetc(words); c != EOF; c = std::fgetc(words)) text += static_cast<char>(c);
    for (const auto& line : split(text, '\n'))
        if (!line.empty()) fmt::print(stderr, "{}: {}\n", socket, line);
}

}  // namespace

void signal_shards(int signal) {
    for (auto& process : processes)
        if (const pid_t pid = process; pid > 0) ::kill(pid, signal);
}

Result<int> run_shards(const std::vector<std::string>& sockets, const std::function<void(const line::Event&)>& sink,
                       const std::function<void()>& before_words) {
    if (sockets.size() > most_shards) return fail(Errc::bad_usage, "--pcscd", fmt::format("{} at most", most_shards));
    const auto arguments = TRY(own_arguments());
    std::vector<Shard> shards;
    for (const auto& socket : sockets) {
        auto shard = start(arguments, socket);
        if (!shard) {
            signal_shards(SIGINT);
            for (auto& begun : shards) ::waitpid(begun.pid, nullptr, 0);
            return fail(shard.error());
        }
        processes[shards.size()] = shard->pid;
        shards.push_back(std::move(*shard));
    }
    std::mutex mutex;
    bool stopped = false;  // once: a second signal would stop cards in mid-work
    const auto listen = [&](std::size_t k) {
        char* line = nullptr;
        std::size_t room = 0;
        while (::getline(&line, &room, shards[k].events.get()) > 0) {
            auto event = report::read_event(line);
            if (!event) continue;
            if (!event->reader.empty()) event->reader = fmt::format("{}: {}", k + 1, event->reader);
            const std::scoped_lock lock(mutex);
            if (event->kind == line::Event::Kind::line_stopped && !std::exchange(stopped, true)) signal_shards(SIGINT);
            sink(*event);
        }
        std::free(line);
        int status = 0;
        ::waitpid(shards[k].pid, &status, 0);
        processes[k] = 0;
        shards[k].exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : info(Errc::internal).exit_code;
    };
    {
        std::vector<std::jthread> listeners;
        for (std::size_t k = 0; k < shards.size(); ++k) listeners.emplace_back(listen, k);
    }
    before_words();
    int exit_code = 0;
    for (std::size_t k = 0; k < shards.size(); ++k) {
        print_words(sockets[k], shards[k].words.get());
        if (exit_code == 0) exit_code = shards[k].exit_code;
    }
    return exit_code;
}

}  // namespace idchip::cli
