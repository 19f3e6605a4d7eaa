#include <idchip/protocol/scp/scp.hpp>

#include <fmt/format.h>

namespace idchip::scp {
namespace {

Failure bad(std::string why) { return fail(Errc::profile_bad, "channel", std::move(why)); }

// GPC 2.3.1, table E-1. Left out: one base key, C-MAC on the unmodified command, implicit initiation with its ICV over the AID.
bool known_i02(Byte i) {
    constexpr Byte needed = i02::three_keys | i02::explicit_initiation;
    constexpr Byte optional = i02::icv_encryption | i02::r_mac_support | i02::pseudo_random;
    return (i & needed) == needed && (i & ~(needed | optional)) == 0;
}

// Amendment D, table 5-1. R-ENCRYPTION comes with R-MAC.
bool known_i03(Byte i) {
    constexpr Byte optional = i03::s16 | i03::pseudo_random | i03::r_mac_support | i03::r_encryption_support;
    return (i & ~optional) == 0 && ((i & i03::r_encryption_support) == 0 || (i & i03::r_mac_support) != 0);
}

// GPC 2.3.1, table E-11; Amendment D, table 7-6.
bool known_level(Protocol protocol, Byte level) {
    return level == 0x01 || level == 0x03 || level == 0x11 || level == 0x13 || (protocol == Protocol::scp03 && level == 0x33);
}

}  // namespace

Result<void> check(const Parameters& p) {
    const bool scp03 = p.protocol == Protocol::scp03;
    if (!(scp03 ? known_i03(p.i) : known_i02(p.i))) return bad(fmt::format("SCP0{} with i {:02X} is not supported", scp03 ? 3 : 2, p.i));
    if (!known_level(p.protocol, p.level)) return bad(fmt::format("SCP0{} has no level {:02X}", scp03 ? 3 : 2, p.level));
    const bool r_mac_support = (p.i & (scp03 ? i03::r_mac_support : i02::r_mac_support)) != 0;
    if ((p.level & r_mac) != 0 && !r_mac_support) return bad(fmt::format("level {:02X}, but i {:02X} has no R-MAC", p.level, p.i));
    if ((p.level & r_encryption) != 0 && (p.i & i03::r_encryption_support) == 0)
        return bad(fmt::format("level {:02X}, but i {:02X} has no R-ENCRYPTION", p.level, p.i));
    if (!p.count_empty && !scp03) return bad("SCP02 has no encryption counter");
    return {};
}

}  // namespace idchip::scp
