// What a description says, before anything is made of it.
#pragma once

#include <idchip/cards/cards.hpp>
#include <idchip/personalize/document.hpp>

#include "cards/node.hpp"

namespace idchip::cards {

struct DocumentPlan {
    struct Person {
        std::uint64_t seed = 1, number = 0;
        std::optional<Date> as_of;  // nothing: today
    };
    std::optional<Person> person;
    std::optional<Json> record;  // alone, or what differs from the person's
    personalize::DocumentOptions options;
    std::size_t portrait_bytes = 0;  // the portrait is made so large; 0: as it is
    std::optional<unsigned> fingerprints;
};

struct PacePlan {
    pace::Suite suite;
    std::int64_t parameter_id = 0;
    Secret private_key;  // PACE-CAM; empty: from the seed
};

struct AccessPlan {
    bool bac = false;
    std::vector<PacePlan> pace;
    std::string can, pin, puk;  // `can` "last-six": of the personal number
    unsigned pin_tries = 3;
};

struct ChipAuthenticationPlan {
    std::vector<chip_auth::Suite> suites;
    crypto::Domain domain;
    std::optional<std::int64_t> key_id;
    Secret private_key;  // empty: from the seed
    crypto::AgreementEncoding encoding = crypto::AgreementEncoding::explicit_parameters;
};

struct ActiveAuthenticationPlan {
    std::size_t rsa_bits = 0;  // 0: the curve
    crypto::Curve curve = crypto::Curve::bp256r1;
    crypto::HashAlg hash = crypto::HashAlg::sha256;
    active_auth::EcdsaFormat format = active_auth::EcdsaFormat::plain;
    std::string private_key_pem;  // empty: made
};

struct AuthorizationPkiPlan {
    pki::AccessRights rights{true, false};  // of the terminal
    Date from{2026, 1, 1}, until{2036, 1, 1};
};

struct TerminalAuthenticationPlan {
    std::optional<AuthorizationPkiPlan> test_pki;
    std::vector<Bytes> trust_points;
    std::optional<Date> current_date;
    bool in_master_file = false, older_algorithms = false;
};

struct InfoChanges {
    std::vector<der::Oid> without;
    std::vector<lds::SecurityInfo> with;
};

struct Tampering {
    enum class Kind { remove, hide, flip, truncate, append, content };
    lds::Ef file = lds::Ef::com;
    Kind kind = Kind::remove;
    std::int64_t position = 0;  // flip: negative from the end; truncate: bytes that stay
    Bytes bytes;                // append, content
};

struct Blueprint {
    Description description;
    std::string seed;  // empty: keys are random
    DocumentPlan document;
    lds::Files files;
    AccessPlan access;
    std::vector<ChipAuthenticationPlan> chip_authentication;
    bool chip_authentication_in_master_file = false;
    std::optional<ActiveAuthenticationPlan> active_authentication;
    std::optional<TerminalAuthenticationPlan> terminal_authentication;
    std::map<lds::Ef, InfoChanges> security_infos;
    std::vector<lds::Ef> unsigned_files;
    std::vector<Tampering> tamper;
    // Taken over as they are.
    std::map<lds::Ef, std::uint16_t> refused;
    std::optional<Bytes> atr;
    sim::Lengths lengths;
    sim::Quirks quirks;
    sim::Faults faults;
};

// `card` with all that it is like merged in. Errors: sim.bad_card, input.*, io.*.
Result<Blueprint> read_blueprint(const Node& card, const std::filesystem::path& folder);

// --- parts
Result<lds::Ef> read_file_name(const Node& node);
Result<Bytes> read_content(const Node& node, const std::filesystem::path& folder);
Result<Date> read_date(const Node& node);
Result<der::Oid> read_protocol(const Node& node);
Result<DocumentPlan> read_document(const Node& node);
Result<AccessPlan> read_access(const Node& node);
Result<std::vector<ChipAuthenticationPlan>> read_chip_authentication(const Node& node);
Result<ActiveAuthenticationPlan> read_active_authentication(const Node& node, const std::filesystem::path& folder);
Result<TerminalAuthenticationPlan> read_terminal_authentication(const Node& node, const std::filesystem::path& folder);
Result<std::map<lds::Ef, InfoChanges>> read_security_infos(const Node& node);
Result<std::vector<Tampering>> read_tampering(const Node& node, const std::filesystem::path& folder);
Result<sim::Lengths> read_lengths(const Node& node);
Result<sim::Quirks> read_quirks(const Node& node);
Result<sim::Faults> read_faults(const Node& node);

}  // namespace idchip::cards
