// The outer TLV that every file of the application has: one place for its tolerances.
#pragma once

#include <idchip/base/note.hpp>
#include <idchip/lds/files.hpp>
#include <idchip/tlv/reader.hpp>

namespace idchip::lds {

struct Outer {
    tlv::Element element;
    tlv::Reader contents;
};

// Some chips pad files behind the object; a few encode lengths in more bytes than needed.
// Errors: tlv.*; tlv.unexpected for another file's tag.
Result<Outer> open_file(ByteView file, Ef ef, Notes& notes, tlv::Rules rules = tlv::Rules::ber);

// When everything is read: notes lengths in longer forms than needed, wherever they stood.
void note_lengths(const tlv::Reader& reader, Ef ef, Notes& notes);

}  // namespace idchip::lds
