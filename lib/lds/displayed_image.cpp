#include <idchip/lds/displayed_image.hpp>

#include <fmt/format.h>

#include <idchip/tlv/writer.hpp>

#include "base/try.hpp"
#include "lds/outer.hpp"

namespace idchip::lds {
namespace {

constexpr std::uint32_t tag_count = 0x02;

std::uint32_t image_tag(Ef ef) { return ef == Ef::dg5 ? 0x5F40 : 0x5F43; }

}  // namespace

Bytes DisplayedImages::encode(Ef ef) const {
    Bytes contents = tlv::element(tag_count, Bytes{static_cast<Byte>(announced_count)});
    for (const auto image : images) append(contents, tlv::element(image_tag(ef), image));
    return tlv::element(info(ef).tag, contents);
}

Result<DisplayedImages> DisplayedImages::parse(Ef ef, ByteView file) {
    DisplayedImages result;
    auto [outer, reader] = TRY(open_file(file, ef, result.notes));
    const auto count = TRY(reader.expect(tag_count));
    if (count.value.size() != 1) return reader.error(Errc::lds_bad_file, "the number of instances is not one byte");
    result.announced_count = count.value[0];
    while (!reader.at_end()) {
        const auto e = TRY(reader.next());
        if (e.tag == image_tag(ef)) result.images.push_back(e.value);
        else result.notes.push_back({"lds.displayed_extra_objects", name(ef), tlv::tag_text(e.tag)});
    }
    note_lengths(reader, ef, result.notes);
    if (static_cast<std::size_t>(result.announced_count) != result.images.size())
        result.notes.push_back({"lds.displayed_count_differs", name(ef) + "/02",
                                fmt::format("{} announced, {} present", result.announced_count, result.images.size())});
    return result;
}

}  // namespace idchip::lds
