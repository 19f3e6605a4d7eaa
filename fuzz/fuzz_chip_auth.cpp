// Chip authentication: first byte: the key, and whether the input is the chip's answers or the terminal's commands.
#include "dialogue.hpp"

using namespace idchip;

namespace {

void as_terminal(const chip_auth::ChipKey& key, fuzz::Messages answers) {
    fuzz::RepeatedRng rng;
    auto terminal = chip_auth::Terminal::fresh(fuzz::choice_of(key), rng);
    FUZZ_CHECK(terminal);
    for (int step = 0; step < 6; ++step) {
        const auto command = terminal->next(answers.next_answer());
        if (!command) {
            FUZZ_CHECK(command.error().code == Errc::ca_refused || command.error().code == Errc::ca_bad_answer);
            return;
        }
        if (!*command) return;
        FUZZ_CHECK((*command)->encode());
    }
    FUZZ_CHECK(false);
}

void as_chip(const std::vector<chip_auth::ChipKey>& keys, fuzz::Messages commands) {
    chip_auth::Chip chip(keys);
    while (!commands.empty()) {
        const auto message = commands.next();
        if (message.empty()) continue;
        const auto data = ByteView(message).subspan(1);
        const auto answer = message[0] % 3 == 0   ? chip.set_kat(data)
                            : message[0] % 3 == 1 ? chip.set_at(data)
                                                  : chip.general_authenticate(data, message[0] >= 128);
        FUZZ_CHECK(answer.ok() || answer.data.empty());
        if (auto& agreed = chip.agreed()) {
            FUZZ_CHECK(keys[0].public_key.domain.check(agreed->pk_ifd) || keys[1].public_key.domain.check(agreed->pk_ifd));
            agreed.reset();
        }
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    static const auto keys = fuzz::chip_keys();
    const fuzz::Messages messages(ByteView(data + 1, size - 1));
    if ((data[0] & 1U) != 0) as_terminal(keys[(data[0] >> 1U) % keys.size()], messages);
    else as_chip(keys, messages);
    return 0;
}
