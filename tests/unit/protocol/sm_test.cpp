// Secure messaging between the two roles; the worked example of Doc 9303-11, appendix D is in test-vectors/sm.
#include "unit/unit.hpp"

#include <idchip/protocol/sm/secure_messaging.hpp>
#include <idchip/tlv/writer.hpp>

using namespace idchip;
using namespace idchip::test;
using crypto::Cipher;
using iso7816::CommandApdu;
using iso7816::ResponseApdu;

namespace {

constexpr Cipher ciphers[] = {Cipher::tdes, Cipher::aes128, Cipher::aes192, Cipher::aes256};

// Keys and counter of one session, to make both ends of it as often as wanted.
struct Agreement {
    Cipher cipher;
    Bytes ks_enc, ks_mac, ssc;
    explicit Agreement(Cipher c, std::uint64_t seed = 1) : cipher(c) {
        TestRng rng(seed);
        ks_enc = rng.bytes(crypto::key_size(c));
        ks_mac = rng.bytes(crypto::key_size(c));
        ssc = rng.bytes(crypto::block_size(c));
    }
    sm::Session session() const { return {{cipher, Secret(ByteView(ks_enc)), Secret(ByteView(ks_mac))}, sm::SendSequenceCounter(ssc)}; }
    Bytes counter(int steps) const {
        sm::SendSequenceCounter c(ssc);
        for (int i = 0; i < steps; ++i) ++c;
        return to_bytes(c.value());
    }
    // The MAC by its definition, apart from the code under test: Doc 9303-11, 9.8.6.
    Bytes mac(int steps, ByteView message) const {
        const auto input = crypto::pad(concat({counter(steps), message}), crypto::block_size(cipher));
        auto full = good(cipher == Cipher::tdes ? crypto::retail_mac(ks_mac, input) : crypto::aes_cmac(ks_mac, input));
        full.resize(8);
        return full;
    }
    Bytes encrypted(int steps, ByteView padded) const {
        const auto block = crypto::block_size(cipher);
        const auto iv = cipher == Cipher::tdes ? Bytes(8) : good(crypto::cbc_encrypt(cipher, ks_enc, Bytes(block), counter(steps)));
        return good(crypto::cbc_encrypt(cipher, ks_enc, iv, padded));
    }
};

const CommandApdu read_binary{0x00, 0xB0, 0x00, 0x00, {}, 4};

// As it goes over the wire.
CommandApdu sent(const CommandApdu& c) { return good(CommandApdu::parse(good(c.encode()))); }
ResponseApdu sent(const ResponseApdu& r) { return good(ResponseApdu::parse(r.encode())); }

void check_exchange(sm::Terminal& terminal, sm::Chip& chip, const CommandApdu& command, const ResponseApdu& response) {
    const auto protected_command = sent(good(terminal.protect(command)));
    REQUIRE((protected_command.cla & 0x0CU) == 0x0C);
    const auto opened = good(chip.open(protected_command));
    REQUIRE(opened.header() == command.header());
    REQUIRE(opened.data == command.data);
    REQUIRE(opened.le == command.le);
    const auto back = good(terminal.unprotect(sent(good(chip.seal(response, command.ins)))));
    REQUIRE(back.data == response.data);
    REQUIRE(back.sw == response.sw);
}

// What the terminal says to a response to its first command.
std::string verdict(const Agreement& a, const ResponseApdu& response) {
    sm::Terminal terminal(a.session());
    good(terminal.protect(read_binary));
    const auto result = terminal.unprotect(response);
    CHECK(terminal.alive() == result.has_value());
    return error_of(result);
}

ResponseApdu good_response(const Agreement& a, const ResponseApdu& plain = {"01020304"_hex, 0x9000}, Byte ins = 0xB0) {
    sm::Terminal terminal(a.session());
    sm::Chip chip(a.session());
    good(chip.open(good(terminal.protect(read_binary))));
    return good(chip.seal(plain, ins));
}

}  // namespace

TEST_CASE("commands and responses of every shape pass between terminal and chip, for every cipher", "[sm]") {
    for (const auto cipher : ciphers) {
        const Agreement a(cipher);
        sm::Terminal terminal(a.session());
        sm::Chip chip(a.session());
        TestRng rng;
        for (const Byte ins : {Byte{0xB0}, Byte{0xB1}, Byte{0xA4}, Byte{0xD7}})
            for (const std::size_t lc : {0U, 1U, 7U, 8U, 15U, 16U, 223U, 224U, 255U, 256U, 4000U, 65'000U})
                for (const std::uint32_t le : {0U, 1U, 224U, 256U, 257U, 65'535U, 65'536U})
                    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{8}, std::size_t{223}, std::size_t{5000}}) {
                        CAPTURE(crypto::name(cipher), ins, lc, le, size);
                        if (lc == 65'000 && size != 8) continue;  // long enough once
                        const CommandApdu command{0x00, ins, 0x80, 0x12, rng.bytes(lc), le == 0 ? std::nullopt : std::optional(le), false};
                        check_exchange(terminal, chip, command, {rng.bytes(size), static_cast<std::uint16_t>(size == 1 ? 0x6282 : 0x9000)});
                    }
    }
}

TEST_CASE("a protected command is extended only where it must be", "[sm]") {
    const Agreement a(Cipher::tdes);
    sm::Terminal terminal(a.session());
    CHECK_FALSE(good(terminal.protect(read_binary)).extended);
    CHECK(good(terminal.protect(read_binary)).le == 256U);
    CHECK_FALSE(good(terminal.protect({0x00, 0xD6, 0, 0, Bytes(223), {}})).extended);
    const auto longer = good(terminal.protect({0x00, 0xD6, 0, 0, Bytes(240), {}}));
    CHECK(longer.extended);
    CHECK(longer.le == 65536U);
}

TEST_CASE("the counters of both ends stay in step over a thousand exchanges", "[sm]") {
    for (const auto cipher : ciphers) {
        Agreement a(cipher);
        a.ssc.assign(a.ssc.size(), 0xFF);  // and over the wrap
        sm::Terminal terminal(a.session());
        sm::Chip chip(a.session());
        TestRng rng;
        for (int i = 0; i < 1000; ++i)
            check_exchange(terminal, chip, {0x00, 0xB0, 0, 0, rng.bytes(rng.below(20)), 8}, {rng.bytes(rng.below(40)), 0x9000});
    }
}

TEST_CASE("the send sequence counter carries through all its bytes", "[sm]") {
    const auto next = [](std::string_view hex) {
        sm::SendSequenceCounter c(good(from_hex(hex)));
        return to_hex((++c).value());
    };
    CHECK(next("887022120C06C226") == "887022120C06C227");  // Doc 9303-11, D.4
    CHECK(next("00000000000000FF") == "0000000000000100");
    CHECK(next("FFFFFFFFFFFFFFFF") == "0000000000000000");
    CHECK(next("000000000000000000FFFFFFFFFFFFFF") == "00000000000000000100000000000000");
}

TEST_CASE("the definition written out here gives the response that the chip role seals", "[sm]") {
    for (const auto cipher : ciphers) {
        const Agreement a(cipher);
        const auto block = crypto::block_size(cipher);
        const auto objects = concat({tlv::element(0x87, {Bytes{1}, a.encrypted(2, crypto::pad("01020304"_hex, block))}), "99029000"_hex});
        CHECK(good_response(a).data == concat({objects, tlv::element(0x8E, a.mac(2, objects))}));
    }
}

TEST_CASE("every single changed bit of a protected response is refused", "[sm]") {
    for (const auto cipher : ciphers) {
        const Agreement a(cipher);
        const auto bytes = good_response(a).encode();
        REQUIRE(verdict(a, good(ResponseApdu::parse(bytes))) == "none");
        for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
            auto bent = bytes;
            bent[bit / 8] = static_cast<Byte>(bent[bit / 8] ^ (1U << bit % 8));
            CAPTURE(crypto::name(cipher), bit);
            REQUIRE(verdict(a, good(ResponseApdu::parse(bent))) == "sm.broken");
        }
        for (std::size_t n = 2; n < bytes.size(); ++n)
            REQUIRE(verdict(a, good(ResponseApdu::parse(ByteView(bytes).first(n)))) == "sm.broken");
    }
}

TEST_CASE("every single changed bit of a protected command is refused by the chip", "[sm]") {
    for (const auto cipher : ciphers) {
        const Agreement a(cipher);
        sm::Terminal terminal(a.session());
        const auto bytes = good(good(terminal.protect({0x00, 0xD6, 0x01, 0x02, "AABBCC"_hex, 4})).encode());
        std::size_t tried = 0;
        for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
            auto bent = bytes;
            bent[bit / 8] = static_cast<Byte>(bent[bit / 8] ^ (1U << bit % 8));
            const auto command = CommandApdu::parse(bent);
            if (!command || command->le != 256U) continue;  // the outer length fields are the transport's
            ++tried;
            sm::Chip chip(a.session());
            const auto opened = chip.open(*command);
            CAPTURE(crypto::name(cipher), bit);
            REQUIRE(error_of(opened) == "sm.broken");
            REQUIRE((opened.error().sw == 0x6988 || opened.error().sw == 0x6987));
        }
        CHECK(tried > 200);
    }
}

// Each object missing, doubled and out of order, always under a right MAC: the structure itself must be refused.
TEST_CASE("of all sequences of up to four objects exactly two are a response", "[sm]") {
    for (const auto cipher : {Cipher::tdes, Cipher::aes128}) {
        const Agreement a(cipher);
        const auto block = crypto::block_size(cipher);
        const Bytes objects[] = {tlv::element(0x87, {Bytes{1}, a.encrypted(2, crypto::pad("0102"_hex, block))}), "99029000"_hex,
                                 "970104"_hex, "800101"_hex, tlv::element(0x85, a.encrypted(2, crypto::pad("0102"_hex, block)))};
        const std::string_view letters = "DSLXOM";  // data, status, Le, unknown, data of odd INS, MAC
        std::size_t sequences = 0;
        for (std::size_t length = 0; length <= 4; ++length) {
            std::size_t count = 1;
            for (std::size_t i = 0; i < length; ++i) count *= letters.size();
            for (std::size_t n = 0; n < count; ++n) {
                std::string name;
                Bytes data;
                for (std::size_t i = 0, rest = n; i < length; ++i, rest /= letters.size()) {
                    const auto which = rest % letters.size();
                    name += letters[which];
                    append(data, which < 5 ? objects[which] : tlv::element(0x8E, a.mac(2, data)));
                }
                CAPTURE(name);
                // DO'85' belongs to an odd INS, which the terminal does not look at again.
                const bool right = name == "SM" || name == "DSM" || name == "OSM";
                REQUIRE((verdict(a, {data, 0x9000}) == "none") == right);
                ++sequences;
            }
        }
        CHECK(sequences == 1 + 6 + 36 + 216 + 1296);
    }
}

TEST_CASE("objects of wrong length or form are refused under a right MAC", "[sm]") {
    const Agreement a(Cipher::tdes);
    const auto with = [&](const Bytes& objects, std::size_t mac_size = 8) {
        auto mac = a.mac(2, objects);
        mac.resize(mac_size);
        return verdict(a, {concat({objects, tlv::element(0x8E, mac)}), 0x9000});
    };
    const auto data = a.encrypted(2, crypto::pad("0102"_hex, 8));
    CHECK(with("99029000"_hex) == "none");
    for (const auto* status : {"9900", "990190", "9903900000", "99026A82"}) CHECK(with(good(from_hex(status))) == "sm.broken");
    for (const std::size_t size : {0U, 4U, 7U, 9U, 16U}) CHECK(with("99029000"_hex, size) == "sm.broken");
    CHECK(with(concat({tlv::element(0x87, {Bytes{1}, data}), "99029000"_hex})) == "none");
    CHECK(with(concat({tlv::element(0x87, {Bytes{2}, data}), "99029000"_hex})) == "sm.broken");  // another padding
    CHECK(with(concat({tlv::element(0x87, data), "99029000"_hex})) == "sm.broken");
    CHECK(with(concat({"8700"_hex, "99029000"_hex})) == "sm.broken");
    CHECK(with(concat({"870101"_hex, "99029000"_hex})) == "sm.broken");
    CHECK(with(concat({"870201AA"_hex, "99029000"_hex})) == "sm.broken");
    CHECK(with(concat({tlv::element(0x87, {Bytes{1}, a.encrypted(2, "0102030405060708"_hex)}), "99029000"_hex})) ==
          "sm.broken");  // no padding inside
    CHECK(with(concat({tlv::element(0x87, {Bytes{1}, a.encrypted(2, Bytes(8))}), "99029000"_hex})) == "sm.broken");
}

TEST_CASE("the protected status word must be the outer one", "[sm]") {
    const Agreement a(Cipher::aes128);
    for (const auto& [inside, outside] : {std::pair<std::uint16_t, std::uint16_t>{0x9000, 0x6A82}, {0x6A82, 0x9000}, {0x6282, 0x6283}}) {
        auto response = good_response(a, {{}, inside});
        CHECK(verdict(a, response) == "none");
        response.sw = outside;
        CHECK(verdict(a, response) == "sm.broken");
    }
}

// Inspection case A44: a man in the middle without keys says "no such file".
TEST_CASE("a bare status word is evidence of nothing and ends the session", "[sm]") {
    const Agreement a(Cipher::tdes);
    for (const std::uint16_t sw : std::initializer_list<std::uint16_t>{0x9000, 0x6A82, 0x6982, 0x6987, 0x6988, 0x6700, 0x6C08, 0x6110}) {
        sm::Terminal terminal(a.session());
        sm::Chip chip(a.session());
        const auto command = good(terminal.protect(read_binary));
        const auto refused = terminal.unprotect(ResponseApdu::of(sw));
        REQUIRE(error_of(refused) == "sm.broken");
        CHECK(refused.error().sw == sw);
        CHECK_FALSE(terminal.alive());
        // The right answer afterwards does not bring the session back.
        good(chip.open(command));
        CHECK(error_of(terminal.unprotect(good(chip.seal({{}, 0x9000}, 0xB0)))) == "sm.broken");
        CHECK(error_of(terminal.protect(read_binary)) == "sm.broken");
    }
    CHECK(verdict(a, {"01020304"_hex, 0x9000}) == "sm.broken");
}

TEST_CASE("a response replayed, swapped or from another session is refused", "[sm]") {
    for (const auto cipher : ciphers) {
        const Agreement a(cipher);
        sm::Terminal terminal(a.session());
        sm::Chip chip(a.session());
        good(chip.open(good(terminal.protect(read_binary))));
        const auto first = good(chip.seal({"AA"_hex, 0x9000}, 0xB0));
        good(terminal.unprotect(first));
        const auto second_command = good(terminal.protect(read_binary));
        good(chip.open(second_command));
        CHECK(error_of(terminal.unprotect(first)) == "sm.broken");
        // The chip refuses a replayed command as well.
        CHECK(error_of(chip.open(second_command)) == "sm.broken");
        CHECK(verdict(a, good_response(Agreement(cipher, 2))) == "sm.broken");
    }
}

TEST_CASE("a chip that lost a command, or a terminal that lost an answer, is out of step for good", "[sm]") {
    const Agreement a(Cipher::tdes);
    sm::Terminal terminal(a.session());
    sm::Chip chip(a.session());
    good(terminal.protect(read_binary));  // never arrives
    CHECK(error_of(chip.open(good(terminal.protect(read_binary)))) == "sm.broken");
}

TEST_CASE("the chip tells missing objects from wrong ones", "[sm]") {
    const Agreement a(Cipher::tdes);
    const auto sw_of = [&](const Bytes& data, Byte ins = 0xB0) {
        sm::Chip chip(a.session());
        const auto opened = chip.open({0x0C, ins, 0, 0, data, 256});
        return opened ? 0 : int{opened.error().sw.value()};
    };
    // Header, padded, and the objects under the counter's first step.
    const auto mac_over = [&](const Bytes& objects, Byte ins = 0xB0) {
        const auto header = crypto::pad(Bytes{0x0C, ins, 0, 0}, 8);
        auto mac = good(crypto::retail_mac(
            a.ks_mac, objects.empty() ? concat({a.counter(1), header}) : crypto::pad(concat({a.counter(1), header, objects}), 8)));
        return concat({objects, tlv::element(0x8E, mac)});
    };
    const auto cryptogram = a.encrypted(1, crypto::pad("0102"_hex, 8));
    const auto do87 = tlv::element(0x87, {Bytes{1}, cryptogram});
    const auto do85 = tlv::element(0x85, cryptogram);
    CHECK(sw_of(mac_over({})) == 0);
    CHECK(sw_of(mac_over("970104"_hex)) == 0);
    CHECK(sw_of(mac_over(concat({do87, "97020100"_hex}))) == 0);
    CHECK(sw_of(mac_over(do85, 0xB1), 0xB1) == 0);
    CHECK(sw_of({}) == 0x6987);
    CHECK(sw_of("970104"_hex) == 0x6987);
    CHECK(sw_of(do87) == 0x6987);
    CHECK(sw_of(mac_over("9700"_hex)) == 0x6988);
    CHECK(sw_of(mac_over("9703000000"_hex)) == 0x6988);
    CHECK(sw_of(mac_over("99029000"_hex)) == 0x6988);
    CHECK(sw_of(mac_over(concat({"970104"_hex, do87}))) == 0x6988);
    CHECK(sw_of(mac_over(do85)) == 0x6988);  // DO'85' under an even INS
    CHECK(sw_of(mac_over(do87, 0xB1), 0xB1) == 0x6988);
    CHECK(sw_of("8E0800000000000000"_hex) == 0x6988);
    CHECK(sw_of(concat({"970104"_hex, "8E080102030405060708"_hex})) == 0x6988);
    CHECK(sw_of("FFFFFFFF"_hex) == 0x6988);
    const auto no_padding = tlv::element(0x87, {Bytes{1}, a.encrypted(1, Bytes(8, 1))});
    CHECK(sw_of(mac_over(no_padding)) == 0x6988);
}

TEST_CASE("a command too long to be protected is refused, and the session goes on in step", "[sm]") {
    for (const auto cipher : {Cipher::tdes, Cipher::aes256}) {
        const Agreement a(cipher);
        sm::Terminal terminal(a.session());
        sm::Chip chip(a.session());
        std::size_t longest = 0;
        for (std::size_t size = 65'480; size <= 65'535; ++size) {
            const CommandApdu command{0x00, 0xD6, 0, 0, Bytes(size), 65'536};
            const auto protected_command = terminal.protect(command);
            CAPTURE(size);
            if (protected_command) {
                REQUIRE(protected_command->data.size() <= 65'535);
                longest = size;
                REQUIRE(good(chip.open(sent(*protected_command))).data == command.data);
                good(terminal.unprotect(good(chip.seal({{}, 0x9000}, 0xD6))));
            } else {
                REQUIRE(error_of(protected_command) == "apdu.too_long");
            }
        }
        CHECK(longest >= 65'480);
        CHECK(longest < 65'535);
        for (const std::uint32_t le : {0U, 65'537U, 0xFFFFFFFFU})
            CHECK(error_of(terminal.protect({0x00, 0xB0, 0, 0, {}, le})) == "apdu.too_long");
        CHECK(terminal.alive());
        check_exchange(terminal, chip, read_binary, {"01020304"_hex, 0x9000});
    }
}
