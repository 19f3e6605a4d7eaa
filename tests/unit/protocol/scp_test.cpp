// The secure channels between the two roles; traces of real cards and values of the standard's rules are in test-vectors/scp.
#include "unit/unit.hpp"

#include <idchip/crypto/cipher.hpp>
#include <idchip/protocol/scp/scp.hpp>

#include "crypto/prepared.hpp"

using namespace idchip;
using namespace idchip::test;
using iso7816::CommandApdu;
using iso7816::ResponseApdu;
using scp::Parameters;
using scp::Protocol;

namespace {

const Bytes aid = "A0000002471001"_hex, diversification_data = "00010203040506070809"_hex;

Bytes pattern(std::size_t size, unsigned first) {
    Bytes bytes(size);
    for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<Byte>(first + i * 7);
    return bytes;
}

scp::StaticKeys keys(std::size_t size, unsigned change = 0) {
    scp::StaticKeys k;
    k.version = 0x30;
    k.enc = Secret(pattern(size, 0x40 + change));
    k.mac = Secret(pattern(size, 0x51 + change));
    k.dek = Secret(pattern(size, 0x62 + change));
    return k;
}

Bytes counter_of(const Parameters& p) { return p.protocol == Protocol::scp02 ? "0007"_hex : "00012C"_hex; }

struct Kind {
    Parameters parameters;
    std::size_t key_size;
    std::string text() const {
        const auto& p = parameters;
        return (p.protocol == Protocol::scp02 ? "SCP02 i " : "SCP03 i ") + to_hex(Bytes{p.i}) + " level " + to_hex(Bytes{p.level}) +
               " keys of " + std::to_string(key_size);
    }
};

// Every protocol, i and level that go together, with every size of keys.
std::vector<Kind> every_kind() {
    std::vector<Kind> kinds;
    for (unsigned i = 0; i < 256; ++i)
        for (const Byte level : std::initializer_list<Byte>{0x01, 0x03, 0x11, 0x13, 0x33})
            for (const auto protocol : {Protocol::scp02, Protocol::scp03}) {
                const Parameters p{protocol, static_cast<Byte>(i), level};
                if (!scp::check(p)) continue;
                for (const std::size_t size : {16U, 24U, 32U})
                    if (protocol == Protocol::scp03 || size == 16) kinds.push_back({p, size});
            }
    return kinds;
}

// One of each that protects differently.
std::vector<Kind> some_kinds() {
    std::vector<Kind> kinds;
    for (const Byte level : std::initializer_list<Byte>{0x01, 0x03, 0x11, 0x13}) {
        kinds.push_back({{Protocol::scp02, 0x25, level}, 16});
        kinds.push_back({{Protocol::scp02, 0x75, level}, 16});
    }
    for (const Byte level : std::initializer_list<Byte>{0x01, 0x03, 0x11, 0x13, 0x33}) {
        kinds.push_back({{Protocol::scp03, 0x60, level}, 16});
        kinds.push_back({{Protocol::scp03, 0x71, level}, 32});
    }
    return kinds;
}

// Both ends, up to where `Pair` is told to go.
struct Pair {
    TestRng rng{5};
    Kind kind;
    scp::Chip chip;
    scp::Terminal terminal;
    CommandApdu initialize, authenticate;
    ResponseApdu answer;
    std::optional<scp::Session> session;

    explicit Pair(const Kind& k)
        : kind(k),
          chip(k.parameters, keys(k.key_size), diversification_data, counter_of(k.parameters), aid, rng),
          terminal(k.parameters, pattern(k.parameters.challenge_size(), 0x10)),
          initialize(terminal.initialize_update(0x30)),
          answer(chip.initialize_update(initialize)) {
        const auto challenge = good(terminal.read(answer));
        authenticate = good(terminal.external_authenticate(keys(k.key_size), challenge));
    }
    Pair& open() {
        session = good(terminal.finish(chip.external_authenticate(authenticate)));
        return *this;
    }
    // A command and its answer over the wire.
    ResponseApdu run(const CommandApdu& plain, const ResponseApdu& plain_answer) {
        const auto wire = good(good(session->wrap(plain)).encode());
        const auto opened = good(chip.open(good(CommandApdu::parse(wire))));
        REQUIRE(good(opened.encode()) == good(plain.encode()));
        const auto back = good(chip.seal(plain_answer)).encode();
        return good(session->unwrap(good(ResponseApdu::parse(back))));
    }
};

const CommandApdu store{0x80, 0xE2, 0x80, 0x01, pattern(21, 1), {}};

std::vector<std::pair<CommandApdu, ResponseApdu>> exchanges() {
    std::vector<std::pair<CommandApdu, ResponseApdu>> list;
    for (const std::size_t size : {0U, 1U, 7U, 8U, 15U, 16U, 17U, 200U}) {
        list.push_back({{0x80, 0xE2, 0x00, static_cast<Byte>(size), pattern(size, 3), {}}, ResponseApdu::of(0x9000)});
        list.push_back({{0x80, 0xCA, 0x00, 0x66, pattern(size, 9), 256}, {pattern(size, 4), 0x9000}});
        list.push_back({{0x00, 0xB0, 0x00, 0x00, {}, 16}, {pattern(size, 5), 0x6282}});
        list.push_back({{0x80, 0xF2, 0x20, 0x02, {}, {}}, ResponseApdu::of(0x6310)});
        list.push_back({{0x80, 0xE2, 0x00, 0x00, pattern(size, 6), {}}, ResponseApdu::of(0x6A80)});
    }
    list.push_back({{0x80, 0xE2, 0x00, 0x00, pattern(300, 6), {}, true}, ResponseApdu::of(0x9000)});
    list.push_back({{0x80, 0xE2, 0x00, 0x00, pattern(3, 6), 65536, true}, {pattern(3000, 1), 0x9000}});
    list.push_back({{0x80, 0xCA, 0x00, 0x66, {}, 65536, true}, {pattern(255, 1), 0x9000}});
    return list;
}

Bytes flipped(Bytes bytes, std::size_t at, unsigned mask) {
    bytes[at] = static_cast<Byte>(bytes[at] ^ mask);
    return bytes;
}

constexpr unsigned masks[] = {0x01, 0x08, 0x80, 0xFF};

bool has_r_mac(const Kind& k) { return (k.parameters.level & scp::r_mac) != 0; }

}  // namespace

TEST_CASE("both ends understand each other with every protocol, option, level and size of keys", "[scp]") {
    const auto kinds = every_kind();
    REQUIRE(kinds.size() == (4 * 2 + 4 * 4) + 3 * 2 * (2 * 2 + 2 * 4 + 2 * 5));
    for (const auto& kind : kinds) {
        INFO(kind.text());
        Pair pair(kind);
        CHECK_FALSE(pair.chip.authenticated());
        pair.open();
        CHECK(pair.chip.authenticated());
        for (const auto& [command, answer] : exchanges()) {
            const auto back = pair.run(command, answer);
            REQUIRE(back.sw == answer.sw);
            REQUIRE(back.data == answer.data);
        }
        CHECK(pair.session->alive());
        const auto key = pattern(32, 8);
        CHECK(good(pair.chip.decrypt_data(good(pair.session->encrypt_data(key)))) == key);
        CHECK(error_of(pair.session->encrypt_data(pattern(12, 8))) == "crypto.bad_input");
        CHECK(error_of(pair.chip.decrypt_data(pattern(12, 8))) == "crypto.bad_input");
    }
}

TEST_CASE("what is encrypted is not to be read on the line, and the same twice looks different with SCP03", "[scp]") {
    for (const auto& kind : some_kinds()) {
        INFO(kind.text());
        Pair pair(kind);
        pair.open();
        const auto first = good(pair.session->wrap(store));
        good(pair.chip.open(first));
        const auto answer = good(pair.chip.seal({pattern(21, 2), 0x9000}));
        good(pair.session->unwrap(answer));
        const auto second = good(pair.session->wrap(store));
        const bool encrypted = (kind.parameters.level & scp::c_decryption) != 0;
        CHECK((first.data[0] == store.data[0] && first.data[20] == store.data[20]) == !encrypted);
        CHECK((answer.data[0] == 2 && answer.data[1] == 9) == ((kind.parameters.level & scp::r_encryption) == 0));
        CHECK(first.data != second.data);
        if (encrypted && kind.parameters.protocol == Protocol::scp03) CHECK(first.data[0] != second.data[0]);
    }
}

// Not so for diversification data, key version and the counter of SCP03, which nothing protects: other ones lead to other keys.
TEST_CASE("every changed byte of the authentication is refused", "[scp]") {
    for (const auto& kind : some_kinds()) {
        INFO(kind.text());
        const Pair good_pair(kind);
        const bool scp03 = kind.parameters.protocol == Protocol::scp03;
        const auto key_set = keys(kind.key_size);
        const auto answer = good_pair.answer.data;
        const std::size_t end = scp03 ? 13 + 2 * kind.parameters.challenge_size() : answer.size();
        for (std::size_t at = 11; at < end; ++at)
            for (const auto mask : masks) {
                auto challenge = good_pair.terminal.read({flipped(answer, at, mask), 0x9000});
                const bool head = at < (scp03 ? 13U : 12U);
                REQUIRE(error_of(challenge) == (head ? "scp.mismatch" : "none"));
                scp::Terminal terminal(kind.parameters, pattern(kind.parameters.challenge_size(), 0x10));
                if (!head) REQUIRE(error_of(terminal.external_authenticate(key_set, *challenge)) == "scp.wrong_key");
            }
        // The host's challenge changed on the way: the card's proof is of no use.
        for (std::size_t at = 0; at < kind.parameters.challenge_size(); ++at) {
            scp::Terminal terminal(kind.parameters, flipped(pattern(kind.parameters.challenge_size(), 0x10), at, 4));
            REQUIRE(error_of(terminal.external_authenticate(key_set, good(terminal.read({answer, 0x9000})))) == "scp.wrong_key");
        }
        const auto command = good(good_pair.authenticate.encode());
        for (std::size_t at = 0; at < command.size(); ++at)
            for (const auto mask : masks) {
                Pair pair(kind);
                const auto bent = CommandApdu::parse(flipped(command, at, mask));
                if (bent) REQUIRE_FALSE(pair.chip.external_authenticate(*bent).ok());
                REQUIRE_FALSE(pair.chip.authenticated());
                // One try is all there is; the caller counts it.
                if (bent) REQUIRE(pair.chip.external_authenticate(pair.authenticate).sw == 0x6985);
            }
    }
}

TEST_CASE("every changed byte of a command ends the channel, and the chip says 6982", "[scp]") {
    for (const auto& kind : some_kinds())
        for (const auto& plain :
             {store, CommandApdu{0x80, 0xF2, 0x20, 0x02, {}, {}}, CommandApdu{0x80, 0xE2, 0, 0, pattern(9, 1), {}, true}}) {
            INFO(kind.text());
            const auto command = good(good(Pair(kind).open().session->wrap(plain)).encode());
            for (std::size_t at = 0; at < command.size(); ++at)
                for (const auto mask : masks) {
                    const auto bent = CommandApdu::parse(flipped(command, at, mask));
                    if (!bent) continue;  // the length field: no command at all
                    Pair pair(kind);
                    pair.open();
                    const auto opened = pair.chip.open(*bent);
                    REQUIRE(error_of(opened) == "scp.broken");
                    REQUIRE(opened.error().sw == 0x6982);
                    REQUIRE_FALSE(pair.chip.authenticated());
                    REQUIRE(error_of(pair.chip.open(good(CommandApdu::parse(command)))) == "scp.broken");
                    REQUIRE(error_of(pair.chip.seal(ResponseApdu::of(0x9000))) == "scp.broken");
                }
        }
}

TEST_CASE("every changed byte of an answer with R-MAC ends the session", "[scp]") {
    for (const auto& kind : some_kinds()) {
        if (!has_r_mac(kind)) continue;
        for (const auto& plain : {ResponseApdu::of(0x9000), ResponseApdu{pattern(20, 1), 0x9000}, ResponseApdu{pattern(16, 1), 0x6310}}) {
            INFO(kind.text());
            Pair first(kind);
            first.open();
            good(first.chip.open(good(first.session->wrap(store))));
            const auto answer = good(first.chip.seal(plain)).encode();
            for (std::size_t at = 0; at < answer.size(); ++at)
                for (const auto mask : masks) {
                    Pair pair(kind);
                    pair.open();
                    good(pair.session->wrap(store));
                    const auto bent = good(ResponseApdu::parse(flipped(answer, at, mask)));
                    const auto opened = pair.session->unwrap(bent);
                    REQUIRE(error_of(opened) == "scp.broken");
                    REQUIRE(opened.error().sw == bent.sw);
                    REQUIRE_FALSE(pair.session->alive());
                    REQUIRE(error_of(pair.session->unwrap(good(ResponseApdu::parse(answer)))) == "scp.broken");
                    REQUIRE(error_of(pair.session->wrap(store)) == "scp.broken");
                    REQUIRE(error_of(pair.session->encrypt_data(Bytes(16))) == "scp.broken");
                    REQUIRE(pair.session->largest_data(255) == 0);
                }
            CHECK(good(first.session->unwrap(good(ResponseApdu::parse(answer)))).data == plain.data);
        }
    }
}

TEST_CASE("every truncation of an answer with R-MAC ends the session", "[scp]") {
    for (const auto& kind : some_kinds()) {
        if (!has_r_mac(kind)) continue;
        INFO(kind.text());
        Pair first(kind);
        first.open();
        good(first.chip.open(good(first.session->wrap(store))));
        const auto answer = good(first.chip.seal({pattern(40, 1), 0x9000}));
        for (std::size_t size = 0; size < answer.data.size(); ++size) {
            Pair pair(kind);
            pair.open();
            good(pair.session->wrap(store));
            REQUIRE(error_of(pair.session->unwrap(
                        {Bytes(answer.data.begin(), answer.data.begin() + static_cast<std::ptrdiff_t>(size)), 0x9000})) == "scp.broken");
        }
    }
}

TEST_CASE("messages of another exchange, or of another session, are not taken", "[scp]") {
    for (const auto& kind : some_kinds()) {
        INFO(kind.text());
        Pair pair(kind);
        pair.open();
        const auto command = good(pair.session->wrap(store));
        good(pair.chip.open(command));
        const auto answer = good(pair.chip.seal({pattern(20, 1), 0x9000}));
        good(pair.session->unwrap(answer));
        if (has_r_mac(kind)) {
            good(pair.session->wrap(store));
            CHECK(error_of(pair.session->unwrap(answer)) == "scp.broken");
        }
        CHECK(error_of(pair.chip.open(command)) == "scp.broken");
        // Other challenges, other keys.
        scp::Terminal other(kind.parameters, pattern(kind.parameters.challenge_size(), 0x77));
        TestRng rng(8);
        scp::Chip chip(kind.parameters, keys(kind.key_size), diversification_data, counter_of(kind.parameters), aid, rng);
        const auto challenge = good(other.read(chip.initialize_update(other.initialize_update(0))));
        auto session = good(other.finish(chip.external_authenticate(good(other.external_authenticate(keys(kind.key_size), challenge)))));
        const auto mine = good(session.wrap(store));
        if (kind.parameters.protocol == Protocol::scp03 || (kind.parameters.i & scp::i02::pseudo_random) == 0)
            CHECK(mine.data != command.data);
        CHECK(error_of(chip.open(good(Pair(kind).open().session->wrap({0x80, 0xE4, 0, 0, {}, {}})))) == "scp.broken");
    }
}

TEST_CASE("with another key the host sends nothing that the card counts", "[scp]") {
    for (const auto& kind : some_kinds()) {
        INFO(kind.text());
        Pair pair(kind);
        const auto challenge = good(pair.terminal.read(pair.answer));
        CHECK(error_of(pair.terminal.external_authenticate(keys(kind.key_size, 1), challenge)) == "scp.wrong_key");
        // Without EXTERNAL AUTHENTICATE there is nothing to finish.
        scp::Terminal terminal(kind.parameters, pattern(kind.parameters.challenge_size(), 0x10));
        CHECK(error_of(terminal.external_authenticate(keys(kind.key_size, 1), challenge)) == "scp.wrong_key");
        CHECK(error_of(terminal.finish(ResponseApdu::of(0x9000))) == "scp.broken");
    }
}

TEST_CASE("a mismatch names both values", "[scp]") {
    const Kind s8{{Protocol::scp03, 0x60, 0x33}, 16}, s16{{Protocol::scp03, 0x61, 0x33}, 16}, scp02{{Protocol::scp02, 0x15, 0x01}, 16};
    const auto detail = [](const Kind& profile, const Kind& card) {
        const auto read = scp::Terminal(profile.parameters, pattern(8, 0x10)).read(Pair(card).answer);
        REQUIRE(error_of(read) == "scp.mismatch");
        return read.error().detail;
    };
    CHECK(detail(s8, s16) == "the card says i 61, the profile 60");
    CHECK(detail(s8, scp02) == "the card says protocol 02, the profile SCP03");
    CHECK(detail(scp02, s8) == "the card says protocol 03, the profile SCP02");
}

TEST_CASE("a channel ahead of time is the channel that the card opens", "[scp]") {
    std::size_t tried = 0;
    for (const auto& kind : every_kind()) {
        INFO(kind.text());
        const auto& p = kind.parameters;
        const auto host_challenge = pattern(p.challenge_size(), 0x10);
        const auto next = counter_of(p);
        const bool known = (p.i & (p.protocol == Protocol::scp02 ? scp::i02::pseudo_random : scp::i03::pseudo_random)) != 0;
        auto ahead = scp::open_ahead(p, keys(kind.key_size), host_challenge, next, aid);
        CHECK(error_of(ahead) == (known ? "none" : "profile.bad"));
        if (!known) continue;
        ++tried;
        Pair live(kind);
        live.open();
        const auto challenge = good(live.terminal.read(live.answer));
        CHECK(good(ahead->initialize_update.encode()) == good(live.initialize.encode()));
        CHECK(good(ahead->external_authenticate.encode()) == good(live.authenticate.encode()));
        CHECK(ahead->card_challenge == challenge.card_challenge);
        CHECK(ahead->card_cryptogram == challenge.card_cryptogram);
        for (const auto& [command, answer] : exchanges()) {
            const auto mine = good(good(ahead->session.wrap(command)).encode());
            REQUIRE(mine == good(good(live.session->wrap(command)).encode()));
            good(live.chip.open(good(CommandApdu::parse(mine))));
            const auto sealed = good(live.chip.seal(answer));
            REQUIRE(good(ahead->session.unwrap(sealed)).data == good(live.session->unwrap(sealed)).data);
        }
        // Another counter or application is another channel.
        auto other = next;
        ++other.back();
        CHECK(good(scp::open_ahead(p, keys(kind.key_size), host_challenge, other, aid)).external_authenticate.data !=
              live.authenticate.data);
        const auto elsewhere = good(scp::open_ahead(p, keys(kind.key_size), host_challenge, next, "A0000002471002"_hex));
        CHECK(elsewhere.card_challenge != challenge.card_challenge);
    }
    CHECK(tried > 20);
}

TEST_CASE("a script of commands wrapped one after the other is what a card takes", "[scp]") {
    for (const auto& kind : some_kinds()) {
        if ((kind.parameters.level & scp::r_mac) != 0) continue;
        INFO(kind.text());
        Pair pair(kind);
        pair.open();
        std::vector<CommandApdu> script;
        for (const auto& [command, answer] : exchanges()) script.push_back(good(pair.session->wrap(command)));
        for (const auto& command : script) {
            good(pair.chip.open(command));
            good(pair.chip.seal(ResponseApdu::of(0x9000)));
        }
        good(pair.session->unwrap(ResponseApdu::of(0x9000)));
        CHECK(error_of(pair.session->unwrap(ResponseApdu::of(0x9000))) == "scp.broken");
    }
}

// osmocom pySim, test_globalplatform.py; the AID is that of an ISD-R (SGP.02).
TEST_CASE("pseudo-random challenges are those of a real card", "[scp]") {
    const auto key = "000102030405060708090A0B0C0D0E0F"_hex, isd_r = "A0000005591010FFFFFFFF8900000100"_hex;
    CHECK(to_hex(good(scp::pseudo_random_challenge(key, "000001"_hex, isd_r, 8))) == "30760CD2C47C1DD3");
    CHECK(to_hex(good(scp::pseudo_random_challenge(key, "000002"_hex, isd_r, 8))) == "3EB51047495B249F");
    CHECK(to_hex(good(scp::pseudo_random_challenge(key, "000003"_hex, isd_r, 8))) == "3B1ACA81E821F219");
    CHECK(good(scp::pseudo_random_challenge(key, "000003"_hex, isd_r, 16)).size() == 16);
    CHECK(error_of(scp::pseudo_random_challenge(ByteView(key).first(15), "000003"_hex, isd_r, 8)) == "crypto.bad_key");
}

TEST_CASE("cards that count only commands with data", "[scp]") {
    for (const bool count_empty : {true, false}) {
        Kind kind{{Protocol::scp03, 0x70, 0x33}, 16};
        kind.parameters.count_empty = count_empty;
        Pair pair(kind);
        pair.open();
        for (const auto& [command, answer] : exchanges()) REQUIRE(pair.run(command, answer).data == answer.data);
    }
    // Each for itself: from the first command without data on the two kinds are not on the same number.
    Kind strict{{Protocol::scp03, 0x70, 0x33}, 16}, lax = strict;
    lax.parameters.count_empty = false;
    Pair a(strict), b(lax);
    a.open();
    b.open();
    CHECK(good(a.session->wrap(store)).data == good(b.session->wrap(store)).data);
    const CommandApdu empty{0x80, 0xF2, 0x20, 0x02, {}, {}};
    CHECK(good(a.session->wrap(empty)).data == good(b.session->wrap(empty)).data);
    CHECK(good(a.session->wrap(store)).data != good(b.session->wrap(store)).data);
}

TEST_CASE("the largest data field is the largest that wraps", "[scp]") {
    for (const auto& kind : some_kinds()) {
        INFO(kind.text());
        Pair pair(kind);
        pair.open();
        for (const std::size_t field : {255U, 65'535U}) {
            const auto largest = pair.session->largest_data(field);
            CommandApdu c{0x80, 0xE2, 0, 0, pattern(largest + 1, 1), {}, field > 255};
            REQUIRE(error_of(pair.session->wrap(c)) == "apdu.too_long");
            c.data.pop_back();
            const auto wrapped = good(pair.session->wrap(c));
            CHECK(wrapped.data.size() <= field);
            CHECK(wrapped.data.size() + 16 > field);
            CHECK(good(pair.chip.open(wrapped)).data == c.data);  // what was refused before has not been counted
            good(pair.chip.seal(ResponseApdu::of(0x9000)));
        }
        const std::size_t mac = kind.parameters.challenge_size();
        const std::size_t block = kind.parameters.protocol == Protocol::scp02 ? 8 : 16;
        const std::size_t none = (kind.parameters.level & scp::c_decryption) != 0 ? mac + block - 1 : mac;
        for (std::size_t field = 0; field <= none; ++field) REQUIRE(pair.session->largest_data(field) == 0);
        CHECK(pair.session->largest_data(mac + block) == (none == mac ? block : block - 1));
        CHECK(error_of(pair.session->wrap({0x80, 0xCA, 0, 0, {}, 0})) == "apdu.too_long");
        CHECK(error_of(pair.session->wrap({0x84, 0xCA, 0, 0, {}, {}})) == "apdu.malformed");
        CHECK(pair.session->alive());
    }
}

TEST_CASE("the chip takes any level made of the bits that it offers, and no other", "[scp]") {
    for (const auto& kind : some_kinds())
        for (unsigned level = 0; level < 256; ++level) {
            auto asked = kind;
            asked.parameters.level = static_cast<Byte>(level);
            if (!scp::check(asked.parameters)) continue;
            INFO(kind.text() << ", asked for " << level);
            Pair pair(kind);
            scp::Terminal terminal(asked.parameters, pattern(kind.parameters.challenge_size(), 0x10));
            const auto command = good(terminal.external_authenticate(keys(kind.key_size), good(terminal.read(pair.answer))));
            const bool offered = (level & ~kind.parameters.level) == 0;
            CHECK(pair.chip.external_authenticate(command).sw == (offered ? 0x9000 : 0x6A86));
            if (!offered) continue;
            pair.session = good(terminal.finish(ResponseApdu::of(0x9000)));
            CHECK(pair.run(store, {pattern(5, 1), 0x9000}).data == pattern(5, 1));
        }
}

TEST_CASE("a moved session and a moved chip go on", "[scp]") {
    Pair pair({{Protocol::scp03, 0x71, 0x33}, 24});
    pair.open();
    auto session = std::move(*pair.session);
    auto chip = std::move(pair.chip);
    good(chip.open(good(session.wrap(store))));
    CHECK(good(session.unwrap(good(chip.seal({pattern(3, 1), 0x9000})))).data == pattern(3, 1));
}

TEST_CASE("ciphers that keep their keys give what the others give", "[scp]") {
    using crypto::Cipher;
    TestRng rng;
    for (const auto cipher : {Cipher::tdes, Cipher::aes128, Cipher::aes192, Cipher::aes256}) {
        const auto key = rng.bytes(crypto::key_size(cipher));
        const std::size_t block = crypto::block_size(cipher);
        auto prepared = good(crypto::PreparedCbc::make(cipher, key));
        CHECK(error_of(crypto::PreparedCbc::make(cipher, rng.bytes(key.size() + 1))) == "crypto.bad_key");
        for (int round = 0; round < 200; ++round) {
            const auto iv = rng.bytes(block), in = rng.bytes((1 + rng.below(20)) * block);
            Bytes out(in.size()), same = in;
            const bool encrypt = rng.below(2) == 0;
            const auto expected = good(encrypt ? crypto::cbc_encrypt(cipher, key, iv, in) : crypto::cbc_decrypt(cipher, key, iv, in));
            if (rng.below(2) == 0) encrypt ? prepared.encrypt(iv, in, out) : prepared.decrypt(iv, in, out);
            else {
                encrypt ? prepared.encrypt(iv, same, same) : prepared.decrypt(iv, same, same);
                out = same;
            }
            REQUIRE(out == expected);
        }
        auto moved = std::move(prepared);
        const auto iv = rng.bytes(block), in = rng.bytes(block);
        Bytes out(block);
        moved.encrypt(iv, in, out);
        CHECK(out == good(crypto::cbc_encrypt(cipher, key, iv, in)));
        // An IV that is its own input.
        auto both = in;
        moved.encrypt(both, both, both);
        CHECK(both == good(crypto::cbc_encrypt(cipher, key, in, in)));
    }
    for (const std::size_t size : {16U, 24U, 32U}) {
        const auto key = rng.bytes(size);
        auto prepared = good(crypto::PreparedCmac::make(key));
        for (std::size_t length = 0; length < 100; ++length) {
            const auto message = rng.bytes(length);
            const auto cut = rng.below(length + 1);
            const auto mac = prepared.mac({ByteView(message).first(cut), {}, ByteView(message).subspan(cut)});
            REQUIRE(to_hex(mac) == to_hex(good(crypto::aes_cmac(key, message))));
        }
    }
    CHECK(error_of(crypto::PreparedCmac::make(rng.bytes(15))) == "crypto.bad_key");
}
