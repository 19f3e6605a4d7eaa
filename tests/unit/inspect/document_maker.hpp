// Whole documents for the tests of the inspection cases: each layer can be changed before it is signed, or after.
#pragma once

#include <idchip/inspect/judge.hpp>
#include <idchip/lds/dg1.hpp>
#include <idchip/lds/dg2.hpp>
#include <idchip/lds/ef_com.hpp>

#include "inspect/pki_maker.hpp"

namespace idchip::inspect::maker {

// --- the LDS security object, with every field in the test's hand
struct SecurityObjectMaker {
    std::int64_t version = 0;
    Bytes algorithm;  // AlgorithmIdentifier
    std::vector<std::pair<std::int64_t, Bytes>> hashes;
    std::optional<std::pair<std::string, std::string>> versions;
    explicit SecurityObjectMaker(const lds::Files& files, crypto::HashAlg hash = crypto::HashAlg::sha256);
    Bytes der() const;
};

// --- files
mrz::Mrz td1();
mrz::Mrz td3();
Bytes dg1(const mrz::Mrz& mrz);
Bytes dg1_of(std::string_view zone);  // as it stands
Bytes jpeg(unsigned width = 240, unsigned height = 320);
Bytes jp2(unsigned width = 240, unsigned height = 320);
Bytes face_record(ByteView image, Byte data_type = 0);
Bytes dg2(ByteView image);
// 75 { 7F61 { 02 count, templates } }
Bytes dg2_of(unsigned count, const std::vector<Bytes>& templates);
Bytes face_template(ByteView record);
Bytes dg14();  // a ChipAuthenticationInfo; with PACE, as access control offers it
Bytes dg14_with_pace();
Bytes dg15();
lds::Files files_of(const mrz::Mrz& mrz);  // DG1, DG2
lds::Files clean_files();                  // of td1()
// EF.COM over them and EF.SOD through signer::sign_sod.
lds::Files sign(lds::Files groups, crypto::HashAlg hash = crypto::HashAlg::sha256, int version = 0);
// EF.COM over them, EF.SOD as given.
lds::Files with_sod(lds::Files groups, Bytes sod);
lds::Files with_sod(lds::Files groups, const CmsMaker& cms);
CmsMaker cms_over(const lds::Files& groups, crypto::HashAlg hash = crypto::HashAlg::sha256);

// --- evidence, trust, verdict
Evidence evidence_of(const lds::Files& files);  // as read over BAC
Evidence clean();
// A document whose EF.SOD is signed by that certificate (with the clean signer's key, or with `key`).
Evidence signed_by(const pki::Certificate& certificate);
Evidence signed_by(const pki::Certificate& certificate, const crypto::PrivateKey& key, const crypto::SignatureAlgorithm& algorithm);
// A clean document with that file in it, signed and judged.
Verdict judged_with(lds::Ef ef, Bytes content);
Evidence refused(Evidence evidence, lds::Ef ef, std::uint16_t sw);
Evidence broken(Evidence evidence, lds::Ef ef, std::string error);
pki::TrustStore trust();                                 // clean CSCA, clean CRL
pki::TrustStore trust_of(const pki::Certificate& csca);  // with the clean CRL
// Another country: its CSCA, a document signer with the clean signer's key, its list.
struct Country {
    pki::Certificate csca, ds;
    pki::TrustStore trust;
    CmsMaker sign(const lds::Files& groups) const;
};
const crypto::PrivateKey& csca_key_of(const std::string& two_letters);
Country country(const std::string& two_letters);
Verdict judged(const Evidence& evidence, const pki::TrustStore& store = trust(), Instant now = today, const Policy& policy = {});

const Finding* find(const Verdict& verdict, std::string_view id, Outcome outcome, std::string_view case_id = {});
std::string listing(const Verdict& verdict);
// `line` is that of the test that calls; clang 14 has no std::source_location.
// The verdict is `overall`, and a finding of that outcome, id and case is among those that led to it.
void check(const Verdict& verdict, Overall overall, Outcome outcome, std::string_view id, std::string_view case_id = {},
           int line = __builtin_LINE());
// A legitimate document: nothing to say but that a copy cannot be excluded.
void check_clean(const Verdict& verdict, int line = __builtin_LINE());
// A legitimate document with exactly this one thing to say.
void check_noted(const Verdict& verdict, Outcome outcome, std::string_view id, std::string_view case_id, int line = __builtin_LINE());

}  // namespace idchip::inspect::maker
