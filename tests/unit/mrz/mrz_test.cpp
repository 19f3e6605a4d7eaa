#include "catch.hpp"

#include <cctype>

#include <idchip/mrz/mrz.hpp>

using namespace idchip;
using namespace idchip::mrz;

namespace {

using Lines = std::vector<std::string>;

std::string text_of(const Lines& lines) {
    std::string text;
    for (const auto& line : lines) text += line + "\n";
    return text;
}

std::string run_of(const Lines& lines) {
    std::string text;
    for (const auto& line : lines) text += line;
    return text;
}

const Lines td3_eriksson = {"PPUTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",  // 9303-4, appendix B
                            "L898902C36UTO7408122F3404159ZE184226B<<<<<16"};
const Lines td3_doe = {"P<YTODOE<<JOHN<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<",  // 9303-3, appendix A, example 3 (lower line)
                       "HA672242<6YTO5802254M9601086<<<<<<<<<<<<<<08"};
const Lines td1_eriksson = {"I<UTOD231458907<<<<<<<<<<<<<<<",  // 9303-5, appendix B
                            "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"};
const Lines td2_eriksson = {"I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<",  // 9303-6, appendix B
                            "D231458907UTO7408122F1204159<<<<<<<6"};
const Lines td1_long = {"I<UTOD23145890<7349<<<<<<<<<<<",  // 9303-11, D.2
                        "3407127M9507122UTO<<<<<<<<<<<2", "STEVENSON<<PETER<JOHN<<<<<<<<<"};
const Lines td2_long = {"I<UTOSTEVENSON<<PETER<JOHN<<<<<<<<<<",  // 9303-11, D.2
                        "D23145890<UTO3407127M95071227349<<<8"};
const Lines td1_vietnam = {"IDVNM0990000176999099000017<<5",  // synthetic
                           "9905153M3905151VNM<<<<<<<<<<<4", "NGUYEN<<VAN<MAU<<<<<<<<<<<<<<<"};
const std::vector<Lines> valid_zones = {td3_eriksson, td3_doe, td1_eriksson, td2_eriksson, td1_long, td2_long, td1_vietnam};

Lines changed(Lines lines, std::size_t line, std::size_t column, std::string_view text) {
    lines.at(line).replace(column, text.size(), text);
    return lines;
}

std::string_view error_of(std::string_view text) {
    const auto parsed = parse(text);
    return parsed ? std::string_view("none") : parsed.error().name();
}

Mrz sample(Format format = Format::td1) {
    Mrz m;
    m.format = format;
    m.document_code = format == Format::td3 ? "P" : "ID";
    m.issuing_state = "UTO";
    m.document_number = "D23145890";
    m.birth = "740812";
    m.sex = 'F';
    m.expiry = "340415";
    m.nationality = "UTO";
    m.primary = "ERIKSSON";
    m.secondary = "ANNA<MARIA";
    return m;
}

// The field that is refused.
std::string write_error(const Mrz& mrz) {
    const auto lines = write(mrz);
    return lines ? "none" : lines.error().where;
}

}  // namespace

TEST_CASE("check digits of Doc 9303-3, appendix A") {
    CHECK(check_digit("520727") == '3');
    CHECK(check_digit("AB2134<<<") == '5');
    CHECK(check_digit("HA672242<658022549601086<<<<<<<<<<<<<<0") == '8');
    CHECK(check_digit("") == '0');
    CHECK(check_digit("<<Z") == '5');
    CHECK(check_digit(std::string(1U << 20U, 'B')) == '2');  // 349525 times 11 * (7 + 3 + 1), and 11 * 7
}

TEST_CASE("fields of a passport") {
    const auto parsed = parse(text_of(td3_eriksson));
    REQUIRE(parsed);
    CHECK(parsed->faults.empty());
    CHECK(parsed->lines == td3_eriksson);
    const Mrz& m = parsed->mrz;
    CHECK(m.format == Format::td3);
    CHECK(m.document_code == "PP");
    CHECK(m.issuing_state == "UTO");
    CHECK(m.document_number == "L898902C3");
    CHECK(m.birth == "740812");
    CHECK(m.sex == 'F');
    CHECK(m.expiry == "340415");
    CHECK(m.nationality == "UTO");
    CHECK(m.optional_data_1 == "ZE184226B");
    CHECK(m.optional_data_2.empty());
    CHECK(m.primary == "ERIKSSON");
    CHECK(m.secondary == "ANNA<MARIA");
}

TEST_CASE("long document numbers are read whole") {
    for (const auto& lines : {td1_long, td2_long}) {
        const auto parsed = parse(run_of(lines));
        REQUIRE(parsed);
        CHECK(parsed->faults.empty());
        CHECK(parsed->mrz.document_number == "D23145890734");
        CHECK(parsed->mrz.optional_data_1.empty());
        CHECK(mrz_information(parsed->mrz).value() == "D23145890734934071279507122");
    }
    // A number that uses the whole field leaves no filler behind its check digit; a chip may hold it, `write` does not make it.
    const std::string rest = "12345678901234";
    const auto crowded = parse(text_of(changed(td1_long, 0, 15, rest + check_digit("D23145890" + rest))));
    REQUIRE(crowded);
    CHECK(crowded->mrz.document_number == "D2314589012345678901234");
    CHECK(crowded->mrz.optional_data_1.empty());
    CHECK(write_error(crowded->mrz) == "document_number");
    CHECK(mrz_information(crowded->mrz));
}

TEST_CASE("a filler for the check digit without a long number is a fault") {
    for (const std::string_view rest : {"<<<<", "7<<<", "<734"}) {
        const auto parsed = parse(text_of(changed(td1_long, 0, 15, rest)));
        REQUIRE(parsed);
        REQUIRE_FALSE(parsed->faults.empty());
        CHECK(parsed->faults[0].field == "document_number");
        CHECK(parsed->faults[0].printed == '<');
        CHECK(parsed->faults[0].column == 14);
        CHECK(parsed->mrz.document_number == "D23145890");
    }
}

TEST_CASE("the Vietnamese check digit in the optional data passes through") {
    const auto parsed = parse(text_of(td1_vietnam));
    REQUIRE(parsed);
    CHECK(parsed->faults.empty());
    CHECK(parsed->mrz.document_number == "099000017");
    CHECK(parsed->mrz.optional_data_1 == "999099000017<<5");
    CHECK(mrz_information(parsed->mrz).value() == "099000017699051533905151");
}

TEST_CASE("write is the inverse of parse") {
    for (const auto& lines : valid_zones) {
        CAPTURE(lines[0]);
        for (const auto& text : {text_of(lines), run_of(lines)}) {
            const auto m = parse_strict(text);
            REQUIRE(m);
            CHECK(write(*m).value() == lines);
        }
    }
}

TEST_CASE("unused optional data of TD3 may have a filler for check digit") {
    const auto filler = changed(td3_doe, 1, 42, "<");
    const auto m = parse_strict(text_of(filler));
    REQUIRE(m);
    CHECK(write(*m).value() == filler);
    CHECK(write(parse_strict(text_of(td3_doe)).value()).value() == td3_doe);
    // Not when it is in use.
    const auto used = parse(text_of(changed(td3_eriksson, 1, 42, "<")));
    REQUIRE(used);
    REQUIRE_FALSE(used->faults.empty());
    CHECK(used->faults[0].field == "optional_data");
    Mrz bad = parse(text_of(td3_eriksson))->mrz;
    bad.optional_check = '<';
    CHECK(write_error(bad) == "optional_check");
    bad = sample(Format::td1);
    bad.optional_check = '<';
    CHECK(write_error(bad) == "optional_check");
}

TEST_CASE("each wrong check digit is found where it stands") {
    struct Place {
        std::string_view field;
        std::size_t line, column;
    };
    const auto check_all = [](const Lines& lines, const std::vector<Place>& places) {
        for (const auto& place : places) {
            CAPTURE(lines[0], place.field);
            const char right = lines.at(place.line).at(place.column);
            for (const char wrong : std::string_view("0123456789AZ<")) {
                const auto text = text_of(changed(lines, place.line, place.column, {&wrong, 1}));
                if (wrong == right) continue;
                const auto parsed = parse(text);
                REQUIRE(parsed);
                REQUIRE_FALSE(parsed->faults.empty());
                const auto& fault = parsed->faults[0];
                CHECK(fault.field == place.field);
                CHECK(fault.printed == wrong);
                CHECK(fault.computed == right);
                CHECK(fault.line == place.line);
                CHECK(fault.column == place.column);
                const auto strict = parse_strict(text);
                REQUIRE_FALSE(strict);
                CHECK(strict.error().name() == "mrz.bad_check_digit");
                CHECK(strict.error().where == place.field);
            }
        }
    };
    check_all(td1_eriksson, {{"document_number", 0, 14}, {"birth", 1, 6}, {"expiry", 1, 14}, {"composite", 1, 29}});
    check_all(td2_eriksson, {{"document_number", 1, 9}, {"birth", 1, 19}, {"expiry", 1, 27}, {"composite", 1, 35}});
    check_all(td3_eriksson,
              {{"document_number", 1, 9}, {"birth", 1, 19}, {"expiry", 1, 27}, {"optional_data", 1, 42}, {"composite", 1, 43}});
}

TEST_CASE("the composite check digit covers exactly the positions of the standard") {
    struct Range {
        std::size_t line, first, last;  // from 1
    };
    const auto value = [](char c) { return c == '<' ? 0 : c <= '9' ? c - '0' : c - 'A' + 10; };
    const auto composite_notices = [&value](const Lines& lines, std::size_t line, std::size_t column) {
        for (const char c : std::string_view("1230456789BCMF")) {
            if ((value(c) - value(lines[line][column])) % 10 == 0) continue;
            const auto parsed = parse(text_of(changed(lines, line, column, {&c, 1})));
            if (parsed) return !parsed->faults.empty() && parsed->faults.back().field == "composite";
        }
        return false;
    };
    const auto check_all = [&](Format format, const std::vector<Range>& covered) {
        Mrz m = sample(format);
        m.birth = m.expiry = "341112";  // each digit can be another one
        const Lines lines = write(m).value();
        const std::size_t composite_line = 1;
        for (std::size_t line = 0; line < lines.size(); ++line)
            for (std::size_t column = 0; column < lines[line].size(); ++column) {
                if (line == composite_line && column + 1 == lines[line].size()) continue;  // the digit itself
                CAPTURE(line, column);
                bool expected = false;
                for (const auto& r : covered)
                    if (r.line == line + 1 && r.first <= column + 1 && column + 1 <= r.last) expected = true;
                CHECK(composite_notices(lines, line, column) == expected);
            }
    };
    check_all(Format::td1, {{1, 6, 30}, {2, 1, 7}, {2, 9, 15}, {2, 19, 29}});
    check_all(Format::td2, {{2, 1, 10}, {2, 14, 20}, {2, 22, 35}});
    check_all(Format::td3, {{2, 1, 10}, {2, 14, 20}, {2, 22, 43}});
}

TEST_CASE("published zones with wrong composite check digits: Doc 9303-11, D.2 and 9303-10, A.2.1") {
    struct Case {
        Lines lines;
        char printed, computed;
    };
    const std::vector<Case> cases = {
        {{"I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "L898902C<3UTO6908061F9406236<<<<<<<8"}, '8', '2'},
        {{"I<UTOL898902C<3<<<<<<<<<<<<<<<", "6908061F9406236UTO<<<<<<<<<<<1", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"}, '1', '2'},
        {{"I<NLDXI85935F86999999990<<<<<<", "7208148F1108268NLD<<<<<<<<<<<4", "VAN<DER<STEEN<<MARIANNE<LOUISE"}, '4', '8'}};
    for (const auto& c : cases) {
        const auto parsed = parse(text_of(c.lines));
        REQUIRE(parsed);
        REQUIRE(parsed->faults.size() == 1);
        CHECK(parsed->faults[0].field == "composite");
        CHECK(parsed->faults[0].printed == c.printed);
        CHECK(parsed->faults[0].computed == c.computed);
    }
}

TEST_CASE("MRZ_information of Doc 9303-11, D.2") {
    CHECK(mrz_information("D23145890734", "340712", "950712").value() == "D23145890734934071279507122");
    CHECK(mrz_information("L898902C<", "690806", "940623").value() == "L898902C<369080619406236");
    CHECK(mrz_information("L898902C", "690806", "940623").value() == "L898902C<369080619406236");
    CHECK(mrz_information("1", "<<<<<<", "940623").value() == "1<<<<<<<<7<<<<<<09406236");
    CHECK(mrz_information("", "690806", "940623").error().name() == "mrz.bad_field");
    CHECK(mrz_information("l898902c", "690806", "940623").error().name() == "mrz.bad_field");
    CHECK(mrz_information(std::string(1U << 20U, 'A'), "690806", "940623").error().name() == "mrz.bad_field");
    CHECK(mrz_information("L898902C", "690230", "940623").error().where == "birth");
    CHECK(mrz_information("L898902C", "690806", "941301").error().where == "expiry");
    CHECK(mrz_information("L898902C", "", "940623").error().where == "birth");
}

TEST_CASE("hostile text is refused with the right error") {
    CHECK(error_of("") == "mrz.bad_shape");
    CHECK(error_of("\n\n\r\n  ") == "mrz.bad_shape");
    CHECK(error_of(std::string(1U << 20U, '<')) == "mrz.bad_shape");
    CHECK(error_of(std::string(1U << 20U, '\n')) == "mrz.bad_shape");
    CHECK(error_of(std::string(1U << 20U, '\0')) == "mrz.bad_character");
    CHECK(error_of(std::string(1U << 20U, ' ')) == "mrz.bad_shape");
    CHECK(error_of(std::string_view("\0", 1)) == "mrz.bad_character");
    for (const std::size_t length : {88U, 90U, 72U}) {
        CHECK(error_of(std::string(length, '<')) == "mrz.bad_field");
        CHECK(error_of(std::string(length, '\0')) == "mrz.bad_character");
        CHECK(error_of(std::string(length, '\xC3')) == "mrz.bad_character");
        CHECK(error_of(std::string(length, '0')) == "mrz.bad_field");
        CHECK(error_of(std::string(length, 'A')) == "mrz.bad_field");
        CHECK(error_of(std::string(length - 1, '<')) == "mrz.bad_shape");
        CHECK(error_of(std::string(length + 1, '<')) == "mrz.bad_shape");
    }
    std::string many_lines;
    for (int i = 0; i < 100000; ++i) many_lines += "<\n";
    CHECK(error_of(many_lines) == "mrz.bad_shape");
}

TEST_CASE("lines of wrong length") {
    for (const auto& lines : valid_zones)
        for (std::size_t i = 0; i < lines.size(); ++i) {
            auto shorter = lines;
            shorter[i].pop_back();
            CHECK(error_of(text_of(shorter)) == "mrz.bad_shape");
            auto longer = lines;
            longer[i] += '<';
            CHECK(error_of(text_of(longer)) == "mrz.bad_shape");
            auto without = lines;
            without.erase(without.begin() + static_cast<std::ptrdiff_t>(i));
            CHECK(error_of(text_of(without)) == "mrz.bad_shape");
        }
    const auto error = parse(text_of({td1_eriksson[0] + "<", td1_eriksson[1], td1_eriksson[2]})).error();
    CHECK(error.detail == "characters per line: 31, 30, 30");
}

TEST_CASE("a wrong character is named with its place") {
    const auto error = parse(text_of(changed(td2_eriksson, 1, 13, "7408l2"))).error();
    CHECK(error.name() == "mrz.bad_character");
    CHECK(error.detail == "line 2, position 18");
    CHECK(error.offset == 37U + 17U);
    CHECK(error_of(text_of(changed(td1_eriksson, 2, 0, "\xC3\x89"))) == "mrz.bad_character");  // two bytes for one letter
    CHECK(error_of(text_of(changed(td1_eriksson, 2, 8, " "))) == "mrz.bad_character");
    std::string lower = text_of(td3_eriksson);
    for (char& c : lower) c = static_cast<char>(std::tolower(c));
    CHECK(error_of(lower) == "mrz.bad_character");
    // Every byte that is not in the alphabet.
    for (int b = 0; b < 256; ++b) {
        const char c = static_cast<char>(b);
        const bool allowed = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '<';
        const bool line_end = c == '\n' || c == '\r';
        CAPTURE(b);
        CHECK((error_of(text_of(changed(td1_eriksson, 0, 20, {&c, 1}))) == "mrz.bad_character") == (!allowed && !line_end));
    }
}

TEST_CASE("line ends and spaces around lines") {
    const std::string expected = text_of(td1_eriksson);
    for (const std::string end : {"\r\n", "\r", " \n", "\t \r\n", "\n\n"}) {
        std::string text = end;
        for (const auto& line : td1_eriksson) text += line + end;
        const auto parsed = parse(text);
        REQUIRE(parsed);
        CHECK(text_of(parsed->lines) == expected);
    }
}

TEST_CASE("a visa is not taken for a passport") {
    const auto error = parse("V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nL8988901C4XXX4009078F9612109<<<<<<<<").error();
    CHECK(error.name() == "mrz.bad_field");
    CHECK(error.where == "document_code");
}

TEST_CASE("dates that cannot be") {
    const auto with_birth = [](const std::string& date) { return error_of(text_of(changed(td1_eriksson, 1, 0, date))); };
    const auto with_expiry = [](const std::string& date) { return error_of(text_of(changed(td1_eriksson, 1, 8, date))); };
    for (const std::string date : {"740230", "740229", "741301", "740001", "740100", "740132", "740431", "740631", "740931", "741131",
                                   "7<0812", "<40812", "7408<2", "74O812", "<<0230", "AAAAAA"}) {
        CAPTURE(date);
        CHECK(with_birth(date) == "mrz.bad_field");
        CHECK(with_expiry(date) == "mrz.bad_field");
    }
    for (const std::string date :
         {"740228", "000229", "760229", "740131", "741231", "<<<<<<", "74<<<<", "7408<<", "<<0812", "<<0229", "74<<31", "<<<<31"}) {
        CAPTURE(date);
        CHECK(with_birth(date) == "none");
        CHECK(with_expiry(date) == "none");
    }
}
