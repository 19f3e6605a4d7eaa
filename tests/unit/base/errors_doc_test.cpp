// docs/errors.md is the error table; this keeps the two equal.
#include "catch.hpp"

#include <fstream>
#include <sstream>

#include <fmt/format.h>

#include <idchip/base/result.hpp>

using namespace idchip;

namespace {

std::string_view text(Retry retry) {
    switch (retry) {
        case Retry::never: return "never";
        case Retry::same_session: return "same session";
        case Retry::new_session: return "new session";
        case Retry::other_reader: return "other reader";
        case Retry::operator_decides: return "operator decides";
    }
    return {};
}

std::string_view text(ChipEffect effect) {
    return effect == ChipEffect::none ? "none" : effect == ChipEffect::unknown ? "unknown" : "done";
}

std::string expected_document() {
    std::string out =
        "# Errors\n\nMade from `include/idchip/base/errors.def`; the test *docs/errors.md is the error table* prints this file when it differs.\n"
        "Verdicts have exit codes of their own: 0 ACCEPT, 1 ACCEPT*, 2 REFER, 3 REJECT, 4 CANNOT.\n\n"
        "| name | exit | cause | remedy | try again | effect on the chip |\n|---|---|---|---|---|---|\n";
    for (std::size_t i = 0; i < errc_count(); ++i) {
        const auto& e = info(static_cast<Errc>(i));
        out +=
            fmt::format("| `{}` | {} | {} | {} | {} | {} |\n", e.name, e.exit_code, e.cause, e.remedy, text(e.retry), text(e.chip_effect));
    }
    return out;
}

}  // namespace

TEST_CASE("docs/errors.md is the error table") {
    std::ifstream file(std::string(IDCHIP_SOURCE_DIR) + "/docs/errors.md");
    std::stringstream content;
    content << file.rdbuf();
    const auto expected = expected_document();
    if (content.str() != expected) {
        const auto proposal = "/tmp/idchip-errors.md";
        std::ofstream(proposal) << expected;
        WARN("what docs/errors.md should be was written to " << proposal);
    }
    CHECK((content.str() == expected));
}
