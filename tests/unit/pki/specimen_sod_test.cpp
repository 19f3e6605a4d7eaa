// Documents made by others: their EF.SOD must hold, and must stop holding when a byte is changed.
#include "shared_data.hpp"
#include "unit/unit.hpp"

#include <idchip/lds/ef_sod.hpp>
#include <idchip/pki/cms.hpp>

using namespace idchip;
using namespace idchip::test;
using crypto::HashAlg;

namespace {

struct Specimen {
    const char* folder;
    const char* sod;
    std::vector<std::pair<int, const char*>> groups;
    HashAlg hash;
    const char* key;
    const char* algorithm;
    const char* country;
    std::size_t signed_groups;
};

const std::vector<Specimen> specimens = {{"lds/loes2006",
                                          "ef011D.bin",
                                          {{1, "ef0101.bin"}, {2, "ef0102.bin"}, {15, "ef010F.bin"}},
                                          HashAlg::sha256,
                                          "RSA 2048",
                                          "RSA PKCS#1 v1.5 with SHA-256",
                                          "NL",
                                          3},
                                         {"lds/bsi2008",
                                          "EF_SOD.bin",
                                          {{1, "Datagroup1.bin"}, {2, "Datagroup2.bin"}, {3, "Datagroup3.bin"}, {14, "Datagroup14.bin"}},
                                          HashAlg::sha1,
                                          "EC brainpoolP224r1 (explicit parameters)",
                                          "ECDSA with SHA-1",
                                          "DE",
                                          4}};

}  // namespace

TEST_CASE("EF.SOD of the specimens of 2006 and 2008 signs the hashes of their files", "[pki]") {
    for (const auto& s : specimens) {
        const auto folder = shared_data(s.folder);
        if (!folder) return;
        CAPTURE(s.folder);
        const auto file = good(read_file(*folder / s.sod));
        const auto sod = good(lds::EfSod::parse(file));
        CHECK(sod.notes.empty());
        const auto data = good(pki::SignedData::parse(sod.cms));
        CHECK(data.content_type == lds::oid_lds_security_object());
        REQUIRE(data.signers.size() == 1);
        REQUIRE(data.certificates.size() == 1);
        const auto candidates = data.candidates(data.signers[0]);
        REQUIRE(candidates.size() == 1);
        const auto& signer = *candidates[0];
        REQUIRE(signer.public_key);
        CHECK(signer.public_key->info().text() == s.key);
        CHECK(signer.subject.country() == s.country);
        CHECK(data.signers[0].signature_algorithm->text() == s.algorithm);
        CHECK_FALSE(pki::check_signature(data, data.signers[0], *signer.public_key).failure);

        const auto object = good(lds::LdsSecurityObject::parse(data.content));
        CHECK(object.version == 0);
        CHECK(object.hash_alg == s.hash);
        CHECK(object.data_group_hashes.size() == s.signed_groups);
        for (const auto& [number, name] : s.groups) {
            CAPTURE(name);
            CHECK(object.data_group_hashes.at(number) == crypto::hash(s.hash, good(read_file(*folder / name))));
        }
    }
}

TEST_CASE("no byte of a specimen's EF.SOD that is signed can be changed", "[pki]") {
    for (const auto& s : specimens) {
        const auto folder = shared_data(s.folder);
        if (!folder) return;
        const auto file = good(read_file(*folder / s.sod));
        const auto original = good(pki::SignedData::parse(good(lds::EfSod::parse(file)).cms));
        const auto& key = *original.certificates.at(0).public_key;
        // Every third byte, to keep the RSA work small. What still verifies after the change must say the same as before.
        std::size_t refused = 0;
        for (std::size_t at = 0; at < file.size(); at += 3) {
            auto bent = file;
            bent[at] = static_cast<Byte>(bent[at] ^ 0x01U);
            const auto sod = lds::EfSod::parse(bent);
            if (!sod) {
                ++refused;
                continue;
            }
            const auto data = pki::SignedData::parse(sod->cms);
            if (!data || data->signers.size() != 1) {
                ++refused;
                continue;
            }
            if (pki::check_signature(*data, data->signers[0], key).failure) {
                ++refused;
                continue;
            }
            REQUIRE(data->content == original.content);
            REQUIRE(data->signers[0].signed_attributes == original.signers[0].signed_attributes);
            REQUIRE(data->signers[0].signature == original.signers[0].signature);
        }
        CHECK(refused > 100);
    }
}
