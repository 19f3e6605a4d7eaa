// The shipped vectors, inside this program: so that the sanitizers see them too.
#include "catch.hpp"

#include <idchip/vectors/runner.hpp>

using namespace idchip;

TEST_CASE("all test vectors pass") {
    vectors::RunOptions options;
    options.folder = std::string(IDCHIP_SOURCE_DIR) + "/test-vectors";
    const auto summary = vectors::run_vectors(options);
    if (!summary) FAIL(summary.error().message());
    INFO(vectors::to_text(*summary));
    CHECK(summary->failed == 0);
    CHECK(summary->skipped == 0);
    CHECK(summary->passed > 2000);
}
