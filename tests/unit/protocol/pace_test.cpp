// PACE, terminal against chip. The bytes themselves are checked by the worked examples in test-vectors/pace and by OpenPACE.
#include "unit.hpp"

#include <idchip/protocol/pace/pace.hpp>

using namespace idchip;
using namespace idchip::test;
using iso7816::CommandApdu;
using iso7816::ResponseApdu;
using pace::Choice;
using pace::Mapping;
using pace::Password;

namespace {

const crypto::Domain& group(std::int64_t id) {
    static std::map<std::int64_t, crypto::Domain> groups;
    return groups.try_emplace(id, *crypto::Domain::standardized(id)).first->second;
}

// Every suite on every group that its mapping is defined on.
std::vector<Choice> all_choices() {
    std::vector<Choice> all;
    for (const auto& suite : pace::suites())
        for (std::int64_t id = 0; id <= 18; ++id)
            if (crypto::Domain::standardized(id) && pace::defined_on(suite, group(id))) all.push_back({suite, group(id), id, false, false});
    return all;
}

// From MSE:Set AT to the end; `tamper` sees each answer of the chip.
template <class Tamper>
Result<void> dialogue(pace::Terminal& terminal, pace::Chip& chip, const Tamper& tamper) {
    ResponseApdu response = ResponseApdu::of(0x9000);
    for (int step = 0;; ++step) {
        tamper(step, response);
        auto command = terminal.next(response);
        if (!command) return fail(std::move(command.error()));
        if (!*command) return {};
        response = chip.general_authenticate((*command)->data, ((*command)->cla & iso7816::cla_chained) != 0);
    }
}
Result<void> dialogue(pace::Terminal& terminal, pace::Chip& chip) {
    return dialogue(terminal, chip, [](int, ResponseApdu&) {});
}

pace::Chip make_chip(const Choice& choice, const Password& password, Rng& rng, ByteView static_key = {}) {
    return {choice, password, pace::Randoms::fresh(choice, rng), {Secret(static_key), {}}};
}

Choice first_choice(const std::string& protocol = "id-PACE-ECDH-GM-AES-CBC-CMAC-128") {
    return {*pace::Suite::of(*lds::protocol_by_name(protocol)), group(13), 13, false, false};
}

}  // namespace

TEST_CASE("the whole matrix of PACE: every suite, every group it is defined on, MRZ and CAN", "[pace]") {
    TestRng rng(1);
    const auto choices = all_choices();
    // 4 ciphers: generic 3 DH and 11 ECDH groups, integrated the same without P-224; mapping with authentication 3 ciphers, 11 curves.
    CHECK(choices.size() == 4 * (3 + 11) + 4 * (3 + 10) + 3 * 11);
    for (const auto& choice : choices) {
        CAPTURE(choice.suite.name(), choice.domain.text());
        const auto key = good(crypto::KeyPair::generate(choice.domain, rng));
        for (const bool can : {false, true}) {
            const auto password = can ? good(Password::can("271828")) : Password::mrz("L898902C<369080619406236");
            pace::Terminal terminal(choice, password, pace::Randoms::fresh(choice, rng));
            auto chip = make_chip(choice, password, rng, key.private_value.view());
            const auto set_at = good(pace::parse_set_at(terminal.set_at().data));
            CHECK(set_at.protocol == choice.suite.protocol);
            CHECK(set_at.password == (can ? 2 : 1));
            REQUIRE(error_of(dialogue(terminal, chip)) == "none");
            REQUIRE(chip.established());
            auto ours = terminal.take();
            auto& theirs = *chip.established();
            CHECK(to_hex(ours.session.keys.ks_enc.view()) == to_hex(theirs.session.keys.ks_enc.view()));
            CHECK(to_hex(ours.session.keys.ks_mac.view()) == to_hex(theirs.session.keys.ks_mac.view()));
            CHECK(ours.session.keys.cipher == choice.suite.cipher);
            CHECK(to_hex(ours.pk_ic) == to_hex(theirs.pk_ic));
            CHECK(to_hex(ours.pk_ifd) == to_hex(theirs.pk_ifd));
            CHECK(ours.ca_ic.has_value() == (choice.suite.mapping == Mapping::chip_authentication));
            if (ours.ca_ic) {
                CHECK(error_of(pace::verify_chip_authentication(choice.domain, key.public_value, *ours.ca_ic, ours.pk_map_ic)) == "none");
                const auto other = good(crypto::KeyPair::generate(choice.domain, rng));
                CHECK(error_of(pace::verify_chip_authentication(choice.domain, other.public_value, *ours.ca_ic, ours.pk_map_ic)) ==
                      "pace.cam_failed");
            }
            // A first command under the new keys.
            sm::Terminal sender(std::move(ours.session));
            sm::Chip receiver(std::move(theirs.session));
            const CommandApdu select{0x00, 0xA4, 0x04, 0x0C, Bytes(7, 0xA0), {}};
            CHECK(to_hex(good(receiver.open(good(sender.protect(select)))).data) == to_hex(select.data));
        }
    }
}

TEST_CASE("with a wrong password the chip refuses in the last step, in every mapping", "[pace]") {
    TestRng rng(2);
    for (const auto* protocol : {"id-PACE-ECDH-GM-AES-CBC-CMAC-128", "id-PACE-ECDH-IM-3DES-CBC-CBC", "id-PACE-ECDH-CAM-AES-CBC-CMAC-256"}) {
        const auto choice = first_choice(protocol);
        CAPTURE(protocol);
        pace::Terminal terminal(choice, good(Password::can("000001")), pace::Randoms::fresh(choice, rng));
        auto chip = make_chip(choice, good(Password::can("000002")), rng, choice.domain.draw_private(rng).view());
        const auto outcome = dialogue(terminal, chip);
        CHECK(error_of(outcome) == "pace.wrong_password");
        CHECK(outcome.error().where == "GENERAL AUTHENTICATE step 4/CAN");
        CHECK(chip.wrong_password());
        CHECK_FALSE(chip.established());
        // Neither goes on.
        CHECK(error_of(terminal.next(ResponseApdu::of(0x9000))) == "base.internal");
        CHECK(chip.general_authenticate("7C00"_hex, true).sw == 0x6985);
    }
}

TEST_CASE("no single bit of the chip's answers can be changed", "[pace]") {
    TestRng rng(3);
    const auto choice = first_choice();
    const auto password = Password::mrz("L898902C<369080619406236");
    for (int at_step = 1; at_step <= 4; ++at_step) {
        std::size_t size = 1000;
        for (std::size_t at = 0; at < size; at += 3) {
            pace::Terminal terminal(choice, password, pace::Randoms::fresh(choice, rng));
            auto chip = make_chip(choice, password, rng);
            const auto outcome = dialogue(terminal, chip, [&](int step, ResponseApdu& response) {
                if (step != at_step) return;
                size = response.data.size();
                response.data[std::min(at, size - 1)] ^= 0x10;
            });
            CAPTURE(at_step, at);
            // In the first steps the nonce or the keys differ then, and the chip is the one to see it.
            const auto error = error_of(outcome);
            CHECK((error == "pace.bad_answer" || (error == "pace.wrong_password" && at_step < 4)));
        }
    }
}

// Inspection case A17.
TEST_CASE("a mirror that knows no password gets nowhere", "[pace]") {
    TestRng rng(4);
    const auto choice = first_choice();
    pace::Terminal terminal(choice, good(Password::can("123456")), pace::Randoms::fresh(choice, rng));
    auto command = good(terminal.next(ResponseApdu::of(0x9000)));
    command = good(terminal.next({tlv::element(0x7C, tlv::element(0x80, rng.bytes(16))), 0x9000}));
    // 81 becomes 82, the rest comes back.
    auto mirrored = command->data;
    mirrored[2] = 0x82;
    CHECK(error_of(terminal.next({mirrored, 0x9000})) == "pace.bad_answer");
}

TEST_CASE("the retry counter of a PIN is respected", "[pace]") {
    TestRng rng(5);
    const auto choice = first_choice();
    const auto begin = [&](std::uint16_t sw, const Password& password) {
        pace::Terminal terminal(choice, password, pace::Randoms::fresh(choice, rng));
        auto first = terminal.next(ResponseApdu::of(sw));
        return std::pair(error_of(first), terminal.tries_left());
    };
    CHECK(begin(0x63C2, good(Password::pin("123456"))) == std::pair(std::string("none"), std::optional(2U)));
    CHECK(begin(0x63C1, good(Password::pin("123456"))).first == "pace.suspended");
    CHECK(begin(0x63C0, good(Password::pin("123456"))).first == "pace.blocked");
    CHECK(begin(0x63C1, good(Password::puk("123456"))).first == "none");
    CHECK(begin(0x63C2, good(Password::can("123456"))).first == "pace.refused");
    CHECK(error_of(Password::can("")) == "input.bad_field");
    CHECK(error_of(Password::pin("12\n4")) == "input.bad_field");
}
