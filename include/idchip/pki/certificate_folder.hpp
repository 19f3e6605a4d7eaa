// Certificates of people and offices, as a folder keeps them: a file each. Who is no more believed is taken out of it.
#pragma once

#include <filesystem>
#include <vector>

#include <idchip/pki/certificate.hpp>

namespace idchip::pki {

struct CertificateFile {
    std::filesystem::path file;
    Certificate certificate;
};
// Every .cer, .crt, .der and .pem file, DER or PEM, by name. Errors: input.not_found (no folder, no certificate in it), those of
// Certificate::parse_any; they name the file.
Result<std::vector<CertificateFile>> read_certificate_folder(const std::filesystem::path& folder);

}  // namespace idchip::pki
