// What the parts of ISO/IEC 39794 share: the types of part 1, and how they stand in a record.
//
// Doc 9303-10, 4.5.6: the data object 7F2E holds A1, and A1 the block of one part, an ASN.1 type in DER: 64 finger (part 4),
// 65 face (part 5), 66 iris (part 6). Fields bear the names of the standard's ASN.1 modules. Every block keeps what it has no field
// for in `unknown`, and writes it back where it stood: what was read without a note comes back byte for byte.
// Numbers and codes are given as they stand, also where they are outside the range that the standard allows.
#pragma once

#include <optional>
#include <vector>

#include <idchip/base/note.hpp>
#include <idchip/image/header.hpp>

namespace idchip::image::iso39794 {

// Elements without a field, whole: views into the record.
using Unknown = std::vector<ByteView>;

// Longest SEQUENCE OF that is read: the standard names some 200 landmarks, and no record has more of anything else.
inline constexpr std::size_t max_blocks = 1024;

// What an enumeration has for newer codes: the nearest old one, for those who do not know them.
struct ExtensionBlock {
    std::optional<int> fallback;  // [0]
    Unknown unknown;
};

// An enumeration that can be extended: exactly one of the two. The ICAO application profile of part 5 writes the extension block,
// but for the image format.
struct Code {
    std::optional<int> code;                        // [0]
    std::optional<ExtensionBlock> extension_block;  // [1]
    static Code plain(int value) { return {value, {}}; }
    static Code extension(int value) { return {{}, ExtensionBlock{value, {}}}; }
    // The code, or what it falls back to.
    std::optional<int> value() const { return code ? code : extension_block ? extension_block->fallback : std::nullopt; }
};

struct VersionBlock {
    int generation = 3;
    int year = 2019;
    Unknown unknown;
};

struct RegistryIdBlock {
    int organization = 0;  // CBEFF biometric organization
    int id = 0;
    Unknown unknown;
};

struct DateTimeBlock {
    int year = 0;
    std::optional<int> month, day, hour, minute, second, millisecond;
    Unknown unknown;
};

// Exactly one of the two.
struct ScoreOrError {
    std::optional<int> score;   // 0 to 100
    std::optional<Code> error;  // 0 failure to assess
    Unknown unknown;
};

struct QualityBlock {
    RegistryIdBlock algorithm;
    ScoreOrError score_or_error;
    Unknown unknown;
};

struct ExtendedDataBlock {
    RegistryIdBlock data_type;
    ByteView data;
    Unknown unknown;
};

// Presentation attack detection.
struct PadDataBlock {
    std::optional<Code> decision;            // 0 no attack, 1 attack, 2 failure to assess
    std::vector<QualityBlock> score_blocks;  // `algorithm` is the mechanism
    std::vector<ExtendedDataBlock> extended_data_blocks;
    std::optional<Code> capture_context;    // 0 enrolment, 1 verification, 2 identification
    std::optional<Code> supervision_level;  // 0 unknown, 1 controlled, 2 assisted, 3 observed, 4 unattended
    std::optional<int> risk_level;
    std::optional<Code> criteria_category;  // 0 unknown, 1 individual, 2 common
    std::optional<ByteView> parameter;
    std::vector<ByteView> challenges;
    std::optional<DateTimeBlock> capture_date_time;
    Unknown unknown;
};

// Of parts 4 and 6; part 5 has its own.
struct CaptureDeviceBlock {
    std::optional<RegistryIdBlock> model;
    std::optional<Code> technology;
    std::vector<RegistryIdBlock> certifications;
    Unknown unknown;
};

struct Coordinate2D {
    int x = 0, y = 0;
    Unknown unknown;
};

struct Coordinate3D {
    int x = 0, y = 0, z = 0;
    Unknown unknown;
};

// Which part a record is of, from its first tags; nothing when it is of none. With or without A1 around it.
enum class Part { finger = 0x64, face = 0x65, iris = 0x66 };
std::optional<Part> part_of(ByteView record);

}  // namespace idchip::image::iso39794
