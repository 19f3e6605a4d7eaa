#include <idchip/signer/sod.hpp>

#include "base/try.hpp"
#include "signer/self_check.hpp"

namespace idchip::signer {

Result<Bytes> sign_security_object(const lds::LdsSecurityObject& object, pki::ContentSigner& signer, std::optional<Instant> signing_time) {
    if (object.data_group_hashes.size() < 2) return fail(Errc::signer_refused, "EF.SOD", "a document has at least DG1 and DG2");
    const auto content = object.encode();
    auto file = lds::EfSod::encode(TRY(pki::build_signed_data(lds::oid_lds_security_object(), content, signer, signing_time)));
    // What leaves was read back as a checkpoint would: the key that the certificate names has signed this very content.
    const auto sod = TRY(lds::EfSod::parse(file));
    if (!equal(TRY(checked_content(sod.cms, "EF.SOD")), content)) return fail(Errc::sod_self_check, "EF.SOD", "another content");
    return file;
}

Result<Bytes> sign_sod(const lds::Files& files, pki::ContentSigner& signer, const SodOptions& options) {
    TRY(signer.may_sign(options.document_type, options.signing_time.value_or(now())));
    return sign_security_object(lds::LdsSecurityObject::of(files, options.hash_alg, options.version), signer, options.signing_time);
}

}  // namespace idchip::signer
