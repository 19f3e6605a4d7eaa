#include <idchip/protocol/sm/secure_messaging.hpp>

#include <fmt/format.h>

#include <idchip/iso7816/status_word.hpp>
#include <idchip/tlv/reader.hpp>
#include <idchip/tlv/writer.hpp>

#include "base/try.hpp"

namespace idchip::sm {
namespace {

using iso7816::CommandApdu;
using iso7816::ResponseApdu;

constexpr Byte cla_sm = 0x0C;
constexpr std::size_t mac_size = 8;
constexpr Byte padding_indicator = 0x01;  // ISO/IEC 7816-4, table 52: padding method 2

bool odd(Byte ins) { return (ins & 1U) != 0; }

// Doc 9303-11, 9.8.6.3: 3DES starts each message with zeros, AES with the encrypted counter.
Result<Bytes> message_iv(const Session& s) {
    const std::size_t block = crypto::block_size(s.keys.cipher);
    if (s.keys.cipher == crypto::Cipher::tdes) return Bytes(block);
    return crypto::cbc_encrypt(s.keys.cipher, s.keys.ks_enc.view(), Bytes(block), s.ssc.value());
}

Result<Bytes> encrypt(const Session& s, ByteView plain) {
    const auto padded = crypto::pad(plain, crypto::block_size(s.keys.cipher));
    return crypto::cbc_encrypt(s.keys.cipher, s.keys.ks_enc.view(), TRY(message_iv(s)), padded);
}

Result<Bytes> decrypt(const Session& s, ByteView cryptogram) {
    const std::size_t block = crypto::block_size(s.keys.cipher);
    const auto padded = TRY(crypto::cbc_decrypt(s.keys.cipher, s.keys.ks_enc.view(), TRY(message_iv(s)), cryptogram));
    return crypto::unpad(padded, block);
}

// The first eight bytes of the cipher's MAC over SSC || message, padded (Doc 9303-11, 9.8.6.2).
Result<Bytes> checksum(const Session& s, ByteView message, bool pad_message) {
    auto input = concat({s.ssc.value(), message});
    if (pad_message) input = crypto::pad(input, crypto::block_size(s.keys.cipher));
    auto mac = TRY(s.keys.cipher == crypto::Cipher::tdes ? crypto::retail_mac(s.keys.ks_mac.view(), input)
                                                         : crypto::aes_cmac(s.keys.ks_mac.view(), input));
    mac.resize(mac_size);
    return mac;
}

// DO'87' with padding indicator for an even INS, DO'85' for an odd one.
Result<Bytes> data_object(const Session& s, ByteView data, Byte ins) {
    if (data.empty()) return Bytes();
    const auto cryptogram = TRY(encrypt(s, data));
    if (odd(ins)) return tlv::element(0x85, cryptogram);
    return tlv::element(0x87, {Bytes{padding_indicator}, cryptogram});
}

// Data and Le for which no APDU has room once they are wrapped: found before the counter moves, so that both ends stay in step.
bool fits_protected(const CommandApdu& c, std::size_t block) {
    constexpr std::size_t largest = 65'535, other_objects = 4 + 10, object_header = 4 + 1;  // DO'97', DO'8E'; DO'87' with its indicator
    const std::size_t cryptogram = c.data.empty() ? 0 : (c.data.size() / block + 1) * block + object_header;
    return cryptogram + other_objects <= largest && (!c.le || (*c.le >= 1 && *c.le <= 65'536));
}

Bytes le_object(const CommandApdu& c) {
    if (!c.le) return {};
    Bytes le;
    append_be(le, *c.le, c.needs_extended() ? 2 : 1);
    return tlv::element(0x97, le);
}

// The cryptogram in DO'87' or DO'85'. Errors: the reason as text.
tl::expected<ByteView, std::string> cryptogram_of(const tlv::Element& e, std::size_t block) {
    auto value = e.value;
    if (e.tag == 0x87) {
        if (value.empty() || value[0] != padding_indicator) return tl::unexpected(std::string("DO87 without padding indicator 01"));
        value = value.subspan(1);
    }
    if (value.empty() || value.size() % block != 0) return tl::unexpected(std::string("cryptogram is not whole blocks"));
    return value;
}

// The objects of a protected command or response: each at most once, in the order of the standard.
struct Objects {
    std::optional<tlv::Element> data, le, status, mac;
    ByteView authenticated;  // everything before DO'8E'
};

tl::expected<Objects, std::string> read_objects(ByteView bytes) {
    Objects o;
    tlv::Reader r(bytes, tlv::Rules::ber, "SM");
    while (!r.at_end()) {
        const auto before = bytes.size() - r.rest().size();
        const auto e = r.next();
        if (!e) return tl::unexpected(e.error().message());
        if (o.mac) return tl::unexpected(std::string("object after DO8E"));
        if ((e->tag == 0x87 || e->tag == 0x85) && !o.data && !o.le && !o.status) o.data = *e;
        else if (e->tag == 0x97 && !o.le && !o.status) o.le = *e;
        else if (e->tag == 0x99 && !o.status) o.status = *e;
        else if (e->tag == 0x8E) {
            o.mac = *e;
            o.authenticated = bytes.first(before);
        } else {
            return tl::unexpected("object " + tlv::tag_text(e->tag) + " doubled, unknown or out of order");
        }
    }
    return o;
}

}  // namespace

SendSequenceCounter& SendSequenceCounter::operator++() {
    for (auto it = value_.rbegin(); it != value_.rend(); ++it)
        if (++*it != 0) break;
    return *this;
}

SessionKeys derive_session_keys(crypto::Cipher cipher, ByteView k) {
    return {cipher, crypto::derive_key(cipher, k, crypto::counter_enc), crypto::derive_key(cipher, k, crypto::counter_mac)};
}

Session start_session(SessionKeys&& keys) {
    const auto block = crypto::block_size(keys.cipher);
    return {std::move(keys), SendSequenceCounter(Bytes(block))};
}

Result<CommandApdu> Terminal::protect(const CommandApdu& plain) {
    if (!alive_) return fail(Errc::sm_broken, {}, "the session has ended");
    if (!fits_protected(plain, crypto::block_size(session_.keys.cipher)))
        return fail(Errc::apdu_too_long, "secure messaging", fmt::format("{} data bytes, Le {}", plain.data.size(), plain.le.value_or(0)));
    ++session_.ssc;
    odd_ins_ = odd(plain.ins);
    CommandApdu c;
    c.cla = static_cast<Byte>(plain.cla | cla_sm);
    c.ins = plain.ins;
    c.p1 = plain.p1;
    c.p2 = plain.p2;
    const auto objects = concat({TRY(data_object(session_, plain.data, plain.ins)), le_object(plain)});
    const auto header = crypto::pad(c.header(), crypto::block_size(session_.keys.cipher));
    // With nothing behind the header, its own padding already ends the input.
    const auto mac = TRY(checksum(session_, concat({header, objects}), !objects.empty()));
    c.data = concat({objects, tlv::element(0x8E, mac)});
    c.extended = plain.needs_extended() || c.data.size() > 255;
    c.le = c.extended ? 65536 : 256;
    return c;
}

Result<ResponseApdu> Terminal::unprotect(const ResponseApdu& response) {
    if (!alive_) return fail(Errc::sm_broken, {}, "the session has ended");
    const auto broken = [&](std::string why) {
        alive_ = false;
        return fail(Error(Errc::sm_broken, {}, std::move(why)).with_sw(response.sw));
    };
    ++session_.ssc;
    // A bare status word under secure messaging is evidence of nothing: anyone on the line can send it.
    if (response.data.empty()) return broken("status word without protection");
    const auto o = read_objects(response.data);
    if (!o) return broken(o.error());
    if (!o->status || o->status->value.size() != 2) return broken("DO99 missing or malformed");
    if (!o->mac || o->mac->value.size() != mac_size) return broken("DO8E missing or malformed");
    if (o->le) return broken("DO97 in a response");
    const auto expected = checksum(session_, o->authenticated, true);
    if (!expected || !equal_constant_time(*expected, o->mac->value)) return broken("MAC is wrong");
    ResponseApdu plain;
    plain.sw = static_cast<std::uint16_t>(read_be(o->status->value));
    if (plain.sw != response.sw) return broken(fmt::format("protected status {:04X} differs from the outer one", plain.sw));
    if (o->data) {
        mixed_data_objects_ |= (o->data->tag == 0x85) != odd_ins_;
        const auto cryptogram = cryptogram_of(*o->data, crypto::block_size(session_.keys.cipher));
        if (!cryptogram) return broken(cryptogram.error());
        auto data = decrypt(session_, *cryptogram);
        if (!data) return broken("wrong padding under a good MAC");
        plain.data = std::move(*data);
    }
    return plain;
}

Result<CommandApdu> Chip::open(const CommandApdu& command) {
    const auto refuse = [](std::uint16_t sw, std::string why) { return fail(Error(Errc::sm_broken, {}, std::move(why)).with_sw(sw)); };
    ++session_.ssc;
    const std::size_t block = crypto::block_size(session_.keys.cipher);
    const auto o = read_objects(command.data);
    if (!o) return refuse(iso7816::sw::sm_objects_incorrect, o.error());
    if (!o->mac) return refuse(iso7816::sw::sm_objects_missing, "DO8E missing");
    if (o->mac->value.size() != mac_size || o->status) return refuse(iso7816::sw::sm_objects_incorrect, "wrong objects");
    const auto header = crypto::pad(command.header(), block);
    const auto expected = checksum(session_, concat({header, o->authenticated}), !o->authenticated.empty());
    if (!expected || !equal_constant_time(*expected, o->mac->value)) return refuse(iso7816::sw::sm_objects_incorrect, "MAC is wrong");
    CommandApdu plain;
    plain.cla = static_cast<Byte>(command.cla & ~cla_sm);
    plain.ins = command.ins;
    plain.p1 = command.p1;
    plain.p2 = command.p2;
    if (o->data) {
        if ((o->data->tag == 0x85) != odd(command.ins)) return refuse(iso7816::sw::sm_objects_incorrect, "DO85 and DO87 mixed up");
        const auto cryptogram = cryptogram_of(*o->data, block);
        if (!cryptogram) return refuse(iso7816::sw::sm_objects_incorrect, cryptogram.error());
        auto data = decrypt(session_, *cryptogram);
        if (!data) return refuse(iso7816::sw::sm_objects_incorrect, "wrong padding");
        plain.data = std::move(*data);
    }
    if (o->le) {
        const auto le = o->le->value;
        if (le.empty() || le.size() > 2) return refuse(iso7816::sw::sm_objects_incorrect, "DO97 of wrong length");
        const auto value = static_cast<std::uint32_t>(read_be(le));
        plain.le = value != 0 ? value : le.size() == 1 ? 256 : 65536;
        plain.extended = le.size() == 2;
    }
    return plain;
}

Result<ResponseApdu> Chip::seal(const ResponseApdu& plain, Byte ins) {
    ++session_.ssc;
    Bytes sw;
    append_be(sw, plain.sw, 2);
    const auto objects = concat({TRY(data_object(session_, plain.data, ins)), tlv::element(0x99, sw)});
    const auto mac = TRY(checksum(session_, objects, true));
    return ResponseApdu{concat({objects, tlv::element(0x8E, mac)}), plain.sw};
}

}  // namespace idchip::sm
