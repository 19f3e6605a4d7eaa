#include "unit/unit.hpp"

#include <idchip/pki/cms.hpp>
#include <idchip/report/show.hpp>
#include <idchip/signer/card_security.hpp>
#include <idchip/signer/software.hpp>
#include <idchip/signer/test_pki.hpp>

using namespace idchip;
using namespace idchip::test;

TEST_CASE("EF.CardSecurity is signed by the document signer and says what it was given", "[signer]") {
    const auto now = start_of({2026, 11, 22});
    const auto pki = good(signer::make_test_pki({.now = now}, system_rng()));
    const auto signer = good(signer::make_software_signer(pki.ds, good(crypto::PrivateKey::from_pem(good(pki.ds_key.to_pem())))));
    const auto infos = lds::SecurityInfos::of(
        {lds::SecurityInfo::of(*lds::protocol_by_name("id-PACE-ECDH-CAM-AES-CBC-CMAC-128"), lds::PaceInfo{2, 13}),
         lds::SecurityInfo::of(*lds::protocol_by_name("id-CA-ECDH-AES-CBC-CMAC-128"), lds::ChipAuthenticationInfo{1, 13})});
    const auto file = good(signer::sign_card_security(infos, *signer, now));
    const auto parsed = good(lds::EfCardSecurity::parse(file));
    CHECK(parsed.notes.empty());
    const auto data = good(pki::SignedData::parse(parsed.cms));
    CHECK(data.content_type == lds::oid_security_object());
    CHECK(equal(data.content, infos.encode()));
    REQUIRE(data.signers.size() == 1);
    REQUIRE(data.certificates.size() == 1);  // Doc 9303-10, 3.11.4: the certificate MUST be included
    CHECK_FALSE(pki::check_signature(data, data.signers[0], *data.certificates[0].public_key).failure);
    CHECK(good(report::show(file)).kind == "EF.CardSecurity");
    CHECK(good(report::show(file)).text.find("id-PACE-ECDH-CAM-AES-CBC-CMAC-128") != std::string::npos);
    auto changed = file;
    changed[std::string_view(reinterpret_cast<const char*>(file.data()), file.size()).find("\x02\x01\x0D") + 2] = 14;
    const auto tampered = good(pki::SignedData::parse(changed));
    CHECK(pki::check_signature(tampered, tampered.signers[0], *tampered.certificates[0].public_key).failure);
    CHECK(error_of(signer::sign_card_security({}, *signer, now)) == "signer.refused");
}
