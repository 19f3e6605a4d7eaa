// Synthetic persons for tests and demonstrations: never a real person's data (province code 999 is unassigned).
#pragma once

#include <idchip/base/bytes.hpp>
#include <idchip/base/time.hpp>

namespace idchip::sample {

struct Person {
    std::string record;           // "S7-000001": seed and running number
    std::string personal_number;  // 12 digits, 999 G YY NNNNNN
    std::string surname;          // "Nguyễn", NFC
    std::string given_names;      // "Văn Mẫu"
    char sex = 'M';               // M or F
    Date birth;
    Date issued;
    std::optional<Date> expiry;   // nothing: no expiry (from 60 on)
    std::string ethnicity;        // "Kinh"
    std::string religion;         // "Không"
    std::string place_of_origin;  // commune, district, province: invented names
    std::string residence;
    std::string father;
    std::string mother;
};

// The same seed and number give the same person on every machine. `today` bounds age and dates of issue.
Person make_person(std::uint64_t seed, std::uint64_t number, Date today);

// A drawn face, 300x400 pixels (3:4), colour, a baseline JPEG of 12 to 20 kB. Deterministic for the same person.
// Errors: crypto.failed never; io.failed when the encoder fails.
Result<Bytes> draw_portrait(const Person& person, std::uint64_t seed);

// One line of records.jsonl (without line end). `portrait` is the path written into the record.
std::string record_json(const Person& person, std::string_view portrait);

}  // namespace idchip::sample
