// What a chip is given beside its keys: the secrets of its holder, and which terminals it will believe.
#pragma once

#include <idchip/personalize/document.hpp>
#include <idchip/pki/cv_chain.hpp>
#include <idchip/profile/profile.hpp>

namespace idchip::personalize {

// Digits of PACE with PIN and PUK (BSI TR-03110-2, 3.3); empty: none.
struct HolderSecrets {
    Secret pin, puk;  // 6 and 10 digits
};
// Fresh ones, for what the profile's chip can take.
HolderSecrets make_holder_secrets(const profile::Features& features, Rng& rng);
// For the templates: pin, puk.
void set_holder_secrets(Document& document, const HolderSecrets& secrets);

// The letter to the holder: {"record", "pin", "puk"}. Whoever personalizes the same record again gives the same secrets: those of the letter.
std::string to_letter(const Document& document, const HolderSecrets& secrets);
// Errors: input.bad_json (no letter, or another record's).
Result<HolderSecrets> read_letter(std::string_view text, const Document& document);

// Terminal authentication: for the templates cvca.certificate and date (YYMMDD, a byte each); EF.CVCA; DG14 will name the protocol. Before
// set_chip_keys. Errors: cvc.not_valid (no trust point), crypto.*, profile.bad (the profile's chip knows no terminal authentication).
Result<void> set_trust_point(Document& document, const profile::Features& features, const pki::CvCertificate& cvca, Date today);

}  // namespace idchip::personalize
