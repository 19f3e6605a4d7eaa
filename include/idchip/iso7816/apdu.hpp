// Command and response APDUs of ISO/IEC 7816-4, 5: short and extended length. No I/O.
#pragma once

#include <idchip/base/bytes.hpp>

namespace idchip::iso7816 {

struct CommandApdu {
    Byte cla = 0;
    Byte ins = 0;
    Byte p1 = 0;
    Byte p2 = 0;
    Bytes data;
    std::optional<std::uint32_t> le;  // expected bytes: 1..256 short, 1..65536 extended; nothing: no Le field
    bool extended = false;            // force the extended form; long data or Le imply it

    // Errors: apdu.too_long.
    Result<Bytes> encode() const;
    // As a card reads it. Errors: apdu.malformed.
    static Result<CommandApdu> parse(ByteView bytes);
    bool needs_extended() const { return extended || data.size() > 255 || le.value_or(0) > 256; }
    // CLA INS P1 P2
    Bytes header() const { return {cla, ins, p1, p2}; }
};

// ISO/IEC 7816-4, 5.3.3: bit 5 of CLA says that the command goes on in the next one. At least one command.
constexpr Byte cla_chained = 0x10;
std::vector<CommandApdu> chain(const CommandApdu& command, std::size_t block);

struct ResponseApdu {
    Bytes data;
    std::uint16_t sw = 0;

    static ResponseApdu of(std::uint16_t sw) { return {{}, sw}; }
    // Errors: apdu.malformed when shorter than a status word.
    static Result<ResponseApdu> parse(ByteView bytes);
    Bytes encode() const;
    bool ok() const { return sw == 0x9000; }
};

namespace ins {
constexpr Byte manage_security_environment = 0x22, perform_security_operation = 0x2A, external_authenticate = 0x82, get_challenge = 0x84,
               general_authenticate = 0x86, internal_authenticate = 0x88, select = 0xA4, read_binary = 0xB0, read_binary_odd = 0xB1,
               get_response = 0xC0, update_binary = 0xD6, put_data = 0xDA, create_file = 0xE0;
}

}  // namespace idchip::iso7816
