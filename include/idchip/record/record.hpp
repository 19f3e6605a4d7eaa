// A person's record: the fields as they come in, and what they mean once they are checked.
#pragma once

#include <array>

#include <idchip/base/problem.hpp>
#include <idchip/lds/files.hpp>
#include <idchip/mrz/mrz.hpp>
#include <idchip/national/vietnam/person.hpp>

namespace idchip::record {

using Card = vietnam::Card;

enum class Field {
#define RECORD_FIELD(id, kind, longest, what) id,
#include <idchip/record/fields.def>
#undef RECORD_FIELD
};
enum class FieldKind { identifier, word, zone, text, date, path, lines, hex };

struct FieldInfo {
    Field field;
    std::string_view name;
    FieldKind kind;
    std::size_t longest;  // bytes
    std::string_view what;
};
const std::vector<FieldInfo>& all_fields();
const FieldInfo& info(Field field);
std::optional<Field> field_by_name(std::string_view name);

enum class Quality { right, complete, clean, current };
std::string_view name(Quality quality);

enum class Kind {
#define RECORD_PROBLEM(id, name, severity, quality, message, remedy) id,
#include <idchip/record/problems.def>
#undef RECORD_PROBLEM
};
// `detail` stands in brackets behind the message: numbers and names of things, never values.
Problem problem(Kind kind, std::string_view field, std::string_view detail = {});
// Of any code that a check of records reports; those of the national rooms are matters of `right`.
Quality quality_of(std::string_view code);
struct KindInfo {
    std::string_view code;
    Severity severity;
    Quality quality;
    std::string_view message, remedy;
};
const std::vector<KindInfo>& all_kinds();

// One line of the input. A field that stands there without a value ("" or null) is `stated` and empty.
struct RawRecord {
    static constexpr std::size_t field_count = 0
#define RECORD_FIELD(id, kind, longest, what) +1
#include <idchip/record/fields.def>
#undef RECORD_FIELD
        ;
    std::size_t line = 0;        // from 1, of its first character
    std::uint64_t position = 0;  // of the same: bytes from the beginning of the file
    std::array<std::string, field_count> values;
    std::array<bool, field_count> stated{};
    Problems problems;     // of the line itself
    bool readable = true;  // false: only `problems` says anything

    const std::string& operator[](Field f) const { return values[static_cast<std::size_t>(f)]; }
    bool has(Field f) const { return stated[static_cast<std::size_t>(f)]; }
    // For the next line, keeping the memory.
    void clear();
};

// What a record means. Text is UTF-8 in composed form with single spaces.
struct Record {
    std::string id;
    Card card = Card::icao_td1;
    mrz::Format format = mrz::Format::td1;
    std::string document_code, issuing_state, nationality;
    std::string document_number, optional_data_1, optional_data_2;
    std::string surname, given_names;
    std::vector<std::string> other_names;
    char sex = '<';
    Date birth;
    std::optional<Date> expiry;  // nothing: no expiry
    std::optional<Date> issued;
    vietnam::PersonDetails details;  // DG13 of the Vietnamese card; its texts serve DG11 and DG12 of others too
    std::string birth_place, telephone, profession, title, authority;
    std::vector<lds::Ef> extra_groups;  // DG11, DG12: beyond those of the card
    std::string portrait;               // path, relative to the record file
    Bytes dg13;                         // made elsewhere; empty: made from `details`
};

// Who answers for the record: the administrative unit of the residence. Empty parts are unknown.
struct Unit {
    std::string province, district, commune;
    bool operator==(const Unit&) const = default;
};
// From the parts of an address, separated by commas, the largest last.
Unit unit_of_address(std::string_view address);

struct Settings {
    std::optional<Card> card;  // for all records, whatever they say
    Date today;
};
struct Checked {
    std::string id;  // "line 3" where the record has none
    std::size_t line = 0;
    std::uint64_t position = 0;    // bytes from the beginning of the file
    std::string digest;            // digest_of, where IntakeOptions ask for it
    std::optional<Record> record;  // there, unless a problem is an error
    // What other records are compared by, as far as it could be read, also where the record has errors. Empty: nothing.
    struct Keys {
        std::string record, number, person;
        std::string_view number_field;  // the field that `number` came from
    };
    Keys keys;
    std::string portrait;  // path, relative to the record file
    Problems problems;
    Unit unit;
};
// One record by itself. Pure.
Checked check(const RawRecord& raw, const Settings& settings);

// The zone of the record; a name that does not fit is shortened (`truncated`).
// Errors: mrz.bad_field, mrz.no_transliteration, with the record's field as `where`.
struct Zone {
    mrz::Mrz mrz;
    std::vector<std::string> lines;
    bool truncated = false;
};
Result<Zone> make_zone(const Record& record);

}  // namespace idchip::record
