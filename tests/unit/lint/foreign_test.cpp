// Certificates and lists of other hands. What is expected here was read with `openssl x509 -text`, `openssl crl -text`, `openssl asn1parse`
// and `openssl cms -cmsout -print`; the numbers of the German master list were counted by a walk of its own in another language.
#include "lint/cases.hpp"
#include "shared_data.hpp"
#include "unit.hpp"

#include <map>

#include <nlohmann/json.hpp>

using namespace idchip;
using namespace idchip::lint;
using cases::Set;
using test::good;
using test::shared_data;

namespace {

struct Wanted {
    const char* file;
    Kind kind;
    Set rules;
};

void check(const std::string& folder, const std::vector<Wanted>& list) {
    for (const auto& w : list) {
        const auto path = shared_data(folder + "/" + w.file);
        if (!path) return;
        CAPTURE(w.file);
        const auto report = good(lint::lint(good(read_file(*path))));
        CHECK(report.kind == w.kind);
        Set rules;
        for (const auto& f : report.findings) rules.insert(f.rule);
        CHECK(rules == w.rules);
    }
}

}  // namespace

TEST_CASE("document signers of four countries: what they lack is named", "[lint]") {
    check("ds_certs", {{"DE_2011-06-12_cc3d7e22.cer",
                        Kind::document_signer,  // a test certificate of the sixth edition's profile, valid for a year
                        {"pkup.missing", "san.missing", "ian.missing", "crldp.missing", "doctype.missing", "validity.ds_short"}},
                       {"FR_2017-07-18_53e97518.cer", Kind::document_signer, {"altname.no_directory_name", "alg.pkcs1"}},
                       {"SG_2022-06-27_a74074ec.cer", Kind::document_signer, {"crldp.not_uri", "altname.no_contact", "pkup.ds_long"}},
                       {"US_2021-06-10_c05742ec.cer",
                        Kind::document_signer,
                        {"name.cn_missing", "altname.no_directory_name", "alg.pkcs1", "validity.long"}}});
}

TEST_CASE("the demonstration PKI of another product: what it lacks is named", "[lint]") {
    const Set csca = {"key.rsa_small", "san.missing", "ian.missing", "crldp.missing", "bc.path_length_missing", "alg.pkcs1"};
    const Set signer = {"ian.missing", "altname.no_directory_name", "alg.pkcs1"};
    auto ds = signer, link = csca;
    ds.insert("ext.forbidden");  // extKeyUsage
    link.insert({"pkup.missing", "ku.bit_forbidden"});
    const Set list = {"der.encoding", "ml.digest_null",           "cms.sid_issuer_serial",
                      "alg.pkcs1",    "cms.certificate_findings", "ml.member_findings"};
    auto doubled = list;
    doubled.insert("ml.duplicate");
    check("demo_csca_ejbca",
          {{"CSCACert.der", Kind::csca, csca},
           {"NextCSCACert.der", Kind::csca, csca},
           {"LinkCert.der", Kind::link, link},
           {"DSCert.der", Kind::document_signer, ds},
           {"MLSCert.der", Kind::master_list_signer, signer},
           {"DLSCert.der", Kind::deviation_list_signer, signer},
           {"CRL.crl", Kind::crl, {"ext.forbidden", "crl.entry_extension", "crl.period_short", "alg.pkcs1"}},
           {"MasterList.ml", Kind::master_list, doubled},
           {"MasterList2.ml", Kind::master_list, list},
           // Signed by the CSCA itself, named by its DN turned round, with SHA-1 and without attributes.
           {"MasterList3.ml",
            Kind::master_list,
            {"cms.version", "alg.hash", "ml.digest_null", "cms.no_signed_attributes", "cms.no_signer_certificate", "ml.duplicate",
             "cms.sid_issuer_serial", "cms.hash_unstated", "cms.certificate_findings", "ml.member_findings"}}});
}

TEST_CASE("EF.SOD of two specimens of 2006 and 2008: old, and said to be so", "[lint]") {
    check("lds", {{"bsi2008/EF_SOD.bin",
                   Kind::sod,
                   {"alg.hash", "alg.parameters", "alg.weaker", "sod.v0", "sod.no_signing_time", "cms.certificate_findings"}},
                  {"loes2006/ef011D.bin",
                   Kind::sod,
                   {"cms.digest_null", "alg.pkcs1", "sod.v0", "sod.no_signing_time", "cms.certificate_findings"}}});
}

TEST_CASE("Germany's CSCA of 2024 keeps every rule", "[lint]") { check("masterlists", {{"DE_ROOT_CA_CSCA07.cer", Kind::csca, {}}}); }

TEST_CASE("the German master list conforms; what its 541 members lack is counted as others count it", "[lint]") {
    const auto path = shared_data("masterlists/DE_ML_2024-08-07-07-38-24.ml");
    const auto counted = shared_data("vectors/masterlist_expected.json");
    if (!path || !counted) return;
    const auto report = good(lint::lint(good(read_file(*path))));
    CHECK(report.kind == Kind::master_list);
    CHECK(report.counts() == "0 errors, 0 warnings");
    CHECK(report.subject == "C=DE, O=bund, OU=bsi, serialNumber=0038, CN=CSCA Master List Signer");
    std::map<std::string, int> members;
    for (const auto& f : report.findings) {
        REQUIRE(f.rule == "ml.member_findings");
        // "members have findings of their own: pkup.missing in 136 of 541"
        const auto text = f.text.substr(f.text.rfind(": ") + 2);
        members[text.substr(0, text.find(' '))] = std::stoi(text.substr(text.find(" in ") + 4));
        CHECK(text.ends_with(" of 541"));
    }
    const auto want = nlohmann::json::parse(good(read_text(*counted))).at(0);
    CHECK(members["cert.serial_zero"] == want.at("oddities").at("zero serial"));
    CHECK(members["cert.serial_negative"] == want.at("oddities").at("negative serial"));
    CHECK(members["bc.missing"] == want.at("oddities").at("no basicConstraints"));
    CHECK(members["bc.not_ca"] == want.at("oddities").at("CA=false"));
    CHECK(members["bc.path_length"] == want.at("oddities").at("pathLen 1"));
    CHECK(members["key.ec_named"] == want.at("keys").at("EC-secp384r1/named"));
    CHECK(members["key.rsa_csca"] == want.at("keys").at("RSA-2048"));
    CHECK(members["key.rsa_exponent"] == want.at("rsa_exponents").at("3").get<int>() + want.at("rsa_exponents").at("38129").get<int>());
    CHECK(members["alg.hash"] == want.at("signatures").at("RSA-sha1").get<int>() + want.at("signatures").at("ECDSA-sha1").get<int>());
    CHECK(members["alg.pkcs1"] == 259 + 33 + 15 + 3);  // of `signatures`
    const std::map<std::string, int> by_another_walk = {
        {"alg.parameters", 15},      {"altname.no_contact", 68}, {"altname.no_directory_name", 17},
        {"cert.serial_reused", 2},   {"crldp.missing", 178},     {"der.named_bits", 6},
        {"ian.missing", 206},        {"name.cn_missing", 11},    {"name.country_case", 15},
        {"name.encoding", 6},        {"namechange.missing", 35}, {"pkup.csca_length", 35},
        {"pkup.missing", 136},       {"pkup.outside", 54},       {"san.missing", 191},
        {"validity.csca_short", 30},
    };
    for (const auto& [rule, count] : by_another_walk) {
        CAPTURE(rule);
        CHECK(members[rule] == count);
    }
}
