// The card side of vsmartcard's virtual reader: connects to vpcd, and pcscd serves the chip to any PC/SC program.
#pragma once

#include <atomic>

#include <idchip/transport/transport.hpp>

namespace idchip::sim {

struct VpcdAddress {
    std::string host;
    std::uint16_t port = 35963;
};
// "127.0.0.1:35963". Errors: input.bad_field.
Result<VpcdAddress> parse_address(std::string_view text);

// Serves until the reader goes away or `stop` turns true. Errors: io.failed when the connection cannot be made.
Result<void> serve_vpcd(transport::VirtualCard& card, const VpcdAddress& address, const std::atomic<bool>& stop);

}  // namespace idchip::sim
