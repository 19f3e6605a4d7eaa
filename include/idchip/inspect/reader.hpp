// Reads a chip into evidence: gains access, authenticates the chip, reads what EF.SOD names (Doc 9303-11, appendix J.1).
#pragma once

#include <idchip/chip/session.hpp>
#include <idchip/inspect/evidence.hpp>

namespace idchip::inspect {

struct AccessPolicy {
    bool pace = true;
    bool bac = true;  // where PACE is not offered
    // Where PACE was offered and failed: the data can be read, and the verdict says that somebody may have wanted it so.
    bool bac_after_pace = true;
    // Protocols by name, the preferred first; what is not named comes behind, best first.
    std::vector<std::string> pace_order;
};

struct ReadRequest {
    std::string mrz_information;             // empty: not known
    std::optional<pace::Password> password;  // CAN, PIN or PUK; comes before the MRZ in PACE
    // The CAN: a PIN with one try left is suspended until PACE with the CAN has come before it, in the same session. Only used for that.
    std::optional<pace::Password> resuming;
    std::optional<ExpectedDocument> expected;
    AccessPolicy policy;
    chip::Quirks quirks;                                     // known of such documents
    std::shared_ptr<const term_auth::Credentials> terminal;  // for terminal authentication; nothing: not run
    bool chip_authentication = true, active_authentication = true;
    // Files that are looked for though EF.SOD does not name them: what an issuer wants to know of a card that is just finished.
    std::vector<lds::Ef> also;
    std::function<void(lds::Ef, std::size_t bytes)> progress;

    bool without_access_control() const { return mrz_information.empty() && !password; }
};

// A session that breaks under secure messaging is started again from cold once a file; a file that breaks twice is left as
// `sm.broken`. An answer in access control that is not authentic is evidence: nothing was read, access is "failed".
// Errors: transport.*, chip.no_application, bac.wrong_key, bac.not_offered, pace.wrong_password, pace.blocked, pace.suspended,
// pace.refused, pace.not_offered: nothing could be read, or the card went away.
Result<Evidence> read_chip(transport::Transport& transport, const ReadRequest& request, Rng& rng, Instant now);

}  // namespace idchip::inspect
