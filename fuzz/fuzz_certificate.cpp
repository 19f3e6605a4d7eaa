// Certificates, DER and PEM, and their signature under their own key.
#include "fuzz.hpp"

#include <idchip/pki/certificate.hpp>

using namespace idchip;
using pki::Certificate;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView input(data, size);
    const auto c = Certificate::parse_any(input);
    if (!c) return 0;
    const auto again = Certificate::parse(c->raw);
    FUZZ_CHECK(again && again->fingerprint() == c->fingerprint());
    FUZZ_CHECK(c->public_key.has_value() != c->key_error.has_value());
    FUZZ_CHECK(c->signature_algorithm.has_value() != c->algorithm_error.has_value());
    FUZZ_CHECK(!c->serial.empty());
    FUZZ_CHECK(c->version >= 1 && c->version <= 3);
    FUZZ_CHECK(c->self_issued() == c->subject.matches(c->issuer));
    for (const auto* name : {&c->issuer, &c->subject}) {
        static_cast<void>(name->text());
        FUZZ_CHECK(name->matches(*name));
        const auto parsed = pki::Name::parse(name->raw);
        FUZZ_CHECK(parsed && parsed->matches(*name));
    }
    if (c->public_key) {
        const auto& info = c->public_key->info();
        const auto spki = c->public_key->to_spki(info.encoding);
        const auto key = crypto::PublicKey::from_spki(spki);
        FUZZ_CHECK(key && key->info().point == info.point && key->info().n == info.n && key->info().e == info.e &&
                   key->info().curve == info.curve);
        static_cast<void>(c->verify_signature(*c->public_key));
        FUZZ_CHECK(pki::key_id(*c->public_key).size() == 20);
    }
    return 0;
}
