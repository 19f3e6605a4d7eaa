#include <idchip/signer/sod.hpp>

#include "base/try.hpp"
#include "signer/self_check.hpp"

namespace idchip::signer {
namespace {

Result<void> self_check(ByteView file, const lds::Files& files) {
    const auto sod = TRY(lds::EfSod::parse(file));
    const auto content = TRY(checked_content(sod.cms, "EF.SOD"));
    const auto object = TRY(lds::LdsSecurityObject::parse(content));
    const auto wanted = lds::LdsSecurityObject::of(files, object.hash_alg, object.version);
    if (object.data_group_hashes != wanted.data_group_hashes) return fail(Errc::sod_self_check, "EF.SOD", "hashes differ");
    return {};
}

}  // namespace

Result<Bytes> sign_sod(const lds::Files& files, pki::ContentSigner& signer, const SodOptions& options) {
    const auto object = lds::LdsSecurityObject::of(files, options.hash_alg, options.version);
    if (object.data_group_hashes.size() < 2) return fail(Errc::signer_refused, "EF.SOD", "a document has at least DG1 and DG2");
    const auto cms = TRY(pki::build_signed_data(lds::oid_lds_security_object(), object.encode(), signer, options.signing_time));
    auto file = lds::EfSod::encode(cms);
    TRY(self_check(file, files));
    return file;
}

}  // namespace idchip::signer
