#include "unit/unit.hpp"

#include <botan/hash.h>

#include <idchip/crypto/hash.hpp>

using namespace idchip;
using namespace idchip::test;
using crypto::HashAlg;

namespace {
constexpr HashAlg all[] = {HashAlg::sha1, HashAlg::sha224, HashAlg::sha256, HashAlg::sha384, HashAlg::sha512};
}

TEST_CASE("hashes give the values of FIPS 180 for the message abc", "[crypto]") {
    const std::pair<HashAlg, std::string_view> vectors[] = {
        {HashAlg::sha1, "A9993E364706816ABA3E25717850C26C9CD0D89D"},
        {HashAlg::sha224, "23097D223405D8228642A477BDA255B32AADBCE4BDA0B3F7E36C9DA7"},
        {HashAlg::sha256, "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD"},
        {HashAlg::sha384, "CB00753F45A35E8BB5A03D699AC65007272C32AB0EDED1631A8B605A43FF5BED8086072BA1E7CC2358BAECA134C825A7"},
        {HashAlg::sha512,
         "DDAF35A193617ABACC417349AE20413112E6FA4E89A97EA20A9EEEE64B55D39A2192992A274FC1A836BA3C23A3FEEBBD454D4423643CE80E2A9AC94FA54CA49F"}};
    for (const auto& [alg, hex] : vectors) {
        CHECK(to_hex(crypto::hash(alg, as_bytes("abc"))) == hex);
        CHECK(to_hex(crypto::hash(alg, {as_bytes("a"), {}, as_bytes("bc")})) == hex);
    }
    CHECK(to_hex(crypto::hash(HashAlg::sha256, ByteView())) == "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855");
}

TEST_CASE("hashes agree with Botan at every length around the block boundaries", "[crypto]") {
    TestRng rng;
    for (const auto alg : all) {
        const auto second = Botan::HashFunction::create_or_throw(std::string(crypto::name(alg)));
        CHECK(second->output_length() == crypto::digest_size(alg));
        for (std::size_t n = 0; n < 300; n += 1) {
            const auto message = rng.bytes(n);
            second->update(message.data(), message.size());
            const auto want = second->final();
            REQUIRE(equal(crypto::hash(alg, message), ByteView(want.data(), want.size())));
        }
    }
}

TEST_CASE("hashes are found by identifier and by name", "[crypto]") {
    for (const auto alg : all) {
        CHECK(good(crypto::hash_by_oid(crypto::oid(alg))) == alg);
        CHECK(good(crypto::hash_by_name(crypto::name(alg))) == alg);
    }
    CHECK(crypto::oid(HashAlg::sha256).dotted() == "2.16.840.1.101.3.4.2.1");
    const auto md5 = crypto::hash_by_oid(der::Oid("1.2.840.113549.2.5"));
    REQUIRE(error_of(md5) == "crypto.unsupported");
    CHECK(md5.error().detail == "hash MD5");
    CHECK(error_of(crypto::hash_by_oid(der::Oid("1.2.3"))) == "crypto.unsupported");
    CHECK(error_of(crypto::hash_by_name("SHA256")) == "crypto.unsupported");
}
