// Family B of docs/inspection-cases.md: the data groups beyond DG1 and DG2, and national data against DG1.
#include "inspect/document_maker.hpp"

#include <idchip/national/vietnam/mrz_variant.hpp>
#include <idchip/national/vietnam/person.hpp>

#include "catch.hpp"

using namespace idchip;
using namespace idchip::inspect;
using namespace idchip::inspect::maker;
using lds::Ef;
using tlv::element;

namespace {

// Tag list and one object of DG11 or DG12.
Bytes details(Byte tag, std::uint32_t object, ByteView value) {
    return element(tag, {element(0x5C, tlv::encode_tag(object)), element(object, value)});
}

// Whom the published zone of a Vietnamese card describes.
vietnam::PersonDetails person() {
    vietnam::PersonDetails d;
    d.personal_number = "999099000017";
    d.full_name = "Nguyễn Văn Mẫu";
    d.birth_date = Date{1999, 5, 15};
    d.sex = 'M';
    d.place_of_origin = d.residence = "Xã Mẫu, Hà Nội";
    d.issue_date = Date{2022, 6, 20};
    d.expiry = vietnam::Expiry{Date{2039, 5, 15}};
    return d;
}

mrz::Mrz zone_of(const vietnam::PersonDetails& d) {
    vietnam::ZoneData zone{d.personal_number, d.full_name, *d.birth_date, d.sex, *d.expiry};
    return vietnam::make_mrz(zone).value();
}

Verdict judged_card(const vietnam::PersonDetails& in_dg13, const mrz::Mrz& zone) {
    auto groups = files_of(zone);
    groups[Ef::dg13] = vietnam::make_dg13(in_dg13, vietnam::Card::vn_cccd_2021).value().encode();
    return judged(evidence_of(sign(groups)));
}

}  // namespace

TEST_CASE("B24 additional details in the forms that real documents have") {
    const Bytes ascii = {'1', '9', '9', '9', '0', '5', '1', '5'};
    const Bytes packed = {0x19, 0x99, 0x05, 0x15};
    SECTION("packed dates") {
        check_noted(judged_with(Ef::dg11, details(0x6B, 0x5F2B, packed)), Outcome::note, "lds.details_bcd_date", "B24");
        check_noted(judged_with(Ef::dg12, details(0x6C, 0x5F26, packed)), Outcome::note, "lds.details_bcd_date", "B24");
    }
    SECTION("empty fields, and a list that does not say what is there") {
        check_noted(judged_with(Ef::dg11, details(0x6B, 0x5F0E, {})), Outcome::note, "lds.details_empty_object", "B24");
        check_noted(judged_with(Ef::dg11, element(0x6B, element(0x5C, tlv::encode_tag(0x5F0E)))), Outcome::note,
                    "lds.details_listed_absent", "B06");
    }
    SECTION("attack: lengths that run out of the file") {
        check(judged_with(Ef::dg11, element(0x6B, Bytes{0x5C, 0x05, 0x5F})), Overall::refer, Outcome::fail, "file.DG11", "B16");
        check(judged_with(Ef::dg16, element(0x70, Bytes{0x02, 0x01, 0x01, 0xA1, 0x09})), Overall::refer, Outcome::fail, "file.DG16", "B16");
    }
    SECTION("neighbour: dates in digits") {
        check_clean(judged_with(Ef::dg11, details(0x6B, 0x5F2B, ascii)));
        check_clean(judged_with(Ef::dg12, details(0x6C, 0x5F26, ascii)));
    }
}

TEST_CASE("B24 national data of a Vietnamese card against DG1") {
    SECTION("neighbour: they agree") { check_clean(judged_card(person(), zone_of(person()))); }
    SECTION("another number, birth, sex, expiry or name: signed, so a matter for the officer's eye") {
        const auto zone = zone_of(person());
        for (int field = 0; field < 5; ++field) {
            auto other = person();
            if (field == 0) other.personal_number = "999099000018";
            if (field == 1) other.birth_date = Date{1999, 5, 16};
            if (field == 2) other.sex = 'F';
            if (field == 3) other.expiry = vietnam::Expiry{};
            if (field == 4) other.full_name = "Trần Văn Khác";
            INFO(field);
            check_noted(judged_card(other, zone), Outcome::note, "document.national", "B24");
        }
    }
    SECTION("a form that is not known") {
        auto groups = files_of(zone_of(person()));
        groups[Ef::dg13] = element(0x6D, element(0x04, Bytes{1, 2, 3}));
        check_noted(judged(evidence_of(sign(groups))), Outcome::note, "file.DG13.format", "B24");
    }
    SECTION("neighbour: DG13 of another State is its own matter") {
        auto groups = files_of(td3());
        auto zone = td3();
        zone.issuing_state = zone.nationality = "UTO";
        groups[Ef::dg1] = dg1(zone);
        groups[Ef::dg13] = element(0x6D, element(0x04, Bytes{1, 2, 3}));
        const auto verdict = judged(evidence_of(sign(groups)));
        for (const auto& f : verdict.findings) CHECK(f.id.find("DG13.format") == std::string::npos);
    }
}
