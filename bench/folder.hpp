// A folder for one measurement, and what the process takes of the machine's memory.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace idchip::bench {

class Folder {
public:
    Folder() {
        auto name = (std::filesystem::temp_directory_path() / "idchip-bench-XXXXXX").string();
        path = ::mkdtemp(name.data());
    }
    ~Folder() { std::filesystem::remove_all(path); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    std::filesystem::path path;
};

inline double resident_mib() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("VmRSS:")) return std::strtod(line.c_str() + 6, nullptr) / 1024;
    return 0;
}

}  // namespace idchip::bench
