#include <idchip/signer/sod.hpp>

#include "base/try.hpp"

namespace idchip::signer {
namespace {

// As a checkpoint reads it: from the bytes that leave, with the certificate that stands in them.
Result<void> self_check(ByteView file, const lds::Files& files) {
    const auto sod = TRY(lds::EfSod::parse(file));
    const auto data = TRY(pki::SignedData::parse(sod.cms));
    if (data.signers.size() != 1) return fail(Errc::sod_self_check, "EF.SOD", "not one signer");
    const auto candidates = data.candidates(data.signers[0]);
    if (candidates.size() != 1 || !candidates[0]->public_key) return fail(Errc::sod_self_check, "EF.SOD", "signer not found");
    const auto check = pki::check_signature(data, data.signers[0], *candidates[0]->public_key);
    if (check.failure) return fail(Errc::sod_self_check, "EF.SOD", check.failure->message());
    const auto object = TRY(lds::LdsSecurityObject::parse(data.content));
    const auto wanted = lds::LdsSecurityObject::of(files, object.hash_alg, object.version);
    if (object.data_group_hashes != wanted.data_group_hashes) return fail(Errc::sod_self_check, "EF.SOD", "hashes differ");
    return {};
}

}  // namespace

Result<Bytes> sign_sod(const lds::Files& files, pki::ContentSigner& signer, const SodOptions& options) {
    const auto object = lds::LdsSecurityObject::of(files, options.hash_alg, options.version);
    if (object.data_group_hashes.size() < 2)
        return fail(Errc::signer_refused, "EF.SOD", "a document has at least DG1 and DG2");
    const auto cms = TRY(pki::build_signed_data(lds::oid_lds_security_object(), object.encode(), signer, options.signing_time));
    auto file = lds::EfSod::encode(cms);
    TRY(self_check(file, files));
    return file;
}

}  // namespace idchip::signer
