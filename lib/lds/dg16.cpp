#include <idchip/lds/dg16.hpp>

#include <fmt/format.h>

#include <idchip/base/text.hpp>
#include <idchip/tlv/writer.hpp>

#include "base/try.hpp"
#include "lds/outer.hpp"

namespace idchip::lds {
namespace {

constexpr std::uint32_t tag_count = 0x02, first_template = 0xA1;
constexpr std::size_t most_persons = 15;

struct Field {
    std::uint32_t tag;
    std::string PersonToNotify::*member;
};
constexpr Field fields[] = {{0x5F50, &PersonToNotify::date_recorded},
                            {0x5F51, &PersonToNotify::name},
                            {0x5F52, &PersonToNotify::telephone},
                            {0x5F53, &PersonToNotify::address}};

Bytes encode_person(const PersonToNotify& person) {
    Bytes contents;
    for (const auto& f : fields) append(contents, tlv::element(f.tag, as_bytes(person.*f.member)));
    return contents;
}

Result<PersonToNotify> read_person(tlv::Reader r, Notes& notes) {
    PersonToNotify person;
    for (const auto& f : fields) {
        const auto e = TRY(r.take(f.tag));
        if (!e) {
            notes.push_back({"lds.dg16_field_missing", r.where(), tlv::tag_text(f.tag)});
            continue;
        }
        if (!is_valid_utf8(e->value)) notes.push_back({"lds.dg16_not_utf8", r.where(), tlv::tag_text(f.tag)});
        person.*f.member = as_text(e->value);
    }
    if (!r.at_end()) notes.push_back({"lds.dg16_extra_objects", r.where(), {}});
    return person;
}

}  // namespace

Result<Bytes> Dg16::encode() const {
    if (persons.size() > most_persons) return fail(Errc::bad_field, "DG16", fmt::format("{} persons, at most 15", persons.size()));
    Bytes contents = tlv::element(tag_count, Bytes{static_cast<Byte>(persons.size())});
    for (std::size_t i = 0; i < persons.size(); ++i)
        append(contents, tlv::element(static_cast<std::uint32_t>(first_template + i), encode_person(persons[i])));
    return tlv::element(info(Ef::dg16).tag, contents);
}

Result<Dg16> Dg16::parse(ByteView file) {
    Dg16 result;
    auto [outer, reader] = TRY(open_file(file, Ef::dg16, result.notes));
    const auto count = TRY(reader.expect(tag_count));
    if (count.value.size() != 1) return reader.error(Errc::lds_bad_file, "the number of persons is not one byte");
    while (!reader.at_end()) {
        const auto e = TRY(reader.next());
        // Templates count up from A1; a chip that repeats one number says the same.
        if (e.tag < first_template || e.tag > 0xAF)
            return reader.error(Errc::tlv_unexpected, "want A1 to AF, found " + tlv::tag_text(e.tag));
        if (e.tag != first_template + result.persons.size())
            result.notes.push_back({"lds.dg16_template_number", "DG16", tlv::tag_text(e.tag)});
        result.persons.push_back(TRY(read_person(reader.enter(e), result.notes)));
    }
    if (count.value[0] != result.persons.size())
        result.notes.push_back(
            {"lds.dg16_count_differs", "DG16/02", fmt::format("{} announced, {} present", count.value[0], result.persons.size())});
    note_lengths(reader, Ef::dg16, result.notes);
    return result;
}

}  // namespace idchip::lds
