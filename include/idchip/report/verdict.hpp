// A verdict for a machine and for a person, from one model.
#pragma once

#include <idchip/inspect/judge.hpp>

namespace idchip::report {

struct JudgedDocument {
    const inspect::Evidence& evidence;
    const pki::TrustStore& trust;
    const inspect::Verdict& verdict;
    Instant judged_at;
};

// The whole result. Data of the document stands under "document" with "authentic": whether its signature and hash hold.
std::string to_json(const JudgedDocument& judged);
// For a terminal: the verdict, the document in short, findings worst first. `colour`: ANSI colours.
std::string to_text(const JudgedDocument& judged, bool colour, bool every_finding);

// One line: what went over the wire.
std::string wire_text(const inspect::Evidence& evidence);

}  // namespace idchip::report
