#include "unit/unit.hpp"

#include <idchip/national/vietnam/agreement.hpp>

using namespace idchip;
using namespace idchip::test;
using namespace idchip::vietnam;

namespace {

PersonDetails man() {
    PersonDetails d;
    d.personal_number = "999099000017";
    d.full_name = "Nguyễn Văn Mẫu";
    d.birth_date = Date{1999, 5, 15};
    d.sex = 'M';
    d.residence = "Hà Nội";
    d.old_number = "123456789";
    d.issue_date = Date{2022, 6, 20};
    d.expiry = Expiry{Date{2039, 5, 15}};
    return d;
}

mrz::Parsed zone_of(const PersonDetails& d) {
    const auto lines = good(mrz::write(good(make_mrz({d.personal_number, d.full_name, *d.birth_date, d.sex, *d.expiry}))));
    return good(mrz::parse(lines[0] + "\n" + lines[1] + "\n" + lines[2]));
}
mrz::Parsed zone_of(mrz::Mrz m) {
    const auto lines = good(mrz::write(m));
    return good(mrz::parse(lines[0] + "\n" + lines[1] + "\n" + lines[2]));
}

QrText qr_of(const PersonDetails& d) { return make_qr_text(d, Card::vn_cccd_2021); }

// "field:code" of each, errors with '!'. Without the warning that all test numbers have: their province does not exist.
std::string codes(const Findings& findings) {
    std::string text;
    for (const auto& f : findings) {
        if (f.code == "vn.number_province") continue;
        CHECK_FALSE(f.message.empty());
        CHECK_FALSE(f.remedy.empty());
        for (const auto* value : {"099000017", "Nguy", "NGUYEN", "1999", "2039"}) CHECK(f.message.find(value) == std::string::npos);
        text += (text.empty() ? "" : " ") + std::string(f.severity == Severity::error ? "!" : "") + f.field + ":" + f.code;
    }
    return text;
}

template <class Change>
PersonDetails changed(Change change) {
    auto d = man();
    change(d);
    return d;
}

}  // namespace

TEST_CASE("a card whose parts agree has no finding", "[vietnam]") {
    const auto d = man();
    const auto zone = zone_of(d);
    const auto qr = qr_of(d);
    CHECK(codes(check_agreement({&zone, &d, &qr})).empty());
    CHECK(codes(check_agreement({&zone, &d, nullptr})).empty());
    CHECK(codes(check_agreement({&zone, nullptr, &qr})).empty());
    CHECK(codes(check_agreement({nullptr, &d, &qr})).empty());
    CHECK(codes(check_agreement({nullptr, nullptr, &qr})).empty());
    CHECK(codes(check_agreement({})).empty());
    const auto forever = changed([](PersonDetails& p) {
        p.birth_date = Date{1960, 3, 1};
        p.personal_number = "999060000024";
        p.expiry = Expiry{};
    });
    const auto zone_for_life = zone_of(forever);
    CHECK(codes(check_agreement({&zone_for_life, &forever, nullptr})).empty());
}

TEST_CASE("each difference between zone and DG13 is one warning", "[vietnam]") {
    const auto zone = zone_of(man());
    const auto differ = [&](auto change) { return codes(compare_zone(zone, changed(change))); };
    CHECK(differ([](PersonDetails&) {}).empty());
    CHECK(differ([](PersonDetails& d) { d.personal_number = "999099000018"; }) == "mrz.personal_number:vn.number_differs");
    CHECK(differ([](PersonDetails& d) { d.birth_date = Date{1999, 5, 16}; }) == "mrz.birth_date:vn.birth_differs");
    CHECK(differ([](PersonDetails& d) { d.birth_date.reset(); }).empty());
    CHECK(differ([](PersonDetails& d) { d.sex = 'F'; }) == "mrz.sex:vn.sex_differs");
    CHECK(differ([](PersonDetails& d) { d.sex = '<'; }).empty());
    CHECK(differ([](PersonDetails& d) { d.expiry = Expiry{}; }) == "mrz.expiry:vn.expiry_differs");
    CHECK(differ([](PersonDetails& d) { d.expiry = Expiry{Date{2039, 5, 16}}; }) == "mrz.expiry:vn.expiry_differs");
    CHECK(differ([](PersonDetails& d) { d.expiry.reset(); }).empty());
    CHECK(differ([](PersonDetails& d) { d.full_name = "Nguyễn Văn Mậu"; }).empty());  // the zone has no marks
    CHECK(differ([](PersonDetails& d) { d.full_name = "Nguyễn Văn Mai"; }) == "mrz.name:vn.name_differs");
    CHECK(differ([](PersonDetails& d) { d.full_name = "Nguyễn 王"; }) == "mrz.name:vn.name_not_comparable");
    CHECK(differ([](PersonDetails& d) { d.full_name = ""; }).empty());
}

TEST_CASE("unknown parts of a birth in the zone agree with every date", "[vietnam]") {
    auto m = zone_of(man()).mrz;
    m.birth = "99<<<<";
    CHECK(codes(compare_zone(zone_of(m), man())).empty());
    m.birth = "98<<<<";
    CHECK(codes(compare_zone(zone_of(m), man())) == "mrz.birth_date:vn.birth_differs");
}

TEST_CASE("a name longer than the zone agrees with any shortening of it", "[vietnam]") {
    const auto d = changed([](PersonDetails& p) { p.full_name = "Nguyễn Hoàng Phương Thảo Nguyên Khánh"; });
    auto m = zone_of(d).mrz;
    CHECK(compare_name(m, d.full_name).empty());
    m.secondary = "HOANG<PHUONG<THAO<NGUY";
    CHECK(compare_name(m, d.full_name).empty());
    m.secondary = "HOANG<P<T<N<KHANH";
    CHECK(compare_name(m, d.full_name).empty());
    m.secondary = "HOANG<PHUONG<LAN";
    CHECK(codes(compare_name(m, d.full_name)) == "mrz.name:vn.name_differs");
    // A name that fits is there as a whole: 30 characters with its fillers, and one more.
    m.primary = "NGUYEN";
    m.secondary = "AAAAAAAAAA<BBBBBBBBBB<";
    m.secondary.pop_back();
    CHECK(compare_name(m, "Nguyen Aaaaaaaaaa Bbbbbbbbbb").empty());
    m.secondary = "AAAAAAAAAA<BBBBBBBBB";
    CHECK(codes(compare_name(m, "Nguyen Aaaaaaaaaa Bbbbbbbbbb")) == "mrz.name:vn.name_differs");
    CHECK(codes(compare_name(m, "Nguyen Aaaaaaaaaa Bbbbbbbbbbb")) == "mrz.name:vn.name_differs");
    CHECK(compare_name(m, "Nguyen Aaaaaaaaaa Bbbbbbbbbbbb").empty());
}

TEST_CASE("each difference between code and DG13 is one warning", "[vietnam]") {
    const auto qr = qr_of(man());
    const auto differ = [&](auto change) { return codes(compare_qr(qr, changed(change))); };
    CHECK(differ([](PersonDetails&) {}).empty());
    CHECK(differ([](PersonDetails& d) { d.personal_number = "999099000018"; }) == "qr.personal_number:vn.number_differs");
    CHECK(differ([](PersonDetails& d) { d.birth_date = Date{1899, 5, 15}; }) == "qr.birth_date:vn.birth_differs");  // the century counts
    CHECK(differ([](PersonDetails& d) { d.sex = 'F'; }) == "qr.sex:vn.sex_differs");
    CHECK(differ([](PersonDetails& d) { d.full_name = "Nguyễn Văn Mậu"; }) == "qr.full_name:vn.name_differs");
    CHECK(differ([](PersonDetails& d) { d.issue_date = Date{2022, 6, 21}; }) == "qr.issue_date:vn.issue_differs");
    CHECK(differ([](PersonDetails& d) { d.old_number = "987654321"; }) == "qr.old_number:vn.old_number_differs");
    CHECK(differ([](PersonDetails& d) { d.old_number = ""; }).empty());
    CHECK(differ([](PersonDetails& d) { d.residence = "Ha\xCC\x80 No\xCC\xA3\xCC\x82i"; }).empty());  // decomposed
    CHECK(differ([](PersonDetails& d) { d.residence = "Huế"; }) == "qr.residence:vn.residence_differs");
    CHECK(differ([](PersonDetails& d) { d.father = "Nguyễn Văn Cha"; }).empty());
}

TEST_CASE("code and zone are compared where DG13 is not there", "[vietnam]") {
    const auto zone = zone_of(man());
    const auto qr = qr_of(changed([](PersonDetails& d) {
        d.personal_number = "999199000017";
        d.full_name = "Lê Mẫu";
        d.sex = 'F';
        d.birth_date = Date{1999, 5, 16};
    }));
    CHECK(codes(compare_qr(qr, zone)) ==
          "qr.personal_number:vn.number_differs qr.birth_date:vn.birth_differs qr.sex:vn.sex_differs "
          "mrz.name:vn.name_differs");
    CHECK(codes(check_agreement({&zone, nullptr, &qr})) == codes(compare_qr(qr, zone)));
}

TEST_CASE("a number that does not fit its holder is a warning, one that is no number an error", "[vietnam]") {
    CHECK(codes(check_details(man())).empty());
    CHECK(codes(check_details(changed([](PersonDetails& d) { d.personal_number = "999298000017"; }))) ==
          "personal_number:vn.number_birth_year");
    CHECK(codes(check_details(changed([](PersonDetails& d) { d.personal_number = "999199000017"; }))) == "personal_number:vn.number_sex");
    CHECK(codes(check_details(changed([](PersonDetails& d) { d.personal_number = "99909900001"; }))) ==
          "!dg13.personal_number:vn.number_form");
    CHECK(codes(check_details(changed([](PersonDetails& d) { d.expiry = Expiry{Date{2032, 6, 20}}; }))) == "dg13.expiry:vn.expiry_unusual");
    CHECK(codes(check_details(changed([](PersonDetails& d) { d.expiry.reset(); }))).empty());
}

TEST_CASE("every fact is found once, whatever parts there are", "[vietnam]") {
    const auto d = man();
    const auto zone = zone_of(d);
    const auto qr = qr_of(d);
    const auto once = [](const CardParts& parts) {
        const auto findings = check_agreement(parts);
        return findings.size() == 1 && findings[0].code == "vn.number_province";
    };
    CHECK(once({&zone, &d, &qr}));
    CHECK(once({&zone, nullptr, &qr}));
    CHECK(once({nullptr, nullptr, &qr}));
    CHECK(once({&zone, nullptr, nullptr}));
    CHECK(once({nullptr, &d, &qr}));
}

TEST_CASE("a zone whose document number is not the last nine digits is a warning", "[vietnam]") {
    auto m = zone_of(man()).mrz;
    m.document_number = "099000018";
    const auto zone = zone_of(m);
    const auto d = man();
    CHECK(codes(check_agreement({&zone, &d, nullptr})) == "mrz.document_number:vn.mrz_document_number");
}

TEST_CASE("a birth year that is not that of the number is found also in the zone", "[vietnam]") {
    auto m = zone_of(man()).mrz;
    m.birth = "980515";
    m.sex = 'F';
    const auto zone = zone_of(m);
    CHECK(codes(check_agreement({&zone, nullptr, nullptr})) == "personal_number:vn.number_birth_year personal_number:vn.number_sex");
}
