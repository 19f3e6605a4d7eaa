// Session keys, challenges and cryptograms of both protocols.
#pragma once

#include <idchip/protocol/scp/scp.hpp>

namespace idchip::scp {

// Data derivation of Amendment D, 4.1.5: SP 800-108 in counter mode with CMAC. `bits`: a multiple of 8.
Result<Secret> derive(ByteView key, Byte constant, ByteView context, std::size_t bits);

struct Challenges {
    ByteView host, sequence_counter, card;
};

struct SessionKeys {
    Secret enc, mac, rmac;
    Secret dek;  // SCP02: of the session; SCP03: the static one
};
// Errors: crypto.bad_key.
Result<SessionKeys> session_keys(Protocol protocol, const StaticKeys& keys, const Challenges& challenges);

struct Cryptograms {
    Bytes card, host;
};
Result<Cryptograms> cryptograms(const Parameters& parameters, const SessionKeys& keys, const Challenges& challenges);

bool pseudo_random(const Parameters& parameters);
std::size_t counter_size(Protocol protocol);
std::size_t card_challenge_size(const Parameters& parameters);
// What a card with pseudo-random challenges answers. Errors: crypto.bad_key.
Result<Bytes> known_card_challenge(const Parameters& parameters, const StaticKeys& keys, ByteView sequence_counter, ByteView aid);

}  // namespace idchip::scp
