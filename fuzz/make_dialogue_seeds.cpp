// Seeds of the protocols: honest dialogues, with the random numbers that the targets use.
#include <idchip/chip/session.hpp>
#include <idchip/lds/dg15.hpp>
#include <idchip/protocol/active_auth/active_auth.hpp>
#include <idchip/tlv/writer.hpp>

#include "dialogue.hpp"
#include "make_seeds.hpp"

using namespace idchip;

namespace {

constexpr auto zone = "L898902C<369080619406236";

Bytes input(std::size_t first, const std::vector<Bytes>& messages) {
    Bytes b{static_cast<Byte>(first)};
    for (const auto& m : messages) fuzz::Messages::append_message(b, m);
    return b;
}

void bac_seeds() {
    const auto keys = [] { return bac::derive_access_keys(bac::k_seed(zone).view()); };
    const Bytes rnd_ic(8, 0x46), k_ic(16, 0x0B);
    fuzz::RepeatedRng rng;
    auto terminal = bac::Terminal::fresh(keys(), rng);
    const auto challenge = iso7816::ResponseApdu{rnd_ic, 0x9000};
    const auto command = terminal.external_authenticate(challenge).value();
    const auto answer = bac::answer_external_authenticate(keys(), rnd_ic, k_ic, command.data).value();
    seeds::save("bac", "terminal", input(1, {challenge.encode(), iso7816::ResponseApdu{answer.data, 0x9000}.encode()}));
    seeds::save("bac", "refused", input(1, {challenge.encode(), iso7816::ResponseApdu::of(0x6300).encode()}));
    seeds::save("bac", "chip", concat({Bytes{0}, command.data}));
}

void pace_seeds() {
    const auto choices = fuzz::pace_choices();
    for (std::size_t i = 0; i < choices.size(); ++i) {
        const auto& choice = choices[i];
        fuzz::RepeatedRng terminal_rng, chip_rng;
        chip_rng.bytes(7);  // not the terminal's numbers: equal keys are refused
        pace::Terminal terminal(choice, fuzz::password(), pace::Randoms::fresh(choice, terminal_rng));
        pace::Chip::Options options;
        options.chip_authentication_key = fuzz::static_key(choice.domain).private_value.clone();
        pace::Chip chip(choice, fuzz::password(), pace::Randoms::fresh(choice, chip_rng), std::move(options));
        std::vector<Bytes> answers = {{0x90, 0x00}}, commands;
        auto command = terminal.next(iso7816::ResponseApdu::of(0x9000)).value();
        while (command) {
            commands.push_back(command->data);
            const auto answer = chip.general_authenticate(command->data, command->cla != 0);
            answers.push_back(answer.encode());
            command = terminal.next(answer).value();
        }
        seeds::save("pace", choice.suite.name() + "-terminal", input(i << 1U | 1U, answers));
        // The chip of the target draws the terminal's numbers, so the dialogue fits until the keys are agreed on.
        seeds::save("pace", choice.suite.name() + "-chip", input(i << 1U, commands));
    }
}

void chip_auth_seeds() {
    const auto keys = fuzz::chip_keys();
    std::vector<Bytes> commands;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        fuzz::RepeatedRng rng;
        auto terminal = chip_auth::Terminal::fresh(fuzz::choice_of(keys[i]), rng).value();
        chip_auth::Chip chip(keys);
        std::vector<Bytes> answers;
        std::optional<iso7816::CommandApdu> command = terminal.first();
        while (command) {
            const bool kat = command->p1 == 0x41 && command->p2 == 0xA6, at = command->p1 == 0x41 && command->p2 == 0xA4;
            const auto answer = kat  ? chip.set_kat(command->data)
                                : at ? chip.set_at(command->data)
                                     : chip.general_authenticate(command->data, false);
            commands.push_back(concat({Bytes{static_cast<Byte>(kat ? 0 : at ? 1 : 2)}, command->data}));
            answers.push_back(answer.encode());
            command = terminal.next(answer).value();
        }
        seeds::save("chip_auth", "terminal-" + keys[i].suites.front().name(), input(i << 1U | 1U, answers));
    }
    seeds::save("chip_auth", "chip", input(0, commands));
}

void term_auth_seeds() {
    Bytes b;
    for (int i = 0; i < 5; ++i) fuzz::Messages::append_message(b, Bytes{0x90, 0x00});
    fuzz::Messages::append_message(b, iso7816::ResponseApdu{Bytes(8, 7), 0x9000}.encode());
    fuzz::Messages::append_message(b, Bytes{0x90, 0x00});
    seeds::save("term_auth", "accepted", b);
    Bytes refused;
    fuzz::Messages::append_message(refused, Bytes{0x90, 0x00});
    fuzz::Messages::append_message(refused, Bytes{0x63, 0x00});
    seeds::save("term_auth", "refused", refused);
}

void active_auth_seeds() {
    const auto seed = [](const std::string& name, const crypto::PrivateKey& key, active_auth::EcdsaFormat format) {
        const Bytes challenge(8, 0x11);
        const auto signature = active_auth::sign(key, challenge, crypto::HashAlg::sha256, system_rng(), format).value();
        Bytes b;
        fuzz::Messages::append_message(b, lds::Dg15::encode(key.public_key().to_spki(crypto::EcEncoding::explicit_parameters)));
        fuzz::Messages::append_message(b, iso7816::ResponseApdu{signature, 0x9000}.encode());
        seeds::save("active_auth", name, b);
    };
    seed("ecdsa", crypto::PrivateKey::generate_ec(crypto::Curve::p256).value(), active_auth::EcdsaFormat::plain);
    seed("ecdsa-der", crypto::PrivateKey::generate_ec(crypto::Curve::bp256r1).value(), active_auth::EcdsaFormat::der);
    seed("rsa", crypto::PrivateKey::generate_rsa(1024).value(), active_auth::EcdsaFormat::plain);
}

// A chip without access control, short ids, no short ids, and one that asks for BAC.
void read_session_seeds() {
    const auto file = [](Byte tag, Bytes content) { return concat({tlv::element(tag, content), Bytes{0x90, 0x00}}); };
    const Bytes ok = {0x90, 0x00}, no_file = {0x6A, 0x82}, atr = {0x3B, 0x80, 0x01, 0x81};
    const auto com = file(0x60, concat({tlv::element(0x5F01, as_bytes("0107")), tlv::element(0x5F36, as_bytes("040000")),
                                        tlv::element(0x5C, Bytes{0x61, 0x75})}));
    seeds::save("read_session", "open", input(0, {atr, ok, com, no_file, file(0x61, Bytes(90)), file(0x75, Bytes(100))}));
    seeds::save("read_session", "no-short-ids", input(0, {atr, ok, no_file, ok, com, no_file, ok, file(0x61, Bytes(90))}));
    seeds::save("read_session", "bac", input(1, {atr, no_file, no_file, ok, concat({Bytes(8, 1), ok}), concat({Bytes(40, 1), ok})}));
    const auto infos = tlv::element(
        0x31, tlv::element(0x30, concat({tlv::element(0x06, lds::protocol_by_name("id-PACE-ECDH-GM-AES-CBC-CMAC-128")->contents()),
                                         Bytes{0x02, 0x01, 0x02, 0x02, 0x01, 0x0D}})));
    seeds::save("read_session", "pace",
                input(7, {atr, concat({infos, ok}), no_file, ok, concat({tlv::element(0x7C, tlv::element(0x80, Bytes(16, 3))), ok})}));
    seeds::save("read_session", "longer",
                input(0, {atr, ok, com, no_file, concat({Bytes{0x61, 0x81, 0xF0}, Bytes(200), ok}), concat({Bytes(43), ok}),
                          Bytes{0x6C, 0x10}, concat({Bytes(16), Bytes{0x62, 0x82}})}));
}

void emrtd_seeds() {
    const auto tell = [](Byte kind, const char* hex = "") { return concat({Bytes{kind}, seeds::hex(hex)}); };
    const std::vector<Bytes> bac = {tell(3),       tell(4),      tell(7, "00"), tell(7, "01"), tell(1, "0088000008 1122334455667788 00"),
                                    tell(6, "00"), tell(7, "00")};
    seeds::save("emrtd", "bac-ca", input(1, bac));
    seeds::save("emrtd", "pace-gm",
                input(3, {tell(5, "00"), tell(3), tell(7, "00"), tell(6, "01"), tell(1, "0022C1A40F800A04007F000702020402020103830102"),
                          tell(7, "01")}));
    seeds::save("emrtd", "pace-cam",
                input(1, {tell(5, "02"), tell(3), tell(1, "002281B60D830B 5554435643414155543030 31"), tell(1, "00840000 08")}));
    seeds::save("emrtd", "pace-dh",
                input(0, {tell(5, "04"), tell(1, "00A4040C07A0000002471001"), tell(1, "00B08100 00"), tell(1, "00B18300045402000004")}));
    seeds::save("emrtd", "plain",
                input(4, {tell(0, "00A4040C07A0000002471001"), tell(0, "00A4020C020101"), tell(0, "00B0000004"), tell(0, "0084000008"),
                          tell(0, "0022C1A40F800A04007F00070202040202830102"), tell(0, "10860000027C0000")}));
}

}  // namespace

void seeds::dialogues() {
    bac_seeds();
    pace_seeds();
    chip_auth_seeds();
    term_auth_seeds();
    active_auth_seeds();
    read_session_seeds();
    emrtd_seeds();
}
