#include <idchip/lds/dg15.hpp>

#include <idchip/tlv/der.hpp>

#include "base/try.hpp"
#include "lds/outer.hpp"

namespace idchip::lds {

Bytes Dg15::encode(ByteView public_key) { return tlv::element(info(Ef::dg15).tag, public_key); }

Result<Dg15> Dg15::parse(ByteView file) {
    Dg15 result;
    auto [outer, reader] = TRY(open_file(file, Ef::dg15, result.notes));
    result.public_key = TRY(reader.expect(der::sequence)).raw;
    if (!reader.at_end()) result.notes.push_back({"lds.dg15_extra_objects", "DG15", {}});
    note_lengths(reader, Ef::dg15, result.notes);
    return result;
}

}  // namespace idchip::lds
