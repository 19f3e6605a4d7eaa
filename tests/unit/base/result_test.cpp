#include "unit/unit.hpp"

#include <set>
#include <sstream>

using namespace idchip;
using namespace idchip::test;

namespace {

// The exit codes that the head of the table explains: numbers at the beginning of a column of its comment.
std::set<int> documented_exit_codes() {
    const auto table = good(read_text(std::filesystem::path(IDCHIP_SOURCE_DIR) / "include/idchip/base/errors.def"));
    std::set<int> codes;
    std::istringstream lines(table);
    for (std::string line; std::getline(lines, line) && line.starts_with("//");) {
        // A number after at least two spaces, and two more behind or one: "//   5  the chip ...   64 usage".
        for (std::size_t at = line.find("  "); at != std::string::npos; at = line.find("  ", at + 1)) {
            const auto from = line.find_first_not_of(' ', at);
            if (from == std::string::npos) break;
            const auto to = line.find_first_not_of("0123456789", from);
            if (to != from && to != std::string::npos && line[to] == ' ') codes.insert(std::stoi(line.substr(from, to - from)));
        }
    }
    return codes;
}

}  // namespace

TEST_CASE("error names are unique, of the form room.what, and lead back to their error", "[base]") {
    std::set<std::string_view> names;
    for (std::size_t i = 0; i < errc_count(); ++i) {
        const auto& entry = info(static_cast<Errc>(i));
        CAPTURE(entry.name);
        CHECK(names.insert(entry.name).second);
        CHECK(entry.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789._") == std::string_view::npos);
        CHECK(std::count(entry.name.begin(), entry.name.end(), '.') == 1);
        CHECK(errc_by_name(entry.name) == static_cast<Errc>(i));
        CHECK_FALSE(entry.cause.empty());
        CHECK_FALSE(entry.remedy.empty());
    }
    CHECK(errc_count() > 50);
    CHECK_FALSE(errc_by_name("no.such"));
    CHECK_FALSE(errc_by_name(""));
}

TEST_CASE("every exit code is one that the head of the table explains", "[base]") {
    const auto documented = documented_exit_codes();
    REQUIRE(documented.size() >= 11);
    for (std::size_t i = 0; i < errc_count(); ++i) {
        const auto& entry = info(static_cast<Errc>(i));
        CAPTURE(entry.name, entry.exit_code);
        CHECK(documented.contains(entry.exit_code));
    }
}

TEST_CASE("an error that leaves the chip in doubt is never to be retried in the same session", "[base]") {
    for (std::size_t i = 0; i < errc_count(); ++i) {
        const auto& entry = info(static_cast<Errc>(i));
        CAPTURE(entry.name);
        if (entry.chip_effect == ChipEffect::unknown) CHECK(entry.retry != Retry::same_session);
    }
    for (const auto code : {Errc::card_lost, Errc::no_answer, Errc::deadline, Errc::reader_failed, Errc::sm_broken})
        CHECK(info(code).chip_effect == ChipEffect::unknown);
}

TEST_CASE("a message is one line: where, cause, detail, offset, status word, remedy", "[base]") {
    const auto cause = std::string(info(Errc::tlv_truncated).cause);
    const auto remedy = std::string(info(Errc::tlv_truncated).remedy);
    CHECK(Error(Errc::tlv_truncated).message() == cause + "; " + remedy);
    CHECK(Error(Errc::tlv_truncated, "EF.SOD").message() == "EF.SOD: " + cause + "; " + remedy);
    CHECK(Error(Errc::tlv_truncated, {}, "3 bytes").message() == cause + " (3 bytes); " + remedy);
    CHECK(Error(Errc::tlv_truncated, "EF.SOD/77", "3 bytes").at(17).with_sw(0x6282).message() ==
          "EF.SOD/77: " + cause + " (3 bytes, at byte 17, SW 6282); " + remedy);
    CHECK(Error(Errc::tlv_truncated).at(0).message() == cause + " (at byte 0); " + remedy);
}

TEST_CASE("an outer place is put in front of an inner one", "[base]") {
    CHECK(Error(Errc::tlv_truncated).inside("DG2").where == "DG2");
    CHECK(Error(Errc::tlv_truncated, "7F61").inside("DG2").inside("chip").where == "chip/DG2/7F61");
}

TEST_CASE("failures carry their error", "[base]") {
    const auto make = [](bool ok) -> Result<int> {
        if (ok) return 5;
        return fail(Errc::bad_field, "x", "y");
    };
    CHECK(make(true).value() == 5);
    REQUIRE_FALSE(make(false));
    CHECK(make(false).error().code == Errc::bad_field);
    CHECK(make(false).error().name() == "input.bad_field");
}
