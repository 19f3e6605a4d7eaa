// Opening a document signer, as verbs name it.
#pragma once

#include <CLI/CLI.hpp>

#include <idchip/pki/trust.hpp>
#include <idchip/signer/document_signer.hpp>

#include "release_options.hpp"

namespace idchip::cli {

struct SignerAccess {
    std::string pin_file, passphrase_file;
    ReleaseOptions release;  // of more signatures than the policy has
};
void add_signer_options(CLI::App& verb, SignerAccess& access);
// A release raises the number of signatures in the policy for this run; that it was used is in releases.log of the folder when this returns.
// Errors: as DocumentSigner::load and raise_limit; as require_release; release.bad (for another key).
Result<std::unique_ptr<signer::DocumentSigner>> open_signer(const std::string& folder, const SignerAccess& access,
                                                            signer::Purpose purpose = signer::Purpose::documents);
// Signers of documents that take turns; the release is for the one whose key it names. Errors: as open_signer.
Result<std::vector<std::unique_ptr<signer::DocumentSigner>>> open_signers(const std::vector<std::string>& folders,
                                                                          const SignerAccess& access);

// A store of `idchip trust import`, or a folder of certificates and lists. Errors: pki.no_trust, trust.bad_store, input.not_found.
Result<pki::TrustStore> load_trust(const std::string& path);

}  // namespace idchip::cli
