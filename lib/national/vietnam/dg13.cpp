#include <idchip/national/vietnam/dg13.hpp>

#include <algorithm>

#include <fmt/format.h>

#include "base/try.hpp"
#include "lds/outer.hpp"
#include "national/vietnam/text.hpp"

namespace idchip::vietnam {
namespace {

constexpr std::uint32_t tag_dg13 = 0x6D;
constexpr int last_known = dg13_field::serial;

bool is_string(std::uint32_t tag) { return tag == der::utf8_string || tag == der::printable_string || tag == der::ia5_string; }

// --- reading

struct Value {
    std::vector<Dg13String> strings;
    bool sequence = false;
};

// One object behind the number: a string, or a SEQUENCE of strings. Nothing for anything else.
Result<std::optional<Value>> read_value(const tlv::Reader& field, const tlv::Element& e) {
    if (is_string(e.tag)) return std::optional(Value{{{e.tag, as_text(e.value)}}, false});
    if (e.tag != der::sequence) return std::optional<Value>();
    Value value{{}, true};
    auto inner = field.enter(e);
    while (!inner.at_end()) {
        const auto string = TRY(inner.next());
        if (!is_string(string.tag)) return std::optional<Value>();
        if (value.strings.size() == Dg13::max_strings) return inner.error(Errc::tlv_too_many, "strings in a field");
        value.strings.push_back({string.tag, as_text(string.value)});
    }
    return std::optional(std::move(value));
}

Dg13Shape shape_of(const std::vector<Value>& values) {
    if (values.empty()) return Dg13Shape::no_value;
    if (values.size() == 1 && !values[0].sequence) return Dg13Shape::plain;
    if (values.size() == 1 && values[0].strings.size() > 1) return Dg13Shape::nested;
    const auto holds_one = [](const Value& v) { return v.sequence && v.strings.size() <= 1; };
    return std::all_of(values.begin(), values.end(), holds_one) ? Dg13Shape::siblings : Dg13Shape::unknown;
}

// The values behind the number, as far as they have a shape that is known. Errors: tlv.*.
Result<void> read_values(tlv::Reader reader, Dg13Field& field) {
    // Nearly all fields are one string: no list is needed for those.
    if (auto ahead = reader; !ahead.at_end()) {
        const auto only = TRY(ahead.next());
        if (ahead.at_end() && is_string(only.tag)) {
            field.shape = Dg13Shape::plain;
            field.strings.push_back({only.tag, as_text(only.value)});
            return {};
        }
    }
    std::vector<Value> values;
    bool known = true;
    for (std::size_t count = 0; !reader.at_end(); ++count) {
        if (count == Dg13::max_strings) return reader.error(Errc::tlv_too_many, "objects in a field");
        auto value = TRY(read_value(reader, TRY(reader.next())));
        known = known && value.has_value();
        if (known) values.push_back(std::move(*value));
    }
    field.shape = known ? shape_of(values) : Dg13Shape::unknown;
    if (field.shape == Dg13Shape::unknown) return {};
    for (auto& value : values) {
        if (value.strings.empty()) value.strings.push_back({0, {}});  // an empty SEQUENCE keeps its place: no father, but a mother
        for (auto& string : value.strings) field.strings.push_back(std::move(string));
    }
    return {};
}

Result<Dg13Field> read_field(const tlv::Reader& members, const tlv::Element& member) {
    Dg13Field field;
    field.raw = to_bytes(member.raw);
    if (member.tag != der::sequence) return field;
    auto reader = members.enter(member);
    if (reader.at_end() || reader.rest()[0] != der::integer) return field;
    field.number = TRY(der::read_integer(reader));
    TRY(read_values(reader, field));
    return field;
}

// --- what is noted

bool has_characters_of_its_type(const Dg13String& string) {
    if (string.tag == der::utf8_string || string.tag == 0) return true;
    const auto printable = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view(" '()+,-./:=?").find(c) != std::string_view::npos;
    };
    const auto ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
    if (string.tag == der::ia5_string) return std::all_of(string.text.begin(), string.text.end(), ascii);
    return std::all_of(string.text.begin(), string.text.end(), printable);
}

std::string place(const Dg13Field& field) { return field.number ? fmt::format("DG13/field {}", *field.number) : "DG13"; }

void note_field(const Dg13Field& field, Notes& notes) {
    if (!field.number || field.shape == Dg13Shape::unknown)
        notes.push_back({"vn.dg13_unknown_shape", place(field), fmt::format("{} bytes kept", field.raw.size())});
    if (field.number && (*field.number < 1 || *field.number > last_known))
        notes.push_back({"vn.dg13_unknown_field", place(field), fmt::format("{} bytes kept", field.raw.size())});
    for (const auto& string : field.strings) {
        if (!is_clean(string.text)) notes.push_back({"vn.dg13_unsafe_text", place(field), "characters that do not show, or broken UTF-8"});
        else if (!is_composed(string.text)) notes.push_back({"vn.dg13_not_composed", place(field), "letters and marks apart"});
        if (!has_characters_of_its_type(string))
            notes.push_back({"vn.dg13_string_type", place(field), "type " + tlv::tag_text(string.tag)});
    }
}

void note_duplicates(const Dg13& dg13, Notes& notes) {
    const auto first = [&dg13](std::int64_t number) {
        return &*std::find_if(dg13.fields.begin(), dg13.fields.end(), [number](const Dg13Field& f) { return f.number == number; });
    };
    for (const auto& field : dg13.fields)
        if (field.number && first(*field.number) != &field)
            notes.push_back({"vn.dg13_duplicate_field", place(field), "the first one is used"});
}

void note_all(const Dg13& dg13, Notes& notes) {
    if (dg13.version != 1) notes.push_back({"vn.dg13_version", "DG13", fmt::format("version {}", dg13.version)});
    if (dg13.charset != Dg13::utf8_charset()) notes.push_back({"vn.dg13_charset", "DG13", dg13.charset.dotted()});
    for (const auto& field : dg13.fields) note_field(field, notes);
    note_duplicates(dg13, notes);
    if (!dg13.frame.after_set.empty() || !dg13.frame.after_sequence.empty())
        notes.push_back({"vn.dg13_extra_objects", "DG13", "kept as they stand"});
}

// --- writing

// Bytes of the length field, where it is longer than it need be; 1 otherwise.
std::size_t length_bytes(const tlv::Element& e) { return e.minimal_length ? 1 : e.raw.size() - e.value.size() - 1; }

// An element whose length field has at least so many bytes. Precondition: a tag of one byte.
Bytes wrap(std::uint32_t tag, ByteView value, std::size_t least) {
    auto length = tlv::encode_length(value.size());
    if (length.size() < least) {
        length = {static_cast<Byte>(0x80U | (least - 1))};
        append_be(length, value.size(), least - 1);
    }
    return concat({tlv::encode_tag(tag), length, value});
}

Bytes canonical_head(const Dg13& dg13) { return concat({der::write_integer(dg13.version), der::write(dg13.charset)}); }

void append_string(Bytes& to, const Dg13String& string) {
    if (string.tag != 0) tlv::append_element(to, string.tag, as_bytes(string.text));
}

Bytes encode_string(const Dg13String& string) {
    Bytes bytes;
    append_string(bytes, string);
    return bytes;
}

Dg13Field make_field(int number, Dg13Shape shape, std::vector<Dg13String> strings) {
    std::size_t room = 16;
    for (const auto& string : strings) room += string.text.size() + 16;
    auto contents = der::write_integer(number);
    contents.reserve(room);
    for (const auto& string : strings) {
        if (shape != Dg13Shape::siblings) append_string(contents, string);
        else tlv::append_element(contents, der::sequence, encode_string(string));
    }
    return {number, shape, std::move(strings), tlv::element(der::sequence, contents)};
}

}  // namespace

der::Oid Dg13::utf8_charset() {
    static const der::Oid oid("1.0.10646.1.0.8");
    return oid;
}

Dg13Field Dg13Field::no_value(int number) { return make_field(number, Dg13Shape::no_value, {}); }
Dg13Field Dg13Field::plain(int number, Dg13String string) {
    std::vector<Dg13String> strings;
    strings.push_back(std::move(string));
    return make_field(number, Dg13Shape::plain, std::move(strings));
}
Dg13Field Dg13Field::siblings(int number, std::vector<Dg13String> strings) {
    return make_field(number, Dg13Shape::siblings, std::move(strings));
}

const Dg13Field* Dg13::find(int number) const {
    const auto at = std::find_if(fields.begin(), fields.end(), [number](const Dg13Field& f) { return f.number == number; });
    return at == fields.end() ? nullptr : &*at;
}

Presence Dg13::presence(int number) const {
    const auto* field = find(number);
    if (field == nullptr) return Presence::absent;
    if (field->shape == Dg13Shape::no_value) return Presence::no_value;
    if (field->shape == Dg13Shape::unknown) return Presence::present;
    const auto is_empty = [](const Dg13String& s) { return s.text.empty(); };
    return std::all_of(field->strings.begin(), field->strings.end(), is_empty) ? Presence::empty : Presence::present;
}

std::string Dg13::text(int number) const {
    const auto* field = find(number);
    return field == nullptr || field->strings.empty() ? std::string() : field->strings[0].text;
}

Result<Dg13> Dg13::parse(ByteView file) {
    if (file.size() > max_size) return fail(Errc::too_large, "DG13", fmt::format("{} bytes, limit {}", file.size(), max_size));
    Dg13 dg13;
    auto [outer, reader] = TRY(lds::open_file(file, lds::Ef::dg13, dg13.notes));
    const auto sequence = TRY(reader.expect(der::sequence));
    auto body = reader.enter(sequence);
    dg13.version = TRY(der::read_integer(body));
    dg13.charset = TRY(der::read_oid(body));
    const auto head = sequence.value.first(sequence.value.size() - body.rest().size());
    const auto set = TRY(body.expect(der::set));
    auto members = body.enter(set);
    dg13.fields.reserve(last_known);
    while (!members.at_end()) {
        if (dg13.fields.size() == max_fields) return members.error(Errc::tlv_too_many, fmt::format("limit {} fields", max_fields));
        dg13.fields.push_back(TRY(read_field(members, TRY(members.next()))));
    }
    if (!equal(head, canonical_head(dg13))) dg13.frame.head = to_bytes(head);
    dg13.frame.outer = length_bytes(outer);
    dg13.frame.sequence = length_bytes(sequence);
    dg13.frame.set = length_bytes(set);
    dg13.frame.after_set = to_bytes(body.rest());
    dg13.frame.after_sequence = to_bytes(reader.rest());
    dg13.frame.after_file = to_bytes(file.subspan(outer.raw.size()));
    lds::note_lengths(reader, lds::Ef::dg13, dg13.notes);
    note_all(dg13, dg13.notes);
    return dg13;
}

Bytes Dg13::encode() const {
    Bytes members;
    for (const auto& field : fields) append(members, field.raw);
    auto body = frame.head.empty() ? canonical_head(*this) : frame.head;
    append(body, wrap(der::set, members, frame.set));
    append(body, frame.after_set);
    auto contents = wrap(der::sequence, body, frame.sequence);
    append(contents, frame.after_sequence);
    auto file = wrap(tag_dg13, contents, frame.outer);
    append(file, frame.after_file);
    return file;
}

}  // namespace idchip::vietnam
