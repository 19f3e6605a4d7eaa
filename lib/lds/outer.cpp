#include "lds/outer.hpp"

#include <fmt/format.h>

#include "base/try.hpp"

namespace idchip::lds {

Result<Outer> open_file(ByteView file, Ef ef, Notes& notes, tlv::Rules rules) {
    tlv::Reader reader(file, rules, info(ef).name.data());  // a literal, so terminated
    const auto element = TRY(reader.expect(info(ef).tag));
    if (!reader.at_end()) notes.push_back({"lds.trailing_bytes", name(ef), fmt::format("{} bytes after the object", reader.rest().size())});
    if (element.indefinite) notes.push_back({"lds.indefinite_length", name(ef), {}});
    return Outer{element, reader.enter(element)};
}

void note_lengths(const tlv::Reader& reader, Ef ef, Notes& notes) {
    if (!reader.lengths_minimal()) notes.push_back({"lds.length_not_minimal", name(ef), {}});
}

}  // namespace idchip::lds
