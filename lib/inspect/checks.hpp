// The checks, each family in a file of its own. Pure; they share what the earlier ones have established.
#pragma once

#include <idchip/inspect/judge.hpp>
#include <idchip/lds/dg1.hpp>
#include <idchip/lds/ef_sod.hpp>
#include <idchip/lds/security_infos.hpp>

namespace idchip::inspect {

// Collects findings and says in few words what they lead to.
class Findings {
public:
    void pass(std::string id, std::string text, std::string detail = {});
    // A tolerance was used: accepted with notes.
    void note(std::string id, std::string case_id, std::string text, std::string detail = {});
    void add(std::string id, Outcome outcome, Overall overall, std::string case_id, std::string text, std::string detail = {});
    void reject(std::string id, std::string case_id, std::string text, std::string detail = {});
    void refer(std::string id, std::string case_id, std::string text, std::string detail = {});
    // The check has no answer yet: the device or the trust data lack something.
    void inconclusive(std::string id, Overall overall, std::string case_id, std::string text, std::string detail = {});
    void unavailable(std::string id, Overall overall, std::string case_id, std::string text, std::string detail = {});
    // Notes of a parser, each by its own id.
    void tolerances(const std::string& prefix, const Notes& notes);
    std::vector<Finding> list;
};

struct Context {
    const Evidence& evidence;
    const pki::TrustStore& trust;
    Instant now;
    const Policy& policy;
    Findings findings;

    // What is known so far.
    std::optional<pki::SignedData> signed_data;
    const pki::Certificate* document_signer = nullptr;  // embedded, its signature over the object verifies
    std::optional<lds::LdsSecurityObject> security_object;
    std::optional<Instant> signing_time;
    bool object_authentic = false;  // signature verifies under the document signer's key
    std::optional<lds::Dg1> dg1;
    std::optional<lds::SecurityInfos> card_security;  // of EF.CardSecurity, authentic
};

// Of docs/inspection-cases.md, for the id of a parser's note; empty for an unknown id.
std::string_view case_of_note(std::string_view id);
// Whether `word` is one of the words, separated by spaces, that a table row holds.
bool contains_word(std::string_view words, std::string_view word);
// A clock before this program was written is not set: what it says of time decides nothing.
bool clock_is_set(Instant now);

// The certificate is on a list of its CSCA.
bool is_revoked(const Context& context, const pki::Certificate& csca, const pki::Certificate& certificate);
// The file was read, and has the hash that an authentic EF.SOD states. After check_hashes.
bool is_authentic(const Context& context, lds::Ef ef);
// Of DG14 or EF.CardAccess, as read; nothing where it was not read or cannot be parsed.
std::optional<lds::SecurityInfos> security_infos(const Context& context, lds::Ef ef);

void check_access(Context& context);           // how the chip was opened: family A
void check_security_object(Context& context);  // EF.SOD, CMS, signature: family C
void check_issuer(Context& context);           // document signer, CSCA, revocation: family D
void check_hashes(Context& context);           // data groups as they were signed: family B
void check_files(Context& context);            // presence, structure: family B
void check_card_security(Context& context);    // EF.CardSecurity: family A
void check_genuine(Context& context);          // chip and active authentication: family E
void check_terminal(Context& context);         // terminal authentication: family F
void check_details(Context& context);          // the other data groups: family B
void check_consistency(Context& context);      // MRZ, dates, countries: family G
void check_trust_age(Context& context);        // how old is what the verdict rests on: family D
void check_deviations(Context& context);       // what the issuer owns up to; after everything else: family D

}  // namespace idchip::inspect
