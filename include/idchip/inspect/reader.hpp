// Reads a chip into evidence, driven by EF.SOD.
#pragma once

#include <idchip/chip/session.hpp>
#include <idchip/inspect/evidence.hpp>

namespace idchip::inspect {

struct ReadRequest {
    std::string mrz_information;  // empty: read without access control
    std::optional<ExpectedDocument> expected;
    std::function<void(lds::Ef, std::size_t bytes)> progress;
};

// A session that breaks under secure messaging is started again from cold once a file; a file that breaks twice is left as
// `sm.broken`. Errors: transport.*, chip.no_application, bac.*: nothing could be read, or the card went away.
Result<Evidence> read_chip(transport::Transport& transport, const ReadRequest& request, Rng& rng, Instant now);

}  // namespace idchip::inspect
