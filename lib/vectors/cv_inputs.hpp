// Inputs and outputs that the suites on CV certificates share.
#pragma once

#include <idchip/pki/cv_chain.hpp>

#include "vectors/suites.hpp"

namespace idchip::vectors {

Result<std::vector<pki::CvCertificate>> parse_certificates(const std::vector<Bytes>& list);
// Certificates of CVCAs, and the current date.
Result<pki::CvTrust> make_trust(const std::vector<Bytes>& trust, std::string_view date);
void add(Outputs& out, const pki::CvTrust& trust);
Json names(const pki::AccessRights& rights);

}  // namespace idchip::vectors
