// Keys and certificates in files. A key in a file is for tests and trials: a real one stays in a token.
#pragma once

#include <string>

#include <idchip/crypto/key.hpp>
#include <idchip/pki/cv_certificate.hpp>

namespace idchip::cli {

// PKCS#8, PEM or DER. `passphrase_file`: its first line is the passphrase; empty: the key is not encrypted. Errors: io.*, crypto.*,
// input.bad_field; they name the file.
Result<crypto::PrivateKey> read_key(const std::string& file, const std::string& passphrase_file);
// Errors: as read_key.
Result<std::string> read_passphrase(const std::string& file);

// DER; - is standard input. Errors name the file.
Result<pki::CvCertificate> read_cv_certificate(const std::string& file);

}  // namespace idchip::cli
