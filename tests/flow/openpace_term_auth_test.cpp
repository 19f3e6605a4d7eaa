// CV certificates and terminal authentication with Debian's libeac (OpenPACE) as the other side, in both roles. libeac verifies
// certificates and has no call to make them. Its terminal authentication is version 2, where the terminal's key is drawn before it signs;
// what is signed is the same as in version 1: ID_IC || r_IC || Comp(PK_IFD).
#ifdef IDCHIP_OPENPACE

#include <idchip/base/file.hpp>
#include <idchip/protocol/chip_auth/chip_auth.hpp>
#include <idchip/protocol/term_auth/term_auth.hpp>

#include "foreign/openpace_roles.hpp"
#include "shared_data.hpp"

using namespace idchip;
using namespace idchip::test;
using crypto::Curve;
using iso7816::CommandApdu;
using iso7816::ResponseApdu;
using pki::CvAlgorithm;
using pki::CvCertificate;
using pki::CvRole;

namespace {

struct Holder {
    crypto::PrivateKey key;
    CvCertificate certificate;
};
struct Chain {
    CvAlgorithm algorithm;
    Holder cvca, dv, terminal;

    static Chain make(const CvAlgorithm& algorithm, const std::vector<crypto::PrivateKey>& keys) {
        const auto certificate = [&](const char* car, const char* chr, CvRole role, const crypto::PrivateKey& holder,
                                     const crypto::PrivateKey& issuer) {
            return good(pki::build_cv_certificate({car,
                                                   chr,
                                                   pki::HolderAuthorization::inspection_system(role, {true, true}),
                                                   Date{2024, 1, 31},
                                                   Date{2031, 12, 1},
                                                   algorithm,
                                                   role == CvRole::cvca,
                                                   {}},
                                                  holder.public_key(), pki::cv_signer(issuer, algorithm)));
        };
        return {algorithm,
                {keys.at(0), certificate("UTCVCA00001", "UTCVCA00001", CvRole::cvca, keys.at(0), keys.at(0))},
                {keys.at(1), certificate("UTCVCA00001", "UTDV00001", CvRole::dv_domestic, keys.at(1), keys.at(0))},
                {keys.at(2), certificate("UTDV00001", "UTIS00001", CvRole::terminal, keys.at(2), keys.at(1))}};
    }
};

std::vector<crypto::PrivateKey> rsa_keys(std::size_t bits) {
    static std::map<std::size_t, std::vector<crypto::PrivateKey>> made;
    auto& keys = made[bits];
    while (keys.size() < 3) keys.push_back(good(crypto::PrivateKey::generate_rsa(bits)));
    return keys;
}
std::vector<crypto::PrivateKey> ec_keys(Curve curve) {
    std::vector<crypto::PrivateKey> keys;
    while (keys.size() < 3) keys.push_back(good(crypto::PrivateKey::generate_ec(curve)));
    return keys;
}

// Every algorithm; ECDSA on curves of each size that Doc 9303-11, 7.1.4.2.2 lists.
std::vector<Chain> all_chains() {
    std::vector<Chain> all;
    for (const auto& algorithm : pki::cv_algorithms()) {
        if (!algorithm.is_ec()) {
            all.push_back(Chain::make(algorithm, rsa_keys(2048)));
            continue;
        }
        for (const auto curve :
             {Curve::p224, Curve::p256, Curve::p384, Curve::bp224r1, Curve::bp256r1, Curve::bp320r1, Curve::bp384r1, Curve::bp512r1})
            all.push_back(Chain::make(algorithm, ec_keys(curve)));
    }
    return all;
}

Bytes pkcs8(const crypto::PrivateKey& key) {
    const auto pem = good(key.to_pem());
    const auto begin = pem.find('\n') + 1;
    std::string base64;
    for (const char c : pem.substr(begin, pem.find("-----END") - begin))
        if (c != '\n') base64 += c;
    return good(from_base64(base64));
}

// Their chip after a chain of certificates: whether it took them all.
bool their_chip_imports(ByteView trust_anchor, const std::vector<ByteView>& certificates) {
    openpace().must({"new"});
    openpace().must({"ta", "-", word(trust_anchor)});
    for (const auto& c : certificates)
        if (!openpace().ask({"import", word(c)}).ok()) return false;
    return true;
}

// Doc 9303-11, 7.1.4.1.1: the salt is as long as the hash. libeac leaves it to OpenSSL, which takes as much as fits; verifying, it takes
// any length.
CvAlgorithm as_libeac_signs(const Chain& chain) {
    auto a = chain.algorithm;
    if (a.signature.scheme == crypto::Scheme::rsa_pss)
        a.signature.salt_length = chain.terminal.key.public_key().info().bits / 8 - crypto::digest_size(a.signature.hash) - 2;
    return a;
}

// A chip's application with libeac's verification behind it: the commands of Doc 9303-11, 7.1.5.
class TheirChip {
public:
    // After `ta` with the trust anchor.
    explicit TheirChip(term_auth::Binding binding) : binding_(std::move(binding)) {}
    ResponseApdu answer(const CommandApdu& c) {
        if (c.ins == 0x2A) return ResponseApdu::of(openpace().ask({"import", word(tlv::element(0x7F21, c.data))}).ok() ? 0x9000 : 0x6300);
        if (c.ins == 0x84) return {ask({"challenge"}), 0x9000};
        if (c.ins != 0x82) return ResponseApdu::of(0x9000);  // MSE: libeac keeps the key imported last
        accepted_ = openpace().ask({"verify", word(binding_.pk_ifd), word(binding_.id_ic), word(c.data)}).ok();
        return ResponseApdu::of(accepted_ ? 0x9000 : 0x6300);
    }
    bool accepted() const { return accepted_; }

private:
    term_auth::Binding binding_;
    bool accepted_ = false;
};

term_auth::Terminal our_terminal(const Chain& chain, term_auth::Binding binding) {
    const auto credentials = good(term_auth::Credentials::of({chain.terminal.certificate, chain.dv.certificate}, chain.terminal.key));
    return {good(credentials.chain_from({chain.cvca.certificate.certificate_holder_reference})), credentials.sign, std::move(binding)};
}

// Their terminal: our terminal finds the commands, libeac signs.
term_auth::Terminal their_terminal(const Chain& chain, const term_auth::Binding& binding) {
    openpace().must({"ta", word(pkcs8(chain.terminal.key)), word(chain.terminal.certificate.raw)});
    // TR-03111, 5.2.1: r and s are as wide as the order. libeac makes them as wide as the wider one of them; one in 65536 is short.
    const auto& key = chain.terminal.key.public_key().info();
    const std::size_t least = key.type == crypto::KeyType::ec ? 2 * crypto::parameters(key.curve).order.size() : 0;
    const auto sign = [binding, least](ByteView input) -> Result<Bytes> {
        openpace().must({"set_challenge", word(input.subspan(binding.id_ic.size(), term_auth::challenge_size))});
        for (;;)
            if (auto s = ask({"sign", word(binding.pk_ifd), word(binding.id_ic)}); s.size() >= least) return s;
    };
    return {{chain.dv.certificate, chain.terminal.certificate}, sign, binding};
}

// To the end, or to the first refusal. `carry` brings a command to the chip and its answer back.
template <class Carry>
std::string run(term_auth::Terminal terminal, Carry carry) {
    std::optional<CommandApdu> command = terminal.first();
    while (command) {
        auto next = terminal.next(carry(*command));
        if (!next) return std::string(next.error().name());
        command = std::move(*next);
    }
    return "none";
}

pki::CvTrust trust_in(const Chain& chain) {
    pki::CvTrust trust;
    trust.add(good(pki::CvKey::trust_point(chain.cvca.certificate)));
    trust.current_date = {2024, 2, 1};
    return trust;
}

term_auth::Binding some_binding() { return {term_auth::id_ic_of_bac("D23145890<734071279507122"), counting(32)}; }

}  // namespace

TEST_CASE("CV certificates with libeac: it verifies our chains, and refuses damaged ones") {
    for (const auto& chain : all_chains()) {
        CAPTURE(chain.algorithm.name, chain.cvca.key.public_key().info().text());
        const auto &cvca = chain.cvca.certificate.raw, &dv = chain.dv.certificate.raw, &terminal = chain.terminal.certificate.raw;
        CHECK(their_chip_imports(cvca, {cvca, dv, terminal}));
        CHECK_FALSE(their_chip_imports(cvca, {terminal}));
        auto damaged = terminal;
        damaged.back() ^= 1U;
        CHECK_FALSE(their_chip_imports(cvca, {dv, damaged}));
        const auto seen = openpace().must({"describe", word(terminal)});
        CHECK(seen.values == std::vector<std::string>{"UTDV00001", "UTIS00001", "2024-01-31", "2031-12-01", "0"});
    }
}

TEST_CASE("Terminal authentication with libeac: our terminal to its chip, with every algorithm") {
    for (const auto& chain : all_chains()) {
        CAPTURE(chain.algorithm.name, chain.cvca.key.public_key().info().text());
        auto other = some_binding();
        other.id_ic.back() ^= 1U;
        for (const auto& binding : {some_binding(), other}) {
            openpace().must({"new"});
            openpace().must({"ta", "-", word(chain.cvca.certificate.raw)});
            TheirChip chip(some_binding());
            const auto error = run(our_terminal(chain, binding), [&](const CommandApdu& c) { return sent(chip.answer(sent(c))); });
            const bool same = binding.id_ic == some_binding().id_ic;
            CHECK(error == (same ? "none" : "ta.refused"));
            CHECK(chip.accepted() == same);
        }
    }
}

TEST_CASE("Terminal authentication with libeac: its terminal to our chip, with every algorithm") {
    TestRng rng(6);
    for (const auto& chain : all_chains()) {
        CAPTURE(chain.algorithm.name, chain.cvca.key.public_key().info().text());
        openpace().must({"new"});
        auto trust = trust_in(chain);
        term_auth::Chip chip(trust, {true});
        chip.bind(some_binding());
        Bytes challenge, signature;
        const auto error = run(their_terminal(chain, some_binding()), [&](const CommandApdu& c) {
            const auto response = *chip.process(sent(c), rng);
            if (c.ins == 0x84) challenge = response.data;
            if (c.ins == 0x82) signature = c.data;
            return sent(response);
        });
        const bool pss = chain.algorithm.signature.scheme == crypto::Scheme::rsa_pss;
        CHECK(error == (pss ? "ta.refused" : "none"));
        CHECK((chip.terminal() != nullptr) == !pss);
        // The salt alone is what our chip does not like.
        CHECK(pki::cv_verify(as_libeac_signs(chain), chain.terminal.key.public_key(), term_auth::signed_input(some_binding(), challenge),
                             signature));
    }
}

// Doc 9303-11, 7.1.4.1.3 and 7.1.4.2.3.
TEST_CASE("Terminal authentication with libeac: compressed keys; it drops leading zeros of an x coordinate") {
    const auto dh = *crypto::Domain::standardized(0), ecdh = *crypto::Domain::standardized(13);
    TestRng rng(5);
    openpace().must({"new"});
    openpace().must({"ca", "0.4.0.127.0.7.2.2.3.1.2", "0"});
    const auto number = good(crypto::KeyPair::generate(dh, rng)).public_value;
    CHECK(ask({"compress", "ca", word(number)}) == term_auth::compress(dh, number));

    openpace().must({"ca", "0.4.0.127.0.7.2.2.3.2.2", "13"});
    const auto key = [&](bool wanted) {
        for (;;)
            if (auto point = good(crypto::KeyPair::generate(ecdh, rng)).public_value; (point[1] == 0 && point[2] != 0) == wanted)
                return point;
    };
    const auto usual = key(false), beginning_with_zero = key(true);
    CHECK(ask({"compress", "ca", word(usual)}) == term_auth::compress(ecdh, usual));
    // An octet string of fixed length, says the standard: one key in 256 fails with libeac.
    const auto compressed = term_auth::compress(ecdh, beginning_with_zero);
    CHECK(compressed.size() == 32);
    CHECK(ask({"compress", "ca", word(beginning_with_zero)}) == to_bytes(ByteView(compressed).subspan(1)));
}

namespace {

// PACE, chip authentication and terminal authentication in one session.
struct Whole {
    pace::Choice pace{*pace::Suite::of(der::Oid("0.4.0.127.0.7.2.2.4.2.2")), *crypto::Domain::standardized(13), 13, false, false};
    pace::Password password = good(pace::Password::can("500540"));
    chip_auth::Suite suite = *chip_auth::Suite::of(der::Oid("0.4.0.127.0.7.2.2.3.2.4"));
    crypto::Domain domain = *crypto::Domain::standardized(16);
    TestRng rng{7};
    crypto::KeyPair chip_key = good(crypto::KeyPair::generate(domain, rng));
    Chain chain = Chain::make(*CvAlgorithm::by_name("id-TA-ECDSA-SHA-256"), ec_keys(Curve::bp256r1));

    void begin_theirs() {
        openpace().must({"new"});
        begin(pace, 7);
        openpace().must({"password", "can", word(as_bytes("500540"))});
        openpace().must({"ca", suite.protocol.dotted(), "16"});
    }
    term_auth::Binding binding(ByteView pk_ic, ByteView pk_ifd) const {
        return {term_auth::compress(pace.domain, pk_ic), term_auth::compress(domain, pk_ifd)};
    }
};

}  // namespace

TEST_CASE("Terminal authentication with libeac: our terminal and its chip in one session, from PACE on") {
    Whole w;
    w.begin_theirs();
    openpace().must({"ca_static", word(w.chip_key.private_value.view()), word(w.chip_key.public_value)});
    openpace().must({"ta", "-", word(w.chain.cvca.certificate.raw)});
    TheirPaceChip pace_chip;
    auto established = good(our_terminal(w.pace, w.password, pace_chip, 7));

    sm::Terminal first(std::move(established.session));
    auto terminal = good(chip_auth::Terminal::fresh({w.suite, {w.domain, w.chip_key.public_value}, {}, false}, w.rng));
    std::optional<CommandApdu> command = terminal.first();
    while (command) command = good(terminal.next(their_chip_answers(first, *command, their_chip_agrees)));
    openpace().must({"session", "ca"});

    sm::Terminal second(terminal.take());
    TheirChip chip(w.binding(pace_chip.pk_ic(), terminal.pk_ifd()));
    const auto carry = [&](const CommandApdu& c) {
        return their_chip_answers(second, c, [&chip](const CommandApdu& plain) { return chip.answer(plain); });
    };
    CHECK(run(our_terminal(w.chain, w.binding(established.pk_ic, terminal.pk_ifd())), carry) == "none");
    CHECK(chip.accepted());
    check_exchanges(all_exchanges(), [&](const auto& c, auto application) { return their_chip_answers(second, c, application); });
}

TEST_CASE("Terminal authentication with libeac: its terminal and our chip in one session, from PACE on") {
    Whole w;
    w.begin_theirs();
    auto pace_chip = make_chip(w.pace, w.password, 7);
    REQUIRE(their_terminal_opens(pace_chip));
    auto& established = pace_chip.established().value();

    sm::Chip first(std::move(established.session));
    std::vector<chip_auth::ChipKey> keys;
    keys.push_back({{w.domain, w.chip_key.public_value}, w.chip_key.private_value.clone(), {}, {w.suite}});
    chip_auth::Chip chip(keys);
    const auto ephemeral = ask({"ca_ephemeral"});
    const CommandApdu set_at{0x00, 0x22, 0x41, 0xA4, tlv::element(0x80, w.suite.protocol.contents()), {}};
    CHECK(our_chip_answers(first, set_at, [&](const CommandApdu& c) { return chip.set_at(c.data); }).ok());
    const CommandApdu agree{0x00, 0x86, 0x00, 0x00, tlv::element(0x7C, tlv::element(0x80, ephemeral)), 256};
    CHECK(our_chip_answers(first, agree, [&](const CommandApdu& c) { return chip.general_authenticate(c.data, false); }).ok());
    openpace().must({"ca_agree", word(w.chip_key.public_value)});
    openpace().must({"session", "ca"});

    sm::Chip second(std::move(chip.agreed().value().session));
    auto trust = trust_in(w.chain);
    term_auth::Chip inspection(trust);
    inspection.bind(w.binding(established.pk_ic, chip.agreed()->pk_ifd));
    const auto carry = [&](const CommandApdu& c) {
        return our_chip_answers(second, c, [&](const CommandApdu& plain) { return *inspection.process(plain, w.rng); });
    };
    CHECK(run(their_terminal(w.chain, w.binding(established.pk_ic, ephemeral)), carry) == "none");
    CHECK(inspection.rights() == pki::AccessRights{true, true});
    check_exchanges(all_exchanges(), [&](const auto& c, auto application) { return our_chip_answers(second, c, application); });
}

TEST_CASE("CV certificates: libeac and this program agree about the chains of PersoSim") {
    const auto folder = shared_data("cvc/GT_PersoSim");
    if (!folder) return;
    for (const std::string type : {"IS", "AT", "ST"}) {
        CAPTURE(type);
        const auto lower = type == "IS" ? "is" : type == "AT" ? "at" : "st";
        const auto read = [&](const std::string& name) {
            return good(read_file((*folder / ("gtCertificates_CFG.DFLT.EAC." + type + "_" + name + ".cvcert")).string(), 10'000));
        };
        const auto cvca = read("CVCA_Cert_01"), dv = read(std::string("dv_") + lower + "_cert_1"),
                   terminal = read(std::string(lower) + "_cert_1");
        CHECK(their_chip_imports(cvca, {dv, terminal}));
        CHECK_FALSE(their_chip_imports(cvca, {terminal}));

        pki::CvTrust trust;
        trust.add(good(pki::CvKey::trust_point(good(CvCertificate::parse(cvca)))));
        pki::CvVerifier verifier(trust);
        good(verifier.import(good(CvCertificate::parse(dv))));
        good(verifier.import(good(CvCertificate::parse(terminal))));
        const auto seen = openpace().must({"describe", word(terminal)});
        CHECK(seen.value(1) == verifier.imported()->reference());
        CHECK(seen.value(3) == to_iso(verifier.imported()->certificate.expiration_date));
    }
}

#endif
