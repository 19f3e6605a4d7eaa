#include <idchip/sample/sample.hpp>

#include <algorithm>
#include <cstdio>
#include <map>
#include <set>
#include <unordered_set>

#include <jpeglib.h>
#include <nlohmann/json.hpp>

#include <idchip/base/text.hpp>

#include "catch.hpp"

namespace idchip::sample {
namespace {

constexpr Date today{2026, 6, 15};

std::vector<std::string> texts(const Person& p) {
    return {p.surname, p.given_names, p.ethnicity, p.religion, p.place_of_origin, p.residence, p.father, p.mother};
}

// U+0300 to U+036F are CC 80 to CD AF: none of them, so every Vietnamese letter is composed.
bool has_combining_mark(const std::string& text) {
    for (std::size_t i = 0; i + 1 < text.size(); ++i) {
        const auto lead = static_cast<Byte>(text[i]), next = static_cast<Byte>(text[i + 1]);
        if (lead == 0xCC || (lead == 0xCD && next <= 0xAF)) return true;
    }
    return false;
}

std::size_t characters(const std::string& text) {
    std::size_t n = 0;
    for (const char c : text) n += (c & 0xC0) != 0x80 ? 1U : 0U;
    return n;
}

// The day on which somebody turns `age`; 29 February becomes the 28th.
Date birthday(Date birth, int age) {
    Date day{birth.year + age, birth.month, birth.day};
    if (!is_valid(day)) day.day = 28;
    return day;
}

bool is_aged_at_least(const Person& p, int age, Date day) { return birthday(p.birth, age) <= day; }

void check_number(const Person& p) {
    REQUIRE(p.personal_number.size() == 12);
    REQUIRE(p.personal_number.find_first_not_of("0123456789") == std::string::npos);
    REQUIRE(p.personal_number.substr(0, 3) == "999");
    const int century = p.birth.year < 2000 ? 0 : 2;
    REQUIRE(p.personal_number[3] == static_cast<char>('0' + century + (p.sex == 'F' ? 1 : 0)));
    REQUIRE(p.personal_number.substr(4, 2) == to_yymmdd(p.birth).substr(0, 2));
}

void check_dates(const Person& p, Date now) {
    REQUIRE(is_valid(p.birth));
    REQUIRE(is_valid(p.issued));
    REQUIRE(is_aged_at_least(p, 14, now));
    REQUIRE_FALSE(is_aged_at_least(p, 96, now));
    REQUIRE(p.issued <= now);
    REQUIRE(is_aged_at_least(p, 14, p.issued));
    // Within two years before a threshold the card runs to the one after it.
    std::optional<Date> expected;
    for (const int threshold : {60, 40, 25})
        if (p.issued < birthday(p.birth, threshold - 2)) expected = birthday(p.birth, threshold);
    REQUIRE(p.expiry == expected);
    if (p.expiry) REQUIRE(*p.expiry > now);
}

void check_texts(const Person& p) {
    for (const auto& text : texts(p)) {
        REQUIRE(is_valid_utf8(as_bytes(text)));
        REQUIRE_FALSE(has_combining_mark(text));
        REQUIRE(trim(text) == text);
    }
    REQUIRE_FALSE(p.surname.empty());
    REQUIRE(split(p.place_of_origin, ',').size() == 3);
    REQUIRE(split(p.residence, ',').size() == 4);
}

}  // namespace

// Pinned, so that a machine or a compiler that draws other persons shows; not taken from any other source.
TEST_CASE("seed 7 gives the same persons everywhere", "[sample]") {
    const Person first = make_person(7, 1, today);
    CHECK(first.record == "S7-000001");
    CHECK(first.personal_number == "999096020780");
    CHECK(first.surname == "Nguyễn");
    CHECK(first.given_names == "Nhật Mẫu");
    CHECK(first.sex == 'M');
    CHECK(to_iso(first.birth) == "1996-04-28");
    CHECK(to_iso(first.issued) == "2021-07-26");
    CHECK(first.expiry == Date{2036, 4, 28});
    CHECK(first.residence == "Số 162 Đường Thử 2, Phường Mẫu 270, Quận Thử Nghiệm 34, Thành phố Mẫu 7");
    CHECK(first.mother == "Hoàng Thị Hải Hằng");

    const Person second = make_person(7, 2, today);
    CHECK(second.personal_number == "999160773231");
    CHECK(second.given_names == "Kim Bích");
    CHECK(second.expiry == std::nullopt);

    CHECK(make_person(7, 1'199'999, today).record == "S7-1199999");
    CHECK(make_person(8, 1, today).personal_number != first.personal_number);
}

TEST_CASE("the dice are splitmix64", "[sample]") {
    // The published generator started at 0 (Vigna, prng.di.unimi.it/splitmix64.c).
    Dice dice(0);
    CHECK(dice.next() == 0xE220A8397B1DCDAFU);
    CHECK(dice.next() == 0x6E789E6AA1B965F4U);
    for (int i = 0; i < 1000; ++i) CHECK(dice.below(7) < 7);
}

TEST_CASE("200,000 persons: numbers differ, and every person keeps the rules", "[sample]") {
    std::unordered_set<std::string> numbers, documents;
    // The second hundred thousand has the serials of the first again: the hard half.
    for (const std::uint64_t from : {std::uint64_t{0}, std::uint64_t{1'000'000}})
        for (std::uint64_t i = from; i < from + 100'000; ++i) {
            const Person p = make_person(7, i, today);
            numbers.insert(p.personal_number);
            documents.insert(p.personal_number.substr(3));
            check_number(p);
            check_dates(p, today);
            check_texts(p);
        }
    CHECK(numbers.size() == 200'000);
    CHECK(documents.size() == 200'000);
}

TEST_CASE("1.2 million document numbers are all different", "[sample]") {
    constexpr std::uint64_t count = 1'200'000;
    std::vector<std::uint32_t> documents;
    documents.reserve(count);
    for (std::uint64_t i = 0; i < count; ++i)
        documents.push_back(static_cast<std::uint32_t>(std::stoul(make_person(3, i, today).personal_number.substr(3))));
    std::sort(documents.begin(), documents.end());
    CHECK(std::adjacent_find(documents.begin(), documents.end()) == documents.end());
}

TEST_CASE("persons keep the rules on other days too", "[sample]") {
    for (const Date day : {Date{2021, 3, 1}, Date{2024, 2, 28}, Date{2024, 2, 29}, Date{2025, 2, 28}, Date{2027, 12, 31}, Date{2040, 1, 1}})
        for (std::uint64_t i = 0; i < 3000; ++i) {
            const Person p = make_person(11, i, day);
            check_number(p);
            check_dates(p, day);
        }
}

TEST_CASE("persons are as varied as people", "[sample]") {
    std::size_t women = 0, nguyen = 0, long_names = 0, one_word = 0, without_expiry = 0;
    std::set<std::string> ethnicities, religions, surnames;
    std::map<std::string, std::string> district_of;
    constexpr std::size_t count = 20'000;
    for (std::uint64_t i = 0; i < count; ++i) {
        const Person p = make_person(5, i, today);
        women += p.sex == 'F' ? 1U : 0U;
        nguyen += p.surname == "Nguyễn" ? 1U : 0U;
        long_names += characters(p.surname) + 2 + characters(p.given_names) > 30 ? 1U : 0U;
        one_word += p.given_names.empty() ? 1U : 0U;
        without_expiry += p.expiry ? 0U : 1U;
        ethnicities.insert(p.ethnicity);
        religions.insert(p.religion);
        surnames.insert(p.surname);
        const auto comma = p.place_of_origin.find(", ");
        const std::string commune = p.place_of_origin.substr(0, comma), rest = p.place_of_origin.substr(comma + 2);
        CHECK(district_of.emplace(commune, rest).first->second == rest);
        if (p.residence.find(", " + commune + ", ") != std::string::npos) CHECK(p.residence.ends_with(p.place_of_origin));
    }
    CHECK(women > count * 45 / 100);
    CHECK(women < count * 55 / 100);
    CHECK(nguyen > count * 30 / 100);
    CHECK(nguyen < count * 42 / 100);
    CHECK(long_names > 50);
    CHECK(long_names < 400);
    CHECK(one_word > 20);
    CHECK(one_word < 200);
    CHECK(without_expiry > count / 20);
    CHECK(ethnicities.size() > 10);
    CHECK(religions.size() > 5);
    CHECK(surnames.size() > 60);
    CHECK(district_of.size() == 480);
}

namespace {

struct Picture {
    unsigned width = 0, height = 0;
    int components = 0, quantization_tables = 0;
    bool progressive = false;
    int luma_sampling = 0;
    Bytes pixels;
};

// libjpeg's default handler ends the test run on a broken picture, which is a failure too.
Picture decode(const Bytes& jpeg) {
    jpeg_decompress_struct d{};
    jpeg_error_mgr errors{};
    d.err = jpeg_std_error(&errors);
    jpeg_create_decompress(&d);
    jpeg_mem_src(&d, jpeg.data(), jpeg.size());
    jpeg_read_header(&d, TRUE);
    jpeg_start_decompress(&d);
    Picture p;
    p.width = d.output_width;
    p.height = d.output_height;
    p.components = d.output_components;
    p.progressive = d.progressive_mode != FALSE;
    p.luma_sampling = d.comp_info[0].h_samp_factor * 10 + d.comp_info[0].v_samp_factor;
    const std::size_t stride = std::size_t{p.width} * 3;
    p.pixels.resize(stride * p.height);
    while (d.output_scanline < d.output_height) {
        JSAMPROW row = p.pixels.data() + d.output_scanline * stride;
        jpeg_read_scanlines(&d, &row, 1);
    }
    jpeg_finish_decompress(&d);
    CHECK(errors.num_warnings == 0);
    jpeg_destroy_decompress(&d);
    return p;
}

}  // namespace

TEST_CASE("portraits are baseline JPEGs of 300 x 400 in 12 to 20 kB, all different", "[sample]") {
    std::set<Bytes> files;
    for (std::uint64_t i = 1; i <= 50; ++i) {
        const auto jpeg = draw_portrait(make_person(7, i, today), 7);
        REQUIRE(jpeg);
        CHECK(jpeg->size() >= 12'000);
        CHECK(jpeg->size() <= 20'000);
        CHECK(to_hex(ByteView(*jpeg).first(4)) == "FFD8FFE0");
        CHECK(as_text(ByteView(*jpeg).subspan(6, 4)) == "JFIF");
        CHECK(to_hex(ByteView(*jpeg).subspan(13, 5)) == "01012C012C");  // 300 dots an inch, both ways
        const Picture picture = decode(*jpeg);
        CHECK(picture.width == 300);
        CHECK(picture.height == 400);
        CHECK(picture.components == 3);
        CHECK_FALSE(picture.progressive);
        CHECK(picture.luma_sampling == 22);
        files.insert(*jpeg);
    }
    CHECK(files.size() == 50);
}

TEST_CASE("a portrait depends on person and seed only", "[sample]") {
    const Person p = make_person(7, 3, today);
    const auto once = draw_portrait(p, 7);
    REQUIRE(once);
    CHECK(draw_portrait(p, 7).value() == *once);
    CHECK(draw_portrait(p, 8).value() != *once);
}

TEST_CASE("an empty person has a face too", "[sample]") { CHECK(draw_portrait(Person{}, 1)); }

// More than grain: the pictures of two persons differ by much more than noise does.
TEST_CASE("different persons look different", "[sample]") {
    std::vector<Picture> pictures;
    for (std::uint64_t i = 1; i <= 12; ++i) pictures.push_back(decode(draw_portrait(make_person(7, i, today), 7).value()));
    for (std::size_t a = 0; a < pictures.size(); ++a)
        for (std::size_t b = a + 1; b < pictures.size(); ++b) {
            std::uint64_t sum = 0;
            for (std::size_t k = 0; k < pictures[a].pixels.size(); ++k)
                sum += static_cast<std::uint64_t>(std::abs(pictures[a].pixels[k] - pictures[b].pixels[k]));
            CHECK(sum / pictures[a].pixels.size() >= 8);
        }
}

TEST_CASE("a record is one line of JSON in a fixed order", "[sample]") {
    const Person p = make_person(7, 1, today);
    const std::string line = record_json(p, "portraits/S7-000001.jpg");
    CHECK(line.find('\n') == std::string::npos);
    CHECK(line.starts_with(R"({"record":"S7-000001","card":"vn-cccd-2021","document_code":"ID","issuing_state":"VNM",)"));
    CHECK(line.find("Nguyễn") != std::string::npos);  // not escaped
    const auto json = nlohmann::ordered_json::parse(line);
    std::vector<std::string> keys;
    for (const auto& item : json.items()) keys.push_back(item.key());
    CHECK(keys ==
          std::vector<std::string>{"record",          "card",        "document_code", "issuing_state", "personal_number", "document_number",
                                   "optional_data_1", "surname",     "given_names",   "sex",           "birth_date",      "expiry_date",
                                   "issue_date",      "nationality", "ethnicity",     "religion",      "place_of_origin", "residence",
                                   "father",          "mother",      "portrait"});
    CHECK(json["personal_number"] == "999096020780");
    CHECK(json["document_number"] == "096020780");
    // 7-3-1 over 999096020780: 63+27+9 +0+27+6 +0+6+0 +49+24+0 = 211.
    CHECK(json["optional_data_1"] == "999096020780<<1");
    CHECK(json["sex"] == "M");
    CHECK(json["birth_date"] == "1996-04-28");
    CHECK(json["expiry_date"] == "2036-04-28");
    CHECK(json["nationality"] == "VNM");
    CHECK(json["portrait"] == "portraits/S7-000001.jpg");
    CHECK(nlohmann::json::parse(record_json(make_person(7, 2, today), "x"))["expiry_date"].is_null());
}

TEST_CASE("a record survives a path that is no UTF-8", "[sample]") {
    CHECK_NOTHROW(nlohmann::json::parse(record_json(make_person(7, 1, today), "bad\xFF.jpg")));
}

}  // namespace idchip::sample
