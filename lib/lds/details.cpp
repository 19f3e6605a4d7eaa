#include <idchip/lds/details.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <idchip/base/text.hpp>
#include <idchip/tlv/writer.hpp>

#include "base/try.hpp"
#include "lds/outer.hpp"

namespace idchip::lds {
namespace {

// Tables 71 and 73 name fourteen objects; with more than these a list is compared with its objects for ever.
constexpr std::size_t most_objects = 256;
constexpr std::uint32_t tag_list_tag = 0x5C, tag_count = 0x02, tag_names = 0xA0;

std::uint32_t repeated_tag(Ef ef) { return ef == Ef::dg11 ? dg11::other_name : dg12::other_person; }

// The tag list is tags one after the other, each of one or two bytes.
Result<std::vector<std::uint32_t>> read_tag_list(const tlv::Element& e, const std::string& where) {
    std::vector<std::uint32_t> tags;
    for (std::size_t i = 0; i < e.value.size();) {
        const bool two = (e.value[i] & 0x1FU) == 0x1F;
        if (two && i + 1 >= e.value.size())
            return fail(Error(Errc::lds_bad_file, where, "tag list ends inside a tag").at(e.value_offset() + i));
        if (tags.size() == most_objects)
            return fail(Error(Errc::tlv_too_many, where, fmt::format("limit {}", most_objects)).at(e.value_offset() + i));
        tags.push_back(two ? static_cast<std::uint32_t>(e.value[i] << 8U | e.value[i + 1]) : e.value[i]);
        i += two ? 2 : 1;
    }
    return tags;
}

const DetailField* field_of(Ef ef, std::uint32_t tag) {
    const auto& fields = DetailFile::fields(ef);
    const auto it = std::find_if(fields.begin(), fields.end(), [tag](const DetailField& f) { return f.tag == tag; });
    return it == fields.end() ? nullptr : &*it;
}

bool is_digits(ByteView value) {
    return std::all_of(value.begin(), value.end(), [](Byte b) { return b >= '0' && b <= '9'; });
}

// Real documents hold dates as ASCII digits or as packed digits; Doc 9303-10, 4.7.12 asks readers to take both.
std::optional<std::string> read_digits(ByteView value, std::size_t digits) {
    if (value.size() == digits && is_digits(value)) return as_text(value);
    if (value.size() * 2 != digits) return std::nullopt;
    auto text = to_hex(value);
    if (!is_digits(as_bytes(text))) return std::nullopt;
    return text;
}

void note_names(DetailFile& file, const tlv::Reader& parent, const tlv::Element& e) {
    const auto note = [&](const char* id, std::string detail) { file.notes.push_back({id, name(file.ef) + "/A0", std::move(detail)}); };
    auto r = parent.enter(e);
    std::optional<std::size_t> announced;
    std::size_t found = 0;
    while (!r.at_end()) {
        const auto item = r.next();
        if (!item) return note("lds.details_names_malformed", item.error().message());
        if (item->tag == tag_count && item->value.size() == 1) announced = item->value[0];
        else if (item->tag == repeated_tag(file.ef)) ++found;
        else note("lds.details_unknown_object", tlv::tag_text(item->tag));
    }
    if (announced != found) note("lds.details_count_differs", fmt::format("{} announced, {} present", announced.value_or(0), found));
}

void note_object(DetailFile& file, const Detail& d) {
    const auto where = name(file.ef) + "/" + tlv::tag_text(d.tag);
    const auto* field = field_of(file.ef, d.tag);
    if (field == nullptr) {
        file.notes.push_back({"lds.details_unknown_object", where, {}});
        return;
    }
    if (d.value.empty()) file.notes.push_back({"lds.details_empty_object", where, {}});
    else if (field->kind == DetailKind::text && !is_valid_utf8(d.value)) file.notes.push_back({"lds.details_not_utf8", where, {}});
    else if (field->kind == DetailKind::date || field->kind == DetailKind::date_time) {
        const std::size_t digits = field->kind == DetailKind::date ? 8 : 14;
        if (!read_digits(d.value, digits)) file.notes.push_back({"lds.details_bad_date", where, {}});
        else if (d.value.size() != digits) file.notes.push_back({"lds.details_bcd_date", where, {}});
    }
}

void note_tag_list(DetailFile& file) {
    for (const auto tag : file.tag_list)
        if (tag != repeated_tag(file.ef) && file.find(tag) == nullptr)
            file.notes.push_back({"lds.details_listed_absent", name(file.ef) + "/5C", tlv::tag_text(tag)});
    for (const auto& d : file.objects) {
        const bool listed = std::find(file.tag_list.begin(), file.tag_list.end(), d.tag) != file.tag_list.end();
        // The names inside A0 may be listed by their own tag.
        const bool listed_inside =
            d.tag == tag_names && std::find(file.tag_list.begin(), file.tag_list.end(), repeated_tag(file.ef)) != file.tag_list.end();
        if (!listed && !listed_inside) file.notes.push_back({"lds.details_not_listed", name(file.ef) + "/5C", tlv::tag_text(d.tag)});
    }
}

}  // namespace

const std::vector<DetailField>& DetailFile::fields(Ef ef) {
    using K = DetailKind;
    static const std::vector<DetailField> of_dg11 = {{dg11::full_name, "full name", K::text},
                                                     {dg11::other_names, "other names", K::names},
                                                     {dg11::personal_number, "personal number", K::text},
                                                     {dg11::birth_date, "full date of birth", K::date},
                                                     {dg11::birth_place, "place of birth", K::text},
                                                     {dg11::address, "address", K::text},
                                                     {dg11::telephone, "telephone", K::text},
                                                     {dg11::profession, "profession", K::text},
                                                     {dg11::title, "title", K::text},
                                                     {dg11::personal_summary, "personal summary", K::text},
                                                     {dg11::proof_of_citizenship, "proof of citizenship", K::image},
                                                     {dg11::other_documents, "other travel documents", K::text},
                                                     {dg11::custody, "custody information", K::text}};
    static const std::vector<DetailField> of_dg12 = {{dg12::authority, "issuing authority", K::text},
                                                     {dg12::issue_date, "date of issue", K::date},
                                                     {dg12::other_persons, "other persons", K::names},
                                                     {dg12::endorsements, "endorsements", K::text},
                                                     {dg12::tax_exit, "tax or exit requirements", K::text},
                                                     {dg12::front_image, "image of front", K::image},
                                                     {dg12::rear_image, "image of rear", K::image},
                                                     {dg12::personalization_time, "personalization time", K::date_time},
                                                     {dg12::personalization_system, "personalization system", K::text}};
    return ef == Ef::dg12 ? of_dg12 : of_dg11;
}

const Detail* DetailFile::find(std::uint32_t tag) const {
    const auto it = std::find_if(objects.begin(), objects.end(), [tag](const Detail& d) { return d.tag == tag; });
    return it == objects.end() ? nullptr : &*it;
}

std::optional<std::string> DetailFile::text(std::uint32_t tag) const {
    const auto* d = find(tag);
    return d == nullptr ? std::nullopt : std::optional(as_text(d->value));
}

std::optional<std::string> DetailFile::date(std::uint32_t tag) const {
    const auto* d = find(tag);
    const auto* field = field_of(ef, tag);
    if (d == nullptr || field == nullptr) return std::nullopt;
    return read_digits(d->value, field->kind == DetailKind::date_time ? 14 : 8);
}

std::vector<std::string> DetailFile::names() const {
    std::vector<std::string> result;
    const auto* d = find(tag_names);
    if (d == nullptr) return result;
    tlv::Reader r(d->value, tlv::Rules::ber);
    while (!r.at_end()) {
        const auto e = r.next();
        if (!e) break;
        if (e->tag == repeated_tag(ef)) result.push_back(as_text(e->value));
    }
    return result;
}

void DetailFile::set(std::uint32_t tag, std::string_view value) {
    tag_list.push_back(tag);
    objects.push_back({tag, to_bytes(as_bytes(value))});
}

void DetailFile::set_names(const std::vector<std::string>& list) {
    if (list.empty()) return;
    Bytes contents = tlv::element(tag_count, Bytes{static_cast<Byte>(list.size())});
    for (const auto& one : list) append(contents, tlv::element(repeated_tag(ef), as_bytes(one)));
    tag_list.push_back(tag_names);
    objects.push_back({tag_names, std::move(contents)});
}

Bytes DetailFile::encode() const {
    Bytes list;
    for (const auto tag : tag_list) append(list, tlv::encode_tag(tag));
    Bytes contents = tlv::element(tag_list_tag, list);
    for (const auto& d : objects) tlv::append_element(contents, d.tag, d.value);
    return tlv::element(info(ef).tag, contents);
}

Result<DetailFile> DetailFile::parse(Ef ef, ByteView bytes) {
    DetailFile file;
    file.ef = ef;
    auto [outer, reader] = TRY(open_file(bytes, ef, file.notes));
    file.tag_list = TRY(read_tag_list(TRY(reader.expect(tag_list_tag)), name(ef) + "/5C"));
    while (!reader.at_end()) {
        if (file.objects.size() == most_objects) return reader.error(Errc::tlv_too_many, fmt::format("limit {}", most_objects));
        const auto e = TRY(reader.next());
        if (file.find(e.tag) != nullptr)
            file.notes.push_back({"lds.details_doubled", name(ef) + "/" + tlv::tag_text(e.tag), "the first is used"});
        file.objects.push_back({e.tag, to_bytes(e.value)});
        if (e.tag == tag_names) note_names(file, reader, e);
        else note_object(file, file.objects.back());
    }
    note_tag_list(file);
    return file;
}

}  // namespace idchip::lds
