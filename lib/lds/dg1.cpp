#include <idchip/lds/dg1.hpp>

#include <idchip/tlv/writer.hpp>

#include "base/try.hpp"
#include "lds/outer.hpp"

namespace idchip::lds {
namespace {
constexpr std::uint32_t tag_mrz = 0x5F1F;
}

Bytes Dg1::encode(const std::vector<std::string>& lines) {
    Bytes zone;
    for (const auto& line : lines) append(zone, as_bytes(line));
    return tlv::element(info(Ef::dg1).tag, tlv::element(tag_mrz, zone));
}

Result<Dg1> Dg1::parse(ByteView file) {
    Dg1 dg1;
    auto [outer, reader] = TRY(open_file(file, Ef::dg1, dg1.notes));
    const auto zone = TRY(reader.expect(tag_mrz));
    auto parsed = mrz::parse(as_text(zone.value));
    if (!parsed) return fail(std::move(parsed.error()).inside("DG1/5F1F"));
    dg1.mrz = std::move(*parsed);
    if (!reader.at_end()) {
        // Two zones in one DG1: the first is the one used, and the reader of the result must know.
        const bool second = TRY(reader.next()).tag == tag_mrz;
        dg1.notes.push_back({second ? "lds.dg1_second_mrz" : "lds.dg1_extra_objects", "DG1", "the first zone is used"});
    }
    note_lengths(reader, Ef::dg1, dg1.notes);
    return dg1;
}

}  // namespace idchip::lds
