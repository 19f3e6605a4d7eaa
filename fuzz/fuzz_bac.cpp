// Basic access control: first byte odd: the input is the chip's answers; even: the terminal's EXTERNAL AUTHENTICATE.
#include <idchip/protocol/bac/bac.hpp>

#include "dialogue.hpp"

using namespace idchip;

namespace {

bac::AccessKeys keys() { return bac::derive_access_keys(bac::k_seed("L898902C<369080619406236").view()); }

void as_terminal(fuzz::Messages answers) {
    fuzz::RepeatedRng rng;
    auto terminal = bac::Terminal::fresh(keys(), rng);
    const auto command = terminal.external_authenticate(answers.next_answer());
    if (!command) return;
    FUZZ_CHECK(command->data.size() == 40);
    const auto session = terminal.finish(answers.next_answer());
    // A session begins with the chip's and the terminal's nonces, and nothing without them.
    if (session) FUZZ_CHECK(session->ssc.value().size() == 8);
    else FUZZ_CHECK(!session.error().name().empty());
}

void as_chip(ByteView data) {
    const Bytes rnd_ic(8, 0x46), k_ic(16, 0x0B);
    const auto k = keys();
    const auto answer = bac::answer_external_authenticate(k, rnd_ic, k_ic, data);
    if (answer) FUZZ_CHECK(data.size() == 40 && answer->data.size() == 40);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const ByteView rest(data + 1, size - 1);
    if ((data[0] & 1U) != 0) as_terminal(fuzz::Messages(rest));
    else as_chip(rest);
    return 0;
}
