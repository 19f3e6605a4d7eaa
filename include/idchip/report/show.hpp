// Decodes one file of a chip, a certificate or a revocation list.
#pragma once

#include <idchip/base/bytes.hpp>

namespace idchip::report {

struct Shown {
    std::string kind;  // "DG1", "EF.SOD", "certificate", "CRL"
    std::string json;
    std::string text;
};

// Recognised by its outer tag. Errors: input.unknown_content, and the decoder's own with offset and tag path.
Result<Shown> show(ByteView content);

}  // namespace idchip::report
