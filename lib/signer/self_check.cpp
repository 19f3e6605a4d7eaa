#include "signer/self_check.hpp"

#include "base/try.hpp"

namespace idchip::signer {

Result<Bytes> checked_content(ByteView cms, const char* file) {
    const auto data = TRY(pki::SignedData::parse(cms));
    if (data.signers.size() != 1) return fail(Errc::sod_self_check, file, "not one signer");
    const auto candidates = data.candidates(data.signers[0]);
    if (candidates.size() != 1 || !candidates[0]->public_key) return fail(Errc::sod_self_check, file, "signer not found");
    const auto check = pki::check_signature(data, data.signers[0], *candidates[0]->public_key);
    if (check.failure) return fail(Errc::sod_self_check, file, check.failure->message());
    return to_bytes(data.content);
}

}  // namespace idchip::signer
