// A PostgreSQL server of the test's own: private folder, no network, stopped by its process id.
#pragma once

#include "unit/unit.hpp"

#include <csignal>
#include <cstdlib>
#include <fstream>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(IDCHIP_POSTGRESQL)

namespace idchip::test {

class PostgresServer {
public:
    PostgresServer() {
        const auto folder = folder_.path().string();
        // The server refuses to run as root.
        const std::string as_user = ::geteuid() == 0 ? "chown -R postgres " + folder + " && setpriv --reuid=postgres --clear-groups " : "";
        sh(as_user + IDCHIP_POSTGRESQL "/initdb -D " + folder + "/data -A trust -U test -E UTF8 --locale=C --no-sync >" + folder +
           "/log 2>&1");
        start();
    }
    ~PostgresServer() { stop(SIGQUIT); }

    std::string address() const { return "postgresql:///postgres?user=test&host=" + folder_.path().string(); }
    // Nothing is written out: as after a power cut.
    void kill_and_restart() {
        stop(SIGQUIT);
        start();
    }

private:
    static void sh(const std::string& command) {
        if (std::system(command.c_str()) != 0) FAIL("failed: " << command);
    }

    void start() {
        const auto folder = folder_.path().string(), data = folder + "/data";
        server_ = ::fork();
        if (server_ == 0) {
            const auto log = folder + "/log";
            const int file = ::open(log.c_str(), O_WRONLY | O_APPEND);
            if (file < 0 || ::dup2(file, 1) < 0 || ::dup2(file, 2) < 0) ::_exit(1);
            const char* server = IDCHIP_POSTGRESQL "/postgres";
            if (::geteuid() == 0)
                ::execlp("setpriv", "setpriv", "--reuid=postgres", "--clear-groups", server, "-D", data.c_str(), "-k", folder.c_str(), "-c",
                         "listen_addresses=", nullptr);
            else ::execl(server, "postgres", "-D", data.c_str(), "-k", folder.c_str(), "-c", "listen_addresses=", nullptr);
            ::_exit(1);
        }
        const auto ready = IDCHIP_POSTGRESQL "/pg_isready -q -h " + folder;
        for (int i = 0; i < 300; ++i) {
            if (std::system(ready.c_str()) == 0) return;
            ::usleep(50'000);
        }
        FAIL("PostgreSQL did not start; see " << folder << "/log");
    }

    void stop(int signal) {
        if (server_ <= 0) return;
        ::kill(server_, signal);
        ::waitpid(server_, nullptr, 0);
        server_ = 0;
    }

    TempFolder folder_;
    pid_t server_ = 0;
};

}  // namespace idchip::test

#endif
