// What a card's or a terminal's application does around libeac: it takes and gives the data objects, libeac has the mathematics.
#pragma once

#include <idchip/iso7816/status_word.hpp>
#include <idchip/protocol/pace/pace.hpp>
#include <idchip/tlv/reader.hpp>
#include <idchip/tlv/writer.hpp>

#include "foreign/openpace_exchange.hpp"

namespace idchip::test {

// A run on their side, repeatable by its seed.
inline void begin(const pace::Choice& choice, std::uint64_t seed) {
    openpace().must({"pace", choice.suite.protocol.dotted(), std::to_string(*choice.parameter_id)});
    openpace().must({"seed", std::to_string(seed)});  // the proof of the primes draws too
}

// Their chip, asked for PACE.
class TheirPaceChip {
public:
    iso7816::ResponseApdu answer(const iso7816::CommandApdu& command) {
        if (command.ins == 0x22) return iso7816::ResponseApdu::of(iso7816::sw::ok);
        const auto objects = good(tlv::parse_single(command.data, tlv::Rules::ber, "7C")).value;
        if (objects.empty()) return with(0x80, ask({"encrypt_nonce"}));
        const auto object = good(tlv::parse_single(objects, tlv::Rules::ber, "7C"));
        switch (object.tag) {
            case 0x81: return map(object.value);
            case 0x83: return agree(object.value);
            case 0x85: return authenticate(object.value);
            default: return iso7816::ResponseApdu::of(iso7816::sw::wrong_data);
        }
    }
    bool accepted() const { return accepted_; }
    const Bytes& pk_ic() const { return pk_ic_; }

private:
    static iso7816::ResponseApdu with(std::uint32_t tag, ByteView value) {
        return {tlv::element(0x7C, tlv::element(tag, value)), iso7816::sw::ok};
    }
    static iso7816::ResponseApdu map(ByteView peer) {
        const auto mine = ask({"mapping_data"});
        openpace().must({"map", word(peer)});
        return with(0x82, mine);
    }
    iso7816::ResponseApdu agree(ByteView peer) {
        pk_ic_ = ask({"key"});
        openpace().must({"agree", word(peer)});
        pk_ifd_ = to_bytes(peer);
        return with(0x84, pk_ic_);
    }
    iso7816::ResponseApdu authenticate(ByteView token) {
        accepted_ = openpace().ask({"check_token", word(token)}).ok();
        if (!accepted_) return iso7816::ResponseApdu::of(iso7816::sw::authentication_failed);
        openpace().must({"session", "pace"});
        return with(0x86, ask({"token", word(pk_ifd_)}));
    }

    Bytes pk_ic_, pk_ifd_;
    bool accepted_ = false;
};

// Our terminal, their chip. `heard` sees every answer.
template <class Heard>
Result<pace::Established> our_terminal(const pace::Choice& choice, const pace::Password& password, pace::Randoms randoms,
                                       TheirPaceChip& chip, Heard heard) {
    pace::Terminal terminal(choice, password, std::move(randoms));
    std::optional<iso7816::CommandApdu> command = terminal.set_at();
    while (command) {
        const auto response = sent(chip.answer(sent(*command)));
        heard(response);
        auto next = terminal.next(response);
        if (!next) return tl::unexpected(next.error());
        command = std::move(*next);
    }
    return terminal.take();
}
inline Result<pace::Established> our_terminal(const pace::Choice& choice, const pace::Password& password, TheirPaceChip& chip,
                                              std::uint64_t seed) {
    TestRng rng(seed);
    return our_terminal(choice, password, pace::Randoms::fresh(choice, rng), chip, [](const iso7816::ResponseApdu&) {});
}

inline pace::Chip make_chip(const pace::Choice& choice, const pace::Password& password, std::uint64_t seed) {
    TestRng rng(seed);
    return {choice, password, pace::Randoms::fresh(choice, rng), {}};
}

// The value of the one object in our chip's answer; nothing when the chip refuses.
inline std::optional<Bytes> general_authenticate(pace::Chip& chip, ByteView object, std::uint32_t tag, bool last = false) {
    const auto response = sent(chip.general_authenticate(tlv::element(0x7C, object), !last));
    if (!response.ok()) return std::nullopt;
    const auto outer = good(tlv::parse_single(response.data, tlv::Rules::ber, "7C"));
    const auto inner = good(tlv::parse_single(outer.value, tlv::Rules::ber, "7C"));
    REQUIRE(outer.tag == 0x7C);
    REQUIRE(inner.tag == tag);
    return to_bytes(inner.value);
}

// Our chip, their terminal: whether it accepts the chip. The chip says itself what it thinks.
inline bool their_terminal_opens(pace::Chip& chip) {
    openpace().must({"decrypt_nonce", word(general_authenticate(chip, {}, 0x80).value())});
    const auto mapping = ask({"mapping_data"});
    openpace().must({"map", word(general_authenticate(chip, tlv::element(0x81, mapping), 0x82).value())});
    const auto key = ask({"key"});
    const auto pk_ic = general_authenticate(chip, tlv::element(0x83, key), 0x84).value();
    openpace().must({"agree", word(pk_ic)});
    const auto token = general_authenticate(chip, tlv::element(0x85, ask({"token", word(pk_ic)})), 0x86, true);
    if (!token || !openpace().ask({"check_token", word(*token)}).ok()) return false;
    openpace().must({"session", "pace"});
    return true;
}

// Their chip, asked for chip authentication: MSE:Set KAT for 3DES, MSE:Set AT and GENERAL AUTHENTICATE for AES. The new keys are in use
// only after the answer.
inline iso7816::ResponseApdu their_chip_agrees(const iso7816::CommandApdu& command) {
    const bool general = command.ins == 0x86;
    if (!general && command.p2 == 0xA4) return iso7816::ResponseApdu::of(iso7816::sw::ok);
    const auto outer = general ? good(tlv::parse_single(command.data, tlv::Rules::ber, "7C")).value : ByteView(command.data);
    const auto key = good(tlv::parse_single(outer, tlv::Rules::ber, "chip authentication"));
    REQUIRE(key.tag == (general ? 0x80 : 0x91));
    openpace().must({"ca_agree", word(key.value)});
    return {general ? tlv::element(0x7C, Bytes()) : Bytes(), iso7816::sw::ok};
}

}  // namespace idchip::test
