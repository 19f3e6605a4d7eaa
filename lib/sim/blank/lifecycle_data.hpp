// What the fork of the JMRTD applet (LifecycleApplet) takes by PUT DATA, read strictly. No state.
#pragma once

#include <map>

#include <idchip/base/secret.hpp>

namespace idchip::sim::lifecycle {

// 81 p, 82 a, 83 b, 84 G, 85 n, 86 S, one after the other; 87, the cofactor, is not looked at. Empty: no complete key on P-256.
Secret scalar_of(ByteView data);
// Body of a CV certificate with a key of RSA and SHA-1 (BSI TR-03110-3, D.2); a signature behind it is not looked at.
bool is_trust_point(ByteView data);
// 66 L { reference, password }, one after the other, in an object 65 or without it.
struct PaceSecrets {
    std::uint16_t status = 0x9000;  // another: what is wrong
    std::map<Byte, Secret> passwords;
};
PaceSecrets pace_secrets(ByteView data);

}  // namespace idchip::sim::lifecycle
