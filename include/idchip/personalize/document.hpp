// The document image: every byte that goes onto the chip, before any command is sent. Pure.
#pragma once

#include <idchip/codec/portrait.hpp>
#include <idchip/image/biometric.hpp>
#include <idchip/inspect/evidence.hpp>
#include <idchip/pki/cms.hpp>
#include <idchip/profile/expression.hpp>
#include <idchip/record/record.hpp>

namespace idchip::personalize {

enum class LdsVersion { v1_7, v1_8 };

// What the issuer chooses for all documents.
struct DocumentOptions {
    image::RecordFormat face = image::RecordFormat::iso19794;  // Doc 9303-10, 4.5.6: the issuer's choice until 2029
    LdsVersion lds_version = LdsVersion::v1_7;                 // 1.8 signs it in an LDS security object of version 1
    std::optional<codec::Format> portrait_format;              // JPEG or JPEG 2000; nothing: as it comes, and JPEG from a PNG
    std::optional<std::size_t> portrait_bytes;                 // the portrait is encoded anew when it is larger
};

// The portrait encoded anew by the sandboxed child where the options or a PNG ask for it; nothing where it stays as it comes.
// Errors: lds.bad_image, codec.*.
Result<std::optional<Bytes>> refit_portrait(ByteView portrait, const DocumentOptions& options);

struct Document {
    std::string record;
    lds::Files files;                    // EF.COM, data groups; EF.SOD after signing
    std::string mrz_information;         // access key of the chip
    inspect::ExpectedDocument expected;  // what a checkpoint would read off the card
    profile::Variables variables;        // for the profile's templates
    LdsVersion lds_version = LdsVersion::v1_7;
    bool terminal_authentication = false;  // the chip gets a trust point
    bool signed_ahead = false;             // EF.SOD is there before the chip is
};

// DG1 and DG2; DG13 for a Vietnamese card; DG11 and DG12 where the record asks for them.
// `portrait`: JPEG or JPEG 2000. Errors: input.bad_field, mrz.*, lds.bad_image.
Result<Document> make_document(const record::Record& record, ByteView portrait, const DocumentOptions& options = {});
// EF.COM names the data groups that are there; to be called when one was added.
void list_in_com(Document& document);
// Adds EF.SOD. Errors: signer.*.
Result<void> sign_document(Document& document, pki::ContentSigner& signer, Instant signing_time);

}  // namespace idchip::personalize
