// EF.DIR, the applications on the chip: Doc 9303-10, 3.11.2.
#pragma once

#include <idchip/base/note.hpp>
#include <idchip/lds/files.hpp>

namespace idchip::lds {

struct EfDir {
    struct Application {
        Bytes aid;    // 4F
        Bytes other;  // the template's further objects, as they stand (ISO/IEC 7816-4: 50 label, ...)
        bool operator==(const Application&) const = default;
    };
    std::vector<Application> applications;
    Notes notes;

    Bytes encode() const;
    // Errors: tlv.*.
    static Result<EfDir> parse(ByteView file);
};

// "eMRTD application"; empty for an AID that Doc 9303-10 does not name.
std::string_view application_name(ByteView aid);

}  // namespace idchip::lds
