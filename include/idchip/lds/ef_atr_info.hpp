// EF.ATR/INFO, what the chip can take: Doc 9303-10, 3.11.1.
#pragma once

#include <idchip/base/note.hpp>
#include <idchip/lds/files.hpp>

namespace idchip::lds {

struct EfAtrInfo {
    struct Object {
        std::uint32_t tag = 0;
        Bytes value;
        bool operator==(const Object&) const = default;
    };
    std::vector<Object> objects;  // all of them, in the order of the file
    Notes notes;

    // 47, third software function. Nothing when the object is absent.
    std::optional<bool> command_chaining() const;
    std::optional<bool> extended_length() const;
    // 7F66: the most bytes of a command and of a response APDU.
    struct ApduLimits {
        std::uint64_t command = 0;
        std::uint64_t response = 0;
        bool operator==(const ApduLimits&) const = default;
    };
    std::optional<ApduLimits> limits() const;

    Bytes encode() const;
    // Errors: tlv.*.
    static Result<EfAtrInfo> parse(ByteView file);
};

}  // namespace idchip::lds
