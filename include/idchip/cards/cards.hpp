// Simulated travel documents out of descriptions in JSON: who is on the card, how it is protected, what is wrong with it. Keys and signed
// files are made when a card is loaded. docs/sim-cards.md describes the format.
#pragma once

#include <filesystem>

#include <idchip/pki/cms.hpp>
#include <idchip/pki/cv_certificate.hpp>
#include <idchip/signer/test_pki.hpp>
#include <idchip/sim/emrtd_config.hpp>

namespace idchip::cards {

struct Description {
    std::string name, about;
    std::string case_id;    // of docs/inspection-cases.md; empty: a card without fault
    std::string outcome;    // that is right for an inspection: "REFER"
    std::string neighbour;  // the legitimate card that looks almost the same
};

// Who may read DG3 and DG4 of a card that brings its own authorization PKI.
struct TestTerminal {
    pki::CvCertificate cvca, dv, is;
    crypto::PrivateKey is_key;
};
// cvca.cvcert, dv.cvcert, is.cvcert, is.SPECIMEN.key.pem. Errors: io.*.
Result<void> save_test_terminal(const TestTerminal& terminal, const std::filesystem::path& folder);

struct Card {
    Description description;
    sim::EmrtdConfig config;
    std::vector<std::string> zone;           // lines of the machine readable zone
    std::optional<signer::TestPki> own_pki;  // that signed the files, where none was given
    std::optional<TestTerminal> terminal;
};

struct LoadOptions {
    std::filesystem::path pki;             // made by `idchip pki init`: signer/ signs; empty: a PKI that is thrown away
    pki::ContentSigner* signer = nullptr;  // in place of it
    Instant now;
    Rng* rng = nullptr;  // for keys without a seed; nothing: the system's
};

// A file, or a ready-made card by its name. Errors: sim.bad_card with the place in the JSON, input.*, io.*, signer.*, record's and others of
// what a document is made of.
Result<Card> load(const std::string& name_or_path, const LoadOptions& options);
// `folder`: where files that the description names are looked for.
Result<Card> parse(std::string_view json, const std::filesystem::path& folder, const LoadOptions& options);

// Where ready-made cards are looked for: $IDCHIP_CARDS, the installed ones, those of the source tree.
std::vector<std::filesystem::path> card_folders();
// Of all folders, sorted by name. Errors: sim.bad_card, io.*.
Result<std::vector<Description>> ready_made();

// What a person sees of a card: zone and passwords, files, protocols, quirks, faults. Synthetic persons only.
std::string to_text(const Card& card);

}  // namespace idchip::cards
