#include "unit/unit.hpp"

#include <idchip/national/vietnam/mrz_variant.hpp>

using namespace idchip;
using namespace idchip::test;
using namespace idchip::vietnam;

namespace {

using Lines = std::vector<std::string>;

// The two worked examples; the numbers have a province that does not exist.
const Lines man = {"IDVNM0990000176999099000017<<5", "9905153M3905151VNM<<<<<<<<<<<4", "NGUYEN<<VAN<MAU<<<<<<<<<<<<<<<"};
const Lines woman = {"IDVNM1600000245999160000024<<4", "6003014F9912315VNM<<<<<<<<<<<8", "TRAN<<THI<THU<<<<<<<<<<<<<<<<<"};
const ZoneData man_data = {"999099000017", "Nguyễn Văn Mẫu", {1999, 5, 15}, 'M', {Date{2039, 5, 15}}};
const ZoneData woman_data = {"999160000024", "Trần Thị Thu", {1960, 3, 1}, 'F', {}};

mrz::Parsed parsed(const Lines& lines) {
    std::string text;
    for (const auto& line : lines) text += line + "\n";
    return good(mrz::parse(text));
}

// With all check digits of Doc 9303-5 made right, so that only the change itself is found.
Lines with(Lines lines, std::size_t line, std::size_t column, std::string_view text) {
    lines[line].replace(column, text.size(), text);
    lines[0][14] = mrz::check_digit(lines[0].substr(5, 9));
    lines[1][6] = mrz::check_digit(lines[1].substr(0, 6));
    lines[1][14] = mrz::check_digit(lines[1].substr(8, 6));
    lines[1][29] = mrz::check_digit(lines[0].substr(5) + lines[1].substr(0, 7) + lines[1].substr(8, 7) + lines[1].substr(18, 11));
    return lines;
}

// "code@line,column" of each, from 1; errors with '!'.
std::string found(const Lines& lines) {
    std::string text;
    for (const auto& f : read_zone(parsed(lines)).findings) {
        CHECK_FALSE(f.remedy.empty());
        CHECK(f.message.find("099000017") == std::string::npos);
        text += (text.empty() ? "" : " ") + std::string(f.severity == Severity::error ? "!" : "") + f.code;
        if (f.line) text += "@" + std::to_string(*f.line + 1) + "," + std::to_string(*f.column + 1);
    }
    return text;
}

Lines made(const ZoneData& data) { return good(mrz::write(good(make_mrz(data)))); }

}  // namespace

TEST_CASE("both worked examples are made from the holder's data", "[vietnam]") {
    CHECK(made(man_data) == man);
    CHECK(made(woman_data) == woman);
    CHECK(good(mrz::mrz_information(good(make_mrz(man_data)))) == "099000017699051533905151");
}

TEST_CASE("both worked examples are read without a finding", "[vietnam]") {
    const auto a = read_zone(parsed(man));
    CHECK(a.findings.empty());
    REQUIRE(a.number.has_value());
    CHECK(a.number->text() == "999099000017");
    CHECK(a.number->can() == "000017");
    CHECK(a.birth == Date{1999, 5, 15});
    CHECK(a.expiry == Expiry{Date{2039, 5, 15}});
    const auto b = read_zone(parsed(woman));
    CHECK(b.findings.empty());
    CHECK(b.number->can() == "000024");
    CHECK(b.birth == Date{1960, 3, 1});
    CHECK(b.expiry == Expiry{});
    CHECK(parsed(man).mrz == good(make_mrz(man_data)));
}

TEST_CASE("position 30 holds the check digit over positions 16 to 29", "[vietnam]") {
    CHECK(extra_check_digit("999099000017<<") == '5');
    CHECK(extra_check_digit("999160000024<<") == '4');
    CHECK(extra_check_digit("999099000017") == '5');  // fillers count nothing
    CHECK(found(with(man, 0, 29, "4")) == "!vn.mrz_extra_check_digit@1,30");
    CHECK(found(with(man, 0, 29, "<")) == "!vn.mrz_extra_check_digit@1,30");
    CHECK(found(with(man, 0, 29, "5")).empty());
}

TEST_CASE("the century of birth comes from digit 4, not from a pivot", "[vietnam]") {
    auto data = man_data;
    data.personal_number = "999205000017";
    data.birth = {2005, 1, 31};
    CHECK(read_zone(parsed(made(data))).birth == Date{2005, 1, 31});
    data.personal_number = "999005000017";
    data.birth = {1905, 1, 31};
    CHECK(made(data)[1].substr(0, 6) == "050131");
    CHECK(read_zone(parsed(made(data))).birth == Date{1905, 1, 31});
    // 29 February of 1900 was none, of 2000 it was one.
    data.personal_number = "999000000017";
    data.birth = {1900, 2, 28};
    CHECK(found(with(made(data), 1, 0, "000229")) == "!vn.mrz_date@2,1");
    data.personal_number = "999200000017";
    data.birth = {2000, 2, 29};
    CHECK(found(made(data)).empty());
}

TEST_CASE("a birth with unknown parts is no date and no fault", "[vietnam]") {
    const auto lines = with(man, 1, 0, "99<<<<");
    CHECK(found(lines).empty());
    CHECK_FALSE(read_zone(parsed(lines)).birth.has_value());
}

TEST_CASE("991231 is no expiry and nothing else", "[vietnam]") {
    CHECK(read_zone(parsed(with(man, 1, 8, "991231"))).expiry == Expiry{});
    CHECK(read_zone(parsed(with(man, 1, 8, "991230"))).expiry == Expiry{Date{2099, 12, 30}});
    auto data = man_data;
    data.expiry = Expiry{Date{2099, 12, 31}};
    CHECK(error_of(make_mrz(data)) == "input.bad_date");
    data.expiry = Expiry{Date{2099, 12, 30}};
    CHECK(error_of(make_mrz(data)) == "none");
    data.expiry = Expiry{Date{2100, 1, 1}};
    CHECK(error_of(make_mrz(data)) == "input.bad_date");
    data.expiry = Expiry{Date{1999, 12, 31}};
    CHECK(error_of(make_mrz(data)) == "input.bad_date");
    CHECK(found(with(man, 1, 8, "39<<<<")) == "!vn.mrz_date@2,9");
}

TEST_CASE("each fault of the zone has its place", "[vietnam]") {
    CHECK(found(with(man, 0, 2, "UTO")) == "!vn.mrz_issuer@1,3");
    CHECK(found(with(man, 0, 0, "I<")) == "vn.mrz_document_code@1,1");
    CHECK(found(with(man, 1, 15, "UTO")) == "vn.mrz_nationality@2,16");
    CHECK(found(with(man, 1, 18, "A")) == "vn.mrz_optional_data_2@2,19");
    CHECK(found(with(man, 0, 5, "099000018")) == "vn.mrz_document_number@1,6");
    CHECK(found(with(man, 0, 27, "<B")) == "!vn.mrz_filler@1,28 !vn.mrz_extra_check_digit@1,30");
    CHECK(found(with(man, 0, 15, "A")) == "!vn.mrz_number@1,16 !vn.mrz_extra_check_digit@1,30");
    auto wrong = man;
    wrong[1][6] = '4';
    CHECK(found(wrong) == "!vn.mrz_check_digit@2,7 !vn.mrz_check_digit@2,30");
    CHECK(found({man[0], man[1].substr(0, 29) + "5", man[2]}) == "!vn.mrz_check_digit@2,30");
}

TEST_CASE("the long number of Doc 9303-5 is not this variant", "[vietnam]") {
    auto lines = man;
    lines[0] = "IDVNM099900001<75<<<<<<<<<<<<<";
    CHECK(found(lines).find("!vn.mrz_number@1,16") == 0);
    auto filler = man;  // the fault that a reader of Doc 9303 would look for elsewhere
    filler[0][14] = '<';
    CHECK(found(filler).find("!vn.mrz_check_digit@1,15") == 0);
    CHECK(read_zone(parsed(filler)).number->text() == "999099000017");
}

TEST_CASE("a zone of another format gives one finding", "[vietnam]") {
    const Lines td3 = {"PPUTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F3404159ZE184226B<<<<<16"};
    CHECK(found(td3) == "!vn.mrz_format");
    const Lines td1 = {"I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"};
    CHECK(found(td1) ==
          "!vn.mrz_issuer@1,3 vn.mrz_document_code@1,1 vn.mrz_nationality@2,16 !vn.mrz_number@1,16 "
          "!vn.mrz_extra_check_digit@1,30");
    CHECK(read_zone(mrz::Parsed{}).findings.size() == 1);
}

TEST_CASE("names of the card lose their marks and fit the zone", "[vietnam]") {
    const auto name = [](std::string_view full_name) {
        auto data = man_data;
        data.full_name = full_name;
        return made(data)[2].substr(0, 30);
    };
    CHECK(name("Đặng Thị Ước Ơn").starts_with("DANG<<THI<UOC<ON<<"));
    CHECK(name("đỗ ăn Âu Êm Ôm").starts_with("DO<<AN<AU<EM<OM<"));
    CHECK(name("Nguye\xCC\x82\xCC\x83n An").starts_with("NGUYEN<<AN<"));  // decomposed
    CHECK(name("Mẫu").starts_with("MAU<<<"));
    const auto longest = name("Nguyễn Hoàng Phương Thảo Nguyên Khánh");
    CHECK(longest.size() == 30);
    CHECK(longest.back() != '<');
    CHECK(longest.starts_with("NGUYEN<<"));
    auto data = man_data;
    for (const auto* bad : {"", "\xFF", "Nguyễn\n", "Nguyễn \xE2\x80\xAE"}) {
        data.full_name = bad;
        CHECK(error_of(make_mrz(data)) == "input.bad_field");
    }
    data.full_name = "Nguyễn 王";
    CHECK(error_of(make_mrz(data)) == "mrz.no_transliteration");
}

TEST_CASE("what is no holder of a card makes no zone", "[vietnam]") {
    const auto refused = [](auto change) {
        auto data = man_data;
        change(data);
        return error_of(make_mrz(data));
    };
    CHECK(refused([](ZoneData& d) { d.personal_number = "99909900001"; }) == "input.bad_field");
    CHECK(refused([](ZoneData& d) { d.birth = {1999, 2, 29}; }) == "input.bad_date");
    CHECK(refused([](ZoneData& d) { d.sex = '<'; }) == "input.bad_field");
    CHECK(refused([](ZoneData& d) { d.expiry = Expiry{Date{2039, 2, 29}}; }) == "input.bad_date");
}
