// `idchip pki lint`: whatever is given is refused, or judged by the table of rules; as each kind that can be asked for, too.
#include "fuzz.hpp"

#include <algorithm>

#include <idchip/report/lint_report.hpp>

using namespace idchip;

namespace {

void check(ByteView input, std::optional<lint::Kind> as) {
    const auto report = lint::lint(input, as);
    if (!report) return;
    FUZZ_CHECK(!as || report->kind == *as);
    for (const auto& f : report->findings) {
        const auto rule = std::find_if(lint::rules().begin(), lint::rules().end(), [&](const auto& r) { return r.name == f.rule; });
        FUZZ_CHECK(rule != lint::rules().end());
        FUZZ_CHECK(f.severity == rule->severity && f.reference == rule->reference && f.text.starts_with(rule->text));
    }
    FUZZ_CHECK(report->conforms() == (report->count(lint::Severity::error) == 0));
    FUZZ_CHECK(!report::to_text(*report).empty() && !report::to_json(*report).empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView input(data, size);
    check(input, std::nullopt);
    for (const auto& name : lint::kind_names()) check(input, lint::kind_by_name(name));
    return 0;
}
