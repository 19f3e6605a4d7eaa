#include "unit/unit.hpp"

#include <idchip/line/breaker.hpp>

using namespace idchip;
using line::Breaker;
using line::Scope;
using personalize::ChipCondition;

namespace {

personalize::Outcome good_card() {
    personalize::Outcome o;
    o.condition = ChipCondition::finished;
    return o;
}

personalize::Outcome bad_card(Errc code, std::optional<std::uint16_t> sw = {}, ChipCondition condition = ChipCondition::half_written) {
    personalize::Outcome o;
    o.condition = condition;
    o.failure = Error(code, "step");
    o.failure->sw = sw;
    return o;
}

}  // namespace

TEST_CASE("an authentication that failed stops the line at once", "[line]") {
    for (const auto code : {Errc::scp_refused, Errc::scp_wrong_key, Errc::cardkey_check_value}) {
        Breaker breaker;
        CHECK(breaker.after("A", good_card()).scope == Scope::none);
        const auto stop = breaker.after("A", bad_card(code));
        CHECK(stop.scope == Scope::line);
        CHECK(stop.why.find(info(code).name) != std::string::npos);
    }
}

TEST_CASE("keys that are not an open card's, and a chip that is not accepted, stop the line, too", "[line]") {
    Breaker breaker;
    CHECK(breaker.after("A", bad_card(Errc::scp_wrong_key, {}, ChipCondition::found_written)).scope == Scope::line);
    CHECK(breaker.after("A", bad_card(Errc::perso_not_accepted, {}, ChipCondition::locked)).scope == Scope::line);
    CHECK(breaker.after("A", bad_card(Errc::perso_already_personalized, {}, ChipCondition::found_written)).scope == Scope::none);
}

TEST_CASE("the same status word on two cards in a row stops the line; another one between them does not", "[line]") {
    Breaker breaker;
    CHECK(breaker.after("A", bad_card(Errc::chip_refused, 0x6A80)).scope == Scope::none);
    CHECK(breaker.after("B", bad_card(Errc::chip_refused, 0x6985)).scope == Scope::none);
    CHECK(breaker.after("C", bad_card(Errc::chip_refused, 0x6A80)).scope == Scope::none);
    CHECK(breaker.after("D", good_card()).scope == Scope::none);
    CHECK(breaker.after("E", bad_card(Errc::chip_refused, 0x6A80)).scope == Scope::none);
    const auto stop = breaker.after("F", bad_card(Errc::chip_refused, 0x6A80));
    CHECK(stop.scope == Scope::line);
    CHECK(stop.why.find("6A80") != std::string::npos);
}

TEST_CASE("three failures among the last ten cards stop a reader, and only it", "[line]") {
    Breaker breaker;
    const auto torn = bad_card(Errc::no_answer);
    for (int n = 0; n < 20; ++n) CHECK(breaker.after("B", good_card()).scope == Scope::none);
    CHECK(breaker.after("A", torn).scope == Scope::none);
    CHECK(breaker.after("A", torn).scope == Scope::none);
    for (int n = 0; n < 8; ++n) CHECK(breaker.after("A", good_card()).scope == Scope::none);
    // The first two are forgotten, one after the other.
    CHECK(breaker.after("A", torn).scope == Scope::none);
    CHECK(breaker.after("A", torn).scope == Scope::none);
    const auto stop = breaker.after("A", torn);
    CHECK(stop.scope == Scope::reader);
    CHECK(stop.why == "A: 3 of the last 10 cards failed");
    CHECK(breaker.after("B", torn).scope == Scope::none);
}

TEST_CASE("somebody's card where a blank should be says nothing of the others", "[line]") {
    Breaker breaker;
    for (int n = 0; n < 12; ++n)
        CHECK(breaker.after("A", bad_card(Errc::perso_locked, {}, ChipCondition::found_locked)).scope == Scope::none);
    for (int n = 0; n < 12; ++n) CHECK(breaker.after("A", bad_card(Errc::ledger_known, {}, ChipCondition::untouched)).scope == Scope::none);
}
