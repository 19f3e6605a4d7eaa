// Messages of one channel, for both roles: a terminal wraps and unwraps, a chip opens and seals.
#pragma once

#include <array>

#include "protocol/scp/keys.hpp"

namespace idchip::scp {

// The class byte (ISO/IEC 7816-4, 5.4.1; GPC 2.3.1, 11.1.4): channels 0 to 3 have bit 3 for secure messaging, channels 4 to 19 bit 6.
constexpr bool further_channel(Byte cla) { return (cla & 0x40U) != 0; }
constexpr bool is_protected(Byte cla) { return further_channel(cla) ? (cla & 0x20U) != 0 : (cla & 0x0CU) == 0x04; }
constexpr bool is_plain(Byte cla) { return further_channel(cla) ? (cla & 0x20U) == 0 : (cla & 0x0CU) == 0; }
constexpr Byte protected_class(Byte cla) { return static_cast<Byte>(cla | (further_channel(cla) ? 0x20U : 0x04U)); }
constexpr Byte plain_class(Byte cla) { return static_cast<Byte>(cla & ~(further_channel(cla) ? 0x20U : 0x04U)); }
constexpr Byte logical_channel(Byte cla) { return static_cast<Byte>(further_channel(cla) ? cla & 0x4FU : cla & 0x03U); }
// As MACs cover it: without the logical channel (GPC 2.3.1, E.4.4 and E.4.5; Amendment D, 6.2.4).
constexpr Byte stripped_class(Byte cla) { return static_cast<Byte>(cla & (further_channel(cla) ? 0x90U : 0xF0U)); }

// Amendment D, 6.2.5: all other status words are errors, which no R-MAC protects.
constexpr bool carries_mac(std::uint16_t sw) { return sw == 0x9000 || sw >> 8U == 0x62 || sw >> 8U == 0x63; }

class Channel {
public:
    // Errors: crypto.bad_key.
    static Result<std::unique_ptr<Channel>> make(const Parameters& parameters, SessionKeys keys);
    virtual ~Channel() = default;
    Channel(const Channel&) = delete;
    Channel& operator=(const Channel&) = delete;

    // Up to EXTERNAL AUTHENTICATE commands are MACed only; from its answer on the level counts.
    virtual void raise(Byte level) { level_ = level; }

    // Errors as of Session and Chip. Whoever calls ends the channel after scp.broken.
    virtual Result<iso7816::CommandApdu> wrap(const iso7816::CommandApdu& plain) = 0;
    virtual Result<iso7816::CommandApdu> open(const iso7816::CommandApdu& command) = 0;
    Result<iso7816::ResponseApdu> unwrap(const iso7816::ResponseApdu& response);
    Result<iso7816::ResponseApdu> seal(const iso7816::ResponseApdu& plain);
    virtual Result<Bytes> encrypt_data(ByteView data) const = 0;
    virtual Result<Bytes> decrypt_data(ByteView data) const = 0;
    std::size_t largest_data(std::size_t data_field) const;

protected:
    using Mac = std::array<Byte, 16>;  // the first mac_size_ bytes are sent

    Channel(std::size_t block, std::size_t mac_size) : block_(block), mac_size_(mac_size) {}

    bool at(Byte bits) const { return (level_ & bits) != 0; }
    ByteView sent(const Mac& mac) const { return ByteView(mac).first(mac_size_); }
    // The protected command with room for its data field of `size` bytes. Errors: apdu.too_long, apdu.malformed.
    Result<iso7816::CommandApdu> frame(const iso7816::CommandApdu& plain, std::size_t size) const;
    // Data as they are encrypted.
    void pad(Bytes& data) const;
    std::size_t padded_size(const iso7816::CommandApdu& plain) const;
    // Data field of a protected command without the MAC. Errors: scp.broken with 6982, 6988.
    Result<ByteView> body_of(const iso7816::CommandApdu& command) const;

    virtual Result<Mac> response_mac(ByteView data, std::uint16_t sw) = 0;
    virtual void encrypt_response(Bytes&) {}
    virtual void decrypt_response(Bytes&) {}

    std::size_t block_, mac_size_;
    Byte level_ = c_mac;
};

// The header of a command as MACs cover it: class, INS, P1, P2, Lc of one byte or, with extended length, three.
struct MacHeader {
    MacHeader(Byte cla, const iso7816::CommandApdu& command, std::size_t lc);
    ByteView view() const { return ByteView(bytes).first(size); }

    std::array<Byte, 7> bytes;
    std::size_t size;
};

Failure broken(std::uint16_t sw, std::string why);

Result<std::unique_ptr<Channel>> make_scp02(const Parameters& parameters, SessionKeys keys);
Result<std::unique_ptr<Channel>> make_scp03(const Parameters& parameters, SessionKeys keys);

}  // namespace idchip::scp
