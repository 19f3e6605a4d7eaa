// Keys and certificates as a command line names them: a file, or a PKCS#11 URI. A key in a file is for tests and trials.
#pragma once

#include <string>

#include <idchip/pkcs11/token.hpp>
#include <idchip/pki/certificate.hpp>
#include <idchip/pki/cv_certificate.hpp>

namespace idchip::cli {

// PKCS#8, PEM or DER. `passphrase_file`: its first line is the passphrase; empty: that of an encrypted PEM comes from
// $IDCHIP_KEY_PASSPHRASE, or is asked for at the terminal. Errors: io.*, crypto.*, input.bad_field; they name the file.
Result<crypto::PrivateKey> read_key(const std::string& file, const std::string& passphrase_file);
// Errors: as read_key.
Result<std::string> read_passphrase(const std::string& file);

// The PIN: of this file (first line), of $IDCHIP_TOKEN_PIN, of the URI's pin-source, or asked for at the terminal.
pkcs11::PinSource pin_source(const std::string& pin_file, const pkcs11::Uri& uri);
// A file as read_key, or a key in a token. Errors: as read_key; token.*.
Result<std::shared_ptr<const crypto::SigningKey>> open_key(const std::string& file_or_uri, const std::string& passphrase_file,
                                                           const std::string& pin_file);
// "ec:brainpoolP256r1", "rsa:2048". A URI makes it in the token; a file gets it as PKCS#8, encrypted where there is a passphrase, and is
// never overwritten. Errors: input.bad_field, io.*, token.*.
Result<std::shared_ptr<const crypto::SigningKey>> make_key(const std::string& kind, const std::string& file_or_uri,
                                                           const std::string& passphrase_file, const std::string& pin_file);

// DER or PEM; - is standard input. Errors name the file.
Result<pki::Certificate> read_certificate(const std::string& file);
// DER; - is standard input. Errors name the file.
Result<pki::CvCertificate> read_cv_certificate(const std::string& file);

}  // namespace idchip::cli
