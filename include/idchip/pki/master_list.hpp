// CSCA master lists: Doc 9303-12, section 9. The CSCA certificates that one State trusts, signed by it.
#pragma once

#include <idchip/pki/signed_list.hpp>

namespace idchip::pki {

const der::Oid& oid_csca_master_list();              // id-icao-cscaMasterList
const der::Oid& oid_csca_master_list_signing_key();  // id-icao-cscaMasterListSigningKey

// More than ten times what any State has published.
constexpr std::size_t max_master_list_certificates = 10'000;

struct MasterList {
    SignedData signed_data;  // with the notes on the CMS
    std::int64_t version = 0;
    std::vector<Certificate> certificates;  // each once, in the order of the list
    std::vector<Error> skipped;             // certificates that could not be read: "certificate 12", and why; counted from 1
    std::optional<Instant> signing_time;    // as the first signer states it: believe it when `check` does
    Notes notes;

    // `der` is the whole ContentInfo. Proves nothing: see `check`. Errors: pki.bad_list (content type, version, number of
    // certificates), pki.bad_cms, tlv.*.
    static Result<MasterList> parse(ByteView der);
    ListCheck check(const std::vector<Certificate>& anchors, Instant now) const;
};

// Errors: pki.refused (no certificate, one that stands twice, a signer who may not sign it: see `build_signed_list`); of the signer.
Result<Bytes> build_master_list(const std::vector<Certificate>& certificates, ContentSigner& signer,
                                const std::vector<Certificate>& embedded, Instant signing_time);

}  // namespace idchip::pki
