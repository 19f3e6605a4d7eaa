// What was just signed, as a checkpoint reads it: from the bytes that leave, with the certificate that stands in them.
#pragma once

#include <idchip/pki/cms.hpp>

namespace idchip::signer {

// The signed content. `file` names it in errors. Errors: signer.self_check.
Result<Bytes> checked_content(ByteView cms, const char* file);

}  // namespace idchip::signer
