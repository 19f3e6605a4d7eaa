// A production line as its operators see it.
#include "line_events.hpp"

#include <algorithm>

#include <idchip/base/columns.hpp>
#include <idchip/base/text.hpp>
#include <idchip/report/line_board.hpp>

using namespace idchip;
using namespace idchip::test;
using report::LineBoard;

namespace {

void issue(LineBoard& board, const std::string& reader, int cards, double now) {
    for (int i = 0; i < cards; ++i) board.take(ended(reader, 1000, CardState::issued), now);
}

const std::string& line_with(const Lines& lines, std::string_view part) {
    const auto found = std::find_if(lines.begin(), lines.end(), [part](const auto& l) { return l.find(part) != std::string::npos; });
    if (found == lines.end()) FAIL("no line with " << part);
    return *found;
}
bool has(const Lines& lines, std::string_view part) {
    return std::any_of(lines.begin(), lines.end(), [part](const auto& l) { return l.find(part) != std::string::npos; });
}
std::size_t place_of(const Lines& lines, std::string_view part) { return static_cast<std::size_t>(&line_with(lines, part) - lines.data()); }

LineBoard board_with(int readers) {
    LineBoard board("hanoi-1", 0);
    for (int i = 0; i < readers; ++i) board.take(event(Kind::waiting, "reader " + std::string(1, static_cast<char>('A' + i))), 0);
    return board;
}

}  // namespace

TEST_CASE("line board: a line at work, as it is seen", "[line]") {
    LineBoard board("hanoi-1", 1000);
    board.set_queue(4000, 1000);
    for (const auto* r : {"ACS ACR1281 00 00", "ACS ACR1281 01 00", "Identiv 02"}) board.take(event(Kind::waiting, r), 1000);
    for (int i = 0; i < 4; ++i) board.take(ended("ACS ACR1281 00 00", i + 1, CardState::issued), 1100 + 50 * i);
    board.take(begun("ACS ACR1281 00 00", 9), 1270);
    board.take(stage("ACS ACR1281 00 00", Stage::write, 17, 34), 1290);
    board.take(ended("ACS ACR1281 01 00", 6, CardState::issued), 1280);
    board.take(ended("ACS ACR1281 01 00", 7, CardState::spoiled, Error(Errc::ledger_order, "card")), 1290);
    board.take(event(Kind::remove, "ACS ACR1281 01 00"), 1290);

    const auto lines = board.frame(100, 24, 1300, false);
    const Lines table(lines.begin(), lines.begin() + 5);
    CHECK(table == Lines{
                       "hanoi-1  0:05:00  issued 5  left 995  60/h  ETA 16 h 35 min  spoiled 1  4005 of 5000 in all",
                       "reader             state                   time  issued    /h  yield  last error",
                       "ACS ACR1281 00 00  write      ████░░░░     30 s       4    48  100 %",
                       "ACS ACR1281 01 00  remove: spoiled         41 s       1    12   50 %  ledger.order",
                       "Identiv 02         insert card                        0     0      -",
                   });
    CHECK(lines.at(5).empty());
    CHECK(lines.at(6).starts_with("0:04:50 ACS ACR1281 01 00: job 107, card 7: spoiled, 41.2 s: card: the step does not follow"));
    CHECK(columns(lines.at(6)) == 100);
    CHECK(lines.at(7) == "Ctrl-C: finish the cards in hand; again: stop safely");
    CHECK(lines.size() == 8);
}

TEST_CASE("line board: before anything has happened", "[line]") {
    LineBoard board("hanoi-1", 50);
    const auto lines = board.frame(80, 24, 50, true);
    CHECK(holds(lines.at(0), "hanoi-1  0:00:00  issued 0  left -  0/h  ETA -"));
    CHECK(has(lines, "no reader"));
    board.set_queue(0, 10);
    CHECK(holds(board.frame(80, 24, 60, false).at(0), "left 10  0/h  ETA -  0 of 10 in all"));
    CHECK(board.frame(80, 24, 40, false).at(0).starts_with("hanoi-1  0:00:00"));  // a clock that is behind
}

TEST_CASE("line board: no frame is larger than the screen, whatever the screen and the names", "[line]") {
    LineBoard board("hanoi-1 " + hostile, 0);
    board.set_queue(123456, 9876543);
    const Lines readers = {hostile, "読取機読取機読取機読取機読取機 01", std::string(200, 'x'), "Hue\u0302\u0301 02", "", "A"};
    for (const auto& r : readers) {
        board.take(event(Kind::reader_found, r), 0);
        board.take(begun(r, 1), 1);
        board.take(stage(r, Stage::generate, 1, 3), 1);
        issue(board, r, 123456, 2);
    }
    board.take(ended(readers[1], 5, {}, Error(Errc::ledger_order, hostile, hostile)), 3);
    board.take(event(Kind::reader_stopped, readers[2], hostile), 3);
    board.take(event(Kind::reader_stuck, readers[0], hostile), 3);
    for (const bool stopped : {false, true}) {
        if (stopped) board.take(event(Kind::line_stopped, hostile, hostile), 3);
        for (const std::size_t width : {0U, 1U, 7U, 20U, 35U, 36U, 40U, 47U, 60U, 79U, 80U, 120U, 200U, 500U})
            for (std::size_t height = 0; height < 30; ++height) {
                const auto lines = board.frame(width, height, 3e6, false);
                CHECK(lines.size() <= height);
                for (const auto& l : lines) {
                    CHECK(columns(l) <= width);
                    CHECK(is_printable(l));
                }
                // Colour changes nothing but the colour.
                const auto coloured = board.frame(width, height, 3e6, true);
                REQUIRE(coloured.size() == lines.size());
                for (std::size_t i = 0; i < lines.size(); ++i) {
                    const auto escapes = std::count(coloured[i].begin(), coloured[i].end(), '\033');
                    CHECK((escapes == 0 || escapes == 2));
                    CHECK(holds(coloured[i], lines[i]));
                }
            }
    }
}

TEST_CASE("line board: 40 columns keep what matters most", "[line]") {
    auto board = board_with(2);
    board.set_queue(0, 100);
    board.take(event(Kind::waiting, "ACS ACR1281 1S Dual Reader 00 07"), 0);
    issue(board, "reader A", 1, 30);
    board.take(ended("reader B", 2, CardState::quarantined), 35);
    const auto lines = board.frame(40, 24, 36, false);
    CHECK(lines.at(0) == "issued 1  left 99  100/h  ETA 1 h 0 min");
    CHECK(lines.at(1).starts_with("reader"));
    CHECK(has(lines, "ACS ACR12…er 00 07  insert card"));
    CHECK(has(lines, "quarantined"));
}

TEST_CASE("line board: 200 columns have room for whole names and errors", "[line]") {
    auto board = board_with(1);
    const std::string name = "ACS ACR1281 1S Dual Reader [ACR1281 1S Dual Reader SAM] (20260712-01) 02 00";
    board.take(ended(name, 1, {}, Error(Errc::ledger_order, "x")), 1);
    const auto lines = board.frame(200, 24, 2, false);
    CHECK(has(lines, name));
    CHECK(line_with(lines, name).ends_with("ledger.order"));
}

TEST_CASE("line board: with five lines the header, the readers and the hint stay", "[line]") {
    auto board = board_with(6);
    board.take(event(Kind::reader_gone, "reader E"), 1);
    const auto lines = board.frame(80, 5, 2, false);
    REQUIRE(lines.size() == 5);
    CHECK(lines[0].starts_with("hanoi-1"));
    CHECK(holds(lines[1], "reader E  GONE"));
    CHECK(holds(lines[2], "reader A"));
    CHECK(lines[3] == "… and 4 more");
    CHECK(lines[4].starts_with("Ctrl-C"));
    CHECK(board.frame(80, 1, 2, false).size() == 1);
    CHECK(board.frame(80, 2, 2, false).at(1) == "… and 6 more, of which 1 stand still");
}

TEST_CASE("line board: readers keep their places as long as all of them are seen; else the troubled come first", "[line]") {
    auto board = board_with(12);
    board.take(ended("reader C", 1, CardState::spoiled), 1);
    board.take(event(Kind::reader_stopped, "reader K", "3 of the last 10 cards failed"), 1);
    board.take(event(Kind::reader_stuck, "reader H", "for 90 s"), 1);
    const auto all = board.frame(100, 40, 2, false);
    for (char c = 'A'; c < 'L'; ++c)
        CHECK(place_of(all, std::string("reader ") + c + "  ") + 1 ==
              place_of(all, std::string("reader ") + static_cast<char>(c + 1) + "  "));

    const auto few = board.frame(100, 10, 2, false);
    CHECK(few.size() == 10);
    CHECK(place_of(few, "reader H  STUCK") == 2);
    CHECK(place_of(few, "reader K  STOPPED") == 3);
    CHECK(place_of(few, "reader C  spoiled") == 4);
    CHECK(place_of(few, "reader A") == 5);
    CHECK(place_of(few, "… and 8 more") == 6);
}

TEST_CASE("line board: rates are those of the last ten minutes, and the time left follows from them", "[line]") {
    auto board = board_with(2);
    board.set_queue(0, 1000);
    issue(board, "reader A", 10, 60);
    CHECK(holds(board.frame(80, 24, 120, false).at(0), "issued 10  left 990  300/h  ETA 3 h 18 min"));
    issue(board, "reader B", 40, 1000);
    const auto lines = board.frame(80, 24, 1200, false);  // the first ten do not count any more
    CHECK(holds(lines.at(0), "issued 50  left 950  240/h  ETA 3 h 58 min"));
    CHECK(line_with(lines, "reader A").ends_with("10     0  100 %"));
    CHECK(line_with(lines, "reader B").ends_with("40   240  100 %"));
    CHECK(holds(board.frame(80, 24, 1600, false).at(0), "0/h  ETA -"));
    board.set_queue(50, 20);
    CHECK(holds(board.frame(80, 24, 1200, false).at(0), "ETA 5 min"));
    board.set_queue(50, 0);
    CHECK(holds(board.frame(80, 24, 1200, false).at(0), "ETA 0 min"));
}

TEST_CASE("line board: what the ledger says is counted on, and may be asked again", "[line]") {
    auto board = board_with(1);
    issue(board, "reader A", 3, 1);
    board.set_queue(1003, 500);  // the three are among them
    CHECK(holds(board.frame(100, 9, 2, false).at(0), "issued 3  left 500"));
    CHECK(holds(board.frame(100, 9, 2, false).at(0), "1003 of 1503 in all"));
    issue(board, "reader A", 2, 2);
    board.take(rejected(9), 2);
    CHECK(holds(board.frame(100, 9, 3, false).at(0), "issued 5  left 497"));
    CHECK(holds(board.frame(100, 9, 3, false).at(0), "1005 of 1502 in all"));
    board.set_queue(1100, 300);  // other stations work, too
    CHECK(holds(board.frame(100, 9, 3, false).at(0), "issued 5  left 300"));
    CHECK(holds(board.frame(100, 9, 3, false).at(0), "1100 of 1400 in all"));
}

TEST_CASE("line board: the yield counts cards, not attempts", "[line]") {
    auto board = board_with(2);
    issue(board, "reader A", 2, 1);
    board.take(ended("reader A", 7, {}), 1);
    board.take(ended("reader A", 7, {}), 2);  // tried again
    board.take(ended("reader A", 8, CardState::released), 3);
    board.take(ended("reader A", 0, {}), 3);
    auto lines = board.frame(100, 24, 3, false);
    CHECK(holds(line_with(lines, "reader A  "), "66 %"));
    CHECK(holds(lines.at(0), "open 1"));
    board.take(ended("reader B", 7, CardState::issued), 4);  // finished at another reader
    lines = board.frame(100, 24, 5, false);
    CHECK(holds(line_with(lines, "reader A  "), "100 %"));
    CHECK(holds(line_with(lines, "reader B  "), "100 %"));
    CHECK_FALSE(holds(lines.at(0), "open"));
    board.take(ended("reader B", 9, CardState::quarantined), 6);
    lines = board.frame(100, 24, 6, false);
    CHECK(holds(line_with(lines, "reader B  "), "50 %"));
    CHECK(holds(lines.at(0), "quarantined 1"));
}

TEST_CASE("line board: a reader that stands still stands out by a word, and by colour where there is one", "[line]") {
    auto board = board_with(5);
    board.take(event(Kind::reader_stopped, "reader A", "reader A: 3 of the last 10 cards failed"), 1);
    board.take(event(Kind::reader_stuck, "reader B", "no answer for 90 s"), 1);
    board.take(event(Kind::reader_gone, "reader C"), 1);
    board.take(event(Kind::passed_over, "reader D"), 1);
    const auto plain = board.frame(120, 24, 2, false), coloured = board.frame(120, 24, 2, true);
    CHECK(holds(line_with(plain, "reader A  STOPPED"), "  3 of the last 10 cards failed"));
    CHECK(holds(line_with(plain, "reader B  STUCK"), "no answer for 90 s"));
    CHECK(line_with(coloured, "reader A  ").starts_with("\033[31mreader A"));
    CHECK(line_with(coloured, "reader A  ").ends_with("\033[0m"));
    CHECK(line_with(coloured, "reader B  STUCK").starts_with("\033[31m"));
    CHECK(line_with(coloured, "reader C  GONE").starts_with("\033[33m"));
    CHECK(line_with(coloured, "reader D  remove: wrong card").starts_with("\033[33m"));
    CHECK(line_with(coloured, "reader E  insert card").starts_with("reader E"));
    CHECK_FALSE(has(plain, "\033"));
}

TEST_CASE("line board: what a reader does, from card to card", "[line]") {
    LineBoard board("s", 0);
    const auto row = [&board](double now) { return board.frame(80, 24, now, false).at(2); };
    board.take(event(Kind::reader_found, "R1"), 0);
    CHECK(holds(row(1), "ready"));
    board.take(event(Kind::waiting, "R1"), 1);
    CHECK(holds(row(1), "insert card"));
    board.take(begun("R1", 1), 10);
    CHECK(holds(row(15), "identify"));
    CHECK(holds(row(15), " 5 s"));
    board.take(stage("R1", Stage::prove, 0, 1), 16);
    CHECK(holds(row(17), "prove lock  "));
    CHECK_FALSE(holds(row(17), "░"));
    board.take(stage("R1", Stage::generate, 1, 2), 16);
    CHECK(holds(row(17), "generate k ████░░░░"));
    board.take(event(Kind::reader_stuck, "R1", "for 90 s"), 100);
    CHECK(holds(row(110), "STUCK"));
    CHECK(holds(row(110), "100 s"));
    board.take(stage("R1", Stage::inspect, 0, 1), 120);  // it was slow, not dead
    CHECK(holds(row(121), "inspect"));
    board.take(ended("R1", 1, CardState::issued), 130);
    CHECK(holds(row(140), "issued  "));
    CHECK(holds(row(140), "41 s"));
    board.take(event(Kind::remove, "R1"), 140);
    CHECK(holds(row(140), "remove: issued"));
    board.take(event(Kind::waiting, "R1"), 141);
    CHECK(holds(row(141), "insert card"));
    CHECK_FALSE(holds(row(141), "41 s"));
    board.take(event(Kind::remove, "R1"), 142);
    CHECK(holds(row(142), "remove card"));
    board.take(event(Kind::reader_gone, "R1"), 150);
    board.take(event(Kind::remove, "R1"), 151);  // a late word
    CHECK(holds(row(151), "GONE"));
    board.take(event(Kind::reader_back, "R1"), 152);
    CHECK(holds(row(152), "insert card"));
}

TEST_CASE("line board: a stopped reader stays stopped until somebody begins with it again, and says what lies in it", "[line]") {
    LineBoard board("s", 0);
    const auto row = [&board] { return board.frame(80, 24, 9, false).at(2); };
    board.take(ended("R1", 1, CardState::quarantined), 1);
    board.take(event(Kind::reader_stopped, "R1", "why"), 1);
    for (const auto kind : {Kind::remove, Kind::reader_gone, Kind::reader_back, Kind::reader_stuck}) {
        board.take(event(kind, "R1"), 2);
        CHECK(holds(row(), "STOPPED, quarantined"));
        CHECK(holds(row(), "why"));
    }
    board.take(event(Kind::waiting, "R1"), 3);
    CHECK(holds(row(), "insert card"));
}

TEST_CASE("line board: the last three messages, and none of what goes well", "[line]") {
    auto board = board_with(1);
    board.take(event(Kind::reader_found, "reader A"), 1);
    issue(board, "reader A", 5, 1);
    CHECK_FALSE(has(board.frame(100, 24, 2, false), "0:00:01"));
    for (int i = 1; i <= 4; ++i) board.take(rejected(i), 3600 + i);
    board.take(ended("reader A", 9, {}), 3700);
    const auto lines = board.frame(100, 24, 3700, false);
    CHECK_FALSE(has(lines, "job 2 rejected"));
    CHECK(has(lines, "1:00:03 job 3 rejected: record: the ledger knows this already"));
    CHECK(place_of(lines, "job 3 rejected") + 1 == place_of(lines, "job 4 rejected"));
    CHECK(place_of(lines, "job 4 rejected") + 1 == place_of(lines, "1:01:40 reader A: job 109, card 9: open"));
}

TEST_CASE("line board: a line that stops says so at the top", "[line]") {
    auto board = board_with(2);
    board.take(event(Kind::stopping, "", "asked"), 1);
    CHECK(board.frame(80, 24, 2, true).at(1) == "\033[33mstopping: asked\033[0m");
    board.take(event(Kind::line_stopped, "reader A", "the same answer on two cards in a row"), 2);
    board.take(event(Kind::stopping, "", "asked again"), 3);
    CHECK(board.frame(80, 24, 3, true).at(1) == "\033[31mLINE STOPPED: the same answer on two cards in a row\033[0m");
    CHECK(board.frame(80, 5, 3, false).at(1).starts_with("LINE STOPPED"));
}
