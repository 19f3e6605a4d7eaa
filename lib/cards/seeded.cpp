#include "cards/seeded.hpp"

#include <algorithm>

#include <idchip/crypto/key_agreement.hpp>

#include "base/try.hpp"

namespace idchip::cards {

SeededRng::SeededRng(std::string_view seed, std::string_view purpose)
    : state_(crypto::hash(crypto::HashAlg::sha256,
                          {as_bytes("idchip simulated card"), Bytes{0}, as_bytes(seed), Bytes{0}, as_bytes(purpose)})) {}

void SeededRng::fill(std::span<Byte> out) {
    while (!out.empty()) {
        Bytes counter;
        append_be(counter, block_++, 8);
        const auto bytes = crypto::hash(crypto::HashAlg::sha256, {state_, counter});
        const auto n = std::min(out.size(), bytes.size());
        std::copy_n(bytes.begin(), n, out.begin());
        out = out.subspan(n);
    }
}

// RFC 5915 in PKCS #8: the one way in for a private key that is a number.
Result<crypto::PrivateKey> signing_key(crypto::Curve curve, Rng& rng) {
    static const der::Oid ec_public_key("1.2.840.10045.2.1");
    const auto domain = crypto::Domain::ecdh(curve);
    const auto d = domain.draw_private(rng);
    const auto point = TRY(domain.public_value(d.view()));
    auto key = der::sequence_of({der::write_integer(1), der::write_octet_string(d.view()),
                                 tlv::element(der::context_constructed(1), der::write_bit_string(point))});
    auto pkcs8 = der::sequence_of({der::write_integer(0), der::sequence_of({der::write(ec_public_key), der::write(crypto::oid(curve))}),
                                   der::write_octet_string(key)});
    auto pem = "-----BEGIN PRIVATE KEY-----\n" + to_base64(pkcs8) + "\n-----END PRIVATE KEY-----\n";
    auto result = crypto::PrivateKey::from_pem(pem);
    wipe(key);
    wipe(pkcs8);
    wipe({reinterpret_cast<Byte*>(pem.data()), pem.size()});
    return result;
}

}  // namespace idchip::cards
