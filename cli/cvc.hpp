// Verbs below `idchip cvc`, one file each.
#pragma once

#include <idchip/pki/cv_chain.hpp>

#include "verbs.hpp"

namespace idchip::cli {

void add_cvc_create(CLI::App& group, Action& chosen);
void add_cvc_show(CLI::App& group, Action& chosen);
void add_cvc_verify(CLI::App& group, Action& chosen);

// DER; - is standard input. Errors name the file.
Result<pki::CvCertificate> read_cv_certificate(const std::string& file);

}  // namespace idchip::cli
