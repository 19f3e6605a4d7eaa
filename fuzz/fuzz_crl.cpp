// Revocation lists, DER and PEM.
#include "fuzz.hpp"

#include <idchip/pki/crl.hpp>

using namespace idchip;
using pki::Crl;

namespace {

const crypto::PublicKey& some_key() {
    static const auto key = [] {
        const auto& k = crypto::parameters(crypto::Curve::p256);
        return crypto::PublicKey::from_ec_point(crypto::Curve::p256, concat({Bytes{4}, k.generator_x, k.generator_y})).value();
    }();
    return key;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto crl = Crl::parse_any({data, size});
    if (!crl) return 0;
    FUZZ_CHECK(crl->signature_algorithm.has_value());
    for (const auto& entry : crl->revoked) {
        const auto* found = crl->find(entry.serial);
        FUZZ_CHECK(found != nullptr);
        FUZZ_CHECK(!entry.reason || (*entry.reason >= 0 && *entry.reason <= 255));
    }
    FUZZ_CHECK(!crl->verify_signature(some_key()));
    const auto again = Crl::parse(crl->raw);
    FUZZ_CHECK(again && again->revoked.size() == crl->revoked.size() && again->tbs == crl->tbs);
    return 0;
}
