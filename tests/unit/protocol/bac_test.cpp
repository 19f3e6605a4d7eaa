// Basic access control between the two roles; the worked example of Doc 9303-11, appendix D is in test-vectors/bac.
#include "unit/unit.hpp"

#include <idchip/protocol/bac/bac.hpp>

using namespace idchip;
using namespace idchip::test;
using iso7816::CommandApdu;
using iso7816::ResponseApdu;

namespace {

const std::string mrz_a = "L898902C<369080619406236", mrz_b = "L898902C<369080619406237";

bac::AccessKeys keys(std::string_view mrz) { return bac::derive_access_keys(bac::k_seed(mrz).view()); }

// A run up to the chip's answer.
struct Run {
    TestRng rng;
    bac::Terminal terminal;
    Bytes rnd_ic, k_ic;
    CommandApdu command;
    explicit Run(std::string_view terminal_mrz, std::uint64_t seed = 1)
        : rng(seed),
          terminal(bac::Terminal::fresh(keys(terminal_mrz), rng)),
          rnd_ic(rng.bytes(8)),
          k_ic(rng.bytes(16)),
          command(good(terminal.external_authenticate({rnd_ic, 0x9000}))) {}
    Result<bac::ChipAnswer> answer(std::string_view chip_mrz) const {
        return bac::answer_external_authenticate(keys(chip_mrz), rnd_ic, k_ic, command.data);
    }
};

bool same(const Error& a, const Error& b) {
    return a.code == b.code && a.where == b.where && a.detail == b.detail && a.offset == b.offset && a.sw == b.sw;
}

}  // namespace

TEST_CASE("access keys come from the MRZ information as the worked example shows", "[bac]") {
    CHECK(to_hex(bac::k_seed(mrz_a).view()) == "239AB9CB282DAF66231DC5A4DF6BFBAE");
    CHECK(to_hex(keys(mrz_a).k_enc.view()) == "AB94FDECF2674FDFB9B391F85D7F76F2");
    CHECK(to_hex(keys(mrz_a).k_mac.view()) == "7962D9ECE03D1ACD4C76089DCE131543");
}

TEST_CASE("terminal and chip that hold one document's keys agree on a session", "[bac]") {
    Run run(mrz_a);
    CHECK(to_hex(good(run.terminal.get_challenge().encode())) == "0084000008");
    CHECK(to_hex(run.command.header()) == "00820000");
    CHECK(run.command.data.size() == 40);
    CHECK(run.command.le == 40U);
    auto answer = good(run.answer(mrz_a));
    CHECK(answer.data.size() == 40);
    auto session = good(run.terminal.finish({answer.data, 0x9000}));
    CHECK(equal(session.keys.ks_enc.view(), answer.session.keys.ks_enc.view()));
    CHECK(equal(session.keys.ks_mac.view(), answer.session.keys.ks_mac.view()));
    CHECK(equal(session.ssc.value(), answer.session.ssc.value()));
    CHECK(session.keys.cipher == crypto::Cipher::tdes);
    sm::Terminal terminal(std::move(session));
    sm::Chip chip(std::move(answer.session));
    const auto opened = good(chip.open(good(terminal.protect({0x00, 0xB0, 0, 0, {}, 4}))));
    CHECK(opened.ins == 0xB0);
    CHECK(good(terminal.unprotect(good(chip.seal({"60145F01"_hex, 0x9000}, 0xB0)))).data == "60145F01"_hex);
}

TEST_CASE("each run agrees on other keys", "[bac]") {
    Run a(mrz_a, 1);
    Run b(mrz_a, 2);
    const auto x = good(a.answer(mrz_a));
    const auto y = good(b.answer(mrz_a));
    CHECK_FALSE(equal(x.session.keys.ks_enc.view(), y.session.keys.ks_enc.view()));
    CHECK_FALSE(equal(x.session.ssc.value(), y.session.ssc.value()));
    CHECK(a.command.data != b.command.data);
}

TEST_CASE("a chip of another document refuses, and a terminal refuses a chip of another document", "[bac]") {
    Run run(mrz_a);
    CHECK(error_of(run.answer(mrz_b)) == "bac.wrong_key");
    // The other document's chip that answers all the same, to a command made for it.
    Run other(mrz_b);
    const auto foreign = good(other.answer(mrz_b));
    CHECK(error_of(run.terminal.finish({foreign.data, 0x9000})) == "bac.bad_answer");
}

// Chothia and Smirnov, 2010: the answers must not tell a passport apart.
TEST_CASE("a replayed command and a forged one are refused in the same words", "[bac]") {
    const Run run(mrz_a);
    const auto other_nonce = "0102030405060708"_hex;
    const auto replayed = bac::answer_external_authenticate(keys(mrz_a), other_nonce, run.k_ic, run.command.data);
    const auto forged = bac::answer_external_authenticate(keys(mrz_b), run.rnd_ic, run.k_ic, run.command.data);
    REQUIRE_FALSE(replayed);
    REQUIRE_FALSE(forged);
    CHECK(same(replayed.error(), forged.error()));
}

TEST_CASE("every single changed bit of command and answer is refused", "[bac]") {
    Run run(mrz_a);
    auto answer = good(run.answer(mrz_a)).data;
    for (std::size_t bit = 0; bit < 320; ++bit) {
        auto bent = run.command.data;
        bent[bit / 8] = static_cast<Byte>(bent[bit / 8] ^ (1U << bit % 8));
        REQUIRE(error_of(bac::answer_external_authenticate(keys(mrz_a), run.rnd_ic, run.k_ic, bent)) == "bac.wrong_key");
        bent = answer;
        bent[bit / 8] = static_cast<Byte>(bent[bit / 8] ^ (1U << bit % 8));
        REQUIRE(error_of(run.terminal.finish({bent, 0x9000})) == "bac.bad_answer");
    }
    CHECK(error_of(run.terminal.finish({answer, 0x9000})) == "none");
}

TEST_CASE("an answer of an earlier run, or our own command sent back, is not authentic", "[bac]") {
    Run first(mrz_a, 1);
    const auto old_answer = good(first.answer(mrz_a)).data;
    Run second(mrz_a, 2);
    CHECK(error_of(second.terminal.finish({old_answer, 0x9000})) == "bac.bad_answer");
    CHECK(error_of(second.terminal.finish({second.command.data, 0x9000})) == "bac.bad_answer");
    // Right MAC, right nonce of the chip, but another terminal's nonce.
    TestRng rng(9);
    auto third = bac::Terminal::fresh(keys(mrz_a), rng);
    const auto other = good(third.external_authenticate({second.rnd_ic, 0x9000}));
    const auto crossed = good(bac::answer_external_authenticate(keys(mrz_a), second.rnd_ic, second.k_ic, other.data));
    const auto failed = second.terminal.finish({crossed.data, 0x9000});
    REQUIRE(error_of(failed) == "bac.bad_answer");
    CHECK(failed.error().detail == "nonces are not echoed");
}

TEST_CASE("a challenge that is none is reported as what it is", "[bac]") {
    TestRng rng;
    auto terminal = bac::Terminal::fresh(keys(mrz_a), rng);
    const auto refused = terminal.external_authenticate(ResponseApdu::of(0x6982));
    REQUIRE(error_of(refused) == "bac.not_offered");
    CHECK(refused.error().sw == 0x6982);
    for (const std::size_t size : {0U, 7U, 9U, 300U})
        CHECK(error_of(terminal.external_authenticate({Bytes(size), 0x9000})) == "chip.nonsense");
}

TEST_CASE("the chip's refusal is told from a failure of the chip", "[bac]") {
    for (const std::uint16_t sw : std::initializer_list<std::uint16_t>{0x6300, 0x63C2, 0x6982, 0x6A80, 0x6985, 0x6988}) {
        const auto failed = Run(mrz_a).terminal.finish(ResponseApdu::of(sw));
        REQUIRE(error_of(failed) == "bac.wrong_key");
        CHECK(failed.error().sw == sw);
    }
    for (const std::uint16_t sw : std::initializer_list<std::uint16_t>{0x6F00, 0x6D00, 0x6700, 0x6581})
        CHECK(error_of(Run(mrz_a).terminal.finish(ResponseApdu::of(sw))) == "chip.refused");
    for (const std::size_t size : {0U, 39U, 41U}) CHECK(error_of(Run(mrz_a).terminal.finish({Bytes(size), 0x9000})) == "bac.bad_answer");
}

TEST_CASE("a command of the wrong length is refused by the chip role", "[bac]") {
    const Run run(mrz_a);
    for (const std::size_t size : {0U, 32U, 39U, 41U, 255U})
        CHECK(error_of(bac::answer_external_authenticate(keys(mrz_a), run.rnd_ic, run.k_ic, Bytes(size))) == "crypto.bad_input");
}
