#include "campaign_maker.hpp"

using namespace idchip;
using namespace idchip::test;
using campaign::parse_plan;

namespace {

const std::string heading = "province,district,commune,eligible,target,deadline,start\n";

// "input.bad_field plan.csv:2:1: detail"
std::string fault(const std::string& text) {
    const auto plan = parse_plan(text, "plan.csv");
    if (plan) return "none";
    const auto& e = plan.error();
    return std::string(e.name()) + " " + e.where + (e.detail.empty() ? "" : ": " + e.detail);
}
std::string fault_in_row(const std::string& row) { return fault(heading + row); }

}  // namespace

TEST_CASE("a plan is read: units of every depth, quotes, spaces, a start where one is stated", "[campaign]") {
    const auto plan =
        good(parse_plan("\xEF\xBB\xBFprovince,district,commune,eligible,target,deadline,start\r\n"
                        "Hà Nội,,,100,90,2026-12-31,\r\n"
                        "Hà Nội, Ba Đình ,,40,40,2026-12-31,2026-01-01\r\n"
                        "\r\n"
                        "\"Hà Nội\",Ba Đình,\"Phúc \"\"Xá\"\", cũ\",0,0,2026-06-30,2026-06-30\r\n"
                        "Huế,,Phường  Mẫu,10,5,2027-01-01,",
                        "plan.csv"));
    REQUIRE(plan.rows.size() == 4);
    CHECK(plan.rows[0].unit == Unit{"Hà Nội", "", ""});
    CHECK(plan.rows[0].goal == campaign::Goal{100, 90, {2026, 12, 31}, {}});
    CHECK(plan.rows[1].unit == Unit{"Hà Nội", "Ba Đình", ""});
    CHECK(plan.rows[1].goal.start == Date{2026, 1, 1});
    CHECK(plan.rows[2].unit == Unit{"Hà Nội", "Ba Đình", "Phúc \"Xá\", cũ"});
    CHECK(plan.rows[2].line == 5);
    CHECK(plan.rows[3].unit == Unit{"Huế", "", "Phường Mẫu"});  // two levels, and two spaces made one
}

TEST_CASE("columns come in any order, district, commune and start need not be there, cells may be separated by ; or tab", "[campaign]") {
    const auto plan = good(parse_plan("deadline;target;eligible;province\n2026-12-31;1;2;A, B\n", "plan.csv"));
    CHECK(plan.rows.at(0).unit == Unit{"A, B", "", ""});
    CHECK(plan.rows.at(0).goal == campaign::Goal{2, 1, {2026, 12, 31}, {}});
    CHECK(good(parse_plan("province\tcommune\teligible\ttarget\tdeadline\nA\tC\t2\t1\t2026-12-31", "p")).rows.at(0).unit.commune == "C");
}

TEST_CASE("what is wrong with a plan is said with file, line and character", "[campaign]") {
    CHECK(fault("") == "input.bad_field plan.csv:1:1: the file is empty; the first line names the columns");
    CHECK(fault(heading) == "input.bad_field plan.csv:2:1: no unit has a row");
    CHECK(
        fault("province,huyện,eligible\n") ==
        "input.bad_field plan.csv:1:10: unknown column \"huyện\"; there are province, district, commune, eligible, target, deadline, start");
    CHECK(fault("province,target,eligible,target\n") == "input.bad_field plan.csv:1:26: column target stands twice");
    for (const std::string column : {"province", "eligible", "target", "deadline"}) {
        auto without = heading;
        without.erase(without.find(column), column.size() + 1);
        CHECK(fault(without) == "input.bad_field plan.csv:1:1: a column \"" + column + "\" is missing; the first line names the columns");
    }
    CHECK(fault_in_row("A,,,2,1\n") == "input.bad_field plan.csv:2:1: 5 cells, the heading has 7");
    CHECK(fault_in_row(",B,,2,1,2026-12-31,\n") == "input.bad_field plan.csv:2:1: province is empty; every row names its province");
    CHECK(fault_in_row("A,B,,2,1,2026-12-31,\n\n A , B ,,3,1,2026-12-31,\n") ==
          "input.bad_field plan.csv:4:1: the unit B, A has a row already, in line 2");
    // U+1EBF composed, and as e, circumflex, acute: one unit
    CHECK(fault_in_row("Huế,,,2,1,2026-12-31,\nHue\u0302\u0301,,,2,1,2026-12-31,\n") ==
          "input.bad_field plan.csv:3:1: the unit Huế has a row already, in line 2");
    CHECK(fault_in_row("A,,C\u200Bx,2,1,2026-12-31,\n") ==
          "input.bad_field plan.csv:2:4: commune holds an invisible or control character: \"C\\u{200B}x\"");
    // Characters count, not bytes: each of these letters has three.
    CHECK(fault_in_row("ẾẾ,,,2x,1,2026-12-31,\n") ==
          "input.bad_field plan.csv:2:6: eligible is not a whole number; give digits alone, without separators");
    for (const std::string number : {"", "-1", "+1", "1.000", "1e3", "1 000", "0x10"})
        CHECK(fault_in_row("A,,,2000," + number + ",2026-12-31,\n") ==
              "input.bad_field plan.csv:2:10: target is not a whole number; give digits alone, without separators");
    CHECK(fault_in_row("A,,,99999999999999999999,1,2026-12-31,\n") == "input.bad_field plan.csv:2:5: eligible is above 10000000000");
    CHECK(fault_in_row("A,,,10000000001,1,2026-12-31,\n") == "input.bad_field plan.csv:2:5: eligible is above 10000000000");
    CHECK(fault_in_row("A,,,10000000000,1,2026-12-31,\n") == "none");
    CHECK(fault_in_row("A,,,7,8,2026-12-31,\n") == "input.bad_field plan.csv:2:7: target 8 is above eligible 7");
    CHECK(fault_in_row("A,,,7,7,2026-02-29,\n") == "input.bad_date plan.csv:2:9: deadline: no such day");
    CHECK(fault_in_row("A,,,7,7,31/12/2026,\n") == "input.bad_date plan.csv:2:9: deadline: want YYYY-MM-DD");
    CHECK(fault_in_row("A,,,7,7,,\n") == "input.bad_date plan.csv:2:9: deadline: want YYYY-MM-DD");
    CHECK(fault_in_row("A,,,7,7,2026-12-31,soon\n") == "input.bad_date plan.csv:2:20: start: want YYYY-MM-DD");
    CHECK(fault_in_row("A,,,7,7,2026-12-31,2027-01-01\n") ==
          "input.bad_field plan.csv:2:9: the deadline 2026-12-31 is before the start 2027-01-01");
    CHECK(fault_in_row("A,,,7,7,2026-12-31,2026-12-31\n") == "none");
}

TEST_CASE("quotes of a plan are taken strictly", "[campaign]") {
    CHECK(fault_in_row("A,,\"C,2,1,2026-12-31,\n") == "input.bad_field plan.csv:2:4: this quote is not closed");
    CHECK(fault_in_row("A,,C\"x\",2,1,2026-12-31,\n") ==
          "input.bad_field plan.csv:2:5: a quote stands inside a cell; put the whole cell into quotes");
    CHECK(fault_in_row("A,,\"C\"x,2,1,2026-12-31,\n") ==
          "input.bad_field plan.csv:2:7: text stands behind the closing quote; double a quote that belongs to the text");
    // A line end within quotes belongs to the cell; the next row knows its own line all the same.
    CHECK(fault_in_row("A,,\"C\nD\",2,1,2026-12-31,\nB,,,1,2,2026-12-31,\n").starts_with("input.bad_field plan.csv:2:4: commune holds"));
    CHECK(fault_in_row("\"\nA\",,,2,1,2026-12-31,\nB,,,1,2,2026-12-31,\n").starts_with("input.bad_field plan.csv:4:7: target 2"));
    CHECK(fault_in_row("A,,C\xFF,2,1,2026-12-31,\n") == "input.bad_utf8 plan.csv:2:5");
}

TEST_CASE("a plan with any byte changed is read or refused, and never without a place", "[campaign]") {
    const auto whole = heading + "\"Hà \"\"Nội\",Ba Đình,\"C\",12,10,2026-12-31,2026-01-01\r\nB,,,2,1,2026-12-31,\n";
    TestRng rng(3);
    for (int i = 0; i < 20'000; ++i) {
        auto text = whole.substr(0, 1 + rng.below(whole.size()));
        for (auto n = rng.below(3); n > 0; --n)
            text[rng.below(text.size())] = i % 2 == 0 ? "\",;\n\r\t0-"[rng.below(8)] : static_cast<char>(rng.below(256));
        const auto plan = parse_plan(text, "plan.csv");
        if (plan) CHECK_FALSE(plan->rows.empty());
        else CHECK(plan.error().where.starts_with("plan.csv:"));
    }
}

TEST_CASE("a plan is read from a file, and no larger than a plan can be", "[campaign]") {
    const TempFolder folder;
    const auto path = folder / "plan.csv";
    good(write_text(path, heading + "A,,,2,3,2026-12-31,\n"));
    CHECK(campaign::read_plan(path).error().where == path.string() + ":2:7");
    CHECK(error_of(campaign::read_plan(folder / "none.csv")) == "input.not_found");
    good(write_text(path, std::string(campaign::largest_plan + 1, ' ')));
    CHECK(error_of(campaign::read_plan(path)) == "input.too_large");
}

TEST_CASE("units are compared in composed form with single spaces, case as it is", "[campaign]") {
    CHECK(campaign::clean({" Hà  Nội\t", "", "Phu\u031Bo\u031B\u0300ng\u00A01"}) == Unit{"Hà Nội", "", "Phường 1"});
    CHECK(campaign::clean({"hà nội", "", ""}) != campaign::clean({"Hà Nội", "", ""}));
    CHECK(campaign::clean({" \xFFx ", "", ""}) == Unit{"\xFFx", "", ""});
    CHECK(campaign::unit_name({"Hà Nội", "Ba Đình", "Phúc Xá"}) == "Phúc Xá, Ba Đình, Hà Nội");
    CHECK(campaign::unit_name({"Hà Nội", "", "Phúc Xá"}) == "Phúc Xá, Hà Nội");
    CHECK(campaign::unit_name({}) == "-");
}
