// Specimens and public lists that are not part of the project: tests use them where they lie and say aloud when they do not.
#pragma once

#include "catch.hpp"

#include <cstdio>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace idchip::test {

inline std::filesystem::path shared_data_folder() {
#if defined(IDCHIP_SHARED_DATA)
    return IDCHIP_SHARED_DATA;
#elif defined(IDCHIP_SOURCE_DIR)
    return std::filesystem::path(IDCHIP_SOURCE_DIR) / "../shared/data";
#else
    return std::filesystem::path(__FILE__).parent_path() / "../../shared/data";
#endif
}

// Counts what was skipped, and says so when the program ends: behind the runner's own summary.
inline int& skipped_for_want_of_data() {
    struct Counter {
        int count = 0;
        ~Counter() {
            if (count > 0) std::printf("SKIPPED: %d parts of tests, for want of ../shared/data\n", count);
        }
    };
    static Counter counter;
    return counter.count;
}

// Nothing when the file or folder is not there: the test then counts as skipped, and returns.
inline std::optional<std::filesystem::path> shared_data(std::string_view relative) {
    const auto path = shared_data_folder() / relative;
    if (std::filesystem::exists(path)) return path;
    const int number = ++skipped_for_want_of_data();
    std::fprintf(stderr, "SKIPPED %d: no %s\n", number, path.c_str());
    WARN("skipped: no " << path.string());
    return std::nullopt;
}

}  // namespace idchip::test
