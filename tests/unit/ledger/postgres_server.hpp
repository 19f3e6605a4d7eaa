// A PostgreSQL server of the test's own: in a folder that nobody else uses, no network, stopped by its process id.
#pragma once

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(IDCHIP_POSTGRESQL)

namespace idchip::test {

class PostgresServer {
public:
    explicit PostgresServer(const std::filesystem::path& where) : folder_(where.string()) {
        // The server refuses to run as root.
        const std::string as_user = ::geteuid() == 0 ? "chown -R postgres " + folder_ + " && setpriv --reuid=postgres --clear-groups " : "";
        const auto command = as_user + IDCHIP_POSTGRESQL "/initdb -D " + folder_ + "/data -A trust -U test -E UTF8 --locale=C --no-sync >" +
                             folder_ + "/log 2>&1";
        if (std::system(command.c_str()) != 0) throw std::runtime_error("failed: " + command);
        start();
    }
    ~PostgresServer() { stop(SIGQUIT); }

    std::string address() const { return "postgresql:///postgres?user=test&host=" + folder_; }
    // Nothing is written out: as after a power cut.
    void kill_and_restart() {
        stop(SIGQUIT);
        start();
    }

private:
    void start() {
        const auto data = folder_ + "/data", log = folder_ + "/log";
        server_ = ::fork();
        if (server_ == 0) {
            const int file = ::open(log.c_str(), O_WRONLY | O_APPEND);
            if (file < 0 || ::dup2(file, 1) < 0 || ::dup2(file, 2) < 0) ::_exit(1);
            const char* server = IDCHIP_POSTGRESQL "/postgres";
            if (::geteuid() == 0)
                ::execlp("setpriv", "setpriv", "--reuid=postgres", "--clear-groups", server, "-D", data.c_str(), "-k", folder_.c_str(),
                         "-c", "listen_addresses=", nullptr);
            else ::execl(server, "postgres", "-D", data.c_str(), "-k", folder_.c_str(), "-c", "listen_addresses=", nullptr);
            ::_exit(1);
        }
        const auto ready = IDCHIP_POSTGRESQL "/pg_isready -q -h " + folder_;
        for (int i = 0; i < 300; ++i) {
            if (std::system(ready.c_str()) == 0) return;
            ::usleep(50'000);
        }
        throw std::runtime_error("PostgreSQL did not start; see " + log);
    }

    void stop(int signal) {
        if (server_ <= 0) return;
        ::kill(server_, signal);
        ::waitpid(server_, nullptr, 0);
        server_ = 0;
    }

    std::string folder_;
    pid_t server_ = 0;
};

}  // namespace idchip::test

#endif
