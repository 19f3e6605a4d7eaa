// A foreign implementation agrees: Debian's libeac (OpenPACE) is the chip for our terminal and the terminal for our chip.
#include "catch.hpp"

#include <cstdio>

#ifndef IDCHIP_OPENPACE
TEST_CASE("PACE with libeac") {
    std::fprintf(stderr, "SKIPPED: libeac-dev is not installed\n");
    WARN("skipped: libeac-dev is not installed");
}
#else

#include <set>

#include <idchip/mrz/mrz.hpp>
#include <idchip/protocol/pace/mapping.hpp>
#include <idchip/tlv/reader.hpp>

#include "foreign/openpace_roles.hpp"

using namespace idchip;
using namespace idchip::test;
using crypto::Cipher;
using iso7816::CommandApdu;
using iso7816::ResponseApdu;
using pace::Mapping;
using pace::PasswordKind;

namespace {

// What libeac 1.1.2 cannot do. The worked examples of Doc 9303-11 cover it (test-vectors/pace).
struct Lacking {
    Mapping mapping;
    const char* reason;
};
constexpr Lacking lacking[] = {
    {Mapping::integrated, "EAC_CTX_init_pace takes it for TR-03110 2.01 only, whose mapping was another one"},
    {Mapping::chip_authentication, "it does not know the object identifiers"},
};

// --- ways to run PACE

constexpr std::int64_t dh_ids[] = {0, 1, 2};
constexpr std::int64_t ecdh_ids[] = {8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18};

pace::Choice choice_of(const pace::Suite& suite, std::int64_t id) { return {suite, *crypto::Domain::standardized(id), id, false, false}; }

const pace::Suite& generic(bool ecdh, Cipher cipher) {
    for (const auto& s : pace::suites())
        if (s.mapping == Mapping::generic && s.ecdh == ecdh && s.cipher == cipher) return s;
    throw std::logic_error("no such suite");
}

std::vector<pace::Choice> all_choices() {
    std::vector<pace::Choice> all;
    for (const auto& suite : pace::suites()) {
        if (suite.mapping != Mapping::generic) continue;
        if (suite.ecdh)
            for (const auto id : ecdh_ids) all.push_back(choice_of(suite, id));
        else
            for (const auto id : dh_ids) all.push_back(choice_of(suite, id));
    }
    return all;
}

// The specimen of Doc 9303-11, appendix D.2. libeac takes the password out of the zone itself.
struct Document {
    std::string zone =
        "I<UTOL898902C<3<<<<<<<<<<<<<<<"
        "6908061F9406236UTO<<<<<<<<<<<1"
        "ERIKSSON<<ANNA<MARIA<<<<<<<<<<";
    std::string can = "500540";

    pace::Password ours(PasswordKind kind) const {
        if (kind == PasswordKind::can) return good(pace::Password::can(can));
        return pace::Password::mrz(good(mrz::mrz_information(good(mrz::parse(zone)).mrz)));
    }
    void theirs(PasswordKind kind) const {
        const bool is_can = kind == PasswordKind::can;
        openpace().must({"password", is_can ? "can" : "mrz", word(as_bytes(is_can ? can : zone))});
    }
};

// Another try of the same with other random numbers.
std::uint64_t next_seed() {
    static std::uint64_t seed = 0;
    return ++seed;
}

}  // namespace

TEST_CASE("PACE with libeac: in both roles, in every way that it has") {
    const Document document;
    int runs = 0;
    for (const auto& choice : all_choices())
        for (const auto kind : {PasswordKind::mrz, PasswordKind::can}) {
            CAPTURE(choice.suite.name(), choice.domain.text(), name(kind));
            document.theirs(kind);
            unless_shortened("pace", choice.domain, [&](std::uint64_t seed) {
                begin(choice, seed);
                TheirPaceChip chip;
                auto established = our_terminal(choice, document.ours(kind), chip, seed);
                if (established) check_our_commands(std::move(established->session), short_exchanges());
                return established.has_value();
            });
            unless_shortened("pace", choice.domain, [&](std::uint64_t seed) {
                begin(choice, seed);
                auto chip = make_chip(choice, document.ours(kind), seed);
                if (!their_terminal_opens(chip)) return false;
                REQUIRE(chip.established());
                check_their_commands(std::move(chip.established()->session), short_exchanges());
                return true;
            });
            ++runs;
        }
    CHECK(runs == (11 + 3) * 4 * 2);
}

TEST_CASE("PACE with libeac: what it cannot do is what the list says, and nothing else") {
    std::set<Mapping> listed;
    for (const auto& l : lacking) listed.insert(l.mapping);
    for (const auto& suite : pace::suites()) {
        CAPTURE(suite.name());
        openpace().must({"new"});
        const auto answer = openpace().ask({"pace", suite.protocol.dotted(), suite.ecdh ? "13" : "0"});
        CHECK(answer.ok() == !listed.contains(suite.mapping));
    }
}

TEST_CASE("PACE with libeac: the wrong password fails on both sides") {
    const Document document;
    Document other;
    other.can = "500541";
    other.zone[5] = 'M';
    for (const auto& choice : {choice_of(generic(true, Cipher::aes128), 13), choice_of(generic(false, Cipher::tdes), 0)})
        for (const auto kind : {PasswordKind::mrz, PasswordKind::can}) {
            CAPTURE(choice.suite.name(), name(kind));
            const auto seed = next_seed();
            begin(choice, seed);
            other.theirs(kind);
            TheirPaceChip their_chip;
            CHECK(error_of(our_terminal(choice, document.ours(kind), their_chip, seed)) == "pace.wrong_password");
            CHECK_FALSE(their_chip.accepted());

            begin(choice, seed);
            auto our_chip = make_chip(choice, document.ours(kind), seed);
            CHECK_FALSE(their_terminal_opens(our_chip));
            CHECK(our_chip.wrong_password());
            CHECK_FALSE(our_chip.established());
        }
}

// libeac takes nine columns of the zone, wherever the number ends (Doc 9303-11, 4.3.2 and appendix D.2: the whole number).
TEST_CASE("PACE with libeac: it does not know document numbers of more than nine characters") {
    Document document;
    document.zone =
        "I<UTOD23145890<7349<<<<<<<<<<<"
        "3407127M9507122UTO<<<<<<<<<<<2"
        "STEVENSON<<PETER<JOHN<<<<<<<<<";
    const auto choice = choice_of(generic(true, Cipher::aes128), 13);
    const auto seed = next_seed();
    begin(choice, seed);
    document.theirs(PasswordKind::mrz);
    TheirPaceChip chip;
    CHECK(error_of(our_terminal(choice, document.ours(PasswordKind::mrz), chip, seed)) == "pace.wrong_password");
    // With those columns, which no other terminal would take, it opens.
    begin(choice, seed);
    CHECK(our_terminal(choice, pace::Password::mrz("D23145890<34071279507122"), chip, seed));
}

// What a terminal can know before it draws its key: the mapped group and the chip's key on it.
struct BeforeAgreement {
    crypto::Domain mapped;
    Bytes pk_ic;
};
BeforeAgreement learn(const pace::Choice& choice, const pace::Password& password, std::uint64_t seed) {
    begin(choice, seed);
    TheirPaceChip chip;
    TestRng rng(seed);
    std::vector<Bytes> heard;
    const auto listen = [&heard](const ResponseApdu& r) {
        const auto outer = r.data.empty() ? ByteView() : good(tlv::parse_single(r.data, tlv::Rules::ber, "7C")).value;
        heard.push_back(outer.empty() ? Bytes() : to_bytes(good(tlv::parse_single(outer, tlv::Rules::ber, "7C")).value));
    };
    our_terminal(choice, password, pace::Randoms::fresh(choice, rng), chip, listen);  // its last step does not matter
    const auto k_pi = pace::derive_k_pi(password, choice.suite.cipher);
    const auto s = good(crypto::cbc_decrypt(choice.suite.cipher, k_pi.view(), Bytes(crypto::block_size(choice.suite.cipher)), heard.at(1)));
    TestRng again(seed);
    const auto randoms = pace::Randoms::fresh(choice, again);
    return {good(pace::map_generic(choice.domain, s, randoms.map_private.view(), heard.at(2))), heard.at(3)};
}

// The same run again, but with the first private key for which `wanted` holds.
template <class Wanted>
Secret search(const crypto::Domain& domain, Wanted wanted) {
    TestRng rng(99);
    for (int i = 0; i < 20'000; ++i)
        if (auto candidate = domain.draw_private(rng); wanted(candidate.view())) return candidate;
    throw std::logic_error("no such key in 20000");
}
Result<pace::Established> run_with(const pace::Choice& choice, const pace::Password& password, TheirPaceChip& chip, std::uint64_t seed,
                                   Secret agree_private) {
    begin(choice, seed);
    TestRng rng(seed);
    auto randoms = pace::Randoms::fresh(choice, rng);
    randoms.agree_private = std::move(agree_private);
    return our_terminal(choice, password, std::move(randoms), chip, [](const ResponseApdu&) {});
}

TEST_CASE("PACE with libeac: a public number whose first octet would be zero is sent and authenticated without it") {
    const auto choice = choice_of(generic(false, Cipher::aes128), 0);
    const Document document;
    document.theirs(PasswordKind::can);
    const auto password = document.ours(PasswordKind::can);
    const auto seed = next_seed();
    const auto known = learn(choice, password, seed);
    auto key = search(known.mapped, [&](ByteView k) {
        return good(known.mapped.public_value(k)).size() < choice.domain.field_size() &&
               good(known.mapped.agree(k, known.pk_ic)).view()[0] != 0;  // that is another test
    });
    TheirPaceChip chip;
    CHECK(run_with(choice, password, chip, seed, std::move(key)));
}

TEST_CASE("PACE with libeac: an x coordinate that begins with a zero octet keeps it as shared secret") {
    const auto choice = choice_of(generic(true, Cipher::aes128), 12);
    const Document document;
    document.theirs(PasswordKind::can);
    const auto password = document.ours(PasswordKind::can);
    const auto seed = next_seed();
    const auto known = learn(choice, password, seed);
    auto key = search(known.mapped, [&](ByteView k) { return good(known.mapped.agree(k, known.pk_ic)).view()[0] == 0; });
    TheirPaceChip chip;
    CHECK(run_with(choice, password, chip, seed, std::move(key)));
}

// Doc 9303-11, 9.6 and table 13: PKCS #3, whose secret key has as many octets as p (PKCS #3, 8.3). One run in 256 fails with libeac.
TEST_CASE("PACE with libeac: it drops the leading zero octets of a Diffie-Hellman secret") {
    const auto choice = choice_of(generic(false, Cipher::aes128), 0);
    const Document document;
    document.theirs(PasswordKind::can);
    const auto password = document.ours(PasswordKind::can);
    const auto seed = next_seed();
    const auto known = learn(choice, password, seed);
    auto key = search(known.mapped, [&](ByteView k) { return good(known.mapped.agree(k, known.pk_ic)).view()[0] == 0; });
    const auto secret = good(known.mapped.agree(key.view(), known.pk_ic));
    CHECK(secret.size() == choice.domain.field_size());
    TheirPaceChip chip;
    CHECK(error_of(run_with(choice, password, chip, seed, std::move(key))) == "pace.wrong_password");
    // Nothing else differs: with keys out of the shortened secret our token is what it wants.
    auto shortened = secret.view();
    while (shortened[0] == 0) shortened = shortened.subspan(1);
    const auto keys = sm::derive_session_keys(choice.suite.cipher, shortened);
    CHECK(openpace().ask({"check_token", word(good(pace::token(choice, keys, known.pk_ic)))}).ok());
}

TEST_CASE("Secure messaging with libeac: short and long data, even and odd INS, with every cipher") {
    const Document document;
    for (const auto cipher : {Cipher::tdes, Cipher::aes128, Cipher::aes192, Cipher::aes256}) {
        const auto choice = choice_of(generic(true, cipher), 12);
        CAPTURE(choice.suite.name());
        const auto seed = next_seed();
        begin(choice, seed);
        document.theirs(PasswordKind::can);
        TheirPaceChip their_chip;
        check_our_commands(good(our_terminal(choice, document.ours(PasswordKind::can), their_chip, seed)).session, all_exchanges());

        begin(choice, seed);
        auto our_chip = make_chip(choice, document.ours(PasswordKind::can), seed);
        CHECK(their_terminal_opens(our_chip));
        check_their_commands(std::move(our_chip.established().value().session), all_exchanges());
    }
}

#endif
