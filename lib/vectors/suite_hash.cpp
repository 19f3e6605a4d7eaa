// FIPS 180-4.
#include <idchip/crypto/hash.hpp>

#include "base/try.hpp"
#include "vectors/suites.hpp"

namespace idchip::vectors {
namespace {

Result<Outputs> digest(const Inputs& in) {
    const auto name = TRY(in.text("alg"));
    const auto data = TRY(in.bytes("data"));
    return Outputs{{"digest", binary(crypto::hash(TRY(crypto::hash_by_name(name)), data))}};
}

Result<Outputs> by_oid(const Inputs& in) {
    const auto data = TRY(in.bytes("oid"));
    tlv::Reader r(data, tlv::Rules::der);
    const auto alg = TRY(crypto::hash_by_oid(TRY(der::read_oid(r))));
    return Outputs{{"alg", std::string(name(alg))}, {"size", crypto::digest_size(alg)}};
}

}  // namespace

Suite hash_suite() { return {"hash", {{"digest", digest}, {"by_oid", by_oid}}}; }

}  // namespace idchip::vectors
