// PACE: first byte: the way it is run, and whether the input is the chip's answers or the terminal's commands.
#include "dialogue.hpp"

using namespace idchip;

namespace {

void as_terminal(const pace::Choice& choice, fuzz::Messages answers) {
    fuzz::RepeatedRng rng;
    pace::Terminal terminal(choice, fuzz::password(), pace::Randoms::fresh(choice, rng));
    for (int step = 0; step < 8; ++step) {
        const auto command = terminal.next(answers.next_answer());
        if (!command) {
            FUZZ_CHECK(!command.error().name().empty());
            return;
        }
        if (!*command) {
            FUZZ_CHECK(step == 4);
            const auto e = terminal.take();
            // Both keys are elements of the group, and not the same.
            FUZZ_CHECK(choice.domain.check(e.pk_ic) && choice.domain.check(e.pk_ifd) && e.pk_ic != e.pk_ifd);
            return;
        }
        FUZZ_CHECK((*command)->encode());
    }
    FUZZ_CHECK(false);
}

void as_chip(const pace::Choice& choice, fuzz::Messages commands) {
    fuzz::RepeatedRng rng;
    pace::Chip::Options options;
    options.chip_authentication_key = fuzz::static_key(choice.domain).private_value.clone();
    options.certification_authority_references = {"UTCVCAUT001"};
    pace::Chip chip(choice, fuzz::password(), pace::Randoms::fresh(choice, rng), std::move(options));
    bool ended = false;
    for (int step = 0; step < 8 && !commands.empty(); ++step) {
        const auto command = commands.next();
        const auto answer = chip.general_authenticate(command, step != 3);
        FUZZ_CHECK(!ended || !answer.ok());  // a run that has failed is over
        ended |= !answer.ok();
        FUZZ_CHECK(answer.ok() || answer.data.empty());
        FUZZ_CHECK(!chip.established() || step == 3);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    static const auto choices = fuzz::pace_choices();
    const auto& choice = choices[(data[0] >> 1U) % choices.size()];
    const fuzz::Messages messages(ByteView(data + 1, size - 1));
    if ((data[0] & 1U) != 0) as_terminal(choice, messages);
    else as_chip(choice, messages);
    static_cast<void>(pace::parse_set_at(ByteView(data + 1, size - 1)));
    return 0;
}
