// Secure messaging in both roles. First byte: cipher, role, and whether the objects get a right MAC, so that what lies behind
// the MAC check is reached, too.
#include "fuzz.hpp"

#include <idchip/protocol/sm/secure_messaging.hpp>
#include <idchip/tlv/writer.hpp>

using namespace idchip;
using crypto::Cipher;

namespace {

sm::Session session(Cipher cipher) {
    Bytes key(crypto::key_size(cipher));
    for (std::size_t i = 0; i < key.size(); ++i) key[i] = static_cast<Byte>(0x11 * i + 1);
    return {{cipher, Secret(ByteView(key)), Secret(ByteView(key))}, sm::SendSequenceCounter(Bytes(crypto::block_size(cipher)))};
}

Bytes mac(Cipher cipher, ByteView message, unsigned steps, bool pad) {
    auto s = session(cipher);
    for (unsigned i = 0; i < steps; ++i) ++s.ssc;
    auto input = concat({s.ssc.value(), message});
    if (pad) input = crypto::pad(input, crypto::block_size(cipher));
    auto result = cipher == Cipher::tdes ? crypto::retail_mac(s.keys.ks_mac.view(), input) : crypto::aes_cmac(s.keys.ks_mac.view(), input);
    FUZZ_CHECK(result);
    result->resize(8);
    return *result;
}

void as_terminal(Cipher cipher, ByteView objects, bool with_mac) {
    sm::Terminal terminal(session(cipher));
    FUZZ_CHECK(terminal.protect({0x00, 0xB0, 0, 0, {}, 4}));
    if (objects.size() < 2) return;
    iso7816::ResponseApdu response{to_bytes(objects.first(objects.size() - 2)), static_cast<std::uint16_t>(read_be(objects.last(2)))};
    if (with_mac) append(response.data, tlv::element(0x8E, mac(cipher, response.data, 2, true)));
    const auto plain = terminal.unprotect(response);
    FUZZ_CHECK(with_mac || !plain);  // nobody guesses a MAC
    FUZZ_CHECK(terminal.alive() == plain.has_value());
    if (plain) {
        FUZZ_CHECK(plain->sw == response.sw);
        FUZZ_CHECK(plain->data.size() <= response.data.size());
    } else {
        FUZZ_CHECK(plain.error().code == Errc::sm_broken);
        FUZZ_CHECK(!terminal.protect({0x00, 0xB0, 0, 0, {}, 4}));
    }
}

void as_chip(Cipher cipher, ByteView objects, bool with_mac, Byte ins) {
    sm::Chip chip(session(cipher));
    iso7816::CommandApdu command{0x0C, ins, 0, 0, to_bytes(objects), 256, false};
    if (with_mac) {
        const auto header = crypto::pad(command.header(), crypto::block_size(cipher));
        append(command.data, tlv::element(0x8E, mac(cipher, concat({header, objects}), 1, !objects.empty())));
    }
    const auto plain = chip.open(command);
    FUZZ_CHECK(with_mac || !plain);
    if (!plain) {
        FUZZ_CHECK(plain.error().sw == 0x6987 || plain.error().sw == 0x6988);
        return;
    }
    FUZZ_CHECK(plain->ins == ins && plain->cla == 0);
    FUZZ_CHECK(plain->data.size() <= objects.size());
    // What came out can be protected again and opened again.
    sm::Terminal terminal(session(cipher));
    sm::Chip other(session(cipher));
    const auto wrapped = terminal.protect(*plain);
    if (!wrapped) return;
    const auto again = other.open(*wrapped);
    FUZZ_CHECK(again && again->data == plain->data && again->le == plain->le);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const auto cipher = static_cast<Cipher>(data[0] & 3U);
    const bool with_mac = (data[0] & 4U) != 0;
    const ByteView rest(data + 1, size - 1);
    if ((data[0] & 8U) == 0) as_terminal(cipher, rest, with_mac);
    else as_chip(cipher, rest, with_mac, static_cast<Byte>(0xB0 + (data[0] >> 4U & 1U)));
    return 0;
}
