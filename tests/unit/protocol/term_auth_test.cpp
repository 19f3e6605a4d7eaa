// Terminal authentication: our terminal against our chip. Published signatures and every refusal of the chip are in test-vectors/ta.
#include "pki/cv_files.hpp"

#include <idchip/protocol/term_auth/term_auth.hpp>

using namespace idchip;
using namespace idchip::test;
using iso7816::CommandApdu;
using iso7816::ResponseApdu;
using pki::AccessRights;
using pki::CvRole;
using term_auth::Binding;
using term_auth::Chip;
using term_auth::Credentials;
using term_auth::Terminal;

namespace {

const Binding session{bytes_of("L898902C<3"), Bytes(32, 0x5A)};

struct Outcome {
    std::optional<Error> error;
    std::size_t commands = 0;
};

// The terminal's whole run, or to where the chip ends it.
Outcome run(Terminal& terminal, Chip& chip, Rng& rng) {
    Outcome outcome;
    std::optional<CommandApdu> command = terminal.first();
    while (command) {
        ++outcome.commands;
        // As it travels: the chip gets what was encoded.
        const auto response = chip.process(good(CommandApdu::parse(good(command->encode()))), rng);
        REQUIRE(response);
        auto next = terminal.next(*response);
        if (!next) {
            outcome.error = std::move(next.error());
            return outcome;
        }
        command = std::move(*next);
    }
    return outcome;
}

Outcome run(const CvPki& pki, const std::vector<pki::CvCertificate>& certificates, pki::CvTrust& trust,
            const Binding& of_terminal = session, const Binding& of_chip = session) {
    TestRng rng;
    const auto credentials = good(Credentials::of(certificates, pki.is_key));
    Terminal terminal(good(credentials.chain_from(trust.references())), credentials.sign, of_terminal);
    Chip chip(trust);
    chip.bind(of_chip);
    auto outcome = run(terminal, chip, rng);
    CHECK(outcome.error.has_value() == (chip.terminal() == nullptr));
    CHECK(chip.rights() == (outcome.error ? AccessRights{} : AccessRights{true, true}));
    return outcome;
}

}  // namespace

TEST_CASE("a terminal authenticates to a chip with every curve and with RSA", "[ta]") {
    using crypto::Curve;
    std::vector<CvPki> all;
    for (const auto curve : {Curve::p224, Curve::p256, Curve::bp256r1, Curve::bp320r1, Curve::p384, Curve::bp512r1})
        all.push_back(CvPki::ec(curve));
    for (const auto* algorithm : {"id-TA-RSA-PSS-SHA-256", "id-TA-RSA-PSS-SHA-512"}) all.push_back(CvPki::rsa(algorithm));
    for (const auto& pki : all) {
        INFO(pki.algorithm.name << " " << pki.cvca_key.public_key().info().text());
        auto trust = pki.trust();
        const auto outcome = run(pki, {pki.is(), pki.dv()}, trust);
        CHECK_FALSE(outcome.error);
        CHECK(outcome.commands == 7);
    }
}

TEST_CASE("links are sent before the chain, and only where they are needed", "[ta]") {
    const auto pki = CvPki::ec(crypto::Curve::bp256r1);
    const auto next = good(crypto::PrivateKey::generate_ec(crypto::Curve::bp256r1));
    const auto link =
        CvPki::make(CvPki::content("UTCVCAUT001", "UTCVCAUT002", CvRole::cvca, pki.algorithm), next, pki.cvca_key, pki.algorithm);
    const auto dv =
        CvPki::make(CvPki::content("UTCVCAUT002", "UTDVUT001", CvRole::dv_domestic, pki.algorithm), pki.dv_key, next, pki.algorithm);
    auto trust = pki.trust();
    CHECK(run(pki, {pki.is(), dv, link}, trust).commands == 9);
    CHECK(trust.references() == std::vector<std::string>{"UTCVCAUT002", "UTCVCAUT001"});
    CHECK(run(pki, {pki.is(), dv, link}, trust).commands == 7);
}

TEST_CASE("F02 an expired certificate is named with its dates, and secure messaging goes on", "[ta]") {
    const auto pki = CvPki::ec(crypto::Curve::p256);
    auto trust = pki.trust({2027, 1, 1});
    const auto outcome = run(pki, {pki.is(), pki.dv()}, trust);
    REQUIRE(outcome.error);
    CHECK(outcome.error->name() == "ta.refused");
    CHECK(outcome.error->where == "PSO:Verify Certificate UTDVUT001");
    CHECK(outcome.error->detail == "domestic DV UTDVUT001, 2026-01-01 to 2026-12-31, issued by UTCVCAUT001");
    CHECK(outcome.error->sw == 0x6985);
}

TEST_CASE("F04 what a chip would refuse can be seen beforehand", "[ta]") {
    const auto pki = CvPki::ec(crypto::Curve::p256);
    const auto verdict = [&pki](const pki::CvCertificate& dv, const pki::CvCertificate& is, bool with_cvca, Date at) {
        auto certificates = std::vector<pki::CvCertificate>{is, dv};
        if (with_cvca) certificates.push_back(pki.cvca());
        const auto credentials = good(Credentials::of(certificates, pki.is_key));
        return error_of(credentials.check(good(credentials.chain_from({"UTCVCAUT001"})), at));
    };
    const Date today{2026, 6, 1};
    CHECK(verdict(pki.dv(), pki.is(), true, today) == "none");
    CHECK(verdict(pki.dv(), pki.is(), true, {2027, 1, 1}) == "cvc.not_valid");
    auto parameters = pki.dv_content();
    parameters.with_domain_parameters = true;
    CHECK(verdict(pki.dv(parameters), pki.is(), true, today) == "cvc.not_valid");
    CHECK(verdict(pki.dv(parameters), pki.is(), false, today) == "none");  // nobody can say
    auto forged = pki.is();
    forged.signature[5] ^= 1U;
    CHECK(verdict(pki.dv(), forged, true, today) == "crypto.bad_signature");
    // Rights beyond those of the certificates above are no error: they have no effect.
    auto narrow = pki.dv_content();
    narrow.holder_authorization = pki::HolderAuthorization::inspection_system(CvRole::dv_domestic, {false, false});
    CHECK(verdict(pki.dv(narrow), pki.is(), true, today) == "none");
}

TEST_CASE("F05 a chip that names an unknown CVCA is not troubled with commands", "[ta]") {
    const auto pki = CvPki::ec(crypto::Curve::p256);
    const auto credentials = good(Credentials::of({pki.is(), pki.dv()}, pki.is_key));
    const auto chain = credentials.chain_from({"FRCVCAFR007"});
    REQUIRE_FALSE(chain);
    CHECK(chain.error().name() == "ta.no_chain");
    CHECK(chain.error().detail == "no certificate of UTCVCAUT001 from FRCVCAFR007 on");
    CHECK(error_of(Credentials::of({pki.is(), pki.dv()}, pki.dv_key)) == "ta.no_chain");
}

TEST_CASE("F06 what only TR-03110-3 lists is refused unless it is allowed", "[ta]") {
    const auto pki = CvPki::rsa("id-TA-RSA-v1-5-SHA-256");
    for (const bool allowed : {false, true}) {
        auto trust = pki.trust();
        TestRng rng;
        const auto credentials = good(Credentials::of({pki.is(), pki.dv()}, pki.is_key));
        Terminal terminal(good(credentials.chain_from(trust.references())), credentials.sign, session);
        Chip chip(trust, {allowed});
        chip.bind(session);
        const auto outcome = run(terminal, chip, rng);
        CHECK(outcome.error.has_value() != allowed);
        CHECK(chip.rights() == AccessRights{allowed, allowed});
    }
}

TEST_CASE("F11 another chip's identifier or another session's key does not pass", "[ta]") {
    const auto pki = CvPki::ec(crypto::Curve::p256);
    const std::vector<pki::CvCertificate> certificates = {pki.is(), pki.dv()};
    for (const auto& other : {Binding{bytes_of("L898902C<4"), session.pk_ifd}, Binding{Bytes(32, 1), session.pk_ifd},
                              Binding{session.id_ic, Bytes(32, 0x5B)}, Binding{session.pk_ifd, session.id_ic}, Binding{}}) {
        auto trust = pki.trust();
        const auto outcome = run(pki, certificates, trust, other);
        REQUIRE(outcome.error);
        CHECK(outcome.error->where == "EXTERNAL AUTHENTICATE UTISUT001");
        CHECK(outcome.error->sw == 0x6300);
    }
}

TEST_CASE("rights end when a new key takes over, and do not come back in this session", "[ta]") {
    const auto pki = CvPki::ec(crypto::Curve::p256);
    auto trust = pki.trust();
    TestRng rng;
    const auto credentials = good(Credentials::of({pki.is(), pki.dv()}, pki.is_key));
    const auto chain = good(credentials.chain_from(trust.references()));
    Chip chip(trust);
    chip.bind(session);
    Terminal terminal(chain, credentials.sign, session);
    CHECK_FALSE(run(terminal, chip, rng).error);
    REQUIRE(chip.terminal() != nullptr);
    CHECK(chip.terminal()->reference() == "UTISUT001");
    CHECK(chip.rights() == AccessRights{true, true});
    chip.bind({session.id_ic, Bytes(32, 7)});
    CHECK(chip.terminal() == nullptr);
    CHECK(chip.rights() == AccessRights{});
    Terminal again(chain, credentials.sign, {session.id_ic, Bytes(32, 7)});
    const auto outcome = run(again, chip, rng);
    REQUIRE(outcome.error);
    CHECK(outcome.error->sw == 0x6982);
    CHECK(chip.rights() == AccessRights{});
}

TEST_CASE("a challenge that was drawn before a new key is void", "[ta]") {
    const auto pki = CvPki::ec(crypto::Curve::p256);
    auto trust = pki.trust();
    TestRng rng;
    const auto credentials = good(Credentials::of({pki.is(), pki.dv()}, pki.is_key));
    Chip chip(trust);
    chip.bind(session);
    Terminal terminal(good(credentials.chain_from(trust.references())), credentials.sign, session);
    auto command = std::optional(terminal.first());
    while (command->ins != iso7816::ins::external_authenticate) command = good(terminal.next(*chip.process(*command, rng)));
    chip.bind(session);
    CHECK(chip.process(*command, rng)->sw == 0x6985);
}

TEST_CASE("challenges differ", "[ta]") {
    const auto pki = CvPki::ec(crypto::Curve::p256);
    auto trust = pki.trust();
    const auto credentials = good(Credentials::of({pki.is(), pki.dv()}, pki.is_key));
    Chip chip(trust);
    chip.bind(session);
    Terminal terminal(good(credentials.chain_from(trust.references())), credentials.sign, session);
    auto command = std::optional(terminal.first());
    while (command->ins != iso7816::ins::get_challenge) command = good(terminal.next(*chip.process(*command, system_rng())));
    const auto first = chip.process(*command, system_rng())->data;
    CHECK(first.size() == term_auth::challenge_size);
    CHECK(chip.process(*command, system_rng())->data != first);
}

TEST_CASE("any single altered byte of any command gives no rights", "[ta]") {
    const auto pki = CvPki::ec(crypto::Curve::p256);
    const auto credentials = good(Credentials::of({pki.is(), pki.dv()}, pki.is_key));
    // One good run, recorded: with the same challenge it passes again.
    std::vector<CommandApdu> recorded;
    auto trust = pki.trust();
    {
        TestRng rng;
        Chip chip(trust);
        chip.bind(session);
        Terminal terminal(good(credentials.chain_from(trust.references())), credentials.sign, session);
        for (auto c = std::optional(terminal.first()); c; c = good(terminal.next(*chip.process(recorded.back(), rng))))
            recorded.push_back(*c);
    }
    const auto replay = [&](std::size_t at, std::size_t byte) {
        auto fresh = pki.trust();
        TestRng rng;
        Chip chip(fresh);
        chip.bind(session);
        for (std::size_t i = 0; i < recorded.size(); ++i) {
            auto c = recorded[i];
            if (i == at && byte < c.data.size()) c.data[byte] ^= 1U;
            static_cast<void>(chip.process(c, rng));
        }
        return chip.rights();
    };
    CHECK(replay(recorded.size(), 0) == AccessRights{true, true});
    for (std::size_t i = 0; i < recorded.size(); ++i)
        for (std::size_t byte = 0; byte < recorded[i].data.size(); byte += 3) {
            INFO("command " << i << " byte " << byte);
            CHECK(replay(i, byte) == AccessRights{});
        }
}

TEST_CASE("credentials take the certificate that lasts longest, and the key decides which are theirs", "[ta]") {
    const auto pki = CvPki::ec(crypto::Curve::p256);
    auto renewed = pki.is_content();
    renewed.certificate_holder_reference = "UTISUT002";
    renewed.expiration_date = {2027, 6, 30};
    const auto other = CvPki::make(pki.is_content(), good(crypto::PrivateKey::generate_ec(crypto::Curve::p256)), pki.dv_key, pki.algorithm);
    const auto credentials = good(Credentials::of({pki.is(), other, pki.dv(), pki.is(renewed)}, pki.is_key));
    CHECK(credentials.holders == std::vector<std::string>{"UTISUT002", "UTISUT001"});
    CHECK(good(credentials.chain_from({"UTCVCAUT001"})).back().certificate_holder_reference == "UTISUT002");
    // The one that lasts longest is of another DV, whose certificate is not there.
    renewed.certification_authority_reference = "UTDVUT002";
    const auto older = good(Credentials::of({pki.is(), pki.dv(), pki.is(renewed)}, pki.is_key));
    CHECK(good(older.chain_from({"UTCVCAUT001"})).back().certificate_holder_reference == "UTISUT001");
}

TEST_CASE("a key that cannot sign ends the run with its own error", "[ta]") {
    const auto pki = CvPki::ec(crypto::Curve::p256);
    auto trust = pki.trust();
    TestRng rng;
    Terminal terminal(
        {pki.dv(), pki.is()}, [](ByteView) -> Result<Bytes> { return fail(Errc::signer_refused, "token"); }, session);
    Chip chip(trust);
    chip.bind(session);
    const auto outcome = run(terminal, chip, rng);
    REQUIRE(outcome.error);
    CHECK(outcome.error->name() == "signer.refused");
    CHECK(outcome.error->where == "GET CHALLENGE UTISUT001/token");
}

TEST_CASE("keys are compressed as the standard says", "[ta]") {
    const auto ec = crypto::Domain::ecdh(crypto::Curve::p521);
    TestRng rng;
    const auto pair = good(crypto::KeyPair::generate(ec, rng));
    CHECK(term_auth::compress(ec, pair.public_value) == Bytes(pair.public_value.begin() + 1, pair.public_value.begin() + 67));
    const auto dh = crypto::Domain::dh(crypto::DhGroup::modp2048_224);
    CHECK(term_auth::compress(dh, Bytes{1, 2, 3}) == crypto::hash(crypto::HashAlg::sha1, Bytes{1, 2, 3}));
    CHECK(term_auth::id_ic_of_bac("").empty());
    CHECK(term_auth::id_ic_of_bac("69080619406236").empty());
}
