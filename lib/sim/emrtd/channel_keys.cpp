#include "sim/emrtd/channel_keys.hpp"

#include <idchip/tlv/writer.hpp>

#include "base/try.hpp"

namespace idchip::sim::emrtd {

ChannelKeys::ChannelKeys(sm::Session session)
    : keys_{session.keys.cipher, session.keys.ks_enc.clone(), session.keys.ks_mac.clone()}, ssc_(session.ssc), chip_(std::move(session)) {}

Result<iso7816::CommandApdu> ChannelKeys::open(const iso7816::CommandApdu& command) {
    ++ssc_;
    return chip_.open(command);
}

Result<iso7816::ResponseApdu> ChannelKeys::seal(const iso7816::ResponseApdu& plain, Byte ins) {
    ++ssc_;
    return chip_.seal(plain, ins);
}

// Doc 9303-11, 9.8.6.2 and 9.8.7.2
Result<Bytes> ChannelKeys::authenticate_again(ByteView objects) const {
    const auto input = crypto::pad(concat({ssc_.value(), objects}), crypto::block_size(keys_.cipher));
    auto mac = TRY(keys_.cipher == crypto::Cipher::tdes ? crypto::retail_mac(keys_.ks_mac.view(), input)
                                                        : crypto::aes_cmac(keys_.ks_mac.view(), input));
    mac.resize(8);
    return concat({objects, tlv::element(0x8E, mac)});
}

}  // namespace idchip::sim::emrtd
