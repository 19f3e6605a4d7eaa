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

struct Evidence {
    Instant read_at;
    std::string reader;
    Bytes atr;
    std::string access = "none";  // "none", "bac"; "unknown" for a dump
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
