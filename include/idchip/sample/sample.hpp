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

// Splitmix64 (Steele, Lea, Flood 2014): the same sequence on every machine, which the distributions of <random> do not promise.
class Dice {
public:
    explicit Dice(std::uint64_t state) : state_(state) {}
    // Independent sequences for each pair, however close the pairs are.
    Dice(std::uint64_t seed, std::uint64_t number) : state_(mix(seed) ^ mix(~number)) {}

    std::uint64_t next() { return mix(state_ += golden); }
    // 0 .. n-1
    std::uint32_t below(std::uint32_t n) { return static_cast<std::uint32_t>(((next() >> 32U) * n) >> 32U); }
    bool chance(std::uint32_t permille) { return below(1000) < permille; }

    static constexpr std::uint64_t mix(std::uint64_t z) {
        z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
        z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
        return z ^ (z >> 31U);
    }

private:
    static constexpr std::uint64_t golden = 0x9E3779B97F4A7C15U;
    std::uint64_t state_;
};

// The same seed and number give the same person on every machine. `today` bounds age and dates of issue.
// Under one seed, numbers below 4,000,000 never share a personal number, nor its last nine digits, whatever `today` is.
Person make_person(std::uint64_t seed, std::uint64_t number, Date today);

// A drawn face, 300x400 pixels (3:4), colour, a baseline JPEG of 12 to 20 kB. Deterministic for the same person.
// Errors: crypto.failed never; io.failed when the encoder fails.
Result<Bytes> draw_portrait(const Person& person, std::uint64_t seed);

// One line of records.jsonl (without line end). `portrait` is the path written into the record.
std::string record_json(const Person& person, std::string_view portrait);

}  // namespace idchip::sample
