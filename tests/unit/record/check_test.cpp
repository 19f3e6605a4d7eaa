#include "record_maker.hpp"

#include <idchip/lds/details.hpp>
#include <idchip/lds/dg1.hpp>
#include <idchip/national/vietnam/dg13.hpp>

using namespace idchip;
using namespace idchip::test;
using record::Card;
using record::Field;

namespace {

std::string problems_with(Field field, const std::string& value) {
    const auto result = checked(with(good_record(), field, value));
    const bool has_error =
        std::any_of(result.problems.begin(), result.problems.end(), [](const Problem& p) { return p.severity == Severity::error; });
    CHECK(result.record.has_value() != has_error);
    return codes(result.problems);
}

record::RawRecord passport() {
    auto raw = without(without(good_record(), Field::personal_number), Field::card);
    const std::pair<Field, const char*> fields[] = {
        {Field::document_code, "P"}, {Field::issuing_state, "UTO"}, {Field::nationality, "UTO"}, {Field::document_number, "L898902C3"}};
    for (const auto& [field, value] : fields) raw = with(raw, field, value);
    return raw;
}

}  // namespace

TEST_CASE("a good record is ready, and what its number gives is filled in", "[record]") {
    const auto result = checked(good_record());
    CHECK(codes(result.problems).empty());
    REQUIRE(result.record);
    const auto& r = *result.record;
    CHECK(result.id == "R-1");
    CHECK(r.card == Card::vn_cccd_2021);
    CHECK(r.document_number == "099000017");
    CHECK(r.optional_data_1 == "999099000017<<5");
    CHECK(r.details.full_name == "Nguyễn Văn Mẫu");
    CHECK(result.unit == record::Unit{"Hà Nội", "", "Phường Mẫu"});
    // The published zone of this person
    const auto zone = good(record::make_zone(r));
    CHECK(zone.lines ==
          std::vector<std::string>{"IDVNM0990000176999099000017<<5", "9905153M3905151VNM<<<<<<<<<<<4", "NGUYEN<<VAN<MAU<<<<<<<<<<<<<<<"});
    CHECK_FALSE(zone.truncated);
}

TEST_CASE("every field that is missing is reported, all at once", "[record]") {
    record::RawRecord empty;
    empty.line = 3;
    const auto result = checked(empty);
    CHECK(result.id == "line 3");
    CHECK_FALSE(result.record);
    CHECK(codes(result.problems) ==
          "record record.missing; document_code record.missing; issuing_state record.missing; nationality record.missing; "
          "document_number record.missing; surname record.missing; portrait record.missing; sex record.missing; birth_date record.missing; "
          "expiry_date record.missing");
    for (const auto& p : result.problems) {
        CHECK(p.severity == Severity::error);
        CHECK(record::quality_of(p.code) == record::Quality::complete);
        CHECK_FALSE(p.remedy.empty());
    }
    for (const auto field : {Field::surname, Field::sex, Field::birth_date, Field::expiry_date, Field::personal_number, Field::portrait})
        CHECK(codes(checked(without(good_record(), field)).problems).find(std::string(info(field).name) + " record.missing") !=
              std::string::npos);
    for (const auto field : {Field::place_of_origin, Field::residence, Field::issue_date})
        CHECK(codes(checked(without(good_record(), field)).problems) == std::string(info(field).name) + " record.missing");
}

TEST_CASE("a field that is wrong by itself is named with what is wrong", "[record]") {
    CHECK(problems_with(Field::sex, "W") == "sex record.bad_value");
    CHECK(problems_with(Field::birth_date, "1999-02-29") == "birth_date record.bad_date");
    CHECK(problems_with(Field::birth_date, "15/05/1999") == "birth_date record.bad_date");
    CHECK(problems_with(Field::personal_number, "99909900001") == "personal_number record.number_form");
    CHECK(problems_with(Field::card, "vn-2021") ==
          "card record.bad_value; document_code record.missing; issuing_state record.missing; "
          "nationality record.missing; document_number record.missing");
    CHECK(problems_with(Field::record, "a b") == "record record.bad_identifier");
    CHECK(problems_with(Field::surname, "漢字") == "surname record.no_transliteration");
    CHECK(problems_with(Field::surname, std::string(201, 'A')) == "surname record.too_long");
    CHECK(problems_with(Field::data_groups, "DG11 DG14") == "data_groups record.bad_value");
    CHECK(problems_with(Field::document_number, "099000018") == "document_number record.derived_differs");
    CHECK(problems_with(Field::optional_data_1, "999099000017<<4") == "optional_data_1 record.derived_differs");
    CHECK(problems_with(Field::dg13, "6D0") == "dg13 record.bad_hex");
    CHECK(problems_with(Field::old_number, "12") == "old_number record.bad_value");
}

TEST_CASE("text is brought into its clean form and the source is told", "[record]") {
    const auto decomposed = checked(with(good_record(), Field::surname, "Nguye\u0302\u0303n"));
    CHECK(codes(decomposed.problems) == "surname record.not_nfc");
    CHECK(decomposed.record->surname == "Nguyễn");
    const auto spaced = checked(with(good_record(), Field::given_names, " Văn  Mẫu\u00A0"));
    CHECK(codes(spaced.problems) == "given_names record.spaces");
    CHECK(spaced.record->given_names == "Văn Mẫu");
    CHECK(problems_with(Field::given_names, "Văn\u202EMẫu").find("given_names record.control_character") == 0);
    CHECK(problems_with(Field::father, "Nguyễn\tCha").find("father record.control_character") == 0);
    CHECK(problems_with(Field::mother, "Tr\uFFFDn") == "mother record.replacement_character");
    // "Nguyễn" in UTF-8, read as Windows-1252
    CHECK(problems_with(Field::father, "Nguy\u00E1\u00BB\u2026n") == "father record.mojibake");
    // neighbours: names with these letters by right
    CHECK(problems_with(Field::father, "Á Nam Ã Ĩ Ẽ").empty());
    CHECK(problems_with(Field::father, "Ksor Hrŭ").empty());
}

TEST_CASE("an error in one field hides none in another", "[record]") {
    auto raw = without(good_record(), Field::portrait);
    raw = with(with(raw, Field::expiry_date, "2026-11-21"), Field::mrz, "IDVNM");
    const auto found = codes(checked(raw).problems);
    CHECK(found.find("portrait record.missing") == 0);
    CHECK(found.find("expiry_date record.expired") != std::string::npos);
    raw = with(without(good_record(), Field::portrait), Field::given_names, "漢字");
    CHECK(codes(checked(raw).problems) == "portrait record.missing; given_names record.no_transliteration");
    raw = with(without(good_record(), Field::birth_date), Field::issue_date, "2026-11-23");
    CHECK(codes(checked(raw).problems).find("issue_date record.issue_in_future") != std::string::npos);
}

TEST_CASE("dates are compared with each other and with today", "[record]") {
    CHECK(problems_with(Field::birth_date, "2027-01-01").find("birth_date record.birth_in_future") != std::string::npos);
    CHECK(problems_with(Field::issue_date, "2026-11-23").find("issue_date record.issue_in_future") != std::string::npos);
    CHECK(problems_with(Field::issue_date, "1999-05-14").find("issue_date record.") != std::string::npos);
    CHECK(problems_with(Field::expiry_date, "2022-06-20").find("expiry_date record.expiry_before_issue") != std::string::npos);
    CHECK(problems_with(Field::expiry_date, "2026-11-21").find("expiry_date record.expired") != std::string::npos);
    CHECK(problems_with(Field::expiry_date, "2026-11-22").find("record.expired") == std::string::npos);
    CHECK(problems_with(Field::birth_date, "1899-05-15").find("birth_date record.very_old") != std::string::npos);
    // The usual term of validity: 25, 40 or 60 years of age.
    CHECK(problems_with(Field::expiry_date, "2038-05-15") == "expiry_date vn.expiry_unusual");
}

TEST_CASE("no expiry is said by null or none, and only Vietnam's zone can say it", "[record]") {
    auto old = with(with(good_record(), Field::birth_date, "1960-03-01"), Field::personal_number, "999060000024");
    old = with(old, Field::expiry_date, "");
    CHECK(codes(checked(old).problems).empty());
    CHECK_FALSE(checked(old).record->expiry);
    CHECK(good(record::make_zone(*checked(old).record)).mrz.expiry == "991231");
    CHECK(codes(checked(with(old, Field::expiry_date, "none")).problems).empty());
    CHECK(codes(checked(with(passport(), Field::expiry_date, "none")).problems) == "expiry_date record.no_expiry");
}

TEST_CASE("what the personal number says is a custom, not a rule: warnings", "[record]") {
    const auto synthetic = checked(good_record());
    REQUIRE(synthetic.problems.size() == 1);
    CHECK(synthetic.problems[0].code == "vn.number_province");
    CHECK(synthetic.problems[0].severity == Severity::warning);
    CHECK(problems_with(Field::sex, "F") == "personal_number vn.number_sex");
    const auto other_year = checked(with(with(good_record(), Field::birth_date, "1998-05-15"), Field::expiry_date, "2038-05-15"));
    CHECK(codes(other_year.problems) == "personal_number vn.number_birth_year");
    CHECK(other_year.record);
}

TEST_CASE("a date that reads as no expiry, and another State's name, are refused on a Vietnamese card", "[record]") {
    CHECK(problems_with(Field::expiry_date, "2099-12-31").find("expiry_date record.zone") != std::string::npos);
    CHECK(problems_with(Field::expiry_date, "2100-05-15").find("expiry_date record.zone") != std::string::npos);
    CHECK(problems_with(Field::issuing_state, "UTO") == "issuing_state record.bad_value");
    CHECK(codes(checked(with(passport(), Field::expiry_date, "2099-12-31")).problems).empty());  // neighbour: a passport
}

TEST_CASE("a document of the second size is one of the cards", "[record]") {
    const auto raw = with(with(passport(), Field::card, "icao-td2"), Field::document_code, "I");
    const auto result = checked(raw);
    CHECK(codes(result.problems).empty());
    REQUIRE(result.record);
    CHECK(good(record::make_zone(*result.record)).lines.at(0).size() == 36);
}

TEST_CASE("a passport needs no national data", "[record]") {
    const auto result = checked(passport());
    CHECK(codes(result.problems).empty());
    REQUIRE(result.record);
    CHECK(result.record->format == mrz::Format::td3);
    CHECK(codes(checked(with(passport(), Field::document_number, "L898902C34")).problems) == "document_number record.too_long");
    CHECK(codes(checked(with(passport(), Field::issuing_state, "uto")).problems) == "issuing_state record.zone_characters");
    CHECK(codes(checked(with(passport(), Field::surname, std::string(45, 'A'))).problems) == "surname record.name_truncated");
    // --card stands over what the record says.
    const auto forced = record::check(passport(), {Card::icao_td1, record_today});
    CHECK(forced.record->format == mrz::Format::td1);
}

TEST_CASE("a zone made elsewhere is compared character by character", "[record]") {
    const std::string zone = "IDVNM0990000176999099000017<<5\n9905153M3905151VNM<<<<<<<<<<<4\nNGUYEN<<VAN<MAU<<<<<<<<<<<<<<<\n";
    CHECK(problems_with(Field::mrz, zone).empty());
    auto other = zone;
    other[62 + 8] = 'B';
    const auto result = checked(with(good_record(), Field::mrz, other));
    CHECK(codes(result.problems) == "mrz record.mrz_differs");
    CHECK(result.problems.back().line == 2U);
    CHECK(result.problems.back().column == 8U);
    CHECK(problems_with(Field::mrz, "IDVNM") == "mrz record.file_unreadable");
}

TEST_CASE("files and QR text made elsewhere must say what the record says", "[record]") {
    const auto record = *checked(good_record()).record;
    const auto dg1 = to_hex(lds::Dg1::encode(good(record::make_zone(record)).lines));
    CHECK(problems_with(Field::dg1, dg1).empty());
    auto wrong = dg1;
    wrong[2 * 70 + 1] = '2';
    CHECK(problems_with(Field::dg1, wrong).find("dg1 record.file_differs") == 0);
    CHECK(problems_with(Field::dg1, "6100") == "dg1 record.file_unreadable");

    auto dg13 = good(vietnam::make_dg13(record.details, Card::vn_cccd_2021));
    CHECK(problems_with(Field::dg13, to_hex(dg13.encode())).empty());
    auto details = record.details;
    details.mother = "Trần Thị Khác";
    CHECK(problems_with(Field::dg13, to_hex(good(vietnam::make_dg13(details, Card::vn_cccd_2021)).encode())) == "dg13 record.file_differs");
    CHECK(problems_with(Field::dg13, "6D023000") == "dg13 record.file_unreadable");

    lds::DetailFile dg11;
    dg11.ef = lds::Ef::dg11;
    dg11.set(lds::dg11::full_name, "Nguyễn<<Văn<Mẫu");
    dg11.set(lds::dg11::birth_date, "19990515");
    CHECK(problems_with(Field::dg11, to_hex(dg11.encode())).empty());
    dg11.objects[1].value[7] = '6';
    CHECK(problems_with(Field::dg11, to_hex(dg11.encode())) == "dg11 record.file_differs");
    lds::DetailFile dg12;
    dg12.ef = lds::Ef::dg12;
    dg12.set(lds::dg12::issue_date, "20220620");
    CHECK(problems_with(Field::dg12, to_hex(dg12.encode())).empty());
    dg12.objects[0].value[7] = '1';
    CHECK(problems_with(Field::dg12, to_hex(dg12.encode())) == "dg12 record.file_differs");

    const std::string qr = "999099000017||Nguyễn Văn Mẫu|15051999|Nam|Số 1 Phố Thử, Phường Mẫu, Hà Nội|20062022";
    CHECK(problems_with(Field::qr, qr).empty());
    CHECK(problems_with(Field::qr, "999099000018" + qr.substr(12)).find("vn.number_differs") != std::string::npos);
    CHECK(problems_with(Field::qr, qr + "||||") == "qr record.file_differs");  // the form of 2024
    CHECK(problems_with(Field::qr, "hello") == "qr record.file_unreadable");
}

TEST_CASE("no value of a record stands in a message", "[record]") {
    const std::string canary = "KANARI4711";
    for (const auto& field : record::all_fields()) {
        if (field.field == Field::record) continue;  // the name of the record is meant to be shown
        const auto result = checked(with(good_record(), field.field, canary));
        for (const auto& p : result.problems) {
            INFO(field.name << ": " << p.message);
            CHECK((p.message + p.remedy + p.field).find(canary) == std::string::npos);
        }
    }
}

TEST_CASE("an address tells its unit, with districts and without", "[record]") {
    using record::Unit;
    CHECK(record::unit_of_address("Số 1, Phường Mẫu, Hà Nội") == Unit{"Hà Nội", "", "Phường Mẫu"});
    CHECK(record::unit_of_address("Xã Mẫu, Huyện Thử, Tỉnh Thử") == Unit{"Tỉnh Thử", "Huyện Thử", "Xã Mẫu"});
    CHECK(record::unit_of_address("Thôn 3, Xã Mẫu, Thử, Tỉnh Thử") == Unit{"Tỉnh Thử", "Thử", "Xã Mẫu"});
    CHECK(record::unit_of_address("Phường 1, Thành phố Thử, Tỉnh Thử, ") == Unit{"Tỉnh Thử", "Thành phố Thử", "Phường 1"});
    CHECK(record::unit_of_address("Hà Nội") == Unit{"Hà Nội", "", ""});
    CHECK(record::unit_of_address(" ,, ") == Unit{});
    auto stated = with(with(good_record(), Field::province, "P"), Field::commune, "C");
    CHECK(checked(stated).unit == Unit{"P", "", "C"});
}
