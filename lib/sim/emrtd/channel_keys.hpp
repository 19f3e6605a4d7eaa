// Secure messaging in the chip role, with keys and counter at hand for answers that are wrong on purpose.
#pragma once

#include <idchip/protocol/sm/secure_messaging.hpp>

namespace idchip::sim::emrtd {

class ChannelKeys {
public:
    explicit ChannelKeys(sm::Session session);

    crypto::Cipher cipher() const { return keys_.cipher; }
    // Errors: as sm::Chip.
    Result<iso7816::CommandApdu> open(const iso7816::CommandApdu& command);
    Result<iso7816::ResponseApdu> seal(const iso7816::ResponseApdu& plain, Byte ins);
    // DO'8E' over these objects, in place of the answer that `seal` made last.
    Result<Bytes> authenticate_again(ByteView objects) const;

private:
    sm::SessionKeys keys_;
    sm::SendSequenceCounter ssc_;  // in step with that of `chip_`
    sm::Chip chip_;
};

}  // namespace idchip::sim::emrtd
