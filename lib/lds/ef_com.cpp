#include <idchip/lds/ef_com.hpp>

#include <fmt/format.h>

#include <idchip/tlv/writer.hpp>

#include "base/try.hpp"
#include "lds/outer.hpp"

namespace idchip::lds {
namespace {

constexpr std::uint32_t tag_lds_version = 0x5F01, tag_unicode_version = 0x5F36, tag_tag_list = 0x5C;

Result<std::string> read_version(tlv::Reader& reader, std::uint32_t tag, std::size_t digits) {
    const auto e = TRY(reader.expect(tag));
    auto text = as_text(e.value);
    if (text.size() != digits || text.find_first_not_of("0123456789") != std::string::npos)
        return fail(Error(Errc::lds_bad_file, "EF.COM/" + tlv::tag_text(tag), fmt::format("want {} digits", digits)).at(e.offset));
    return text;
}

}  // namespace

std::vector<Ef> EfCom::files() const {
    std::vector<Ef> result;
    for (const auto tag : tags)
        if (const auto ef = ef_by_tag(tag); ef && is_data_group(*ef)) result.push_back(*ef);
    return result;
}

EfCom EfCom::of(const std::vector<Ef>& data_groups) {
    EfCom com;
    for (const auto ef : data_groups) com.tags.push_back(info(ef).tag);
    return com;
}

Bytes EfCom::encode() const {
    Bytes list;
    for (const auto tag : tags) append(list, tlv::encode_tag(tag));
    return tlv::element(info(Ef::com).tag,
                        {tlv::element(tag_lds_version, as_bytes(lds_version)), tlv::element(tag_unicode_version, as_bytes(unicode_version)),
                         tlv::element(tag_tag_list, list)});
}

Result<EfCom> EfCom::parse(ByteView file) {
    EfCom com;
    auto [outer, reader] = TRY(open_file(file, Ef::com, com.notes));
    com.lds_version = TRY(read_version(reader, tag_lds_version, 4));
    com.unicode_version = TRY(read_version(reader, tag_unicode_version, 6));
    const auto list = TRY(reader.expect(tag_tag_list));
    for (const Byte tag : list.value) {
        com.tags.push_back(tag);
        const auto ef = ef_by_tag(tag);
        if (!ef || !is_data_group(*ef)) com.notes.push_back({"lds.com_unknown_tag", "EF.COM/5C", tlv::tag_text(tag)});
    }
    if (!reader.at_end()) com.notes.push_back({"lds.com_extra_objects", "EF.COM", {}});
    note_lengths(reader, Ef::com, com.notes);
    return com;
}

}  // namespace idchip::lds
