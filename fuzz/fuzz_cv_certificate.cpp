// CV certificates: parsed alone, as PSO:Verify Certificate carries them, and offered to a chip whose CVCA never signed anything.
#include "fuzz.hpp"

#include <idchip/protocol/term_auth/term_auth.hpp>
#include <idchip/tlv/writer.hpp>

using namespace idchip;
using pki::CvCertificate;

namespace {

class NoRng final : public Rng {
    void fill(std::span<Byte> out) override { std::fill(out.begin(), out.end(), Byte{0}); }
};

// Has the name that the seeds name as their issuer, and a key of its own.
const pki::CvTrust& some_trust() {
    static const auto trust = [] {
        const auto key = crypto::PrivateKey::generate_ec(crypto::Curve::bp256r1).value();
        const auto algorithm = pki::CvAlgorithm::suited_to(key.public_key().info());
        pki::CvTemplate t;
        t.certification_authority_reference = t.certificate_holder_reference = "DEISCVCA00001";
        t.holder_authorization = pki::HolderAuthorization::inspection_system(pki::CvRole::cvca, {true, true});
        t.effective_date = {2010, 1, 1};
        t.expiration_date = {2099, 1, 1};
        t.algorithm = algorithm;
        t.with_domain_parameters = true;
        pki::CvTrust made;
        made.add(pki::CvKey::trust_point(pki::build_cv_certificate(t, key.public_key(), pki::cv_signer(key, algorithm)).value()).value());
        return made;
    }();
    return trust;
}

void check(const CvCertificate& c, ByteView input) {
    FUZZ_CHECK(equal(c.raw, input));
    FUZZ_CHECK(equal(tlv::element(0x7F21, c.contents()), input));
    FUZZ_CHECK(equal(concat({c.body, tlv::element(0x5F37, c.signature)}), c.contents()));
    FUZZ_CHECK(pki::check_reference(c.certificate_holder_reference) && pki::check_reference(c.certification_authority_reference));
    FUZZ_CHECK(is_valid(c.effective_date) && is_valid(c.expiration_date) && c.effective_date <= c.expiration_date);
    FUZZ_CHECK(!c.holder_authorization.relative.empty());
    for (const auto& note : c.notes) FUZZ_CHECK(!note.id.empty());
    // A key that was read is written the same way, but for the optional cofactor.
    const auto encoded = c.public_key.encode();
    const auto again = CvCertificate::parse_contents(c.contents());
    FUZZ_CHECK(again && again->raw == c.raw && again->public_key.encode() == encoded && again->text() == c.text());
    if (c.public_key.has_domain_parameters()) FUZZ_CHECK(c.public_key.key({}).has_value());
    auto trust = some_trust();
    pki::CvVerifier verifier(trust, {true});
    FUZZ_CHECK(!verifier.import(c) && verifier.imported() == nullptr && trust.trust_points.size() == 1);
    static_cast<void>(pki::order_chain({c, c}, {"DEISCVCA00001"}, c.certificate_holder_reference));
}

void offer_to_chip(ByteView contents) {
    auto trust = some_trust();
    term_auth::Chip chip(trust);
    chip.bind({Bytes(10), Bytes(32)});
    NoRng rng;
    const auto reference = tlv::element(0x83, as_bytes("DEISCVCA00001"));
    FUZZ_CHECK(chip.process({0, 0x22, 0x81, 0xB6, reference, {}, false}, rng)->ok());
    FUZZ_CHECK(!chip.process({0, 0x2A, 0x00, 0xBE, to_bytes(contents), {}, false}, rng)->ok());
    static_cast<void>(chip.process({0, 0x22, 0x81, 0xA4, to_bytes(contents), {}, false}, rng));
    static_cast<void>(chip.process({0, 0x22, 0x81, 0xB6, to_bytes(contents), {}, false}, rng));
    FUZZ_CHECK(!chip.process({0, 0x82, 0x00, 0x00, to_bytes(contents), {}, false}, rng)->ok());
    FUZZ_CHECK(chip.terminal() == nullptr && chip.rights() == pki::AccessRights{});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView input(data, size);
    if (const auto c = CvCertificate::parse(input)) {
        check(*c, input);
        offer_to_chip(c->contents());
    } else {
        FUZZ_CHECK(!c.error().message().empty());
    }
    if (const auto c = CvCertificate::parse_contents(input)) FUZZ_CHECK(equal(c->contents(), input));
    offer_to_chip(input);
    return 0;
}
