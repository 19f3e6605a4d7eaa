// SCP02: GPC 2.3.1, E.3.2, E.3.4 and E.4.4 to E.4.7.
#include <idchip/iso7816/status_word.hpp>

#include "base/try.hpp"
#include "crypto/prepared.hpp"
#include "protocol/scp/channel.hpp"

namespace idchip::scp {
namespace {

using crypto::Cipher;
using crypto::PreparedCbc;
using iso7816::CommandApdu;

constexpr std::size_t block = 8;
using Block = std::array<Byte, block>;

// Single DES is two-key 3DES with one key twice.
Secret single_des(ByteView key) { return Secret(concat({key.first(block), key.first(block)})); }

// B.1.2.2: ISO/IEC 9797-1 MAC algorithm 3 with padding method 2. An ICV is the first block's mask.
Result<Block> retail_mac(const Secret& key, const Block& icv, std::initializer_list<ByteView> parts) {
    auto input = crypto::pad(concat(parts), block);
    for (std::size_t i = 0; i < block; ++i) input[i] = static_cast<Byte>(input[i] ^ icv[i]);
    const auto mac = TRY(crypto::retail_mac(key.view(), input));
    Block result{};
    std::copy(mac.begin(), mac.end(), result.begin());
    return result;
}

class Scp02 final : public Channel {
public:
    Scp02(Byte i, PreparedCbc enc, PreparedCbc icv_cipher, SessionKeys keys)
        : Channel(block, block),
          enc_(std::move(enc)),
          icv_cipher_(std::move(icv_cipher)),
          keys_(std::move(keys)),
          icv_encryption_((i & i02::icv_encryption) != 0) {}

    // E.3.2: the first R-MAC goes on from the C-MAC of EXTERNAL AUTHENTICATE, as it was sent.
    void raise(Byte level) override {
        Channel::raise(level);
        r_icv_ = c_mac_;
    }

    // E.4.4 and E.4.6: the MAC covers the plain data and an Lc with only itself added; the data field is encrypted afterwards.
    Result<CommandApdu> wrap(const CommandApdu& plain) override {
        const auto size = padded_size(plain);
        auto c = TRY(frame(plain, size + block));
        remember(plain);
        TRY(command_mac(plain));
        append(c.data, plain.data);
        if (at(c_decryption) && size != 0) {
            pad(c.data);
            enc_.encrypt(Block{}, c.data, c.data);
        }
        append(c.data, c_mac_);
        return c;
    }

    // What decrypts to nonsense is answered as a wrong MAC is: here the one cannot be told before the other.
    Result<CommandApdu> open(const CommandApdu& command) override {
        const auto body = TRY(body_of(command));
        CommandApdu plain{plain_class(command.cla), command.ins, command.p1, command.p2, to_bytes(body), command.le, command.extended};
        if (at(c_decryption) && !body.empty()) {
            enc_.decrypt(Block{}, plain.data, plain.data);
            auto unpadded = crypto::unpad(plain.data, block);
            if (!unpadded) return broken(iso7816::sw::security_status_not_satisfied, "wrong padding");
            plain.data = std::move(*unpadded);
        }
        TRY(command_mac(plain));
        if (!equal_constant_time(c_mac_, ByteView(command.data).last(block)))
            return broken(iso7816::sw::security_status_not_satisfied, "C-MAC is wrong");
        remember(plain);
        return plain;
    }

    // E.4.7: ECB
    Result<Bytes> encrypt_data(ByteView data) const override { return ecb(crypto::cbc_encrypt, data); }
    Result<Bytes> decrypt_data(ByteView data) const override { return ecb(crypto::cbc_decrypt, data); }

private:
    // Leaves the MAC in c_mac_. E.3.4: the next one's ICV is this MAC, encrypted where i says so.
    Result<void> command_mac(const CommandApdu& plain) {
        const MacHeader header(static_cast<Byte>(stripped_class(plain.cla) | 0x04U), plain, plain.data.size() + block);
        c_mac_ = TRY(retail_mac(keys_.mac, icv_, {header.view(), plain.data}));
        icv_ = c_mac_;
        if (icv_encryption_) icv_cipher_.encrypt(Block{}, icv_, icv_);
        return {};
    }

    // E.4.5: an R-MAC covers the command, too: plain, with its class stripped of secure messaging and channel, Lc always there, no Le.
    void remember(const CommandApdu& plain) {
        if (!at(r_mac)) return;
        const MacHeader header(stripped_class(plain.cla), plain, plain.data.size());
        command_ = concat({header.view(), plain.data});
    }

    // E.4.5: command, length of the data (modulo 256), data, status word. It chains from answer to answer, also over errors, whose MAC is
    // made on both sides and not sent: as `00` and the status word.
    Result<Mac> response_mac(ByteView data, std::uint16_t sw) override {
        const Byte li = static_cast<Byte>(data.size());
        const std::array<Byte, 2> status{static_cast<Byte>(sw >> 8U), static_cast<Byte>(sw)};
        r_icv_ = TRY(retail_mac(keys_.rmac, r_icv_, {command_, ByteView(&li, 1), data, status}));
        Mac mac{};
        std::copy(r_icv_.begin(), r_icv_.end(), mac.begin());
        return mac;
    }

    Result<Bytes> ecb(decltype(crypto::cbc_encrypt)* run, ByteView data) const {
        if (data.size() % block != 0) return fail(Errc::crypto_bad_input, "DEK", "not whole blocks");
        Bytes out;
        for (; !data.empty(); data = data.subspan(block))
            append(out, TRY(run(Cipher::tdes, keys_.dek.view(), Bytes(block), data.first(block))));
        return out;
    }

    PreparedCbc enc_, icv_cipher_;
    SessionKeys keys_;
    bool icv_encryption_;
    Block icv_{}, c_mac_{}, r_icv_{};
    Bytes command_;
};

}  // namespace

Result<std::unique_ptr<Channel>> make_scp02(const Parameters& parameters, SessionKeys keys) {
    auto enc = TRY(PreparedCbc::make(Cipher::tdes, keys.enc.view()));
    auto icv_cipher = TRY(PreparedCbc::make(Cipher::tdes, single_des(keys.mac.view()).view()));
    return std::make_unique<Scp02>(parameters.i, std::move(enc), std::move(icv_cipher), std::move(keys));
}

}  // namespace idchip::scp
