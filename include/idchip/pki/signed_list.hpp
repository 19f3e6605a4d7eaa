// What master lists and deviation lists share: who signed one, and why he is believed or not. Doc 9303-12, 9.1 and 10.1.
#pragma once

#include <idchip/pki/cms.hpp>

namespace idchip::pki {

// What a list must satisfy, in the order in which it is looked at.
enum class ListRule {
    content_type,         // eContentType of the kind of list that is wanted; nothing else is looked at when it is not
    signer_info,          // at least one SignerInfo
    signer_certificate,   // among the embedded certificates
    signature,            // content, digest, signed attributes
    not_a_csca,           // a CSCA must not sign a list itself: 5.3, and Doc 9303-3, 7.3.2
    key_usage,            // digitalSignature: table 6
    extended_key_usage,   // of signers of this kind of list: 7.1.1.3
    critical_extensions,  // none that is unknown: RFC 5280, 4.2
    issuer,               // an anchor has signed the signer's certificate
    signing_time,         // outside the certificate's validity, or in the future
    not_yet_valid,        // the signer's certificate
    expired,              // the signer's certificate; it was valid when the list was signed, if the list says when
};

struct ListObjection {
    ListRule rule;
    Error error;
};

// Of several signers the one with the least against him. Signer and anchor stand as far as they were found, so that a caller may
// decide that an expired signer will do.
struct ListCheck {
    std::optional<Certificate> signer;
    std::optional<Certificate> anchor;    // the CSCA certificate that vouches for the signer
    std::optional<Instant> signing_time;  // as the signer states it
    std::vector<ListObjection> objections;
    Notes notes;  // of the signature
    bool believed() const { return objections.empty(); }
};

// Revocation is the caller's part. Errors among the objections: pki.bad_list, pki.bad_cms, crypto.*, trust.unproven.
ListCheck check_list_signature(const SignedData& list, const der::Oid& wanted_content_type, const der::Oid& wanted_extended_key_usage,
                               const std::vector<Certificate>& anchors, Instant now);

// Embedded certificates that the SignerInfos name, each once: who claims to have signed, before anything is checked.
std::vector<const Certificate*> list_signers(const SignedData& list);

// The anchors, and every certificate of `links` that leads on from them to the same State's next CSCA key: Doc 9303-12, 6.1.1.
std::vector<Certificate> anchors_with_links(std::vector<Certificate> anchors, const std::vector<Certificate>& links, Instant now);

// The signing time that the first SignerInfo states; nothing when it states none, or several.
std::optional<Instant> stated_signing_time(const SignedData& list);
// Tolerated departures that both kinds of list share.
Notes list_notes(const SignedData& list);

// `embedded` holds the CSCA certificates of the signer's issuer: one of them must have signed the signer's certificate (5.3). Nothing
// leaves that `check_list_signature` would not believe. Errors: pki.refused with the rule's objection; of the signer.
Result<Bytes> build_signed_list(const der::Oid& content_type, const der::Oid& extended_key_usage, ByteView content, ContentSigner& signer,
                                const std::vector<Certificate>& embedded, Instant signing_time);

}  // namespace idchip::pki
