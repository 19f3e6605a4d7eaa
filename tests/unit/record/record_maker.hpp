// Records for the tests: a good one, and what is changed in it.
#pragma once

#include <idchip/record/source.hpp>

#include "unit/unit.hpp"

namespace idchip::test {

inline const Date record_today{2026, 11, 22};

// The person of the published Vietnamese example.
inline record::RawRecord good_record() {
    using record::Field;
    record::RawRecord raw;
    raw.line = 7;
    const std::pair<Field, const char*> fields[] = {{Field::record, "R-1"},
                                                    {Field::card, "vn-cccd-2021"},
                                                    {Field::personal_number, "999099000017"},
                                                    {Field::surname, "Nguyễn"},
                                                    {Field::given_names, "Văn Mẫu"},
                                                    {Field::sex, "M"},
                                                    {Field::birth_date, "1999-05-15"},
                                                    {Field::expiry_date, "2039-05-15"},
                                                    {Field::issue_date, "2022-06-20"},
                                                    {Field::ethnicity, "Kinh"},
                                                    {Field::religion, "Không"},
                                                    {Field::place_of_origin, "Xã Mẫu, Huyện Thử, Hà Nội"},
                                                    {Field::residence, "Số 1 Phố Thử, Phường Mẫu, Hà Nội"},
                                                    {Field::father, "Nguyễn Văn Cha"},
                                                    {Field::mother, "Trần Thị Mẹ"},
                                                    {Field::portrait, "p.jpg"}};
    for (const auto& [field, value] : fields) {
        raw.values[static_cast<std::size_t>(field)] = value;
        raw.stated[static_cast<std::size_t>(field)] = true;
    }
    return raw;
}

inline record::RawRecord with(record::RawRecord raw, record::Field field, std::string value) {
    raw.values[static_cast<std::size_t>(field)] = std::move(value);
    raw.stated[static_cast<std::size_t>(field)] = true;
    return raw;
}
inline record::RawRecord without(record::RawRecord raw, record::Field field) {
    raw.values[static_cast<std::size_t>(field)].clear();
    raw.stated[static_cast<std::size_t>(field)] = false;
    return raw;
}

inline record::Checked checked(const record::RawRecord& raw) { return record::check(raw, {{}, record_today}); }

// What every synthetic number is warned of: province code 999 is unassigned, so that it is nobody's.
inline bool is_synthetic_warning(const Problem& p) { return p.code == "vn.number_province"; }

// "birth_date record.bad_date; ...", without the warning that all synthetic numbers have.
inline std::string codes(const Problems& problems) {
    std::string text;
    for (const auto& p : problems)
        if (!is_synthetic_warning(p)) text += (text.empty() ? "" : "; ") + p.field + " " + p.code;
    return text;
}

}  // namespace idchip::test
