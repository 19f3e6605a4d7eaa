// What was read from a chip: bytes and status words, no opinion. Can be saved and judged again later.
#pragma once

#include <filesystem>

#include <idchip/base/time.hpp>
#include <idchip/lds/files.hpp>

namespace idchip::inspect {

struct FileEvidence {
    std::optional<Bytes> content;
    std::uint16_t sw = 0;             // what ended the reading; 0: never asked
    bool protected_status = false;    // the status word was authenticated
    std::size_t bytes_after_end = 0;  // bytes the chip gave behind the outer object
    std::string error;                // name of the error that ended the reading ("sm.broken"), empty: none
};

// What the operator holds against the chip.
struct ExpectedDocument {
    std::string mrz;  // whole zone, or empty
    std::string document_number, birth, expiry;
};

// How access was gained, or why not.
struct AccessAttempt {
    std::string protocol;                      // "id-PACE-...", "BAC"
    std::optional<std::int64_t> parameter_id;  // PACE: as the chip names it
    std::string password;                      // "MRZ", "CAN", "PIN", "PUK"
    std::string error;                         // name of the error that ended it ("pace.refused"), empty: it succeeded
    std::string where, detail;                 // step and reason
    std::uint16_t sw = 0;
    bool operator==(const AccessAttempt&) const = default;
};

// Chip authentication mapping: what the chip said; EF.CardSecurity holds the key that it must fit.
struct MappingProof {
    std::int64_t parameter_id = 0;
    Bytes pk_map_ic;
    std::optional<Bytes> ca_ic;  // nothing: the chip sent none, or none that decrypts
};

struct ChipAuthentication {
    std::string protocol;
    std::optional<std::int64_t> key_id;
    bool proven = false;       // a command was answered under the new keys
    std::string error, where;  // name and step of the error that ended it
    std::uint16_t sw = 0;
};

struct ActiveAuthentication {
    Bytes challenge;  // ours
    Bytes response;
    std::uint16_t sw = 0;
    std::string error;  // the answer was not authentic
};

struct TerminalAuthentication {
    std::string holder;                // of the terminal's certificate
    std::string error, where, detail;  // empty error: it succeeded
    std::uint16_t sw = 0;
};

struct WireCounters {
    std::size_t commands = 0, bytes_to_chip = 0, bytes_from_chip = 0;
};

struct Evidence {
    Instant read_at;
    std::string reader;
    Bytes atr;
    std::string access = "none";                       // "none", "bac", "pace"; "failed": nothing was read; "unknown" for a dump
    std::vector<AccessAttempt> attempts;               // in their order; the last one succeeded, unless access failed
    std::optional<bool> opens_without_access_control;  // asked of chips that were opened with PACE
    std::optional<MappingProof> mapping_proof;
    std::optional<ChipAuthentication> chip_authentication;
    std::optional<ActiveAuthentication> active_authentication;
    std::optional<TerminalAuthentication> terminal_authentication;
    std::vector<std::string> quirks;  // names of the quirks that were used
    WireCounters wire;
    // Read by this process. Proofs of the chip that rest on keys or challenges of somebody else's terminal prove nothing to us.
    bool live = false;
    std::optional<ExpectedDocument> expected;
    std::map<lds::Ef, FileEvidence> files;

    const Bytes* content(lds::Ef ef) const;
};

std::string to_json(const Evidence& evidence);
// Errors: inspect.bad_evidence, input.bad_json.
Result<Evidence> evidence_from_json(std::string_view json);
// A saved file, or a folder of files named EF_SOD.bin, EF_COM.bin, DG1.bin ... (with outcome.json where --dump wrote it).
Result<Evidence> load_evidence(const std::filesystem::path& path);
Result<void> save_dump(const Evidence& evidence, const std::filesystem::path& folder);

}  // namespace idchip::inspect
