// What `show` is made of: one decoder for each kind of content.
#pragma once

#include <idchip/base/note.hpp>
#include <idchip/lds/files.hpp>
#include <idchip/pki/certificate.hpp>
#include <idchip/pki/cms.hpp>
#include <idchip/pki/crl.hpp>
#include <idchip/pki/cv_certificate.hpp>

#include "report/tree.hpp"

namespace idchip::report {

// "tolerances": only when there are any.
void add_notes(Json& j, const Notes& notes);

Json certificate_json(const pki::Certificate& certificate);
Json crl_json(const pki::Crl& crl);
Json cv_certificate_json(const pki::CvCertificate& certificate);
Json access_rights_json(const pki::AccessRights& rights);  // ["DG3", "DG4"]
// Content, signers and certificates of SignedData. Errors: pki.bad_cms, tlv.*.
Result<Json> signed_data_json(ByteView cms);

// Any file of a chip. Errors: the decoder's own.
Result<Json> file_json(lds::Ef ef, ByteView file);

// One line for each TLV object: offset, tag, length, and the bytes of primitive ones; a line for where it breaks.
std::string hex_tree(ByteView content);

}  // namespace idchip::report
