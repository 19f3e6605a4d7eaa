// EF.COM: Doc 9303-10, 4.6.1.
#pragma once

#include <idchip/base/note.hpp>
#include <idchip/lds/files.hpp>

namespace idchip::lds {

struct EfCom {
    std::string lds_version = "0107";        // aabb
    std::string unicode_version = "040000";  // aabbcc
    std::vector<std::uint32_t> tags;         // in file order
    Notes notes;

    std::vector<Ef> files() const;  // the data groups named; unknown tags are left out (and noted by parse)
    Bytes encode() const;
    // Errors: tlv.*, lds.bad_file.
    static Result<EfCom> parse(ByteView file);
    static EfCom of(const std::vector<Ef>& data_groups);
};

}  // namespace idchip::lds
