#include "unit/unit.hpp"

#include <idchip/national/vietnam/qr.hpp>

using namespace idchip;
using namespace idchip::test;
using namespace idchip::vietnam;

namespace {

const std::string of_2021 = "999099000017|123456789|Nguyễn Văn Mẫu|15051999|Nam|Số 1 Phố Thử, Phường Mẫu, Hà Nội|20062022";
const std::string of_2024 = of_2021 + "||||";

QrText qr(std::string_view text) { return good(QrText::parse(text)); }
std::string noted(std::string_view text) { return ids(qr(text).notes); }

}  // namespace

TEST_CASE("the code of 2021 has seven fields, the one of 2024 has eleven", "[vietnam]") {
    const auto a = qr(of_2021);
    CHECK(a.notes.empty());
    CHECK(a.form == QrForm::fields_7);
    CHECK(a.personal_number == "999099000017");
    CHECK(a.old_number == "123456789");
    CHECK(a.full_name == "Nguyễn Văn Mẫu");
    CHECK(a.birth_date == Date{1999, 5, 15});
    CHECK(a.sex == 'M');
    CHECK(a.residence == "Số 1 Phố Thử, Phường Mẫu, Hà Nội");
    CHECK(a.issue_date == Date{2022, 6, 20});
    CHECK(a.extra.empty());
    CHECK(good(a.write()) == of_2021);
    const auto b = qr(of_2024);
    CHECK(b.notes.empty());
    CHECK(b.form == QrForm::fields_11);
    CHECK(b.extra == std::vector<std::string>(4));
    CHECK(good(b.write()) == of_2024);
    const auto c = qr(of_2021 + "|A|Bế|C D|4");
    CHECK(c.extra == std::vector<std::string>{"A", "Bế", "C D", "4"});
    CHECK(good(c.write()) == of_2021 + "|A|Bế|C D|4");
}

TEST_CASE("a code without old number has an empty second field", "[vietnam]") {
    const std::string text = "999160000024||Trần Thị Thu|01031960|Nữ|Xã Mẫu|01052021";
    const auto a = qr(text);
    CHECK(a.notes.empty());
    CHECK(a.old_number.empty());
    CHECK(a.sex == 'F');
    CHECK(good(a.write()) == text);
}

TEST_CASE("the departures of real codes are noted", "[vietnam]") {
    CHECK(noted(of_2021 + "\r\n") == "vn.qr_white_space");
    CHECK(noted(of_2021 + "|") == "vn.qr_field_count");
    CHECK(qr(of_2021 + "|").form == QrForm::fields_11);
    CHECK(noted(of_2021 + "|||||") == "vn.qr_field_count");
    CHECK(noted(of_2021 + "|||") == "vn.qr_field_count");
    CHECK(noted("999099000017|12|A|15051999|Nam|B|20062022") == "vn.qr_bad_field");
    CHECK(noted("999099000017|123456789012|A|15051999|Nam|B|20062022").empty());
    CHECK(noted("999099000017||A|1999|Nam|B|20062022") == "vn.qr_bad_field");
    CHECK(noted("999099000017||A|15051999|NAM|B|20062022") == "vn.qr_bad_field");
    CHECK(qr("999099000017||A|15051999|NAM|B|20062022").sex == 'M');
    CHECK(noted("999099000017||A|15051999||B|20062022") == "vn.qr_bad_field");
    CHECK(noted("999099000017|||15051999|Nam|B|20062022") == "vn.qr_bad_field");
    CHECK(noted("999099000017||A|15051999|Nam||20062022").empty());
    CHECK(noted("999099000017||A|15051999|Nam|B, , C -|20062022").empty());  // malformed addresses are no fault of the text
    CHECK(noted("999099000017||A|15051999|Nam|B\nC|20062022") == "vn.qr_unsafe_text");
    CHECK(noted("999099000017||A|15051999|Nam|Hue\xCC\x82\xCC\x81|20062022") == "vn.qr_not_composed");
    CHECK(noted("999099000017||A|15051999|Nam|B|31062022") == "vn.qr_bad_field");
}

TEST_CASE("what is no code of a card is refused", "[vietnam]") {
    const auto refused = [](std::string_view text) { return error_of(QrText::parse(text)); };
    CHECK(refused("") == "input.bad_field");
    CHECK(refused("https://example.org/") == "input.bad_field");
    CHECK(refused("999099000017||A|15051999|Nam|B") == "input.bad_field");  // six fields
    CHECK(refused("99909900001||A|15051999|Nam|B|20062022") == "input.bad_field");
    CHECK(refused("999099000017||\xC3|15051999|Nam|B|20062022") == "input.bad_utf8");
    CHECK(refused(of_2021 + std::string(QrText::max_fields - 7, '|')) == "none");
    CHECK(refused(of_2021 + std::string(QrText::max_fields - 6, '|')) == "input.bad_field");
    CHECK(refused(std::string(QrText::max_size + 1, '9')) == "input.too_large");
    const auto failed = QrText::parse("999099000017||A|15051999|Nam|B");
    CHECK(failed.error().message().find("999099000017") == std::string::npos);
}

TEST_CASE("only a code that reads back is written", "[vietnam]") {
    const auto refused = [](auto change) {
        auto text = qr(of_2024);
        change(text);
        return error_of(text.write());
    };
    CHECK(refused([](QrText&) {}) == "none");
    CHECK(refused([](QrText& q) { q.personal_number.pop_back(); }) == "input.bad_field");
    CHECK(refused([](QrText& q) { q.old_number = "1"; }) == "input.bad_field");
    CHECK(refused([](QrText& q) { q.old_number = ""; }) == "none");
    CHECK(refused([](QrText& q) { q.full_name = ""; }) == "input.bad_field");
    CHECK(refused([](QrText& q) { q.full_name = "A|B"; }) == "input.bad_field");
    CHECK(refused([](QrText& q) { q.full_name = "A\x01"; }) == "input.bad_field");
    CHECK(refused([](QrText& q) { q.residence = "A\xE2\x80\xAE"; }) == "input.bad_field");
    CHECK(refused([](QrText& q) { q.residence = "\xFF"; }) == "input.bad_field");
    CHECK(refused([](QrText& q) { q.residence = "Hue\xCC\x82\xCC\x81"; }) == "input.bad_field");
    CHECK(refused([](QrText& q) { q.residence = ""; }) == "none");
    CHECK(refused([](QrText& q) { q.birth_date.reset(); }) == "input.bad_field");
    CHECK(refused([](QrText& q) { q.birth_date = Date{1999, 2, 29}; }) == "input.bad_date");
    CHECK(refused([](QrText& q) { q.issue_date.reset(); }) == "input.bad_field");
    CHECK(refused([](QrText& q) { q.sex = '<'; }) == "input.bad_field");
    CHECK(refused([](QrText& q) { q.extra.pop_back(); }) == "input.bad_field");
    CHECK(refused([](QrText& q) { q.extra[1] = "a|b"; }) == "input.bad_field");
    CHECK(refused([](QrText& q) { q.extra[3] = "a "; }) == "input.bad_field");
    CHECK(refused([](QrText& q) { q.form = QrForm::fields_7; }) == "input.bad_field");
    CHECK(refused([](QrText& q) { q.form = QrForm::none; }) == "input.bad_field");
    CHECK(refused([](QrText& q) { q.residence = std::string(QrText::max_size, 'x'); }) == "input.too_large");
}

TEST_CASE("the code of each generation is made from the details", "[vietnam]") {
    PersonDetails d;
    d.personal_number = "999099000017";
    d.old_number = "123456789";
    d.full_name = "Nguyễn Văn Mẫu";
    d.birth_date = Date{1999, 5, 15};
    d.sex = 'M';
    d.residence = "Số 1 Phố Thử, Phường Mẫu, Hà Nội";
    d.issue_date = Date{2022, 6, 20};
    CHECK(good(make_qr_text(d, Card::vn_cccd_2021).write()) == of_2021);
    CHECK(good(make_qr_text(d, Card::vn_cancuoc_2024).write()) == of_2024);
    CHECK(error_of(make_qr_text(d, Card::icao_td1).write()) == "input.bad_field");
}
