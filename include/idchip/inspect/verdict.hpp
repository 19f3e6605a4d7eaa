// Findings and the verdict that follows from them.
#pragma once

#include <string>
#include <vector>

namespace idchip::inspect {

// Outcome of one check.
enum class Outcome {
    pass,
    note,            // pass, with a named tolerance
    not_applicable,  // the document does not offer it, and a signed source says so
    inconclusive,    // could not be answered: no anchor, unsupported algorithm
    unavailable,     // could not be read
    fail,
};

// Overall result, from best to worst. The verdict is the worst of its findings.
enum class Overall { accept, accept_with_notes, cannot, refer, reject };

struct Finding {
    std::string id;  // "pa.hash.DG2", stable
    Outcome outcome = Outcome::pass;
    Overall overall = Overall::accept;  // what this finding alone leads to
    std::string text;                   // one sentence for the officer
    std::string detail;                 // names, numbers, byte offsets
    std::string case_id;                // of docs/inspection-cases.md: "B07"
};

struct Verdict {
    Overall overall = Overall::cannot;
    std::vector<Finding> findings;
};

std::string_view name(Outcome outcome);  // "PASS", "NOTE", "N/A", "INCONC", "UNAVAIL", "FAIL"
std::string_view name(Overall overall);  // "ACCEPT", "ACCEPT*", "CANNOT", "REFER", "REJECT"
int exit_code(Overall overall);          // 0, 1, 4, 2, 3

}  // namespace idchip::inspect
