#include "unit/unit.hpp"

#include <idchip/crypto/key_wrap.hpp>

using namespace idchip;
using namespace idchip::test;

namespace {

Bytes counting(std::size_t size) {
    Bytes bytes;
    while (bytes.size() < size) bytes.push_back(static_cast<Byte>(bytes.size()));
    return bytes;
}

}  // namespace

TEST_CASE("AES key wrap gives the values of RFC 3394", "[card_keys]") {
    struct Row {
        std::size_t kek;
        Bytes key, wrapped;
    };
    const auto key16 = "00112233445566778899AABBCCDDEEFF"_hex;
    const auto key24 = concat({key16, counting(8)}), key32 = concat({key16, counting(16)});
    const Row rows[] = {{16, key16, "1FA68B0A8112B447AEF34BD8FB5A7B829D3E862371D2CFE5"_hex},                                   // 4.1
                        {24, key16, "96778B25AE6CA435F92B5B97C050AED2468AB8A17AD84E5D"_hex},                                   // 4.2
                        {32, key16, "64E8C3F9CE0F5BA263E9777905818A2A93C8191E7D6E8AE7"_hex},                                   // 4.3
                        {24, key24, "031D33264E15D33268F24EC260743EDCE1C6C7DDEE725A936BA814915C6762D2"_hex},                   // 4.4
                        {32, key24, "A8F9BC1612C68B3FF6E6F4FBE30E71E4769C8B80A32CB8958CD5D17D6B254DA1"_hex},                   // 4.5
                        {32, key32, "28C9F404C4B810F4CBCCB35CFB87F8263F5786E2D80ED326CBC7F0E71A99F43BFB988B9B7A02DD21"_hex}};  // 4.6
    for (const auto& row : rows) {
        const auto kek = counting(row.kek);
        CHECK(to_hex(good(crypto::wrap_key(kek, row.key))) == to_hex(row.wrapped));
        CHECK(to_hex(good(crypto::unwrap_key(kek, row.wrapped)).view()) == to_hex(row.key));
    }
}

TEST_CASE("a wrapped key that is damaged, or wrapped under another key, does not open", "[card_keys]") {
    const auto kek = counting(32);
    const auto wrapped = good(crypto::wrap_key(kek, counting(16)));
    for (std::size_t i = 0; i < wrapped.size(); ++i) {
        auto damaged = wrapped;
        damaged[i] ^= 1U;
        CHECK(error_of(crypto::unwrap_key(kek, damaged)) == "crypto.failed");
    }
    auto other = kek;
    other[31] ^= 1U;
    CHECK(error_of(crypto::unwrap_key(other, wrapped)) == "crypto.failed");
    CHECK(error_of(crypto::unwrap_key(counting(24), wrapped)) == "crypto.failed");
    CHECK(error_of(crypto::unwrap_key(kek, ByteView(wrapped).first(16))) == "crypto.bad_input");
    CHECK(error_of(crypto::unwrap_key(kek, ByteView(wrapped).first(23))) == "crypto.bad_input");
    CHECK(error_of(crypto::wrap_key(kek, counting(15))) == "crypto.bad_input");
    CHECK(error_of(crypto::wrap_key(kek, counting(8))) == "crypto.bad_input");
    CHECK(error_of(crypto::wrap_key(counting(20), counting(16))) == "crypto.bad_key");
    CHECK(good(crypto::unwrap_key(kek, wrapped)).size() == 16);  // a failure leaves nothing behind
}
