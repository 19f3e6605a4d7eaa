// The biometric information templates that DG2, DG3 and DG4 share: Doc 9303-10, 4.7.2 to 4.7.4, nested as ISO/IEC 7816-11 has it.
#pragma once

#include <idchip/base/note.hpp>
#include <idchip/lds/files.hpp>

namespace idchip::lds {

inline constexpr std::uint16_t format_owner_sc37 = 0x0101;  // ISO/IEC JTC 1/SC 37

// One template 7F60. All views point into the file.
struct BiometricTemplate {
    std::optional<std::uint16_t> format_owner;  // 87: 0x0101 ISO/IEC JTC1/SC37
    std::optional<std::uint16_t> format_type;   // 88: 0x0008 face, 0x0007 finger, 0x0009 iris image data
    std::optional<std::uint32_t> type;          // 81: 02 face, 08 finger, 10 iris
    std::optional<Byte> subtype;                // 82: which finger or eye; 9303-10, tables 49 and 55
    ByteView header;                            // contents of A1, as they stand
    std::uint32_t data_tag = 0x5F2E;            // or 7F2E, for the constructed records of ISO/IEC 39794
    ByteView data;                              // biometric data block
    ByteView data_head;                         // writing only: what stands in front of `data`, so that an image is copied once
    std::size_t data_offset = 0;
};

struct BiometricGroup {
    int announced_count = 0;  // tag 02
    std::vector<BiometricTemplate> templates;
    ByteView padding;  // 53: what an issuer adds where no finger or iris could be taken (9303-10, 4.7.3.2.2)

    // One pass; each data block is copied once.
    Bytes encode(Ef ef) const;
    // Errors: tlv.*, lds.bad_file.
    static Result<BiometricGroup> parse(Ef ef, ByteView file, Notes& notes);
};

// Contents of a header A1 as the examples of 9303-10 have it (tables 44, 51).
Bytes biometric_header(Byte type, std::optional<Byte> subtype, std::uint16_t format_type);

}  // namespace idchip::lds
