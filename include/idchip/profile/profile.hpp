// A card profile: a versioned data file that says how one kind of blank card is recognised, opened, written, locked and proven.
// docs/profiles.md describes the file for those who write one.
#pragma once

#include <chrono>
#include <filesystem>

#include <idchip/crypto/cipher.hpp>
#include <idchip/iso7816/apdu.hpp>
#include <idchip/lds/files.hpp>
#include <idchip/profile/expression.hpp>
#include <idchip/protocol/scp/scp.hpp>

namespace idchip::profile {

struct CommandTemplate {
    std::string id;
    Byte cla = 0, ins = 0;
    std::string p1, p2, data;  // expressions; empty data: no data field
    std::string le;            // expression of a number; empty: no Le
    std::vector<std::uint16_t> expect = {0x9000};
    std::map<std::uint16_t, Errc> on_sw;  // what another status word means on this card
    bool secret = false;                  // the data field never leaves the plan
    bool plain = false;                   // outside the secure channel, though one is open
    std::string chunks_of;                // expression: repeated over blocks of this value
    std::string sequence;                 // blocks are numbered through all commands of this name: chunk.number, chunk.last
    std::optional<std::string> answer;    // expression: what the response data must be
};

// closed: nothing can be written any more, and the last step of the lock is missing.
enum class ChipState { blank, written, closed, locked };
std::string_view name(ChipState state);

struct Probe {
    CommandTemplate command;
    std::map<std::uint16_t, ChipState> states;
    std::map<Bytes, ChipState> answers;      // by response data, with 9000
    std::vector<std::uint16_t> continue_on;  // goes on to the next probe
};

// How a blank is recognised before anything is sent that it could count or keep.
struct Identify {
    struct Atr {
        Bytes mask, value;
    };
    std::optional<Atr> atr;
    std::optional<CommandTemplate> select;  // in place of SELECT of the profile's application, which a blank may not have yet
    std::vector<Probe> probes;
    std::optional<CommandTemplate> serial;  // its response data name the card: stock lists and keys go by it
};

enum class ChannelKind { none, scp02, scp03, mutual };
std::string_view name(ChannelKind kind);
struct Channel {
    ChannelKind kind = ChannelKind::none;
    scp::Parameters scp;                           // of scp02 and scp03
    crypto::Cipher cipher = crypto::Cipher::tdes;  // of mutual: messages as in Doc 9303-11, 9.8
    Byte key_version = 0;
    bool verify_challenge = true;  // SCP03: a pseudo-random challenge proves the ENC key; off for cards that draw it otherwise
    Bytes select;                  // application that it is opened to; empty: the profile's own
    std::optional<CommandTemplate> key_check_value;  // its response data are the check value of the card's key (kind mutual)
};

// What is written beside files, and what files need beside their content.
struct Object {
    std::string name;                               // "DG1", "BAC seed"
    std::optional<lds::Ef> file;                    // its content is the document's
    std::string value;                              // expression, of an object that is no file
    std::vector<std::string> when;                  // variables without which it is left out
    std::map<std::string, std::string> parameters;  // expressions, as object.NAME
    bool with_lock = false;                         // no step writes it: the lock does
};

enum class Loop { once, files, secrets };
struct Step {
    Loop loop = Loop::once;
    std::vector<std::string> when;       // variables without which the step is left out
    std::optional<std::string> collect;  // joins this expression over all objects of the loop, as `collected`; then the commands run once
    std::vector<CommandTemplate> commands;
};

// A key pair that the chip makes by itself; its public half goes into DG14 or DG15, so EF.SOD is signed afterwards.
enum class KeyPurpose { active_authentication, chip_authentication };
struct Generation {
    KeyPurpose purpose = KeyPurpose::active_authentication;
    std::vector<CommandTemplate> commands;  // the last one answers with the public key: 7F49 of ISO/IEC 7816-8
};

// What the finished chip can do; the document is made to suit.
struct Features {
    bool bac = true;
    std::string pace;  // "id-PACE-ECDH-GM-AES-CBC-CMAC-128"; empty: none
    std::int64_t pace_parameter_id = 12;
    bool can = false;
    bool pin = false, puk = false;         // it takes them; a card without is complete, too
    bool terminal_authentication = false;  // it takes a trust point
    std::string aa_key;                    // "RSA-1024", "P-256"; empty: none
    std::string ca_protocol, ca_curve;     // "id-CA-ECDH-AES-CBC-CMAC-128", "P-256"; empty: none
};

enum class ReadBack { none, as_terminal, by_commands };

struct Profile {
    std::string name, title, risk;
    int version = 0;
    Bytes application;
    std::vector<Object> files;  // those the card has a place for, in the order of writing
    std::vector<Object> secrets;
    std::size_t max_write = 255, largest_file = 32767, memory = 0;  // memory: of all files together; 0: not stated
    bool extended = false;
    std::chrono::milliseconds deadline{5000};
    Features features;
    Identify identify;
    Channel channel;
    std::vector<Generation> generate;
    std::vector<Step> steps;
    ReadBack read_back = ReadBack::as_terminal;  // before the lock
    std::vector<Step> read_back_steps;
    std::vector<CommandTemplate> lock;        // the last one is what cannot be taken back
    std::vector<CommandTemplate> lock_proof;  // one of them is a write that must fail
    std::string hash;                         // SHA-256 of the data file

    const Object* place_of(lds::Ef ef) const;
};

// A name among the shipped profiles, or a path. Errors: profile.not_found, profile.bad, input.bad_json.
Result<Profile> load_profile(const std::string& name_or_path);
Result<Profile> parse_profile(std::string_view json);
// Where shipped profiles are looked for, best first: IDCHIP_PROFILES, beside the installation, the source tree.
std::vector<std::filesystem::path> profile_folders();
// Names of all that lie there.
std::vector<std::string> profile_names();

}  // namespace idchip::profile
