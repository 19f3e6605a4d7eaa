#include <idchip/lds/biometric.hpp>

#include <fmt/format.h>

#include <idchip/tlv/writer.hpp>

#include "base/try.hpp"
#include "lds/outer.hpp"

namespace idchip::lds {
namespace {

constexpr std::uint32_t tag_group = 0x7F61, tag_count = 0x02, tag_template = 0x7F60, tag_header = 0xA1, tag_data = 0x5F2E,
                        tag_data_constructed = 0x7F2E, tag_discretionary = 0x53;

std::optional<std::uint32_t> number(const tlv::Element& e, std::size_t least, std::size_t most) {
    if (e.value.size() < least || e.value.size() > most) return std::nullopt;
    return static_cast<std::uint32_t>(read_be(e.value));
}

// What stands behind the last object that is known: passed over, but not silently.
void note_rest(const tlv::Reader& r, const std::string& where, Notes& notes) {
    if (!r.at_end()) notes.push_back({"lds.biometric_extra_objects", where, fmt::format("{} bytes", r.rest().size())});
}

bool is_data(std::uint32_t tag) { return tag == tag_data || tag == tag_data_constructed; }

// Doc 9303-10, 4.7.2: one template, one data block.
void note_second_record(tlv::Reader r, const std::string& where, Notes& notes) {
    const auto next = r.next();
    if (next && is_data(next->tag)) notes.push_back({"lds.biometric_second_record", where, "the first is used"});
    else notes.push_back({"lds.biometric_extra_objects", where, next ? tlv::tag_text(next->tag) : std::string("no object")});
}

Result<BiometricTemplate> read_template(const tlv::Reader& parent, const tlv::Element& element, const std::string& where, Notes& notes) {
    BiometricTemplate t;
    auto r = parent.enter(element);
    const auto header_element = TRY(r.expect(tag_header));
    t.header = header_element.value;
    auto header = r.enter(header_element);
    while (!header.at_end()) {
        const auto e = TRY(header.next());
        if (e.tag == 0x81) t.type = number(e, 1, 3);
        if (e.tag == 0x82) t.subtype = number(e, 1, 1);
        if (e.tag == 0x87) t.format_owner = number(e, 2, 2);
        if (e.tag == 0x88) t.format_type = number(e, 2, 2);
    }
    const auto data = TRY(r.next());
    if (!is_data(data.tag)) return r.error(Errc::tlv_unexpected, "want 5F2E or 7F2E, found " + tlv::tag_text(data.tag));
    t.data_tag = data.tag;
    t.data = data.value;
    t.data_offset = data.value_offset();
    if (!r.at_end()) note_second_record(r, where + "/7F60", notes);
    return t;
}

std::size_t element_size(std::uint32_t tag, std::size_t value_size) {
    return tlv::encode_tag(tag).size() + tlv::encode_length(value_size).size() + value_size;
}

void open_element(Bytes& out, std::uint32_t tag, std::size_t value_size) {
    append(out, tlv::encode_tag(tag));
    append(out, tlv::encode_length(value_size));
}

std::size_t template_size(const BiometricTemplate& t) {
    return element_size(tag_header, t.header.size()) + element_size(t.data_tag, t.data_head.size() + t.data.size());
}

}  // namespace

Bytes BiometricGroup::encode(Ef ef) const {
    std::size_t group_size = element_size(tag_count, 1);
    for (const auto& t : templates) group_size += element_size(tag_template, template_size(t));
    if (!padding.empty()) group_size += element_size(tag_discretionary, padding.size());
    const std::size_t file_size = element_size(tag_group, group_size);
    Bytes file;
    file.reserve(element_size(info(ef).tag, file_size));
    open_element(file, info(ef).tag, file_size);
    open_element(file, tag_group, group_size);
    append(file, tlv::element(tag_count, Bytes{static_cast<Byte>(announced_count)}));
    for (const auto& t : templates) {
        open_element(file, tag_template, template_size(t));
        open_element(file, tag_header, t.header.size());
        append(file, t.header);
        open_element(file, t.data_tag, t.data_head.size() + t.data.size());
        append(file, t.data_head);
        append(file, t.data);
    }
    if (!padding.empty()) append(file, tlv::element(tag_discretionary, padding));
    return file;
}

Result<BiometricGroup> BiometricGroup::parse(Ef ef, ByteView file, Notes& notes) {
    BiometricGroup result;
    auto [outer, reader] = TRY(open_file(file, ef, notes));
    auto group = reader.enter(TRY(reader.expect(tag_group)));
    const auto count = TRY(group.expect(tag_count));
    if (count.value.size() != 1) return group.error(Errc::lds_bad_file, "the number of instances is not one byte");
    result.announced_count = count.value[0];
    const auto where = name(ef) + "/7F61";
    while (!group.at_end()) {
        const auto e = TRY(group.next());
        if (e.tag == tag_template) result.templates.push_back(TRY(read_template(group, e, where, notes)));
        else if (e.tag == tag_discretionary && ef != Ef::dg2 && result.padding.empty()) result.padding = e.value;
        else notes.push_back({"lds.biometric_extra_objects", where, tlv::tag_text(e.tag)});
    }
    note_rest(reader, name(ef), notes);
    note_lengths(reader, ef, notes);
    if (static_cast<std::size_t>(result.announced_count) != result.templates.size())
        notes.push_back({"lds.biometric_count_differs", where + "/02",
                         fmt::format("{} announced, {} present", result.announced_count, result.templates.size())});
    return result;
}

Bytes biometric_header(Byte type, std::optional<Byte> subtype, std::uint16_t format_type) {
    Bytes owner, format;
    append_be(owner, format_owner_sc37, 2);
    append_be(format, format_type, 2);
    return concat({tlv::element(0x80, Bytes{1, 1}), tlv::element(0x81, Bytes{type}),
                   subtype ? tlv::element(0x82, Bytes{*subtype}) : Bytes(), tlv::element(0x87, owner), tlv::element(0x88, format)});
}

}  // namespace idchip::lds
