// Terminal authentication and what it opens: family F of docs/inspection-cases.md.
#include <fmt/format.h>

#include <idchip/iso7816/status_word.hpp>

#include "inspect/checks.hpp"

namespace idchip::inspect {

using lds::Ef;

void check_terminal(Context& c) {
    constexpr auto id = "terminal.authentication";
    const auto& run = c.evidence.terminal_authentication;
    if (!run) return;
    if (run->error.empty()) return c.findings.pass(id, "the chip has accepted this terminal", run->holder);
    auto detail = run->where;
    if (!run->detail.empty()) detail += (detail.empty() ? "" : ": ") + run->detail;
    if (run->sw != 0) detail += ", " + iso7816::sw::describe(run->sw);
    if (c.evidence.content(Ef::dg3) != nullptr || c.evidence.content(Ef::dg4) != nullptr)
        return c.findings.refer(id, "F01", "the chip has refused this terminal and shown it protected data all the same", detail);
    if (run->error == "ta.no_chain")
        return c.findings.unavailable(id, Overall::accept_with_notes, "F05",
                                      "no certificates lead from what the chip trusts to this terminal", detail);
    if (run->holder.empty())
        return c.findings.unavailable(id, Overall::accept_with_notes, "F04",
                                      "this terminal's own certificates do not hold; the chip was not asked", detail);
    c.findings.unavailable(id, Overall::accept_with_notes, "F02", "the chip has refused this terminal", detail);
}

}  // namespace idchip::inspect
