#include "unit/unit.hpp"

#include <set>

#include <idchip/national/vietnam/personal_number.hpp>

using namespace idchip;
using namespace idchip::test;
using namespace idchip::vietnam;

namespace {

// Numbers with a province that exists are of people not yet born: those of the 24th century.
PersonalNumber number(std::string_view text) { return good(PersonalNumber::parse(text)); }

std::string codes(const Findings& findings) {
    std::string text;
    for (const auto& f : findings) {
        CHECK(f.severity == Severity::warning);
        text += (text.empty() ? "" : " ") + f.code;
    }
    return text;
}

}  // namespace

TEST_CASE("12 digits are a personal number and nothing else is", "[vietnam]") {
    for (const auto* bad : {"", "99909900001", "9990990000177", "99909900001A", " 99909900001", "99909900001 ", "-99909900001"})
        CHECK(error_of(PersonalNumber::parse(bad)) == "input.bad_field");
    CHECK(error_of(PersonalNumber::parse("000000000000")) == "none");
    CHECK(error_of(PersonalNumber::parse(std::string(12, '\0'))) == "input.bad_field");
}

TEST_CASE("the parts of a personal number are read from it", "[vietnam]") {
    const auto n = number("999099000017");
    CHECK(n.birth_year() == 1999);
    CHECK(n.sex() == 'M');
    CHECK(n.document_number() == "099000017");
    CHECK(n.can() == "000017");
    CHECK(n.province_code() == "999");
    CHECK_FALSE(n.province().has_value());
    const auto woman = number("999160000024");
    CHECK(woman.birth_year() == 1960);
    CHECK(woman.sex() == 'F');
    CHECK(woman.document_number() == "160000024");
    CHECK(woman.can() == "000024");
}

TEST_CASE("digit 4 tells five centuries and two sexes", "[vietnam]") {
    constexpr int years[] = {1907, 1907, 2007, 2007, 2107, 2107, 2207, 2207, 2307, 2307};
    for (int digit = 0; digit < 10; ++digit) {
        const auto n = number("999" + std::to_string(digit) + "07000001");
        CHECK(n.birth_year() == years[digit]);
        CHECK(n.sex() == (digit % 2 == 0 ? 'M' : 'F'));
    }
}

TEST_CASE("the provinces are the 63 of 2016, also where the merger of 2025 gave a code another name", "[vietnam]") {
    REQUIRE(provinces().size() == 63);
    std::set<std::string_view> names;
    for (std::size_t i = 0; i < provinces().size(); ++i) {
        CHECK(provinces()[i].code.size() == 3);
        if (i > 0) CHECK(provinces()[i - 1].code < provinces()[i].code);
        names.insert(provinces()[i].name);
    }
    CHECK(names.size() == 63);
    const auto province = [](std::string_view code) {
        return std::string(number(std::string(code) + "899000017").province().value_or("-"));
    };
    CHECK(province("001") == "Hà Nội");
    CHECK(province("096") == "Cà Mau");
    CHECK(province("079") == "Thành phố Hồ Chí Minh");
    CHECK(province("015") == "Yên Bái");     // now Lào Cai
    CHECK(province("024") == "Bắc Giang");   // now Bắc Ninh
    CHECK(province("044") == "Quảng Bình");  // now Quảng Trị
    CHECK(province("052") == "Bình Định");   // now Gia Lai
    CHECK(province("080") == "Long An");     // now Tây Ninh
    CHECK(province("082") == "Tiền Giang");  // now Đồng Tháp
    CHECK(province("091") == "Kiên Giang");  // now An Giang
    for (const auto* unknown : {"000", "003", "097", "500", "999"}) CHECK(province(unknown) == "-");
}

TEST_CASE("a number that does not fit its holder is a warning", "[vietnam]") {
    const auto n = number("001899000017");
    CHECK(codes(check(n)).empty());
    CHECK(codes(check(n, 2399, 'M')).empty());
    CHECK(codes(check(n, std::nullopt, '<')).empty());
    CHECK(codes(check(n, 2398, 'M')) == "vn.number_birth_year");
    CHECK(codes(check(n, 1999, 'F')) == "vn.number_birth_year vn.number_sex");
    CHECK(codes(check(number("999099000017"))) == "vn.number_province");
    for (const auto& f : check(number("999099000017"), 1998, 'F')) CHECK(f.message.find("999") == std::string::npos);
}
