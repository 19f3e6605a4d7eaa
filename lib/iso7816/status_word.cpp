#include <idchip/iso7816/status_word.hpp>

#include <string_view>

#include <fmt/format.h>

namespace idchip::iso7816::sw {
namespace {

std::string_view name(std::uint16_t sw) {
    switch (sw) {
        case 0x9000: return "ok";
        case 0x6281: return "part of the data may be corrupted";
        case 0x6282: return "end of file reached";
        case 0x6283: return "file deactivated";
        case 0x6300: return "authentication failed";
        case 0x6581: return "memory failure";
        case 0x6700: return "wrong length";
        case 0x6881: return "logical channel not supported";
        case 0x6882: return "secure messaging not supported";
        case 0x6982: return "security status not satisfied";
        case 0x6983: return "authentication method blocked";
        case 0x6984: return "reference data not usable";
        case 0x6985: return "conditions of use not satisfied";
        case 0x6986: return "command not allowed";
        case 0x6987: return "secure messaging objects missing";
        case 0x6988: return "secure messaging objects incorrect";
        case 0x6A80: return "wrong data";
        case 0x6A81: return "function not supported";
        case 0x6A82: return "file not found";
        case 0x6A84: return "not enough memory";
        case 0x6A86: return "wrong P1-P2";
        case 0x6A88: return "reference data not found";
        case 0x6A89: return "file already exists";
        case 0x6B00: return "wrong offset";
        case 0x6D00: return "instruction not supported";
        case 0x6E00: return "class not supported";
        case 0x6F00: return "no precise diagnosis";
        default: break;
    }
    switch (sw >> 8U) {
        case 0x61: return "more data waiting";
        case 0x6C: return "wrong Le";
        case 0x63: return "warning, memory changed";
        case 0x62: return "warning";
        case 0x64: return "execution error";
        case 0x65: return "execution error, memory changed";
        case 0x69: return "command not allowed";
        case 0x6A: return "wrong parameters";
        default: return "unknown status";
    }
}

}  // namespace

std::string describe(std::uint16_t sw) {
    if ((sw & 0xFFF0U) == 0x63C0) return fmt::format("{:04X} authentication failed, {} tries left", sw, sw & 15U);
    return fmt::format("{:04X} {}", sw, name(sw));
}

}  // namespace idchip::iso7816::sw
