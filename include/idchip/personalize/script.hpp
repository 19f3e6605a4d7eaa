// All commands of one card wrapped in advance (SCP03 with pseudo-random challenges): the machine at the line holds no key. A card counts its
// channels; the script has a variant for the next few numbers, because a channel that was torn burns one.
#pragma once

#include <idchip/card_keys/card_keys.hpp>
#include <idchip/personalize/run.hpp>

namespace idchip::personalize {

enum class ScriptStage { open, write, lock, proof };

struct ScriptCommand {
    std::string id;
    ScriptStage stage = ScriptStage::write;
    Bytes command;
    Bytes answer;  // the whole protected answer that proves that the card has done it; empty: any with the status word below
    std::uint16_t expect = 0x9000;
    std::map<std::uint16_t, Errc> on_sw = {};  // as the profile has it
};

// One channel.
struct ScriptVariant {
    Bytes counter;  // that the card's answer to INITIALIZE UPDATE states
    Bytes card_challenge, card_cryptogram;
    std::vector<ScriptCommand> commands;  // EXTERNAL AUTHENTICATE first; in the order of their stages
};

struct Script {
    std::string record, profile, profile_hash;
    Bytes select;                    // application that the channel is opened to
    Bytes key_diversification_data;  // of the one card that it is for
    Bytes initialize_update;
    std::vector<ScriptVariant> variants;

    // Holds no key, but personal data under encryption. Errors: script.bad.
    std::string to_json() const;
    static Result<Script> from_json(std::string_view text);
};

struct ScriptRequest {
    Bytes key_diversification_data;  // ten bytes, as the card states it
    std::uint32_t next_counter = 1;  // of the card's next channel
    std::size_t spares = 2;
};
// `job` gets its chip keys and EF.SOD. Errors: profile.bad (no SCP03, random challenges, keys made on the chip, a profile that reads back before
// the lock), cardkey.*, perso.does_not_fit, signer.*.
Result<Script> make_script(const profile::Profile& profile, Job& job, card_keys::Source& keys, const ScriptRequest& request, Rng& rng,
                           Instant now);

struct ScriptOutcome {
    ChipCondition condition = ChipCondition::untouched;
    std::optional<Error> failure;
    std::size_t commands = 0;
    std::string counter;  // hexadecimal, of the channel that was used
};
// At the line. Nothing is sent to another card than the script's. A locked chip is left for `verify`: the line knows no access key.
ScriptOutcome run_script(transport::Transport& transport, const Script& script);

}  // namespace idchip::personalize
