// EF.CardSecurity: SecurityInfos signed by the document signer (Doc 9303-10, 3.11.4). Verified before it leaves.
#pragma once

#include <idchip/lds/security_infos.hpp>
#include <idchip/pki/cms.hpp>

namespace idchip::signer {

// Errors: signer.refused for an empty list, signer.self_check, crypto.*.
Result<Bytes> sign_card_security(const lds::SecurityInfos& infos, pki::ContentSigner& signer, std::optional<Instant> signing_time);

}  // namespace idchip::signer
