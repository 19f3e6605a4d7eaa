#include <idchip/sample/sample.hpp>

#include <algorithm>
#include <array>
#include <span>

#include <fmt/format.h>

namespace idchip::sample {
namespace {

using Words = std::span<const std::string_view>;

struct Weighted {
    std::string_view word;
    std::uint32_t weight;
};

// Rounded shares of the commonest surnames, a thousandth each.
constexpr Weighted common_surnames[] = {
    {"Nguyễn", 384}, {"Trần", 121}, {"Lê", 95},    {"Phạm", 70}, {"Phan", 45}, {"Hoàng", 30},  {"Huỳnh", 21},  {"Vũ", 20},
    {"Võ", 19},      {"Đặng", 21},  {"Bùi", 20},   {"Đỗ", 14},   {"Hồ", 13},   {"Ngô", 13},    {"Trương", 12}, {"Dương", 10},
    {"Đinh", 8},     {"Lý", 6},     {"Đoàn", 6},   {"Mai", 6},   {"Trịnh", 6}, {"Đào", 6},     {"Lương", 6},   {"Cao", 5},
    {"Lâm", 5},      {"Phùng", 4},  {"Tô", 4},     {"Tạ", 4},    {"Hà", 4},    {"Chu", 4},     {"Thái", 3},    {"Tống", 3},
    {"Vương", 3},    {"Châu", 2},   {"Nghiêm", 2}, {"Quách", 2}, {"Khuất", 1}, {"Âu Dương", 1}};

constexpr std::string_view male_middle[] = {"Đức",  "Hữu",  "Minh",  "Quang", "Công",  "Đình", "Xuân",   "Ngọc", "Thành", "Quốc", "Hoàng",
                                            "Anh",  "Tuấn", "Trọng", "Thế",   "Duy",   "Mạnh", "Bá",     "Viết", "Gia",   "Bảo",  "Hải",
                                            "Khắc", "Việt", "Tiến",  "Phúc",  "Thanh", "Như",  "Nhật",   "Đăng", "Trung", "Chí",  "Huy",
                                            "Hồng", "Kim",  "Phước", "Tấn",   "Thiên", "Vĩnh", "Nguyên", "Quý",  "Sỹ"};
constexpr std::string_view female_middle[] = {"Ngọc", "Thu",   "Thanh", "Hồng",  "Kim",  "Bích",  "Minh", "Phương", "Thùy", "Lan",  "Mai",
                                              "Hoài", "Diệu",  "Khánh", "Quỳnh", "Mỹ",   "Như",   "Bảo",  "Tuyết",  "Ánh",  "Xuân", "Hải",
                                              "Cẩm",  "Tường", "Gia",   "Hà",    "Nhã",  "Thảo",  "Kiều", "Trúc",   "Vân",  "Yến",  "Huyền",
                                              "Thục", "Đan",   "Linh",  "Anh",   "Hạnh", "Thiên", "Uyên", "Châu",   "Diễm"};
constexpr std::string_view male_given[] = {"Hùng", "Dũng", "Tuấn",  "Nam",   "Hải",  "Long",  "Sơn",    "Cường", "Thắng", "Minh",
                                           "Quân", "Hiếu", "Trung", "Kiên",  "Đạt",  "Phong", "Khoa",   "Khôi",  "Lâm",   "Bình",
                                           "An",   "Toàn", "Thịnh", "Vinh",  "Tùng", "Hoàng", "Huy",    "Phúc",  "Nghĩa", "Lộc",
                                           "Tài",  "Tâm",  "Thành", "Công",  "Đức",  "Quyết", "Khánh",  "Bách",  "Việt",  "Hưng",
                                           "Tiến", "Mẫu",  "Giang", "Dương", "Nhân", "Thiện", "Trường", "Vũ"};
constexpr std::string_view female_given[] = {
    "Lan",  "Hoa",   "Hương", "Hằng", "Thủy", "Linh", "Trang", "Mai",   "Nga",  "Hà",  "Hạnh",  "Ngân", "Thảo", "Yến",  "Nhung", "Phượng",
    "Loan", "Tuyết", "Oanh",  "Anh",  "Vy",   "Ngọc", "Trinh", "Quyên", "Châu", "Chi", "Giang", "Dung", "Hiền", "Huệ",  "Liên",  "My",
    "Nhi",  "Như",   "Quỳnh", "Thơ",  "Thư",  "Trâm", "Uyên",  "Vân",   "Xuân", "Mẫu", "Đào",   "Cúc",  "Diễm", "Thắm", "Bích",  "Ánh"};

constexpr std::string_view tay[] = {"Nông", "Hoàng", "Lục", "Hứa", "Ma", "Bế"};
constexpr std::string_view thai[] = {"Lò", "Cầm", "Quàng", "Lường", "Cà", "Tòng"};
constexpr std::string_view muong[] = {"Bùi", "Quách", "Đinh", "Hà", "Bạch", "Xa"};
constexpr std::string_view mong[] = {"Giàng", "Vàng", "Thào", "Sùng", "Lầu", "Vừ"};
constexpr std::string_view khmer[] = {"Thạch", "Sơn", "Kim", "Danh", "Châu", "Lâm"};
constexpr std::string_view nung[] = {"Nông", "Hoàng", "Lương", "Vi", "Lý", "Triệu"};
constexpr std::string_view dao[] = {"Triệu", "Bàn", "Đặng", "Phùng", "Lý", "Chảo"};
constexpr std::string_view hoa[] = {"Lâm", "Trần", "Lý", "Vương", "Quách", "Tăng", "Lưu"};
constexpr std::string_view gia_rai[] = {"Rơ Châm", "Ksor", "Siu", "Kpă", "Rah Lan"};
constexpr std::string_view e_de[] = {"Niê", "Mlô", "Êban", "Byă", "Ksơr"};
constexpr std::string_view ba_na[] = {"Đinh", "Bơ", "Yă"};
constexpr std::string_view cham[] = {"Bá", "Đàng", "Kiều", "Báo", "Từ", "Quảng"};
constexpr std::string_view san_chay[] = {"Hoàng", "Trần", "Lục", "Ninh"};
constexpr std::string_view hre[] = {"Đinh", "Phạm"};

struct Ethnicity {
    std::string_view name;
    std::uint32_t weight;
    Words surnames;               // none: the common ones
    std::string_view religion{};  // the usual one, where it is not "Không"
};

// Shares in a thousand, after the census of 2019.
constexpr Ethnicity ethnicities[] = {{"Kinh", 853, {}},
                                     {"Tày", 19, tay},
                                     {"Thái", 19, thai},
                                     {"Mường", 15, muong},
                                     {"Mông", 14, mong, "Tin Lành"},
                                     {"Khmer", 14, khmer, "Phật giáo"},
                                     {"Nùng", 11, nung},
                                     {"Dao", 9, dao},
                                     {"Hoa", 8, hoa, "Phật giáo"},
                                     {"Gia Rai", 5, gia_rai, "Tin Lành"},
                                     {"Ê Đê", 4, e_de, "Tin Lành"},
                                     {"Ba Na", 3, ba_na, "Công giáo"},
                                     {"Sán Chay", 2, san_chay},
                                     {"Chăm", 2, cham, "Hồi giáo"},
                                     {"Hrê", 2, hre}};

constexpr Weighted religions[] = {{"Không", 830},   {"Công giáo", 65}, {"Phật giáo", 55}, {"Phật giáo Hòa Hảo", 17},
                                  {"Tin Lành", 15}, {"Cao Đài", 12},   {"Hồi giáo", 1}};

struct AgeBand {
    int from, to;
    std::uint32_t weight;
};
constexpr AgeBand ages[] = {{14, 24, 230}, {25, 39, 320}, {40, 59, 290}, {60, 79, 130}, {80, 95, 30}};

template <class Row, std::size_t n>
const Row& pick_weighted(Dice& dice, const Row (&rows)[n]) {
    std::uint32_t total = 0;
    for (const Row& row : rows) total += row.weight;
    std::uint32_t left = dice.below(total);
    std::size_t i = 0;
    while (left >= rows[i].weight) left -= rows[i++].weight;
    return rows[i];
}

std::string_view pick(Dice& dice, Words words) { return words[dice.below(static_cast<std::uint32_t>(words.size()))]; }

// The personal number.
// number = 1,000,000 * lap + index. NNNNNN is `index` through a permutation keyed by the seed, so two numbers share NNNNNN
// only when they share the index, and then their laps differ. The lap chooses the birth year modulo 4: other lap, other year,
// hence other G or YY. So personal numbers, and their last nine digits, are all different for laps 0 to 3.
constexpr std::uint64_t lap_size = 1'000'000;
constexpr int laps = 4;

// A Feistel network over two halves base 1000: each round adds a function of one half to the other, which can be undone
// whatever the function is; so it is a permutation of 0..999999.
std::uint32_t shuffle(std::uint64_t seed, std::uint32_t index) {
    std::uint32_t left = index / 1000;
    std::uint32_t right = index % 1000;
    for (std::uint64_t round = 1; round <= 8; ++round) {
        Dice function(seed, round << 32U | right);  // from 1: below 2^32 lie the persons' own dice
        left = (left + function.below(1000)) % 1000;
        std::swap(left, right);
    }
    return left * 1000 + right;
}

int year_class(std::uint64_t seed, std::uint64_t number, std::uint32_t serial) {
    return static_cast<int>((Dice::mix(seed ^ Dice::mix(serial + 1)) + number / lap_size) % laps);
}

// Decree 137/2015, Art. 13: 0 and 1 in the 20th century, 2 and 3 in the 21st, and so on; odd for women. 999 is no province.
std::string personal_number(char sex, Date birth, std::uint32_t serial) {
    const int g = (birth.year / 100 + 1) % 5 * 2 + (sex == 'F' ? 1 : 0);
    return fmt::format("999{}{:02}{:06}", g, birth.year % 100, serial);
}

// Dates.

Date add_years(Date date, int years) {
    date.year += years;
    if (!is_valid(date)) date.day = 28;  // 29 February
    return date;
}

Date add_days(Date date, std::int64_t days) { return date_from_days(days_since_epoch(date) + days); }

int age_at(Date birth, Date day) {
    const int years = day.year - birth.year;
    return add_years(birth, years) <= day ? years : years - 1;
}

Date pick_birth(Dice& dice, Date today, int wanted_class) {
    const AgeBand& band = pick_weighted(dice, ages);
    const int age = band.from + static_cast<int>(dice.below(static_cast<std::uint32_t>(band.to - band.from + 1)));
    const Date last_birthday = add_days(today, -static_cast<std::int64_t>(dice.below(365)));
    Date birth = add_years(last_birthday, -age);
    const int back = ((birth.year - wanted_class) % laps + laps) % laps;
    birth = add_years(birth, -back);
    if (age_at(birth, today) > 95) birth = add_years(birth, laps);
    return birth;
}

// Laws of 2014 and 2023, Art. 21 of both: renewed at 14, 25, 40 and 60. A card issued in the two years before such a birthday
// runs to the next one; from 60 on, for ever.
constexpr std::array thresholds = {14, 25, 40, 60};

std::optional<Date> expiry_of(Date birth, Date issued) {
    for (const int threshold : thresholds) {
        const Date birthday = add_years(birth, threshold);
        if (issued < add_years(birthday, -2)) return birthday;
    }
    return std::nullopt;
}

// Cards are not older than the chip (2021) or five years, and none has expired: issued for the present stretch of life.
Date pick_issued(Dice& dice, Date birth, Date today) {
    constexpr Date launch{2021, 3, 1};
    const int age = age_at(birth, today);
    Date earliest = add_years(today, -5);
    if (launch <= today) earliest = std::max(earliest, launch);
    for (const int threshold : thresholds)
        if (threshold <= age) earliest = std::max(earliest, add_years(add_years(birth, threshold), threshold == 14 ? 0 : -2));
    const std::int64_t span = days_since_epoch(today) - days_since_epoch(earliest) + 1;
    return add_days(earliest, dice.below(static_cast<std::uint32_t>(span)));
}

// Names.

std::size_t characters(std::string_view utf8) {
    return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string_view pick_surname(Dice& dice, const Ethnicity& ethnicity) {
    if (ethnicity.surnames.empty() || dice.chance(250)) return pick_weighted(dice, common_surnames).word;
    return pick(dice, ethnicity.surnames);
}

void add_word(std::string& name, std::string_view word) {
    if (name == word || name.ends_with(fmt::format(" {}", word))) return;  // "Minh Minh" is no name
    if (!name.empty()) name += ' ';
    name += word;
}

// Middle name and given name, which is sometimes of two words: "Văn Hùng", "Thị Minh Khai".
std::string pick_given_names(Dice& dice, char sex, int birth_year) {
    const bool woman = sex == 'F';
    const Words middle = woman ? Words(female_middle) : Words(male_middle);
    const Words given = woman ? Words(female_given) : Words(male_given);
    const bool old_custom = birth_year < 1980;
    std::string name;
    if (dice.chance(old_custom ? 600 : 180)) name = woman ? "Thị" : "Văn";
    if (name.empty() || dice.chance(woman ? 450 : 200)) add_word(name, pick(dice, middle));
    add_word(name, pick(dice, given));
    return name;
}

// TD1 has 30 places for surname, two fillers and given names: this name needs truncation.
std::string pick_long_names(Dice& dice, char sex, std::string_view surname) {
    const Words middle = sex == 'F' ? Words(female_middle) : Words(male_middle);
    std::string name = sex == 'F' ? "Tôn Nữ" : "Phúc";
    while (characters(surname) + 2 + characters(name) <= 30) add_word(name, pick(dice, middle));
    return name;
}

std::string full_name(std::string_view surname, std::string_view given_names) {
    return given_names.empty() ? std::string(surname) : fmt::format("{} {}", surname, given_names);
}

void name_family(Dice& dice, Person& p, const Ethnicity& ethnicity) {
    p.surname = pick_surname(dice, ethnicity);
    p.given_names = pick_given_names(dice, p.sex, p.birth.year);
    p.father = full_name(p.surname, pick_given_names(dice, 'M', p.birth.year - 28));
    const std::string_view mothers_surname = pick_surname(dice, ethnicity);
    p.mother = full_name(mothers_surname, pick_given_names(dice, 'F', p.birth.year - 26));
    if (dice.chance(7)) p.given_names = pick_long_names(dice, p.sex, p.surname);
    if (dice.chance(3)) {
        // One word only: Doc 9303-3, 4.6 puts it into the primary identifier.
        p.surname = pick(dice, p.sex == 'F' ? Words(female_given) : Words(male_given));
        p.given_names.clear();
    }
}

// Addresses.
// Invented units, each with one number for the whole country, so that a commune lies in the same district for everybody.
constexpr std::uint32_t provinces = 12, districts_each = 5, communes_each = 8;

struct Unit {
    std::uint32_t province, district, commune;  // from 1
};

Unit pick_unit(Dice& dice, std::uint32_t province) {
    const std::uint32_t district = (province - 1) * districts_each + dice.below(districts_each) + 1;
    return {province, district, (district - 1) * communes_each + dice.below(communes_each) + 1};
}

std::string unit_name(Unit u) {
    const bool city = u.province % 6 == 1;
    const bool town = u.district % districts_each == 1;  // the first district of each province
    const std::string_view commune = city || town ? "Phường" : "Xã";
    const std::string_view district = city ? "Quận" : town ? "Thị xã" : "Huyện";
    return fmt::format("{} Mẫu {}, {} Thử Nghiệm {}, {} Mẫu {}", commune, u.commune, district, u.district, city ? "Thành phố" : "Tỉnh",
                       u.province);
}

std::string street(Dice& dice, bool urban) {
    const std::uint32_t house = dice.below(180) + 1;
    const std::uint32_t road = dice.below(24) + 1;
    return urban ? fmt::format("Số {} Đường Thử {}", house, road) : fmt::format("Thôn Thử {}", road);
}

void settle(Dice& dice, Person& p) {
    const Unit origin = pick_unit(dice, dice.below(provinces) + 1);
    Unit home = origin;
    if (dice.chance(450)) home = pick_unit(dice, dice.chance(550) ? origin.province : dice.below(provinces) + 1);
    p.place_of_origin = unit_name(origin);
    const std::string unit = unit_name(home);
    p.residence = fmt::format("{}, {}", street(dice, unit.starts_with("Phường")), unit);
}

}  // namespace

Person make_person(std::uint64_t seed, std::uint64_t number, Date today) {
    Dice dice(seed, number);
    const std::uint32_t serial = shuffle(seed, static_cast<std::uint32_t>(number % lap_size));
    Person p;
    p.record = fmt::format("S{}-{:06}", seed, number);
    p.sex = dice.chance(500) ? 'M' : 'F';
    p.birth = pick_birth(dice, today, year_class(seed, number, serial));
    p.personal_number = personal_number(p.sex, p.birth, serial);
    p.issued = pick_issued(dice, p.birth, today);
    p.expiry = expiry_of(p.birth, p.issued);
    const Ethnicity& ethnicity = pick_weighted(dice, ethnicities);
    p.ethnicity = ethnicity.name;
    p.religion = !ethnicity.religion.empty() && dice.chance(700) ? ethnicity.religion : pick_weighted(dice, religions).word;
    name_family(dice, p, ethnicity);
    settle(dice, p);
    return p;
}

}  // namespace idchip::sample
