// Scripts of wrapped commands: what is read is written the same again, and is executed to an end whatever the card says.
#include "fuzz.hpp"

#include <idchip/personalize/script.hpp>

using namespace idchip;

namespace {

// Says 9000 to everything.
class Yes final : public transport::Transport {
public:
    Result<Bytes> transmit(ByteView) override {
        FUZZ_CHECK(++commands < 10'000);
        return Bytes{0x90, 0x00};
    }
    Result<Bytes> reset() override { return Bytes{0x3B, 0x00}; }
    std::string name() const override { return "yes"; }
    std::size_t commands = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto script = personalize::Script::from_json(as_text({data, size}));
    if (!script) {
        FUZZ_CHECK(script.error().code == Errc::script_bad);
        return 0;
    }
    const auto text = script->to_json();
    const auto again = personalize::Script::from_json(text);
    FUZZ_CHECK(again && again->to_json() == text);
    Yes card;
    const auto outcome = personalize::run_script(card, *script);
    // INITIALIZE UPDATE is never answered by two bytes.
    FUZZ_CHECK(outcome.failure && outcome.condition == personalize::ChipCondition::untouched);
    return 0;
}
