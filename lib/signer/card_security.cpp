#include <idchip/signer/card_security.hpp>

#include "base/try.hpp"
#include "signer/self_check.hpp"

namespace idchip::signer {

Result<Bytes> sign_card_security(const lds::SecurityInfos& infos, pki::ContentSigner& signer, std::optional<Instant> signing_time) {
    constexpr auto file = "EF.CardSecurity";
    if (infos.infos.empty()) return fail(Errc::signer_refused, file, "no SecurityInfos to sign");
    const auto content = infos.encode();
    auto cms = TRY(pki::build_signed_data(lds::oid_security_object(), content, signer, signing_time));
    if (!equal(TRY(checked_content(cms, file)), content)) return fail(Errc::sod_self_check, file, "another content");
    return cms;
}

}  // namespace idchip::signer
