// RFC 3279, 4055, 5480, 5758: public keys, signature algorithms, signatures.
#include <idchip/crypto/key.hpp>

#include "base/try.hpp"
#include "vectors/suites.hpp"

namespace idchip::vectors {
namespace {

Result<crypto::SignatureAlgorithm> algorithm_of(ByteView identifier) {
    return crypto::SignatureAlgorithm::parse(TRY(tlv::parse_single(identifier, tlv::Rules::der, "AlgorithmIdentifier")));
}

Result<Outputs> verify(const Inputs& in) {
    const auto spki = TRY(in.bytes("spki"));
    const auto identifier = TRY(in.bytes("algorithm"));
    const auto message = TRY(in.bytes("message"));
    const auto signature = TRY(in.bytes("signature"));
    const auto key = TRY(crypto::PublicKey::from_spki(spki));
    const auto algorithm = TRY(algorithm_of(identifier));
    TRY(key.verify(algorithm, message, signature));
    return Outputs{{"valid", true}, {"key", key.info().text()}, {"algorithm", algorithm.text()}};
}

Result<Outputs> read_key(const Inputs& in) {
    const auto key = TRY(crypto::PublicKey::from_spki(TRY(in.bytes("spki"))));
    const auto& i = key.info();
    Outputs out{{"text", i.text()}, {"bits", i.bits}, {"spki", binary(key.to_spki(i.encoding))}};
    if (i.type == crypto::KeyType::rsa) {
        out["n"] = binary(i.n);
        out["e"] = binary(i.e);
    } else {
        out["curve"] = std::string(crypto::name(i.curve));
        out["point"] = binary(i.point);
    }
    return out;
}

Result<Outputs> read_algorithm(const Inputs& in) {
    const auto a = TRY(algorithm_of(TRY(in.bytes("algorithm"))));
    return Outputs{{"text", a.text()},
                   {"hash", std::string(name(a.hash))},
                   {"mgf_hash", std::string(name(a.mgf_hash))},
                   {"salt_length", a.salt_length},
                   {"hash_unstated", a.hash_unstated}};
}

}  // namespace

Suite signature_suite() { return {"signature", {{"verify", verify}, {"read_key", read_key}, {"read_algorithm", read_algorithm}}}; }

}  // namespace idchip::vectors
