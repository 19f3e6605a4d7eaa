// What we make ourselves keeps the rules.
#include "lint/cases.hpp"
#include "unit.hpp"

#include <idchip/lds/ef_sod.hpp>
#include <idchip/signer/sod.hpp>
#include <idchip/signer/software.hpp>
#include <idchip/signer/test_pki.hpp>

using namespace idchip;
using namespace idchip::lint;
using cases::found;
using cases::Set;
using test::good;

namespace {

signer::TestPki made(const std::function<void(signer::TestPkiOptions&)>& edit = {}) {
    signer::TestPkiOptions options;
    options.now = start_of({2026, 11, 22});
    if (edit) edit(options);
    return good(signer::make_test_pki(options, system_rng()));
}

}  // namespace

TEST_CASE("the test PKI with written-out curves conforms: CSCA, document signer and revocation list", "[lint]") {
    const auto pki = made();
    // 16 and 11 years, for documents of Vietnam; table 1 reckons with less.
    CHECK(found(pki.csca.raw) == Set{"validity.long"});
    CHECK(found(pki.ds.raw) == Set{"validity.long"});
    CHECK(found(pki.crl.raw) == Set{});
    CHECK(good(lint::lint(pki.csca.raw)).counts() == "0 errors, 0 warnings");
    CHECK(good(lint::lint(pki.csca.raw)).kind == Kind::csca);
    CHECK(good(lint::lint(pki.ds.raw)).kind == Kind::document_signer);
}

TEST_CASE("the test PKI with RSA conforms, too; named curves are what its third form departs in", "[lint]") {
    const auto rsa = made([](auto& o) {
        o.csca_rsa_bits = 3072;
        o.ds_rsa_bits = 2048;
    });
    CHECK(found(rsa.csca.raw) == Set{"validity.long"});
    CHECK(found(rsa.ds.raw) == Set{"validity.long"});
    CHECK(found(rsa.crl.raw) == Set{});
    const auto named = made([](auto& o) { o.ec_encoding = crypto::EcEncoding::named; });
    CHECK(found(named.csca.raw) == Set{"validity.long", "key.ec_named"});
    CHECK(found(named.ds.raw) == Set{"validity.long", "key.ec_named"});
}

TEST_CASE("EF.SOD of the test signer conforms in both versions", "[lint]") {
    const auto pki = made();
    const auto signer = good(signer::make_software_signer(pki.ds, pki.ds_key));
    lds::LdsSecurityObject object;
    object.version = 1;
    object.lds_version = "0108";
    object.unicode_version = "040000";
    for (const int group : {1, 2, 14}) object.data_group_hashes[group] = Bytes(32, static_cast<Byte>(group));
    const auto signed_object = [&](const lds::LdsSecurityObject& o, std::optional<Instant> time) {
        return good(pki::build_signed_data(lds::oid_lds_security_object(), o.encode(), *signer, time));
    };
    const auto now = start_of({2026, 11, 22});
    CHECK(found(lds::EfSod::encode(signed_object(object, now))) == Set{});
    object.version = 0;
    CHECK(found(lds::EfSod::encode(signed_object(object, {}))) == Set{"sod.v0", "sod.no_signing_time"});
}
