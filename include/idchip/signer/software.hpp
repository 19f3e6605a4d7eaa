// A document signer whose key is a file: for tests and demonstrations, never for real documents.
#pragma once

#include <filesystem>
#include <memory>

#include <idchip/pki/cms.hpp>

namespace idchip::signer {

// Loads folder/ds.cer and folder/ds.SPECIMEN.key.pem. A key file is refused unless its certificate is marked SPECIMEN in the
// subject, so that a real document signer never runs from a file. Errors: input.not_found, crypto.bad_key, signer.refused
// (not SPECIMEN, key and certificate do not belong together, certificate may not sign documents).
Result<std::unique_ptr<pki::ContentSigner>> load_software_signer(const std::filesystem::path& folder);
Result<std::unique_ptr<pki::ContentSigner>> make_software_signer(pki::Certificate certificate, crypto::PrivateKey key);

// The algorithm a key signs with: ECDSA with the hash of the curve's strength, RSASSA-PSS with SHA-256.
crypto::SignatureAlgorithm default_algorithm(const crypto::PublicKeyInfo& key);

}  // namespace idchip::signer
