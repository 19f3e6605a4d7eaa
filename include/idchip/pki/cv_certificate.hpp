// Card-verifiable certificates of the authorization PKI: Doc 9303-12, 7.2.2 and 7.2.3; Doc 9303-10, 5.4.1; BSI TR-03110-3, C.1 and D.
#pragma once

#include <idchip/base/note.hpp>
#include <idchip/base/time.hpp>
#include <idchip/pki/cv_key.hpp>

namespace idchip::pki {

// The two highest bits of the discretionary data in the Certificate Holder Authorization Template (9303-10, table 95).
enum class CvRole : Byte { terminal = 0, dv_foreign = 1, dv_domestic = 2, cvca = 3 };
std::string_view name(CvRole role);  // "CVCA", "domestic DV", "foreign DV", "terminal"
inline bool is_dv(CvRole role) { return role == CvRole::dv_domestic || role == CvRole::dv_foreign; }
// A CVCA certifies itself (link) and DVs, a DV certifies terminals (9303-11, 7.1.4.3.6).
bool may_issue(CvRole issuer, CvRole holder);

// What an inspection system may read (9303-11, K.1).
struct AccessRights {
    bool dg3 = false, dg4 = false;
    bool operator==(const AccessRights&) const = default;
};

// Terminal types: {bsi-de applications(3) mrtd(1) 2}. Doc 9303 has inspection systems only; the others stand in TR-03110-4.
const der::Oid& oid_id_is();                           // inspection system
const der::Oid& oid_id_at();                           // authentication terminal
const der::Oid& oid_id_st();                           // signature terminal
std::string terminal_type_name(const der::Oid& type);  // "id-IS"; the dotted form for what is not known

// The Certificate Holder Authorization Template, 7F4C.
struct HolderAuthorization {
    der::Oid terminal_type;
    Bytes relative;  // role in the two highest bits, access rights in the others; RFU bits as they stand

    static HolderAuthorization inspection_system(CvRole role, AccessRights rights);
    CvRole role() const { return static_cast<CvRole>(relative[0] >> 6U); }
    bool operator==(const HolderAuthorization&) const = default;
};
// The access rights of an inspection system in such bits; none for another terminal type.
AccessRights access_rights(const der::Oid& terminal_type, ByteView authorization);

// One Discretionary Data Template of the Certificate Extensions. Extensions are uncritical (9303-12, 7.2.2.6).
struct CvExtension {
    der::Oid id;
    Bytes objects;  // what stands behind the identifier
};
std::string extension_name(const der::Oid& id);  // the dotted form for what is not known

// Public key references are ISO/IEC 8859-1 and stay as they stand: country code, holder mnemonic, sequence number (9303-12, 7.2.2.2).
// Errors: cvc.bad_certificate (not 8 to 16 characters; characters 00 to 1F and 7F to 9F).
Result<void> check_reference(std::string_view reference);
// As UTF-8 that is safe to print.
std::string reference_text(std::string_view reference);

struct CvCertificate {
    Bytes raw;   // 7F21, as read
    Bytes body;  // 7F4E with tag and length: what is signed
    Bytes signature;
    std::string certification_authority_reference, certificate_holder_reference;
    CvPublicKey public_key;
    HolderAuthorization holder_authorization;
    Date effective_date, expiration_date;
    std::vector<CvExtension> extensions;
    Notes notes;

    // Strict: DER, every object once and in its place. Notes: cvc.country_code, cvc.sequence_number, cvc.sequence_number_country,
    // cvc.algorithm_not_listed. Errors: cvc.bad_certificate, crypto.unsupported, crypto.bad_key, tlv.*, each with the place.
    static Result<CvCertificate> parse(ByteView der);
    // Body and signature without the outer 7F21, as PSO:Verify Certificate carries them (9303-11, 7.1.5.2).
    static Result<CvCertificate> parse_contents(ByteView contents);
    ByteView contents() const;

    CvRole role() const { return holder_authorization.role(); }
    bool self_signed() const { return certification_authority_reference == certificate_holder_reference; }
    bool is_link() const { return role() == CvRole::cvca && !self_signed(); }
    // "domestic DV DEDVIS00001, 2016-11-12 to 2016-12-22"
    std::string text() const;
};

// What a certificate to be made says.
struct CvTemplate {
    std::string certification_authority_reference, certificate_holder_reference;
    HolderAuthorization holder_authorization;
    Date effective_date, expiration_date;  // from 2000 to 2099
    CvAlgorithm algorithm;                 // of the holder's key
    bool with_domain_parameters = false;   // CVCA certificates (9303-12, 7.2.2.3)
    std::vector<CvExtension> extensions;
};
// Errors: input.bad_field, input.bad_date, and what the signer or `parse` reports.
Result<CvCertificate> build_cv_certificate(const CvTemplate& content, const crypto::PublicKey& holder_key, const CvSigner& issuer);

}  // namespace idchip::pki
