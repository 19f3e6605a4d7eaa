// A reader before a chip that answers whatever the input says. First byte: what the reader knows (nothing, the zone, a CAN too) and may.
// Whatever comes: the reading ends, the verdict is never better than CANNOT, and the evidence can be saved and judged again.
#include <idchip/inspect/judge.hpp>
#include <idchip/inspect/reader.hpp>

#include "dialogue.hpp"

using namespace idchip;

namespace {

class Answers final : public transport::Transport {
public:
    explicit Answers(fuzz::Messages messages) : messages_(messages) {}
    Result<Bytes> transmit(ByteView command) override {
        FUZZ_CHECK(command.size() >= 4 && ++commands_ < 2'000);
        if (messages_.empty()) return fail(Errc::card_lost, name());
        auto answer = messages_.next();
        if (answer.size() < 2) return fail(Errc::no_answer, name());
        return answer;
    }
    Result<Bytes> reset() override {
        if (messages_.empty()) return fail(Errc::no_card, name());
        return messages_.next();
    }
    std::string name() const override { return "fuzz"; }

private:
    fuzz::Messages messages_;
    std::size_t commands_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    inspect::ReadRequest request;
    if ((data[0] & 1U) != 0) request.mrz_information = "L898902C<369080619406236";
    if ((data[0] & 2U) != 0) request.password = fuzz::password();
    request.policy.bac_after_pace = (data[0] & 4U) != 0;
    Answers chip(fuzz::Messages(ByteView(data + 1, size - 1)));
    fuzz::RepeatedRng rng;
    const auto now = start_of({2026, 11, 21});
    const auto evidence = inspect::read_chip(chip, request, rng, now);
    if (!evidence) return 0;
    const auto verdict = inspect::judge(*evidence, {}, now);
    FUZZ_CHECK(verdict.overall >= inspect::Overall::cannot);  // nobody is trusted here
    const auto saved = inspect::evidence_from_json(inspect::to_json(*evidence));
    FUZZ_CHECK(saved);
    FUZZ_CHECK(inspect::judge(*saved, {}, now).overall >= inspect::Overall::cannot);
    return 0;
}
