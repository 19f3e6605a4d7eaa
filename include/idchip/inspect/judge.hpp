// Pure: the same evidence, trust data, time and policy always give the same verdict.
#pragma once

#include <map>

#include <idchip/inspect/evidence.hpp>
#include <idchip/inspect/verdict.hpp>
#include <idchip/pki/trust.hpp>

namespace idchip::inspect {

struct Policy {
    // What a finding leads to, by its id, where the checkpoint decides otherwise: {"pki.revocation", refer}.
    // Tolerances and open questions move either way; what passed, is not offered or was not read, to the worse only; a failure
    // never.
    std::map<std::string, Overall> overrides;
    // A document signer that has expired, but was valid at the signed signing time: refer, or accept with a note.
    bool accept_expired_signer_at_signing_time = false;
    // Lists older than this are told. Doc 9303-12, 6.2 wants a revocation list at least every 90 days.
    std::int64_t trust_data_days = 120;
};

Verdict judge(const Evidence& evidence, const pki::TrustStore& trust, Instant now, const Policy& policy = {});
// Only who signed, and whether the data groups are those that were signed (Doc 9303-11, 5.1): for archives and servers that have
// judged the rest. It says nothing of copies, and nothing of what the files hold.
Verdict passive_authentication(const Evidence& evidence, const pki::TrustStore& trust, Instant now, const Policy& policy = {});

}  // namespace idchip::inspect
