// The document image: every byte that goes onto the chip, before any command is sent. Pure.
#pragma once

#include <idchip/inspect/evidence.hpp>
#include <idchip/personalize/record.hpp>
#include <idchip/pki/cms.hpp>
#include <idchip/profile/expression.hpp>

namespace idchip::personalize {

struct Document {
    std::string record;
    lds::Files files;                    // EF.COM, data groups; EF.SOD after signing
    std::string mrz_information;         // access key of the chip
    inspect::ExpectedDocument expected;  // what a checkpoint would read off the card
    profile::Variables variables;        // for the profile's templates
};

// `portrait`: JPEG or JPEG 2000. Errors: input.bad_field, mrz.*, lds.bad_image.
Result<Document> make_document(const Record& record, ByteView portrait);
// Adds EF.SOD. Errors: signer.*.
Result<void> sign_document(Document& document, pki::ContentSigner& signer, Instant signing_time);

}  // namespace idchip::personalize
