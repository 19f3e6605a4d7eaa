// Active authentication: the key of DG15 and the answer are the input's.
#include <idchip/lds/dg15.hpp>
#include <idchip/protocol/active_auth/active_auth.hpp>

#include "dialogue.hpp"

using namespace idchip;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Messages messages(ByteView(data, size));
    const auto file = messages.next();
    const auto dg15 = lds::Dg15::parse(file);
    if (!dg15) return 0;
    const auto key = active_auth::Key::from_spki(dg15->public_key);
    if (!key) return 0;
    FUZZ_CHECK(key->signature_size() > 0);
    for (const auto le : active_auth::le_ladder(*key, 16)) FUZZ_CHECK(le > 0 && le <= 65'536);
    const auto answer = messages.next_answer();
    const auto challenge = active_auth::Challenge::recorded(Bytes(8, 0x11)).value();
    const auto proof = active_auth::verify(*key, std::nullopt, challenge, answer);
    if (proof) {
        FUZZ_CHECK(answer.ok() && !proof->algorithm.empty());
        for (const auto& note : proof->notes) FUZZ_CHECK(!note.id.empty());
        // Another challenge is not answered by it.
        const auto other = active_auth::Challenge::recorded(Bytes(8, 0x12)).value();
        FUZZ_CHECK(!active_auth::verify(*key, std::nullopt, other, answer));
    }
    return 0;
}
