// Deviation lists: Doc 9303-12, section 10. What a State says is wrong with documents that it has issued; Doc 9303-3, section 7, says
// what that means.
#pragma once

#include <idchip/pki/signed_list.hpp>

namespace idchip::pki {

const der::Oid& oid_deviation_list();              // id-icao-DeviationList
const der::Oid& oid_deviation_list_signing_key();  // id-icao-DeviationListSigningKey

constexpr std::size_t max_deviations = 10'000;

// Doc 9303-3, 7.3.5.
enum class DeviationKind {
    cert_or_key,
    cert_or_key_ds_signature,
    cert_or_key_ds_encoding,
    cert_or_key_csca_encoding,
    cert_or_key_aa_key_compromised,
    lds,
    lds_dg_malformed,
    lds_dg_hash_wrong,
    lds_sod_signature_wrong,
    lds_com_inconsistent,
    mrz,
    mrz_wrong_data,
    mrz_wrong_check_digit,
    chip,
    national_use,
    unknown,
};
std::string_view name(DeviationKind kind);  // as the standard names them: "LDS-DGHashWrong"
std::optional<DeviationKind> deviation_kind_by_name(std::string_view name);

// What the kind's parameter names: a data group (20 EF.SOD, 21 EF.COM), a field of the zone, a field or an extension of a certificate.
struct DeviationParameter {
    std::int64_t number = 0;
    std::optional<der::Oid> extension;  // instead of the number
};

struct DeviationDescription {
    std::string description;  // free text of the issuer; empty: none. Print it with `printable`
    der::Oid type;
    Bytes parameters;    // the element inside [0] as it stands; empty: none
    Bytes national_use;  // likewise, inside [1]

    static DeviationDescription of(DeviationKind kind, std::optional<DeviationParameter> parameter = {}, std::string description = {});
    DeviationKind kind() const;
    // Nothing when it is absent, when this kind has none, or when it is of another form.
    std::optional<DeviationParameter> parameter() const;
    // For a person: "LDS-DGHashWrong DG2: the hash of the data group in EF.SOD is wrong (what the issuer says)".
    std::string text() const;
};

// Which documents: all that stands here must be true of a document at once.
struct DeviationDocuments {
    struct IssuerAndSerial {
        Name issuer;
        Bytes serial;
    };
    struct Period {
        Instant first_issued, last_issued;
    };
    std::optional<std::string> document_type;
    // At most one of three ways to name the document signer.
    std::optional<IssuerAndSerial> issuer_and_serial;
    std::optional<Bytes> subject_key_id;
    std::optional<Bytes> certificate_digest;  // by the list's digest algorithm
    std::optional<Period> issuing_date;
    std::optional<std::vector<std::string>> document_numbers;
};

struct Deviation {
    DeviationDocuments documents;
    std::vector<DeviationDescription> descriptions;
};

struct DeviationList {
    SignedData signed_data;  // with the notes on the CMS
    std::int64_t version = 0;
    std::optional<crypto::HashAlg> digest_alg;
    std::optional<Error> digest_error;  // an algorithm that is stated and not known
    std::vector<Deviation> deviations;
    std::vector<Error> skipped;           // deviations that could not be read: "deviation 3", and why; counted from 1
    std::optional<Instant> signing_time;  // as the first signer states it: believe it when `check` does
    Notes notes;

    // `der` is the whole ContentInfo. Proves nothing: see `check`. Errors: pki.bad_list (content type, version, number of
    // deviations), pki.bad_cms, tlv.*.
    static Result<DeviationList> parse(ByteView der);
    ListCheck check(const std::vector<Certificate>& anchors, Instant now) const;
};

// What is known of a document; what is not stays empty.
struct DocumentFacts {
    std::string document_code;    // as in the zone: "P<"
    std::string document_number;  // as in the zone, or as printed
    std::optional<Date> issued;
    const Certificate* document_signer = nullptr;
};

enum class Coverage { no, yes, undecided };

struct CoverageAnswer {
    Coverage coverage = Coverage::undecided;
    std::vector<std::string> open;  // criteria that could not be looked at, by their names in the standard
};

// `undecided` also without any criterion: the standard wants the range bounded. A list says nothing of other States' documents: see
// `speaks_for`.
CoverageAnswer covers(const DeviationDocuments& documents, const DocumentFacts& document, std::optional<crypto::HashAlg> digest_alg);
// Whether the signer of a list and the document signer were certified by the same State.
bool speaks_for(const Certificate& list_signer, const Certificate& document_signer);

// Errors: pki.refused (an entry without documents or descriptions, two signer identifiers, a digest without its algorithm, a period
// that ends before it begins, text that PrintableString does not have, a signer who may not sign it: see `build_signed_list`).
Result<Bytes> build_deviation_list(const std::vector<Deviation>& deviations, std::optional<crypto::HashAlg> digest_alg,
                                   ContentSigner& signer, const std::vector<Certificate>& embedded, Instant signing_time);

}  // namespace idchip::pki
