// Family F of docs/inspection-cases.md: terminal authentication and what it opens.
#include "inspect/document_maker.hpp"

#include "catch.hpp"

using namespace idchip;
using namespace idchip::inspect;
using namespace idchip::inspect::maker;
using lds::Ef;

namespace {

constexpr auto id = "terminal.authentication";

TerminalAuthentication run(std::string error = {}, std::uint16_t sw = 0) {
    TerminalAuthentication t;
    t.holder = "UTISTERM00001";
    t.error = std::move(error);
    t.where = t.error.empty() ? "" : "PSO:Verify Certificate of UTDVDOM000001";
    t.sw = sw;
    return t;
}

Evidence with_fingers(TerminalAuthentication run) {
    auto groups = clean_files();
    groups[Ef::dg3] = tlv::element(0x63, tlv::element(0x7F61, tlv::element(0x02, Bytes{0})));
    auto e = evidence_of(sign(groups));
    e.terminal_authentication = std::move(run);
    return e;
}

}  // namespace

TEST_CASE("F01 the terminal is refused, and protected data can be read all the same") {
    check(judged(with_fingers(run("ta.refused", 0x6300))), Overall::refer, Outcome::fail, id, "F01");
    SECTION("neighbour: the terminal is accepted") {
        const auto verdict = judged(with_fingers(run()));
        INFO(listing(verdict));
        CHECK(find(verdict, id, Outcome::pass) != nullptr);
        CHECK(find(verdict, "file.DG3", Outcome::note, "B26") == nullptr);
    }
}

TEST_CASE("F02 the chip does not accept the terminal's certificates") {
    auto e = refused(with_fingers(run("ta.refused", 0x6300)), Ef::dg3, 0x6982);
    const auto verdict = judged(e);
    INFO(listing(verdict));
    CHECK(verdict.overall == Overall::accept_with_notes);
    const auto* finding = find(verdict, id, Outcome::unavailable, "F02");
    REQUIRE(finding != nullptr);
    CHECK(finding->detail.find("UTDVDOM000001") != std::string::npos);  // which certificate
    CHECK(find(verdict, "file.DG3", Outcome::not_applicable, "B27") != nullptr);
}

TEST_CASE("F04 the terminal's own certificates do not hold: role, rights, parameters, dates") {
    auto unsent = run("cvc.refused");
    unsent.holder.clear();
    const auto e = refused(with_fingers(unsent), Ef::dg3, 0x6982);
    CHECK(find(judged(e), id, Outcome::unavailable, "F04") != nullptr);
    CHECK(judged(e).overall == Overall::accept_with_notes);
}

TEST_CASE("F05 the chip trusts a key that no certificate of the terminal leads from") {
    auto e = refused(with_fingers(run("ta.no_chain")), Ef::dg3, 0x6982);
    CHECK(find(judged(e), id, Outcome::unavailable, "F05") != nullptr);
    CHECK(judged(e).overall == Overall::accept_with_notes);
}
