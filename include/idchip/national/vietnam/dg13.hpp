// DG13 of the Vietnamese card. Its format is not published; this is what independent readers agree on:
//   [APPLICATION 13] { SEQUENCE { version INTEGER, charset OID, SET OF SEQUENCE { number INTEGER, value... } } }
#pragma once

#include <idchip/base/note.hpp>
#include <idchip/tlv/der.hpp>

namespace idchip::vietnam {

// The fields that are known; others are kept as they stand.
namespace dg13_field {
enum Number : int {
    personal_number = 1,
    full_name,
    birth_date,
    sex,
    nationality,
    ethnicity,
    religion,
    place_of_origin,
    residence,
    personal_identification,
    issue_date,
    expiry,
    parents,
    spouse,
    old_number,
    serial,
};
}

struct Dg13String {
    std::uint32_t tag = der::utf8_string;  // UTF8String, PrintableString or IA5String; 0: an empty SEQUENCE stands in its place
    std::string text;                      // contents as they stand: not checked, make them `printable` before showing
    bool operator==(const Dg13String&) const = default;
};

enum class Dg13Shape {
    no_value,  // the number alone
    plain,     // one string
    siblings,  // each string in a SEQUENCE of its own: parents, spouse
    nested,    // several strings in one SEQUENCE: parents in some cards
    unknown,   // anything else: only `raw` tells
};

struct Dg13Field {
    std::optional<std::int64_t> number;  // nothing: not a SEQUENCE that begins with an INTEGER
    Dg13Shape shape = Dg13Shape::unknown;
    std::vector<Dg13String> strings;
    Bytes raw;  // the whole member of the SET: what `encode` writes

    static Dg13Field no_value(int number);
    static Dg13Field plain(int number, Dg13String string);
    static Dg13Field siblings(int number, std::vector<Dg13String> strings);
    bool operator==(const Dg13Field&) const = default;
};

// How a field can be without a value.
enum class Presence { absent, no_value, empty, present };

struct Dg13 {
    static constexpr std::size_t max_size = 16 * 1024, max_fields = 64, max_strings = 16;
    static constexpr std::size_t max_text = 1024;  // of a string that is written

    std::int64_t version = 1;
    der::Oid charset = utf8_charset();
    std::vector<Dg13Field> fields;  // in the order of the file, never sorted
    Notes notes;

    // What stands around the fields beyond the shortest form, so that a file is written as it was read.
    struct Frame {
        Bytes head;                                    // version and charset as read; empty: made from the values
        std::size_t outer = 1, sequence = 1, set = 1;  // least number of bytes of the length fields
        Bytes after_set, after_sequence, after_file;
        bool operator==(const Frame&) const = default;
    };
    Frame frame;

    // The first field of that number; null when absent.
    const Dg13Field* find(int number) const;
    Presence presence(int number) const;
    // The first string of the first such field; empty when there is none.
    std::string text(int number) const;

    // encode(parse(x)) == x, for every x that is accepted.
    Bytes encode() const;
    // Errors: tlv.*, der.bad_value, input.too_large (longer than max_size).
    // Notes: lds.trailing_bytes, lds.length_not_minimal; vn.dg13_version, _charset, _unknown_shape, _unknown_field,
    // _duplicate_field, _unsafe_text, _not_composed, _string_type, _extra_objects.
    static Result<Dg13> parse(ByteView file);

    static der::Oid utf8_charset();  // 1.0.10646.1.0.8
};

}  // namespace idchip::vietnam
