#include "shared_data.hpp"
#include "unit/unit.hpp"

#include <idchip/national/vietnam/person.hpp>

using namespace idchip;
using namespace idchip::test;
using namespace idchip::vietnam;

namespace {

PersonDetails sample() {
    PersonDetails d;
    d.personal_number = "999099000017";
    d.full_name = "Nguyễn Văn Mẫu";
    d.birth_date = Date{1999, 5, 15};
    d.sex = 'M';
    d.ethnicity = "Kinh";
    d.religion = "Không";
    d.place_of_origin = "Xã Mẫu, Huyện Thử, Hà Nội";
    d.residence = "Số 1 Phố Thử, Phường Mẫu, Hà Nội";
    d.personal_identification = "Nốt ruồi C: 1cm trên sau cánh mũi trái";
    d.issue_date = Date{2022, 6, 20};
    d.expiry = Expiry{Date{2039, 5, 15}};
    d.father = "Nguyễn Văn Cha";
    d.mother = "Trần Thị Mẹ";
    d.old_number = "123456789";
    d.serial = "0123456789ABCDEF";
    return d;
}

Dg13 with_field(int number, Dg13Field field) {
    auto dg13 = good(make_dg13(sample(), Card::vn_cccd_2021));
    dg13.fields[static_cast<std::size_t>(number - 1)] = std::move(field);
    return dg13;
}
Dg13 with_text(int number, std::string text) { return with_field(number, Dg13Field::plain(number, {der::utf8_string, std::move(text)})); }

std::string problems(const PersonDetails& d, Card card = Card::vn_cccd_2021) {
    std::string text;
    for (const auto& e : check(d, card)) text += (text.empty() ? "" : " ") + e.where;
    return text;
}

}  // namespace

TEST_CASE("details of the foreign DG13 are read, and make the same file again", "[vietnam]") {
    const auto path = shared_data("lds/dg13_vietnam_synthetic.bin");
    if (!path) return;
    const auto file = good(read_file(*path));
    Notes notes;
    const auto details = read_details(good(Dg13::parse(file)), notes);
    CHECK(ids(notes).empty());
    CHECK(details == sample());
    CHECK(good(make_dg13(sample(), Card::vn_cccd_2021)).encode() == file);
    CHECK(good(make_dg13(sample(), Card::vn_cancuoc_2024)).encode() == file);
}

TEST_CASE("a card without expiry says so in words, whatever their letters", "[vietnam]") {
    auto d = sample();
    d.expiry = Expiry{};
    const auto dg13 = good(make_dg13(d, Card::vn_cccd_2021));
    CHECK(dg13.text(dg13_field::expiry) == "Không thời hạn");
    CHECK(dg13.find(dg13_field::expiry)->strings[0].tag == der::utf8_string);
    Notes notes;
    CHECK(read_details(dg13, notes) == d);
    CHECK(notes.empty());
    for (const auto* other : {"KHÔNG THỜI HẠN", "Kho\xCC\x82ng tho\xCC\x9B\xCC\x80i ha\xCC\xA3n", "Khong thoi han"}) {
        Notes noted;
        CHECK(read_details(with_text(dg13_field::expiry, other), noted).expiry == Expiry{});
        CHECK(ids(noted) == "vn.dg13_expiry_text");
    }
    Notes noted;
    CHECK_FALSE(read_details(with_text(dg13_field::expiry, "Không thời hạn nữa"), noted).expiry.has_value());
    CHECK(ids(noted) == "vn.dg13_bad_date");
}

TEST_CASE("details without parents, spouse, old number or marks are written as cards have them", "[vietnam]") {
    auto d = sample();
    d.father = d.mother = d.old_number = d.serial = d.personal_identification = "";
    const auto none = good(make_dg13(d, Card::vn_cancuoc_2024));
    CHECK(to_hex(none.find(dg13_field::parents)->raw) == "300302010D");
    CHECK(to_hex(none.find(dg13_field::spouse)->raw) == "300302010E");
    CHECK(to_hex(none.find(dg13_field::old_number)->raw) == "300502010F1300");
    CHECK(to_hex(none.find(dg13_field::personal_identification)->raw) == "300502010A0C00");
    d.mother = "Lê";
    d.spouse = "An";
    const auto some = good(make_dg13(d, Card::vn_cancuoc_2024));
    CHECK(to_hex(some.find(dg13_field::parents)->raw) == "300E02010D30020C0030050C034CC3AA");
    CHECK(to_hex(some.find(dg13_field::spouse)->raw) == "300902010E30040C02416E");
    Notes notes;
    CHECK(read_details(some, notes) == d);
    CHECK(notes.empty());
}

TEST_CASE("details are read as far as they go, and every departure is noted", "[vietnam]") {
    const auto noted = [](const Dg13& dg13) {
        Notes notes;
        read_details(dg13, notes);
        return ids(notes) + (notes.empty() ? "" : " " + notes[0].where);
    };
    CHECK(noted(with_text(dg13_field::birth_date, "1999")) == "vn.dg13_bad_date DG13/field 3");
    CHECK(noted(with_text(dg13_field::birth_date, "29/02/1999")) == "vn.dg13_bad_date DG13/field 3");
    CHECK(noted(with_text(dg13_field::birth_date, "28/02/1999")).empty());
    CHECK(noted(with_text(dg13_field::issue_date, "2022-06-20")) == "vn.dg13_bad_date DG13/field 11");
    CHECK(noted(with_text(dg13_field::sex, "NỮ")) == "vn.dg13_sex_text DG13/field 4");
    CHECK(noted(with_text(dg13_field::sex, "Nữ")).empty());
    CHECK(noted(with_text(dg13_field::sex, "X")) == "vn.dg13_sex_text DG13/field 4");
    CHECK(noted(with_text(dg13_field::personal_number, "12345678901")) == "vn.dg13_bad_number DG13/field 1");
    CHECK(noted(with_text(dg13_field::parents, "Cha")) == "vn.dg13_shape DG13/field 13");
    CHECK(noted(with_text(dg13_field::spouse, "An")) == "vn.dg13_shape DG13/field 14");
    CHECK(noted(with_field(2, Dg13Field::siblings(2, {{der::utf8_string, "A"}}))) == "vn.dg13_shape DG13/field 2");
    Notes notes;
    CHECK(read_details(Dg13{}, notes).full_name.empty());
    CHECK(ids(notes) == "vn.dg13_bad_number");
}

TEST_CASE("all problems of the details are found at once, by name and never by value", "[vietnam]") {
    CHECK(problems(sample()).empty());
    PersonDetails d;
    d.nationality = "";
    CHECK(problems(d) == "personal_number full_name birth_date sex nationality place_of_origin residence issue_date expiry");
    CHECK(problems(d, Card::vn_cancuoc_2024) == "personal_number full_name birth_date sex nationality issue_date expiry");
    CHECK(problems(sample(), Card::icao_td1) == "card");
    d = sample();
    d.residence = "a\nb";
    d.religion = "a\xE2\x80\xAE";
    d.father = "\xFF";
    d.mother = " Mẹ";
    d.spouse = std::string(Dg13::max_text + 1, 'x');
    d.old_number = "12345678";
    d.serial = "0123456789ABCDE*";
    CHECK(problems(d) == "religion residence father mother spouse old_number serial");
    for (const auto& e : check(d, Card::vn_cccd_2021)) CHECK(e.message().find("12345678") == std::string::npos);
    CHECK(error_of(make_dg13(d, Card::vn_cccd_2021)) == "input.bad_field");
    d = sample();
    d.father = "\xFF";
    CHECK(error_of(make_dg13(d, Card::vn_cccd_2021)) == "input.bad_utf8");
    d = sample();
    d.full_name = "Nguye\xCC\x82\xCC\x83n Van Mau";
    CHECK(problems(d) == "full_name");  // decomposed: readers count its bytes otherwise
    d = sample();
    d.full_name = "H\xC3\x8A\xCC\x86 Mau";
    CHECK(problems(d).empty());  // a letter of Ede that has no code point of its own
    d = sample();
    d.birth_date = Date{2022, 6, 21};
    CHECK(problems(d) == "issue_date");
    d = sample();
    d.expiry = Expiry{Date{2022, 6, 19}};
    CHECK(problems(d) == "expiry");
    d.expiry = Expiry{Date{2023, 2, 29}};
    CHECK(problems(d) == "expiry");
    d.expiry = Expiry{Date{2022, 6, 20}};
    CHECK(problems(d).empty());
    d.spouse = std::string(Dg13::max_text, 'x');
    CHECK(problems(d).empty());
}
