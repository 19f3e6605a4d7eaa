// A simulated eMRTD, and the terminal roles of lib/protocol that talk to it; no lib/chip in between.
#pragma once

#include "unit/unit.hpp"

#include <idchip/protocol/bac/bac.hpp>
#include <idchip/sim/emrtd.hpp>

namespace idchip::test {

using iso7816::CommandApdu;
using iso7816::ResponseApdu;
using lds::Ef;

template <class T>
T good_optional(std::optional<T> value) {
    REQUIRE(value.has_value());
    return std::move(*value);
}

// The document of the worked examples, Doc 9303-11, appendix D.
inline constexpr auto document_key = "L898902C<369080619406236";
inline const auto select_application = "00A4040C07A0000002471001"_hex;

// `size` bytes in all: an outer object that says so.
inline Bytes file_of(std::uint32_t tag, std::size_t size, std::uint64_t seed = 5) {
    TestRng rng(seed);
    const std::size_t header = size < 130 ? 2 : size < 259 ? 3 : size < 65540 ? 4 : 5;
    auto file = tlv::element(tag, rng.bytes(size - header));
    REQUIRE(file.size() == size);
    return file;
}

inline sim::EmrtdConfig plain_config() {
    sim::EmrtdConfig c;
    c.mrz_information = document_key;
    c.files[Ef::com] = "60145F0104303130375F36063034303030305C026175"_hex;
    c.files[Ef::dg1] = file_of(0x61, 95);
    c.files[Ef::dg2] = file_of(0x75, 1500);
    c.files[Ef::sod] = file_of(0x77, 700);
    c.files[Ef::dir] = "61094F07A0000002471001"_hex;
    c.files[Ef::atr_info] = "47030001D0"_hex;
    return c;
}

inline sim::EmrtdConfig bac_config() {
    auto c = plain_config();
    c.bac = true;
    return c;
}

inline sim::PaceOffer offer(std::string_view protocol, std::int64_t parameter_id) {
    return {good_optional(pace::Suite::of(good_optional(lds::protocol_by_name(protocol)))),
            good_optional(crypto::Domain::standardized(parameter_id)),
            parameter_id,
            {}};
}

inline pace::Choice choice_of(const sim::PaceOffer& o, bool ambiguous = false) {
    return {o.suite, o.domain, o.parameter_id, ambiguous, false};
}

inline constexpr auto gm_aes_128 = "id-PACE-ECDH-GM-AES-CBC-CMAC-128";

inline sim::EmrtdConfig pace_config(std::string_view protocol = gm_aes_128, std::int64_t parameter_id = 13) {
    auto c = plain_config();
    c.pace.push_back(offer(protocol, parameter_id));
    c.can = "500540";
    c.files[Ef::card_access] = file_of(0x31, 22);
    c.files[Ef::card_security] = file_of(0x30, 900);
    return c;
}

struct EmrtdUnderTest {
    TestRng terminal_rng{7}, chip_rng{11};
    sim::Emrtd card;
    std::optional<sm::Terminal> secured;
    Bytes pace_pk_ic, pk_ifd;

    explicit EmrtdUnderTest(sim::EmrtdConfig config) : card(std::move(config), chip_rng) { card.power_up(); }
    EmrtdUnderTest(const EmrtdUnderTest&) = delete;
    EmrtdUnderTest& operator=(const EmrtdUnderTest&) = delete;

    // Bytes as they are; the answer in hexadecimal. Empty: mute.
    std::string operator()(std::string_view hex) { return to_hex(card.transmit(good(from_hex(hex)))); }
    ResponseApdu plain(const CommandApdu& c) { return good(ResponseApdu::parse(card.transmit(good(c.encode())))); }
    // Under secure messaging where it is on.
    ResponseApdu send(const CommandApdu& c) {
        if (!secured) return plain(c);
        return good(secured->unprotect(plain(good(secured->protect(c)))));
    }
    std::uint16_t sw(const CommandApdu& c) { return send(c).sw; }

    ResponseApdu select(std::uint16_t fid) {
        Bytes id;
        append_be(id, fid, 2);
        return send({0x00, 0xA4, 0x02, 0x0C, id, {}});
    }
    ResponseApdu read(std::size_t offset, std::uint32_t le) {
        return send({0x00, 0xB0, static_cast<Byte>(offset >> 8U), static_cast<Byte>(offset), {}, le});
    }
    ResponseApdu read_short(unsigned sfi, std::uint32_t le, Byte offset = 0) {
        return send({0x00, 0xB0, static_cast<Byte>(0x80U | sfi), offset, {}, le});
    }
    EmrtdUnderTest& in_application() {
        REQUIRE(send({0x00, 0xA4, 0x04, 0x0C, to_bytes(lds::application_aid), {}}).sw == 0x9000);
        return *this;
    }

    Result<sm::Session> try_bac(std::string_view key = document_key) {
        auto bac = bac::Terminal::fresh(bac::derive_access_keys(bac::k_seed(key).view()), terminal_rng);
        auto command = bac.external_authenticate(plain(bac.get_challenge()));
        if (!command) return fail(std::move(command.error()));
        return bac.finish(plain(*command));
    }
    EmrtdUnderTest& bac() {
        in_application();
        secured.emplace(good(try_bac()));
        return *this;
    }

    Result<pace::Established> try_pace(const pace::Choice& choice, const pace::Password& password, bool for_ta = false) {
        pace::Terminal terminal(choice, password, pace::Randoms::fresh(choice, terminal_rng));
        auto response = send(terminal.set_at(for_ta));
        for (;;) {
            auto next = terminal.next(response);
            if (!next) return fail(std::move(next.error()));
            if (!*next) return terminal.take();
            response = send(**next);
        }
    }
    EmrtdUnderTest& pace(const pace::Password& password = pace::Password::mrz(document_key), bool for_ta = false) {
        const auto choice = choice_of(card.config().pace.front());
        auto established = good(try_pace(choice, password, for_ta));
        if (choice.suite.mapping == pace::Mapping::chip_authentication) pk_ifd = established.pk_ifd;
        pace_pk_ic = established.pk_ic;
        secured.emplace(std::move(established.session));
        return *this;
    }

    Result<void> try_chip_authentication(const chip_auth::Choice& choice) {
        auto terminal = good(chip_auth::Terminal::fresh(choice, terminal_rng));
        auto response = send(terminal.first());
        for (;;) {
            auto next = terminal.next(response);
            if (!next) return fail(std::move(next.error()));
            if (!*next) break;
            response = send(**next);
        }
        pk_ifd = terminal.pk_ifd();
        secured.emplace(terminal.take());
        return {};
    }

    // The whole file, in blocks of this size; the terminal stops at a warning or where the outer object ends.
    Bytes read_file(std::uint16_t fid, std::uint32_t block = 200) {
        REQUIRE(select(fid).sw == 0x9000);
        Bytes content;
        for (;;) {
            const auto part = read(content.size(), block);
            if (part.sw == 0x6B00) return content;
            REQUIRE((part.sw == 0x9000 || part.sw == 0x6282));
            append(content, part.data);
            if (part.sw == 0x6282) return content;
        }
    }
};

}  // namespace idchip::test
