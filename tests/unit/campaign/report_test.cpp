// The forms of the report: table, CSV, JSON, page.
#include "campaign_maker.hpp"

#include <regex>

#include <nlohmann/json.hpp>

#include <idchip/report/progress.hpp>

using namespace idchip;
using namespace idchip::test;
using campaign::progress;

namespace {

const Instant made_at = start_of(today) + 34200;

// Three provinces: behind, with a name that has to be escaped; finished; without a target. And one that nobody planned.
campaign::Progress example() {
    const auto plan = plan_of(
        "\"<script>alert('x')</script> & \"\"A\"\"\",,,1200,1000,2026-04-11,2026-01-01\n"
        "Thừa Thiên Huế,,,100,100,2026-04-11,2026-01-01\n"
        "Zero,,,5,0,2026-04-11,2026-01-01\n");
    return progress(
        plan,
        {cards({"<script>alert('x')</script> & \"A\"", "", ""}, {2026, 1, 10}, 300),
         cards({"<script>alert('x')</script> & \"A\"", "", ""}, today, 140), cards({"Thừa Thiên Huế", "", ""}, {2026, 2, 1}, 101),
         cards({"<b>Tỉnh</b>\u202E", "", ""}, {2026, 1, 5}, 7), cards({"Zero", "", ""}, {2026, 2, 21}, 2)},
        today);
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find('\n', at), text.size());
        lines.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    return lines;
}

std::size_t code_points(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<Byte>(c) & 0xC0U) != 0x80; }));
}

bool holds(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

std::size_t times(const std::string& text, std::string_view part) {
    std::size_t n = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
    return n;
}

// Every element that opens closes, in order; what HTML closes by itself is named.
void check_well_formed(const std::string& page) {
    std::vector<std::string> open;
    const std::regex tag("<(/?)([A-Za-z][A-Za-z0-9]*)[^<>]*?(/?)>");
    for (std::sregex_iterator it(page.begin(), page.end(), tag), end; it != end; ++it) {
        const auto name = (*it)[2].str();
        if (name == "meta" || (*it)[3].length() > 0) continue;
        if ((*it)[1].length() == 0) {
            open.push_back(name);
            continue;
        }
        REQUIRE_FALSE(open.empty());
        CHECK(open.back() == name);
        open.pop_back();
    }
    CHECK(open.empty());
}

}  // namespace

TEST_CASE("the table is aligned by characters, not bytes", "[campaign]") {
    const auto text = report::progress_table(example());
    const auto lines = lines_of(text);
    CHECK(lines.at(0) == "2026-02-20, by province; rate over 14 days");
    CHECK(lines.at(2).find("province ") == 0);
    std::vector<std::size_t> deadlines;
    for (std::size_t i = 3; i < 7; ++i) {
        const auto at = lines.at(i).find("2026-04-11");
        REQUIRE(at != std::string::npos);
        deadlines.push_back(code_points(lines[i].substr(0, at)));
    }
    CHECK(std::adjacent_find(deadlines.begin(), deadlines.end(), std::not_equal_to<>()) == deadlines.end());
    // 440 of 1000 are 42.24 of 96 eighths: five cells and two eighths
    CHECK(holds(lines.at(3), "  440    1000   44 %  █████▎░░░░░░   560   10.0      -6.0  2026-04-17  2026-04-11  late"));
    CHECK(holds(lines.at(4), "101 %  ████████████     0"));
    CHECK(holds(lines.at(5), "Zero"));
    CHECK(holds(lines.at(6), "total"));
    CHECK(holds(text, "1 late, 2 finished"));
    CHECK(holds(text, "not in the plan, but counted in the total:\n  <b>Tỉnh</b>\\u{202E}: 7 cards\n"));
    CHECK(holds(text, "2 cards are dated after 2026-02-20"));
}

TEST_CASE("a long name does not push the figures off the screen", "[campaign]") {
    const auto p = progress(plan_of(std::string(50, 'X') + "ế,,,10,10,2026-04-11,2026-01-01\n"), {}, today);
    CHECK(holds(report::progress_table(p), std::string(39, 'X') + "…  "));
}

TEST_CASE("an empty progress can be shown in every form", "[campaign]") {
    const auto p = progress({}, {}, today);
    CHECK(holds(report::progress_table(p), "no units"));
    CHECK(nlohmann::json::parse(report::progress_json(p)).at("units").empty());
    const auto page = report::progress_page(p, "nothing", made_at);
    check_well_formed(page);
    CHECK(holds(page, "no start is known"));
}

TEST_CASE("the CSV has the total, the units and what is not in the plan, and no number that begins with a minus", "[campaign]") {
    const TempFolder folder;
    const auto path = folder / "progress.csv";
    good(report::write_progress_csv(path, example()));
    const auto lines = lines_of(good(read_text(path)));
    REQUIRE(lines.size() == 6);
    CHECK(lines.at(0) ==
          "\xEF\xBB\xBFrow,province,district,commune,eligible,target,start,deadline,done,left,recent,rate_days,rate,planned,days_ahead,"
          "days_behind,forecast,state\r");
    // 548 of 1100 in 100 days are planned for day 49.8, 50 * 11 = 550 for today; left 552, 140 in 14 days: 55.2 days, so 56: April 17
    CHECK(lines.at(1) == "total,,,,1305,1100,2026-01-01,2026-04-11,548,552,140,14,10.0,550,,0.2,2026-04-17,late\r");
    CHECK(
        lines.at(2) ==
        "unit,\"<script>alert('x')</script> & \"\"A\"\"\",,,1200,1000,2026-01-01,2026-04-11,440,560,140,14,10.0,500,,6.0,2026-04-17,late\r");
    // The hundredth card on 2026-02-01, 69 days before 2026-04-11
    CHECK(lines.at(3) == "unit,Thừa Thiên Huế,,,100,100,2026-01-01,2026-04-11,101,0,0,14,0.0,50,69.0,,2026-02-01,finished\r");
    CHECK(lines.at(4) == "unit,Zero,,,5,0,2026-01-01,2026-04-11,0,0,0,14,0.0,0,,,,finished\r");
    CHECK(lines.at(5) == "not_in_plan,<b>Tỉnh</b>\u202E,,,0,0,,,7,0,0,14,0.0,0,,,,not_in_plan\r");
    CHECK(error_of(report::write_progress_csv(folder / "none" / "progress.csv", example())) == "io.failed");
}

TEST_CASE("the JSON says the same", "[campaign]") {
    const auto j = nlohmann::json::parse(report::progress_json(example()));
    CHECK(j.at("today") == "2026-02-20");
    CHECK(j.at("level") == "province");
    CHECK(j.at("window_days") == 14);
    CHECK(j.at("total").at("done") == 548);
    CHECK_FALSE(j.at("total").contains("province"));
    const auto& unit = j.at("units").at(0);
    CHECK(unit.at("province") == "<script>alert('x')</script> & \"A\"");
    CHECK(unit.at("days_ahead") == -6.0);
    CHECK(unit.at("state") == "late");
    CHECK(j.at("units").at(2).at("days_ahead").is_null());
    CHECK(j.at("not_in_plan").at(0).at("done") == 7);
    CHECK(j.at("series").at(0) == nlohmann::json({{"day", "2026-01-01"}, {"done", 0}, {"planned", 0}}));
    CHECK(j.at("series").back().at("done").is_null());
    CHECK(j.at("notices").at(0).at("id") == "after_today");
    // a name that is no UTF-8 breaks nothing
    CHECK_NOTHROW(nlohmann::json::parse(report::progress_json(progress(thousand(), {cards({"\xFF", "", ""}, today, 1)}, today))));
}

TEST_CASE("the page is one whole file, and nothing in it comes from a name but text", "[campaign]") {
    const auto page = report::progress_page(example(), "Campaign <2026> & \"co\"", made_at);
    CHECK(page.starts_with("<!DOCTYPE html>\n<html lang=\"en\">"));
    CHECK(holds(page, "<title>Campaign &lt;2026&gt; &amp; &quot;co&quot;</title>"));
    CHECK_FALSE(holds(page, "<script"));
    CHECK_FALSE(holds(page, "<b>"));
    CHECK_FALSE(holds(page, "\u202E"));
    CHECK(times(page, "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;A&quot;") == 2);  // a tile and a row
    CHECK(holds(page, "&lt;b&gt;Tỉnh&lt;/b&gt;\\u{202E}"));
    for (const auto* external : {"http:", "https:", "src=", "href=", "@import", "url("}) CHECK_FALSE(holds(page, external));
    check_well_formed(page);
    CHECK(holds(page, "2026-02-20T09:30:00Z"));
    CHECK(holds(page, "prefers-color-scheme: dark"));
    CHECK(holds(page, "@media print"));
}

TEST_CASE("the page says with words and signs what it says with colours", "[campaign]") {
    const auto page = report::progress_page(example(), "t", made_at);
    CHECK(holds(page, "<li class=\"late\"><span class=\"sign\">▲ late</span><span class=\"share\">44 %</span>"));
    CHECK(holds(page, "<span class=\"days\">6 days behind</span>"));
    CHECK(holds(page, "<span class=\"badge finished\">✓ finished: 2</span>"));
    CHECK(holds(page, "6 days after the deadline"));  // 2026-04-17, of 2026-04-11
    CHECK(holds(page, "in 50 days"));
    CHECK(holds(page, "1\u202F100"));
    CHECK(holds(page, "<h2>Notices</h2>"));
    CHECK(holds(page, "Not in the plan"));
}

TEST_CASE("the chart has a title, the plan, the cards, and a forecast only where there is one", "[campaign]") {
    const auto page = report::progress_page(example(), "t", made_at);
    for (const auto* part :
         {"<title id=\"chart-title\">", "<desc id=\"chart-text\">By the end of 2026-02-20, 548 of 1100 cards are issued",
          "<polyline class=\"plan\"", "<polyline class=\"issued\"", "<line class=\"deadline\"", "<line class=\"forecast\""})
        CHECK(holds(page, part));
    CHECK_FALSE(holds(page, "nan"));
    const auto stalled = report::progress_page(progress(thousand(), {}, today), "t", made_at);
    CHECK_FALSE(holds(stalled, "<line class=\"forecast\""));
    CHECK(holds(stalled, "At present no cards are issued"));
    // one day long, and before the start
    for (const auto& now : {today, Date{2026, 1, 1}}) {
        const auto one_day = report::progress_page(progress(plan_of("A,,,9,9,2026-02-20,2026-02-20\n"), {}, now), "t", made_at);
        CHECK_FALSE(holds(one_day, "nan"));
        CHECK_FALSE(holds(one_day, "inf"));
        check_well_formed(one_day);
    }
}

TEST_CASE("of very many units the page shows the worst and says so", "[campaign]") {
    std::string rows;
    for (int i = 0; i < 501; ++i) rows += "P" + std::to_string(i) + ",,,10,10,2026-04-11,2026-01-01\n";
    const auto page = report::progress_page(progress(plan_of(rows), {cards({"P3", "", ""}, today, 10)}, today), "t", made_at);
    CHECK(holds(page, "The 500 that are furthest behind, of 501."));
    CHECK(times(page, "<span class=\"unit\">") == 500);
    CHECK(holds(page, ">✓ finished: 1<"));  // counted all the same
}
