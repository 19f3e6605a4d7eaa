// Family G of docs/inspection-cases.md: the machine readable zone against itself, the clock, the signer and the printed page.
// Each case with its nearest legitimate neighbour.
#include "inspect/document_maker.hpp"

#include "catch.hpp"

using namespace idchip;
using namespace idchip::inspect;
using namespace idchip::inspect::maker;
using lds::Ef;

namespace {

std::string zone_of(const mrz::Mrz& m) {
    std::string zone;
    for (const auto& line : must(mrz::write(m))) zone += line;
    return zone;
}

Verdict judged_zone(std::string_view zone) { return judged_with(Ef::dg1, dg1_of(zone)); }
Verdict judged_mrz(const mrz::Mrz& m) { return judged_zone(zone_of(m)); }

// The zone with one character raised to the next digit.
std::string with_wrong_digit(std::string zone, std::size_t at) {
    zone[at] = zone[at] == '9' ? '0' : static_cast<char>(zone[at] + 1);
    return zone;
}

Evidence expecting(ExpectedDocument expected, const mrz::Mrz& in_chip = td3()) {
    auto evidence = evidence_of(sign(files_of(in_chip)));
    evidence.expected = std::move(expected);
    return evidence;
}

Verdict judged_in(const mrz::Mrz& m, const std::string& two_letters) {
    const auto issuer = country(two_letters);
    return judged(evidence_of(with_sod(files_of(m), issuer.sign(files_of(m)))), issuer.trust);
}

// By a document signer that may sign every type.
Verdict judged_of_any_type(const mrz::Mrz& m) {
    auto ds = ds_like();
    ds.drop(ext::document_types);
    auto cms = cms_over(files_of(m));
    cms.signer(ds.make(), vietnam().ds_key);
    return judged(evidence_of(with_sod(files_of(m), cms)));
}

}  // namespace

TEST_CASE("G01 the printed zone is not the one in DG1") {
    const auto refused_with = [](const mrz::Mrz& printed) {
        check(judged(expecting({zone_of(printed), {}, {}, {}})), Overall::refer, Outcome::fail, "document.printed", "G01");
    };
    const auto change = [&](auto field, auto value) {
        auto m = td3();
        m.*field = value;
        refused_with(m);
    };
    change(&mrz::Mrz::document_number, "C1234568");
    change(&mrz::Mrz::birth, "990516");
    change(&mrz::Mrz::expiry, "390516");
    change(&mrz::Mrz::sex, 'F');
    change(&mrz::Mrz::primary, "NGUYEM");
    change(&mrz::Mrz::secondary, "VAN<MAV");
    change(&mrz::Mrz::nationality, "LAO");
    change(&mrz::Mrz::optional_data_1, "1");
    change(&mrz::Mrz::document_code, "PD");
    refused_with(td1());
    SECTION("what was printed cannot be read") {
        check(judged(expecting({"P<VNM", {}, {}, {}})), Overall::refer, Outcome::fail, "document.printed", "G01");
    }
    SECTION("by number, birth and expiry alone") {
        check(judged(expecting({{}, "C1234568", "990515", "390515"})), Overall::refer, Outcome::fail, "document.printed", "G01");
        check(judged(expecting({{}, "C1234567", "990516", "390515"})), Overall::refer, Outcome::fail, "document.printed", "G01");
        check(judged(expecting({{}, "C1234567", "990515", "390516"})), Overall::refer, Outcome::fail, "document.printed", "G01");
    }
    SECTION("neighbours: the same, in one run, in lines, in three fields") {
        check_clean(judged(expecting({zone_of(td3()), {}, {}, {}})));
        const auto lines = must(mrz::write(td3()));
        check_clean(judged(expecting({lines[0] + "\r\n" + lines[1] + "\n", {}, {}, {}})));
        check_clean(judged(expecting({{}, "C1234567", "990515", "390515"})));
    }
}

TEST_CASE("G02 check digits wrong in a signed DG1") {
    auto with_optional = td3();
    with_optional.optional_data_1 = "AB12";
    using Digit = std::pair<std::size_t, std::string>;
    for (const auto& [at, field] : std::vector<Digit>{
             {44 + 9, "document_number"}, {44 + 19, "birth"}, {44 + 27, "expiry"}, {44 + 42, "optional_data"}, {44 + 43, "composite"}}) {
        const auto verdict = judged_zone(with_wrong_digit(zone_of(with_optional), at));
        check(verdict, Overall::refer, Outcome::fail, "mrz.check_digits", "G02");
        CHECK(find(verdict, "mrz.check_digits", Outcome::fail)->detail.find(field) != std::string::npos);
    }
    for (const auto& [at, field] :
         std::vector<Digit>{{14, "document_number"}, {30 + 6, "birth"}, {30 + 14, "expiry"}, {30 + 29, "composite"}}) {
        const auto verdict = judged_zone(with_wrong_digit(zone_of(td1()), at));
        check(verdict, Overall::refer, Outcome::fail, "mrz.check_digits", "G02");
        CHECK(find(verdict, "mrz.check_digits", Outcome::fail)->detail.find(field) != std::string::npos);
    }
    SECTION("neighbours: all right; a filler for unused optional data of TD3") {
        check_clean(judged_mrz(with_optional));
        auto filler = td3();
        filler.optional_check = '<';
        check_clean(judged_mrz(filler));
    }
}

TEST_CASE("G04 TD1 document numbers of more than nine characters") {
    for (const auto* number : {"5914523178", "59145231783", "591452317836", "5914523178361"}) {
        auto m = td1();
        m.document_number = number;
        check_clean(judged_mrz(m));
        check_clean(judged(expecting({{}, number, m.birth, m.expiry}, m)));
    }
    SECTION("attack: its check digit, which stands in the optional data, is wrong") {
        auto m = td1();
        m.document_number = "591452317836";
        check(judged_zone(with_wrong_digit(zone_of(m), 18)), Overall::refer, Outcome::fail, "mrz.check_digits", "G02");
    }
    SECTION("attack: only the first nine characters are those printed") {
        auto m = td1();
        m.document_number = "591452317836";
        check(judged(expecting({{}, "591452317", m.birth, m.expiry}, m)), Overall::refer, Outcome::fail, "document.printed", "G01");
    }
}

TEST_CASE("G05 expiry and its century") {
    const auto judged_until = [](const std::string& expiry, const std::string& state = "VNM") {
        auto m = td1();
        m.expiry = expiry;
        m.issuing_state = m.nationality = state;
        return state == "VNM" ? judged_mrz(m) : judged_in(m, "LA");
    };
    for (const auto* expired : {"261120", "251121", "991231", "700101", "520101"})
        check(judged_until(expired, "LAO"), Overall::refer, Outcome::fail, "document.expiry", "G05");
    SECTION("no date at all") { check(judged_until("<<<<<<"), Overall::refer, Outcome::fail, "document.expiry", "G05"); }
    SECTION("neighbours: today, in ten years, in almost 25") {
        for (const auto* valid : {"261121", "361121", "511121"}) check_clean(judged_until(valid, "LAO"));
    }
    SECTION("neighbour: a Vietnamese card that never expires") { check_clean(judged_until("991231")); }
    SECTION("birth of a child and of an old person: no century is guessed") {
        auto m = td1();
        for (const auto* birth : {"260101", "010203", "261231"}) {
            m.birth = birth;
            check_clean(judged_mrz(m));
        }
    }
}

TEST_CASE("G06 unknown day, month or year of birth") {
    auto m = td1();
    for (const auto* birth : {"9905<<", "99<<<<", "<<<<<<"}) {
        m.birth = birth;
        check_clean(judged_mrz(m));
    }
    SECTION("a day that never was") {
        auto zone = zone_of(td1());
        zone.replace(30, 6, "990230");
        check(judged_zone(zone), Overall::refer, Outcome::fail, "file.DG1", "G12");
    }
}

TEST_CASE("G09 sex") {
    auto m = td1();
    for (const char sex : {'M', 'F', '<'}) {
        m.sex = sex;
        check_clean(judged_mrz(m));
    }
    SECTION("a digit in its place") {
        auto zone = zone_of(td1());
        zone[37] = '1';
        check(judged_zone(zone), Overall::refer, Outcome::fail, "file.DG1", "G12");
    }
}

TEST_CASE("G10 country codes unknown or withdrawn") {
    auto m = td1();
    m.nationality = "ZZZ";
    check_noted(judged_mrz(m), Outcome::note, "mrz.country_code", "G10");
    m.nationality = "YUG";
    check_noted(judged_mrz(m), Outcome::note, "mrz.country_code", "G10");
    SECTION("a withdrawn issuing state, signed by a successor") {
        m = td3();
        m.nationality = "SRB";
        m.issuing_state = "YUG";
        check_noted(judged_in(m, "RS"), Outcome::note, "mrz.country_code", "G10");
        m.issuing_state = "ZAR";
        check_noted(judged_in(m, "CD"), Outcome::note, "mrz.country_code", "G10");
    }
    SECTION("attack: a withdrawn or unknown issuing state, signed by somebody else") {
        m = td3();
        m.issuing_state = "YUG";
        check(judged_in(m, "FR"), Overall::refer, Outcome::fail, "document.issuer", "D04");
        m.issuing_state = "ZZZ";
        check(judged_in(m, "FR"), Overall::refer, Outcome::fail, "document.issuer", "D04");
    }
    SECTION("neighbours: persons without a nationality, codes of Doc 9303-3 that ISO does not have") {
        for (const auto* nationality : {"XXA", "XXB", "XXC", "XXX", "D", "RKS", "XOM", "UNO", "GBN", "UTO"}) {
            m.nationality = nationality;
            check_clean(judged_mrz(m));
        }
    }
}

TEST_CASE("G11 document codes") {
    auto m = td3();
    for (const auto* odd : {"D", "XP"}) {
        m.document_code = odd;
        check_noted(judged_of_any_type(m), Outcome::note, "mrz.document_code", "G11");
    }
    SECTION("neighbours") {
        for (const auto* code : {"P", "PD", "PN", "PS"}) {
            m.document_code = code;
            check_clean(judged_of_any_type(m));
        }
        m = td1();
        for (const auto* code : {"I", "ID", "AC", "C", "IR"}) {
            m.document_code = code;
            check_clean(judged_of_any_type(m));
        }
    }
}

TEST_CASE("G12 characters that no zone has") {
    const auto refused_with = [](std::string_view bytes) {
        auto zone = zone_of(td1());
        zone.replace(62, bytes.size(), bytes);
        check(judged_zone(zone), Overall::refer, Outcome::fail, "file.DG1", "G12");
    };
    refused_with("n");
    refused_with("\xC3\x90");
    refused_with(std::string_view("\0", 1));
    refused_with(" ");
    refused_with("-");
    refused_with("\xFF");
    SECTION("a zone of no size") {
        check(judged_zone(zone_of(td1()) + "<"), Overall::refer, Outcome::fail, "file.DG1", "G12");
        check(judged_zone(""), Overall::refer, Outcome::fail, "file.DG1", "G12");
    }
    SECTION("line ends in the file: a screen shows lines, a chip has none") {
        const auto lines = must(mrz::write(td1()));
        check(judged_zone(lines[0] + "\n" + lines[1] + "\n" + lines[2]), Overall::refer, Outcome::fail, "file.DG1", "G12");
        check(judged_zone(zone_of(td1()) + " "), Overall::refer, Outcome::fail, "file.DG1", "G12");
    }
    SECTION("neighbour") { check_clean(judged_mrz(td1())); }
}

TEST_CASE("G14 names that are cut off, or have one part") {
    auto m = td1();
    m.secondary.clear();
    check_clean(judged_mrz(m));
    m.primary = std::string(30, 'A');
    check_clean(judged_mrz(m));
    m.primary = "NGUYENPHUOCVINH";
    m.secondary = "BAOLONGTHANHQ";
    check_clean(judged_mrz(m));
    SECTION("attack: a digit in the name") {
        auto zone = zone_of(td1());
        zone[62] = '1';
        check(judged_zone(zone), Overall::refer, Outcome::fail, "file.DG1", "G12");
    }
}
