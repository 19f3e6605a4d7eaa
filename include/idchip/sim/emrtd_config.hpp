// What a simulated eMRTD carries and how it behaves. A plain struct: descriptions in JSON end here (room `cards`), and tests fill it in.
#pragma once

#include <set>

#include <idchip/lds/files.hpp>
#include <idchip/protocol/active_auth/active_auth.hpp>
#include <idchip/protocol/chip_auth/chip_auth.hpp>
#include <idchip/protocol/pace/pace.hpp>
#include <idchip/protocol/term_auth/term_auth.hpp>
#include <idchip/sim/fault.hpp>

namespace idchip::sim {

// One PACEInfo that the chip can do. EF.CardAccess announces it, or does not: the file is a file like any other.
struct PaceOffer {
    pace::Suite suite;
    crypto::Domain domain;
    std::optional<std::int64_t> parameter_id;
    Secret chip_authentication_key;  // SK_IC, for the chip authentication mapping
};

struct ActiveAuthentication {
    crypto::PrivateKey key;
    crypto::HashAlg hash = crypto::HashAlg::sha256;
    active_auth::EcdsaFormat format = active_auth::EcdsaFormat::plain;
};

// DG3 and DG4 are protected by it. The chip brings trust points and date up to date as certificates come in.
struct TerminalAuthentication {
    pki::CvTrust trust;
    pki::CvPolicy policy;
    bool in_master_file = false;
};

// A read that asks for more than fits the answer.
enum class TooLong {
    correct_length,  // 6Cxx with the length that fits
    wrong_length,    // 6700
    cut,             // fewer bytes, 9000
};

struct Lengths {
    bool extended = false;              // Lc and Le of three bytes
    bool command_chaining = false;      // for other commands than GENERAL AUTHENTICATE
    std::size_t largest_command = 261;  // whole APDUs
    std::size_t largest_response = 258;
    std::size_t largest_read = 0;  // bytes of one READ BINARY; 0: what the answer holds
    TooLong too_long = TooLong::correct_length;
};

// What real chips do otherwise than the standard wants, or than others do. Each one is off.
struct Quirks {
    bool no_short_ids = false;               // READ BINARY by short EF identifier: 6A86
    std::optional<Byte> select_p2;           // SELECT of an EF or application knows this P2 alone (0C or 00)
    bool select_needs_le = false;            // SELECT without Le: 6700
    std::uint16_t select_mf = 0x9000;        // what SELECT MF answers; the master file is selected by 9000 alone
    bool plain_select = false;               // BAC: an EF can be selected before authentication (Doc 9303-11, 4.3.2)
    bool abort_selects_mf = false;           // the end of secure messaging selects the master file (9.8.3)
    bool le_zero_refused = false;            // Le = 00 does not mean "as much as there is"
    bool no_end_warning = false;             // 9000 instead of 6282 at the end of a file
    bool end_refused = false;                // 6B00 when a read reaches behind the end
    std::optional<std::size_t> odd_from;     // READ BINARY B1 is answered from this offset on, in every file
    bool get_response = false;               // an answer that does not fit comes in parts: 61xx, GET RESPONSE in the clear
    bool pace_in_application = false;        // PACE runs with the application selected, too
    bool pace_wants_parameter_id = false;    // DO'84' though there is no choice: without it 6A80
    bool pace_refuses_parameter_id = false;  // DO'84' though there is no choice: with it 6A88
    bool set_kat_refused = false;            // MSE:Set KAT answers 6A80 (Doc 9303-11, 8.5 note 1)
};

struct EmrtdConfig {
    Bytes atr = {0x3B, 0x80, 0x80, 0x01, 0x01};
    // Whole files, bytes as they stand. What is not here is not on the chip.
    lds::Files files;
    // Files that answer this status word, whatever has been authenticated.
    std::map<lds::Ef, std::uint16_t> refused;

    // Access. Neither: the chip is open.
    bool bac = false;
    std::vector<PaceOffer> pace;
    std::string mrz_information;
    std::string can, pin, puk;  // empty: the chip has none
    // A personalized card was given these, and not what they come from: K_seed of BAC, f(password) of PACE by its reference.
    Secret bac_k_seed;
    std::map<Byte, Secret> pace_k;
    unsigned pin_tries = 3;

    std::vector<chip_auth::ChipKey> chip_authentication;
    bool chip_authentication_in_master_file = false;
    std::optional<ActiveAuthentication> active_authentication;
    std::optional<TerminalAuthentication> terminal_authentication;

    Lengths lengths;
    Quirks quirks;
    Faults faults;
};

}  // namespace idchip::sim
