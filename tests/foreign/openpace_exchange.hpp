// Protected commands between libeac and our secure messaging: the proof that both sides have the same keys.
#pragma once

#include <idchip/crypto/key_agreement.hpp>
#include <idchip/protocol/sm/secure_messaging.hpp>

#include "foreign/openpace.hpp"

namespace idchip::test {

inline std::string word(ByteView bytes) { return OpenPace::word(bytes); }
inline Bytes ask(std::initializer_list<std::string> words) { return openpace().must(words).bytes(); }

// As it goes over the wire.
inline iso7816::CommandApdu sent(const iso7816::CommandApdu& c) { return good(iso7816::CommandApdu::parse(good(c.encode()))); }
inline iso7816::ResponseApdu sent(const iso7816::ResponseApdu& r) { return good(iso7816::ResponseApdu::parse(r.encode())); }

// libeac drops the leading zeros of a Diffie-Hellman secret (a test shows it): with one key in 256 nobody else agrees with it.
// `which`: pace or ca.
inline bool secret_shortened(const std::string& which, const crypto::Domain& domain) {
    return !domain.is_ec() && std::stoul(openpace().must({"secret_size", which}).value()) < domain.field_size();
}
// `attempt(seed)` is made again, with other random numbers, as long as libeac's secret came out short.
template <class Attempt>
void unless_shortened(const std::string& which, const crypto::Domain& domain, Attempt attempt) {
    static std::uint64_t seed = 0;
    for (int i = 0; i < 5; ++i) {
        const bool agreed = attempt(++seed);
        if (agreed && !secret_shortened(which, domain)) return;
        REQUIRE(secret_shortened(which, domain));
    }
    FAIL("five shortened secrets in a row");
}

struct Exchange {
    iso7816::CommandApdu command;
    iso7816::ResponseApdu response;
};

inline Bytes counting(std::size_t size) {
    Bytes b(size);
    for (std::size_t i = 0; i < size; ++i) b[i] = static_cast<Byte>(i * 7 + 1);
    return b;
}

inline const std::vector<Exchange>& short_exchanges() {
    static const std::vector<Exchange> list = {
        {{0x00, 0xA4, 0x02, 0x0C, {0x01, 0x1E}, {}}, iso7816::ResponseApdu::of(0x9000)},
        {{0x00, 0xB0, 0x00, 0x00, {}, 4}, {{0x60, 0x14, 0x5F, 0x01}, 0x9000}},
    };
    return list;
}

inline const std::vector<Exchange>& all_exchanges() {
    static const auto list = [] {
        auto all = short_exchanges();
        all.push_back({{0x00, 0xB0, 0x01, 0x02, {}, 256}, {counting(223), 0x9000}});
        all.push_back({{0x00, 0xB0, 0x00, 0x00, {}, 65'536}, {counting(3000), 0x6282}});
        all.push_back({{0x00, 0xB1, 0x00, 0x00, {0x54, 0x02, 0x7F, 0xFF}, 256}, {concat({"5381B0"_hex, counting(176)}), 0x9000}});
        all.push_back({{0x00, 0x84, 0x00, 0x00, {}, 8}, {counting(8), 0x9000}});
        all.push_back({{0x00, 0xD6, 0x00, 0x00, counting(16), {}}, iso7816::ResponseApdu::of(0x6982)});
        all.push_back({{0x00, 0xD6, 0x00, 0x10, counting(1000), {}}, iso7816::ResponseApdu::of(0x9000)});
        all.push_back({{0x00, 0x2A, 0x00, 0xBE, counting(300), 300}, {counting(15), 0x9000}});
        all.push_back({{0x00, 0xD7, 0x00, 0x00, counting(17), {}}, iso7816::ResponseApdu::of(0x6A82)});
        all.push_back({{0x00, 0x44, 0x00, 0x00, {}, {}}, iso7816::ResponseApdu::of(0x9000)});
        return all;
    }();
    return list;
}

// A command of ours to their chip: `application` gets it plain and answers plain.
template <class Application>
iso7816::ResponseApdu their_chip_answers(sm::Terminal& session, const iso7816::CommandApdu& command, Application application) {
    const auto opened = openpace().must({"open", word(good(good(session.protect(command)).encode()))});
    const auto header = opened.bytes(0);
    REQUIRE((header[0] & 0x0CU) == 0x0C);
    iso7816::CommandApdu plain{static_cast<Byte>(header[0] & 0xF3U), header[1], header[2], header[3], opened.bytes(1), {}};
    if (opened.value(2) != "-") plain.le = static_cast<std::uint32_t>(std::stoul(opened.value(2)));
    const iso7816::ResponseApdu response = application(plain);
    const auto sw = response.encode();
    const auto sealed = ask({"seal", word(response.data), word(ByteView(sw).last(2)), word(Bytes{command.ins})});
    return good(session.unprotect(good(iso7816::ResponseApdu::parse(sealed))));
}

// The reverse.
template <class Application>
iso7816::ResponseApdu our_chip_answers(sm::Chip& session, const iso7816::CommandApdu& command, Application application) {
    const auto le = command.le ? std::to_string(*command.le) : "-";
    const auto on_wire = ask({"protect", word(command.header()), word(command.data), le});
    const iso7816::ResponseApdu response = application(good(session.open(good(iso7816::CommandApdu::parse(on_wire)))));
    const auto back = openpace().must({"unprotect", word(good(session.seal(response, command.ins)).encode()), word(Bytes{command.ins})});
    return {back.bytes(0), static_cast<std::uint16_t>(read_be(back.bytes(1)))};
}

// Runs every exchange and compares what arrives, either way.
template <class Carry>
void check_exchanges(const std::vector<Exchange>& exchanges, Carry carry) {
    for (const auto& e : exchanges) {
        CAPTURE(to_hex(e.command.header()));
        const iso7816::ResponseApdu back = carry(e.command, [&e](const iso7816::CommandApdu& plain) {
            CHECK(plain.header() == e.command.header());
            CHECK(plain.data == e.command.data);
            CHECK(plain.le == e.command.le);
            return e.response;
        });
        CHECK(back.data == e.response.data);
        CHECK(back.sw == e.response.sw);
    }
}
inline void check_our_commands(sm::Session session, const std::vector<Exchange>& exchanges) {
    sm::Terminal terminal(std::move(session));
    check_exchanges(exchanges, [&](const auto& command, auto application) { return their_chip_answers(terminal, command, application); });
}
inline void check_their_commands(sm::Session session, const std::vector<Exchange>& exchanges) {
    sm::Chip chip(std::move(session));
    check_exchanges(exchanges, [&](const auto& command, auto application) { return our_chip_answers(chip, command, application); });
}

}  // namespace idchip::test
