// Secure channels of GlobalPlatform in both roles. First byte: protocol and options; second: which end, and when. The rest: the card's answer,
// or what comes to the card. Whoever does not know the keys gets no message accepted.
#include "fuzz.hpp"

#include <idchip/protocol/scp/scp.hpp>

using namespace idchip;
using iso7816::CommandApdu;
using iso7816::ResponseApdu;

namespace {

class Counting final : public Rng {
public:
    void fill(std::span<Byte> out) override {
        for (auto& b : out) b = ++next_;
    }

private:
    Byte next_ = 0;
};

scp::StaticKeys keys() {
    const Bytes key = *from_hex("404142434445464748494A4B4C4D4E4F");
    return {0x30, Secret(ByteView(key)), Secret(ByteView(key)), Secret(ByteView(key))};
}

scp::Parameters parameters(unsigned choice) {
    using scp::Protocol;
    constexpr std::pair<Protocol, std::pair<Byte, Byte>> table[] = {
        {Protocol::scp02, {0x15, 0x01}}, {Protocol::scp02, {0x55, 0x03}}, {Protocol::scp02, {0x75, 0x13}}, {Protocol::scp03, {0x60, 0x33}},
        {Protocol::scp03, {0x70, 0x33}}, {Protocol::scp03, {0x71, 0x33}}, {Protocol::scp03, {0x70, 0x03}}, {Protocol::scp03, {0x70, 0x11}}};
    const auto& [protocol, options] = table[choice & 7U];
    return {protocol, options.first, options.second, protocol == Protocol::scp02 || (choice & 8U) == 0};
}

struct Ends {
    Counting rng;
    scp::Parameters p;
    scp::Terminal terminal;
    scp::Chip chip;
    explicit Ends(const scp::Parameters& parameters)
        : p(parameters),
          terminal(p, rng.bytes(p.challenge_size())),
          chip(p, keys(), Bytes(10, 0x11), Bytes(p.protocol == scp::Protocol::scp02 ? 2 : 3, 0x01), Bytes(8, 0xA0), rng) {}

    scp::Session open() {
        const auto challenge = terminal.read(chip.initialize_update(terminal.initialize_update(0x30)));
        FUZZ_CHECK(challenge);
        const auto authenticate = terminal.external_authenticate(keys(), *challenge);
        FUZZ_CHECK(authenticate);
        auto session = terminal.finish(chip.external_authenticate(*authenticate));
        FUZZ_CHECK(session && chip.authenticated());
        return std::move(*session);
    }
};

void to_terminal_before(Ends& ends, const ResponseApdu& answer) {
    const auto challenge = ends.terminal.read(answer);
    if (!challenge) return;
    FUZZ_CHECK(challenge->key_diversification_data.size() == 10);
    const auto authenticate = ends.terminal.external_authenticate(keys(), *challenge);
    FUZZ_CHECK(!authenticate);  // nobody guesses a cryptogram
    FUZZ_CHECK(authenticate.error().code == Errc::scp_wrong_key);
}

void to_terminal_in_session(Ends& ends, const ResponseApdu& answer) {
    auto session = ends.open();
    FUZZ_CHECK(session.wrap({0x80, 0xE2, 0x88, 0x00, Bytes(20, 0x5A), {}}));
    const auto plain = session.unwrap(answer);
    FUZZ_CHECK(session.alive() == plain.has_value());
    if (!plain) return;
    FUZZ_CHECK(plain->sw == answer.sw);
    const bool protects = (ends.p.level & scp::r_mac) != 0;
    const unsigned class_of_status = plain->sw >> 8U;
    const bool error = plain->sw != 0x9000 && class_of_status != 0x62 && class_of_status != 0x63;
    FUZZ_CHECK(!protects || (error && plain->data.empty()));  // nobody guesses a MAC
}

void to_chip_before(Ends& ends, const CommandApdu& command) {
    static_cast<void>(ends.chip.initialize_update(command));
    FUZZ_CHECK(!ends.chip.authenticated());
}

void to_chip_waiting(Ends& ends, const CommandApdu& command) {
    static_cast<void>(ends.chip.initialize_update(ends.terminal.initialize_update(0x30)));
    FUZZ_CHECK(!ends.chip.external_authenticate(command).ok());
    FUZZ_CHECK(!ends.chip.authenticated());
}

void to_chip_in_session(Ends& ends, const CommandApdu& command) {
    const auto session = ends.open();
    FUZZ_CHECK(!ends.chip.open(command));
    FUZZ_CHECK(!ends.chip.authenticated());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    Ends ends(parameters(data[0]));
    const ByteView rest(data + 2, size - 2);
    if ((data[1] & 1U) == 0) {
        const auto answer = ResponseApdu::parse(rest);
        if (!answer) return 0;
        ((data[1] & 2U) == 0 ? to_terminal_before : to_terminal_in_session)(ends, *answer);
        return 0;
    }
    const auto command = CommandApdu::parse(rest);
    if (!command) return 0;
    const unsigned when = data[1] >> 1U & 3U;
    (when == 0 ? to_chip_before : when == 1 ? to_chip_waiting : to_chip_in_session)(ends, *command);
    return 0;
}
