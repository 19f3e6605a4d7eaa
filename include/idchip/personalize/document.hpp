// The document image: every byte that goes onto the chip, before any command is sent. Pure.
#pragma once

#include <idchip/image/biometric.hpp>
#include <idchip/inspect/evidence.hpp>
#include <idchip/pki/cms.hpp>
#include <idchip/profile/expression.hpp>
#include <idchip/record/record.hpp>

namespace idchip::personalize {

struct Document {
    std::string record;
    lds::Files files;                    // EF.COM, data groups; EF.SOD after signing
    std::string mrz_information;         // access key of the chip
    inspect::ExpectedDocument expected;  // what a checkpoint would read off the card
    profile::Variables variables;        // for the profile's templates
};

// DG1 and DG2; DG13 for a Vietnamese card; DG11 and DG12 where the record asks for them.
// `portrait`: JPEG or JPEG 2000. Errors: input.bad_field, mrz.*, lds.bad_image.
// `face`: in which record the portrait stands in DG2 (Doc 9303-10, 4.5.6: the issuer's choice until 2029).
Result<Document> make_document(const record::Record& record, ByteView portrait,
                               image::RecordFormat face = image::RecordFormat::iso19794);
// Adds EF.SOD. Errors: signer.*.
Result<void> sign_document(Document& document, pki::ContentSigner& signer, Instant signing_time);

}  // namespace idchip::personalize
