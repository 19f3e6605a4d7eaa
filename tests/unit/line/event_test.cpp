#include "unit.hpp"

#include <set>

#include <idchip/line/event.hpp>

using namespace idchip;

TEST_CASE("every kind of event has its own name", "[line]") {
    std::set<std::string_view> names;
    constexpr auto last = static_cast<int>(line::Event::Kind::stopping);
    for (int kind = 0; kind <= last; ++kind) names.insert(name(static_cast<line::Event::Kind>(kind)));
    CHECK(names.size() == last + 1);
    CHECK_FALSE(names.contains(""));
    CHECK(name(line::Event::Kind::reader_found) == "reader_found");
    CHECK(name(line::Event::Kind::passed_over) == "passed_over");
}
