#include "campaign_maker.hpp"

#include <chrono>

using namespace idchip;
using namespace idchip::test;
using campaign::progress;

namespace {

const Unit a{"A", "", ""};

campaign::Row judged(const campaign::Plan& plan, const std::vector<Issued>& issued, Date day = today, const campaign::Options& o = {}) {
    const auto p = progress(plan, issued, day, o);
    REQUIRE(p.rows.size() == 1);
    return p.rows[0];
}

Date day(int n) { return date_from_days(days_since_epoch(first) + n); }

std::string notice_ids(const campaign::Progress& p) { return ids(p.notices); }

}  // namespace

TEST_CASE("a unit that is late: every figure", "[campaign]") {
    // today = day 50. The rate is over the days 37 to 50: what was issued on day 36 is not in it.
    const auto row = judged(thousand(), {cards(a, day(3), 200), cards(a, day(36), 100), cards(a, day(37), 40), cards(a, today, 100)});
    CHECK(row.eligible == 1200);
    CHECK(row.target == 1000);
    CHECK(row.start == first);
    CHECK(row.deadline == last);
    CHECK(row.done == 440);  // 200 + 100 + 40 + 100
    CHECK(row.left == 560);  // 1000 - 440
    CHECK(row.recent == 140);
    CHECK(row.rate_days == 14);
    CHECK(row.rate == Approx(10));                // 140 / 14
    CHECK(row.planned == 500);                    // 1000 * 50 / 100
    CHECK(row.days_ahead.value() == Approx(-6));  // 440 is planned for day 44, today is day 50
    CHECK(row.forecast == Date{2026, 4, 17});     // day 50 + 560 / 10 = day 106
    CHECK(row.state == State::late);
}

TEST_CASE("a unit that is on time, and the last day that is", "[campaign]") {
    // 510 done, 210 of them in 14 days: 15 a day; 490 / 15 = 32.67, so 33 days; day 83
    const auto row = judged(thousand(), {cards(a, day(0), 300), cards(a, day(40), 210)});
    CHECK(row.days_ahead.value() == Approx(1));
    CHECK(row.forecast == day(83));
    CHECK(row.state == State::on_time);
    // 860 done, left 140; 14 days bring 35: 2.5 a day, 56 days: day 106. With 42, left 133, 3 a day: 44.3, 45 days: day 95.
    CHECK(judged(thousand(), {cards(a, day(0), 825), cards(a, day(40), 35)}).state == State::late);
    CHECK(judged(thousand(), {cards(a, day(0), 825), cards(a, day(40), 42)}).forecast == day(95));
    // 14 in 14 days: 1 a day; left 50: day 100, the deadline itself. Left 51: day 101.
    CHECK(judged(thousand(), {cards(a, day(0), 936), cards(a, day(40), 14)}).state == State::on_time);
    CHECK(judged(thousand(), {cards(a, day(0), 935), cards(a, day(40), 14)}).state == State::late);
}

TEST_CASE("the days of the rate are fewer while the campaign is young", "[campaign]") {
    // Day 4 is the fifth day. What was issued before the start is done, but tells nothing of the rate.
    const auto row = judged(thousand(), {cards(a, day(-2), 30), cards(a, day(0), 20), cards(a, day(4), 5)}, day(4));
    CHECK(row.done == 55);
    CHECK(row.recent == 25);
    CHECK(row.rate_days == 5);
    CHECK(row.rate == Approx(5));
    CHECK(judged(thousand(), {cards(a, day(0), 20)}, day(0)).rate_days == 1);
    CHECK(judged(thousand(), {cards(a, today, 20)}, today, {Level::province, 7}).rate == Approx(20.0 / 7));
    CHECK(judged(thousand(), {cards(a, today, 20)}, today, {Level::province, 0}).rate_days == 1);
    CHECK(judged(thousand(), {cards(a, today, 20)}, today, {Level::province, 2'000'000'000}).rate_days == 51);
}

TEST_CASE("stalled, overdue, not started", "[campaign]") {
    const auto stalled = judged(thousand(), {cards(a, day(36), 700)});
    CHECK(stalled.state == State::stalled);
    CHECK(stalled.days_ahead.value() == Approx(20));  // far ahead, and still nothing will finish it
    CHECK_FALSE(stalled.forecast);
    // The deadline is the last day that is in time.
    const std::vector<Issued> most = {cards(a, day(99), 990)};
    CHECK(judged(thousand(), most, day(100)).state == State::late);
    const auto overdue = judged(thousand(), most, day(101));
    CHECK(overdue.state == State::overdue);
    CHECK(overdue.planned == 1000);
    CHECK(overdue.days_ahead.value() == Approx(-2));                                       // 990 is planned for day 99
    CHECK(overdue.forecast == day(102));                                                   // 990 / 14 = 70.7 a day, 10 are left
    CHECK(judged(thousand(), {cards(a, day(1), 990)}, day(101)).state == State::overdue);  // and stalled

    const auto early = judged(thousand(), {cards(a, day(-3), 10)}, day(-1));
    CHECK(early.state == State::not_started);
    CHECK(early.done == 10);
    CHECK(early.planned == 0);
    CHECK_FALSE(early.days_ahead);
    CHECK(judged(thousand(), {}, day(0)).state == State::stalled);
}

TEST_CASE("a finished unit stays as far ahead as it was on the day of its last card", "[campaign]") {
    // The thousandth card on day 30, 70 days before the deadline; what follows changes nothing.
    const std::vector<Issued> issued = {cards(a, day(41), 200), cards(a, day(30), 700), cards(a, day(10), 400)};
    for (const auto& now : {today, day(100), day(500)}) {
        const auto row = judged(thousand(), issued, now);
        CHECK(row.state == State::finished);
        CHECK(row.done == 1300);
        CHECK(row.left == 0);
        CHECK(row.forecast == day(30));
        CHECK(row.days_ahead.value() == Approx(70));
    }
    const auto after_deadline = judged(thousand(), {cards(a, day(110), 1000)}, day(120));
    CHECK(after_deadline.state == State::finished);
    CHECK(after_deadline.days_ahead.value() == Approx(-10));
    CHECK(judged(thousand(), {cards(a, day(-5), 1000)}, day(-2)).state == State::finished);  // before it started
}

TEST_CASE("a target of zero is finished, and no days can be told", "[campaign]") {
    const auto row = judged(plan_of("A,,,50,0,2026-04-11,2026-01-01\n"), {cards(a, today, 3)});
    CHECK(row.state == State::finished);
    CHECK(row.left == 0);
    CHECK(row.planned == 0);
    CHECK_FALSE(row.days_ahead);
    CHECK_FALSE(row.forecast);
}

TEST_CASE("without a stated start the campaign's counts: the option, else the first card anywhere", "[campaign]") {
    const auto plan = plan_of("A,,,1200,1000,2026-04-11,\nB,,,10,10,2026-04-11,2026-02-01\nC,,,10,10,2026-01-05,\n");
    const Unit b{"B", "", ""}, c{"C", "", ""};
    const std::vector<Issued> issued = {cards(b, day(40), 1), cards(b, day(10), 1), cards(b, day(70), 1)};
    auto p = progress(plan, issued, today);
    CHECK(row_of(p.rows, a).start == day(10));
    CHECK(row_of(p.rows, b).start == Date{2026, 2, 1});
    CHECK(row_of(p.rows, c).start == Date{2026, 1, 5});  // no later than its deadline
    CHECK(p.total.start == Date{2026, 1, 5});
    p = progress(plan, issued, today, {Level::province, 14, day(2)});
    CHECK(row_of(p.rows, a).start == day(2));

    p = progress(plan_of("A,,,1200,1000,2026-04-11,\n"), {}, today);
    CHECK_FALSE(p.total.start);
    CHECK(p.total.state == State::not_started);
    CHECK(p.total.planned == 0);
    CHECK(p.series.empty());
}

TEST_CASE("a plan of one day is a step", "[campaign]") {
    const auto plan = plan_of("A,,,10,10,2026-02-20,2026-02-20\n");
    CHECK(judged(plan, {}, day(49)).planned == 0);
    const auto row = judged(plan, {cards(a, today, 5)});
    CHECK(row.planned == 10);
    CHECK(row.days_ahead.value() == Approx(0));
    CHECK(row.forecast == day(51));
    CHECK(row.state == State::late);
}

TEST_CASE("cards of days to come are told of and not counted", "[campaign]") {
    const auto p = progress(thousand(), {cards(a, day(51), 7), cards(a, day(90), 5), cards(a, today, 1)}, today);
    CHECK(p.total.done == 1);
    REQUIRE(notice_ids(p) == "after_today");
    CHECK(p.notices[0].own == 12);
    CHECK(p.notices[0].text.find("12 cards are dated after 2026-02-20, up to 2026-04-01") == 0);
}

TEST_CASE("levels: a unit's own row, else the sum of the rows below with the earliest start and the latest deadline", "[campaign]") {
    const auto plan = plan_of(
        "A,,,500,400,2026-06-30,2026-01-01\n"   // own row: says 400 where its districts say 300 + 50
        "A,D,,310,300,2026-07-31,2026-01-01\n"  // own row: its communes say the same
        "A,D,C1,200,200,2026-05-31,2026-02-01\n"
        "A,D,C2,110,100,2026-04-30,2026-01-15\n"
        "A,E,C3,190,50,2026-06-30,2026-03-01\n"  // the district E has no row
        "B,,K1,30,20,2026-05-01,2026-01-10\n"    // two levels, no district
        "B,,K2,40,30,2026-04-01,2026-02-10\n");
    const std::vector<Issued> issued = {cards({"A", "D", "C1"}, day(40), 10), cards({"A", "E", "C3"}, day(41), 5),
                                        cards({"B", "", "K1"}, day(42), 2), cards({"A", "D", "C1"}, day(45), 1)};
    const auto provinces = progress(plan, issued, today);
    REQUIRE(provinces.rows.size() == 2);
    const auto& province_a = row_of(provinces.rows, a);
    CHECK(province_a.target == 400);
    CHECK(province_a.eligible == 500);
    CHECK(province_a.deadline == Date{2026, 6, 30});
    CHECK(province_a.done == 16);
    const auto& province_b = row_of(provinces.rows, {"B", "", ""});
    CHECK(province_b.target == 50);
    CHECK(province_b.eligible == 70);
    CHECK(province_b.start == Date{2026, 1, 10});
    CHECK(province_b.deadline == Date{2026, 5, 1});
    CHECK(provinces.total.target == 450);
    CHECK(provinces.total.done == 18);
    CHECK(provinces.total.start == first);
    CHECK(provinces.total.deadline == Date{2026, 6, 30});

    // A: 400, below 300 + 50. Its deadline is before that of D. What is eligible agrees: 310 + 190.
    REQUIRE(notice_ids(provinces) == "target_differs deadline_before_rows");
    CHECK(provinces.notices[0].unit == a);
    CHECK(provinces.notices[0].own == 400);
    CHECK(provinces.notices[0].below == 350);

    const auto districts = progress(plan, issued, today, {Level::district});
    REQUIRE(districts.rows.size() == 4);
    CHECK(row_of(districts.rows, {"A", "D", ""}).target == 300);
    CHECK(row_of(districts.rows, {"A", "D", ""}).deadline == Date{2026, 7, 31});
    CHECK(row_of(districts.rows, {"A", "E", ""}).target == 50);
    CHECK(row_of(districts.rows, {"B", "", "K1"}).done == 2);  // B has no districts: its communes stand in
    CHECK(districts.total.target == 450);

    const auto communes = progress(plan, issued, today, {Level::commune});
    REQUIRE(communes.rows.size() == 5);
    CHECK(row_of(communes.rows, {"A", "D", "C1"}).done == 11);
    CHECK(communes.total.done == 18);
    CHECK(communes.outside.empty());
}

TEST_CASE("where the plan goes less deep than the level, the unit that is there stands in", "[campaign]") {
    const auto p = progress(thousand(), {cards({"A", "D", "C"}, today, 5), cards({"A", "", "K"}, today, 2)}, today, {Level::commune});
    REQUIRE(p.rows.size() == 1);
    CHECK(p.rows[0].unit == a);
    CHECK(p.rows[0].done == 7);
    CHECK(p.outside.empty());
}

TEST_CASE("no card is lost: what the plan does not speak of is listed, and in the total", "[campaign]") {
    const auto plan = plan_of("A,D,C1,10,10,2026-04-11,2026-01-01\nA,D,C2,10,10,2026-04-11,2026-01-01\n");
    const std::vector<Issued> issued = {cards({"A", "D", "C1"}, today, 1),    cards({"A", "D", "C9"}, today, 20),
                                        cards({"A", "D", ""}, today, 300),    cards({"A", "", "C1"}, today, 4000),
                                        cards({"Z", "Y", "X"}, today, 50000), cards({}, today, 600000),
                                        cards({"A", "X", "C1"}, today, 0)};  // nothing is not a card
    const auto communes = progress(plan, issued, today, {Level::commune});
    CHECK(communes.rows.size() == 2);
    REQUIRE(communes.outside.size() == 5);
    CHECK(communes.outside[0].unit == Unit{});  // most cards first
    CHECK(row_of(communes.outside, {"A", "D", "C9"}).done == 20);
    CHECK(row_of(communes.outside, {"A", "D", ""}).done == 300);  // cards that name no commune, not the whole district
    CHECK(row_of(communes.outside, {"A", "", "C1"}).done == 4000);
    for (const auto& row : communes.outside) {
        CHECK(row.state == State::not_in_plan);
        CHECK(row.target == 0);
        CHECK_FALSE(row.deadline);
    }
    CHECK(communes.total.done == 654321);

    const auto districts = progress(plan, issued, today, {Level::district});
    CHECK(row_of(districts.rows, {"A", "D", ""}).done == 321);
    CHECK(districts.outside.size() == 3);
    const auto provinces = progress(plan, issued, today);
    CHECK(row_of(provinces.rows, a).done == 4321);
    CHECK(row_of(provinces.outside, {"Z", "", ""}).done == 50000);

    // Two rows with a name in other letters are two units; composed form and spaces make no difference.
    CHECK(progress(plan, {cards({" A ", "D", "C1"}, today, 1), cards({"a", "D", "C1"}, today, 1)}, today).rows.at(0).done == 1);
}

TEST_CASE("cards above one unit's target hide what others have left, and the reader is told", "[campaign]") {
    const auto plan = plan_of("A,,,100,100,2026-04-11,2026-01-01\nB,,,100,100,2026-04-11,2026-01-01\n");
    const auto p = progress(plan, {cards(a, today, 150), cards({"B", "", ""}, today, 20)}, today);
    CHECK(p.total.left == 30);  // 200 - 170
    REQUIRE(notice_ids(p) == "above_target");
    CHECK(p.notices[0].own == 50);
    CHECK(p.notices[0].below == 80);
    CHECK(notice_ids(progress(plan, {cards(a, today, 150), cards({"B", "", ""}, today, 100)}, today)).empty());
}

TEST_CASE("the furthest behind come first, the finished last", "[campaign]") {
    const auto plan = plan_of(
        "late,,,100,100,2026-04-11,2026-01-01\nfinished,,,100,100,2026-02-01,2026-01-01\nfar,,,100,100,2026-04-11,2026-01-01\n"
        "waiting,,,100,100,2026-04-11,2026-03-01\nahead,,,100,100,2026-04-11,2026-01-01\n");
    const auto p = progress(plan,
                            {cards({"late", "", ""}, today, 40), cards({"finished", "", ""}, today, 100), cards({"far", "", ""}, today, 5),
                             cards({"ahead", "", ""}, today, 70)},
                            today);
    std::string order;
    for (const auto& row : p.rows) order += row.unit.province + " ";
    CHECK(order == "far late ahead waiting finished ");
}

TEST_CASE("nothing planned, nothing issued", "[campaign]") {
    const auto p = progress({}, {}, today);
    CHECK(p.rows.empty());
    CHECK(p.outside.empty());
    CHECK(p.total.state == State::not_in_plan);
    CHECK(progress({}, {cards(a, today, 3)}, today).total.done == 3);
}

TEST_CASE("where no unit above has a row of its own, the rows of every level add up to the total", "[campaign]") {
    TestRng rng(7);
    for (int round = 0; round < 30; ++round) {
        campaign::Plan plan;
        std::vector<Issued> issued;
        for (std::size_t i = 0; i < 60; ++i) {
            const Unit unit{"P" + std::to_string(i % 4), i % 3 == 0 ? "" : "D" + std::to_string(i % 5), "C" + std::to_string(i)};
            const auto target = rng.below(1000);
            const auto start = static_cast<int>(rng.below(80));
            if (rng.below(8) > 0)
                plan.rows.push_back(
                    {unit, {target + rng.below(100), target, day(start + static_cast<int>(rng.below(100))), day(start)}, i});
            for (auto n = rng.below(6); n > 0; --n) issued.push_back(cards(unit, day(static_cast<int>(rng.below(80))), rng.below(300)));
        }
        const auto whole = progress(plan, issued, today).total;
        for (const auto level : {Level::province, Level::district, Level::commune}) {
            const auto p = progress(plan, issued, today, {level});
            CHECK(sum_of(p.rows, &campaign::Row::eligible) == p.total.eligible);
            CHECK(sum_of(p.rows, &campaign::Row::target) == p.total.target);
            CHECK(sum_of(p.rows, &campaign::Row::done) + sum_of(p.outside, &campaign::Row::done) == p.total.done);
            CHECK(p.total.done == whole.done);
            CHECK(p.total.forecast == whole.forecast);
            for (const auto& row : p.rows) {
                CHECK(row.left + std::min(row.done, row.target) == row.target);
                CHECK(row.planned <= row.target);
                CHECK((row.state == State::finished) == (row.left == 0));
                if (row.state == State::on_time) CHECK(*row.forecast <= *row.deadline);
                // Ahead, and never behind, when more is done than the line has.
                if (row.left == 0 || !row.days_ahead) continue;
                const auto length = days_since_epoch(*row.deadline) - days_since_epoch(*row.start);
                const auto gone = days_since_epoch(today) - days_since_epoch(*row.start);
                const auto done = static_cast<std::int64_t>(row.done), target = static_cast<std::int64_t>(row.target);
                if (done * length > target * gone) CHECK(*row.days_ahead > 0);
                if (done * length < target * gone) CHECK(*row.days_ahead < 0);
            }
        }
    }
}

TEST_CASE("the series runs from the start to the last day that matters", "[campaign]") {
    const auto p = progress(thousand(), {cards(a, day(-1), 40), cards(a, day(10), 60), cards(a, day(45), 140)}, today);
    // 240 done, 10 a day: 760 left, 76 days: day 126. One point a day.
    CHECK(p.total.forecast == day(126));
    REQUIRE(p.series.size() == 127);
    CHECK(p.series.front().day == first);
    CHECK(p.series.front().done == 40U);
    CHECK(p.series.at(9).done == 40U);
    CHECK(p.series.at(10).done == 100U);
    CHECK(p.series.at(25).planned == 250);
    CHECK(p.series.at(50).done == 240U);
    CHECK_FALSE(p.series.at(51).done);
    CHECK(p.series.at(100).planned == 1000);
    CHECK(p.series.at(126).planned == 1000);
    // One card in two weeks would take 38 years: cut off at twice the 100 days from start to deadline.
    const auto slow = progress(thousand(), {cards(a, day(45), 1)}, today);
    CHECK(slow.total.forecast == date_from_days(days_since_epoch(today) + 999 * 14));
    CHECK(slow.series.back().day == day(200));
    // 20 years: spaced, with today and the deadline exactly
    const auto years = progress(plan_of("A,,,1000,1000,2045-12-31,2026-01-01\n"), {cards(a, today, 1)}, today);
    CHECK(years.series.size() <= 405);
    const auto has = [&](Date d) {
        return std::any_of(years.series.begin(), years.series.end(), [&](const auto& point) { return point.day == d; });
    };
    CHECK(has(today));
    CHECK(has({2045, 12, 31}));
    CHECK(progress(thousand(), {}, day(-5)).series.front().day == first);
}

TEST_CASE("a forecast beyond all calendars is the last day of 9999", "[campaign]") {
    const auto row = judged(plan_of("A,,,10000000000,10000000000,2026-04-11,2026-01-01\n"), {cards(a, today, 1)});
    CHECK(row.forecast == Date{9999, 12, 31});
    CHECK(row.state == State::late);
}

TEST_CASE("eleven thousand communes and two hundred days take a moment", "[campaign]") {
    campaign::Plan plan;
    std::vector<Issued> issued;
    issued.reserve(11'000 * 200);
    for (int c = 0; c < 11'000; ++c) {
        const Unit unit{"Tỉnh Mẫu " + std::to_string(c % 63), "Huyện Mẫu " + std::to_string(c % 700), "Xã Mẫu " + std::to_string(c)};
        plan.rows.push_back({unit, {9'000, 8'000, last, first}, 0});
        for (int d = 0; d < 200; ++d) issued.push_back(cards(unit, day(d), 30));
    }
    const auto begin = std::chrono::steady_clock::now();
    const auto p = progress(plan, issued, day(199), {Level::commune});
    const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    INFO(seconds << " s");
    CHECK(seconds < 10);  // about 0.5 s; the limit leaves room for sanitizers
    CHECK(p.rows.size() == 11'000);
    CHECK(p.total.done == 66'000'000);
}
