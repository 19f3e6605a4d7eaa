// Foreign programs, where they are.
#pragma once

#include "unit/unit.hpp"

#include <cstdio>

#include <sys/wait.h>

namespace idchip::test {

struct Run {
    int status = -1;
    std::string output;  // both streams
};

inline Run run(const std::string& command) {
    Run r;
    FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
    REQUIRE(pipe != nullptr);
    char block[4096];
    while (const auto n = std::fread(block, 1, sizeof block, pipe)) r.output.append(block, n);
    const int status = ::pclose(pipe);
    r.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return r;
}

inline bool openssl_is_here() {
    static const bool here = run("openssl version").status == 0;
    if (!here) WARN("skipped: no openssl program");
    return here;
}

}  // namespace idchip::test
