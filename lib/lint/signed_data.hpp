// What EF.SOD, master list and deviation list have in common: Doc 9303-10, table 37; Doc 9303-12, tables 18 and 19.
#pragma once

#include <idchip/pki/cms.hpp>

#include "lint/checks.hpp"

namespace idchip::lint {

struct Included {
    RawCertificate certificate;
    Kind kind;
};
struct SignedList {
    Kind kind;  // sod, master_list, deviation_list
    pki::SignedData data;
    RawSignedData raw;
    std::vector<Included> certificates;  // those that can be read
};

void check_digest_algorithm(ByteView identifier, Kind kind, const std::string& where, Findings& f);
// The signerInfos, against the content and the certificates; `legacy`: an EF.SOD of version 0. The name of the first signer.
std::string check_signers(const SignedList& list, bool legacy, Findings& f);

// --- contents
// Whether the LDS security object is of version 0.
bool check_security_object(ByteView content, Findings& f);
void check_master_list(ByteView content, Findings& f);
void check_deviation_list(ByteView content, Findings& f);

}  // namespace idchip::lint
