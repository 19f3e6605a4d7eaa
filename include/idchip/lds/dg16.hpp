// DG16, persons to notify: Doc 9303-10, 4.7.16.
#pragma once

#include <idchip/base/note.hpp>
#include <idchip/lds/files.hpp>

namespace idchip::lds {

struct PersonToNotify {
    std::string date_recorded;  // YYYYMMDD as it stands (9303-10, table 81)
    std::string name;           // '<' between the parts
    std::string telephone;
    std::string address;
    bool operator==(const PersonToNotify&) const = default;
};

struct Dg16 {
    std::vector<PersonToNotify> persons;
    Notes notes;

    // Errors: input.bad_field for more than 15 persons (templates A1 to AF).
    Result<Bytes> encode() const;
    // Errors: tlv.*, lds.bad_file.
    static Result<Dg16> parse(ByteView file);
};

}  // namespace idchip::lds
