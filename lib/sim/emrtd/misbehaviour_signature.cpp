// Faults in active authentication.
#include <idchip/crypto/message_recovery.hpp>

#include "base/try.hpp"
#include "sim/emrtd/misbehaviour.hpp"

namespace idchip::sim::emrtd {
namespace {

using iso7816::ResponseApdu;

Result<crypto::PrivateKey> another_key(const crypto::PrivateKey& like) {
    const auto& info = like.public_key().info();
    return info.type == crypto::KeyType::rsa ? crypto::PrivateKey::generate_rsa(info.bits) : crypto::PrivateKey::generate_ec(info.curve);
}

enum class Part { header, trailer };

// A representative of ISO/IEC 9796-2 with one part bent; smaller than the right one, so that it stays below the modulus.
Result<Bytes> sign_bent(const ActiveAuthentication& aa, ByteView rnd_ifd, Rng& rng, Part part) {
    const auto size = aa.key.public_key().info().n.size();
    const auto option = crypto::usual_trailer(aa.hash);
    const auto m1 = rng.bytes(crypto::recoverable_size(size, aa.hash, option));
    auto f = TRY(crypto::format_representative(size, aa.hash, option, m1, rnd_ifd));
    if (part == Part::header) f.front() = 0x4A;
    else if (option == crypto::TrailerOption::option1) f.back() = 0xDC;
    else f[f.size() - 2] = static_cast<Byte>(f[f.size() - 2] == 0x36 ? 0x34 : 0x36);  // SHA-384, or SHA-256 for it
    return aa.key.raw_rsa(f);
}

Bytes difference(ByteView n, ByteView s) {
    Bytes d(n.size());
    int borrow = 0;
    for (std::size_t i = n.size(); i-- > 0;) {
        const int digit = n[i] - s[i] - borrow;
        borrow = digit < 0 ? 1 : 0;
        d[i] = static_cast<Byte>(digit & 0xFF);
    }
    return d;
}

ResponseApdu answer(Result<Bytes> signature) { return signature ? ResponseApdu{std::move(*signature), 0x9000} : ResponseApdu::of(0x6F00); }

}  // namespace

std::optional<ResponseApdu> Misbehaviour::active_authentication(const ActiveAuthentication& right, const Command& c, Rng& rng) {
    if (const auto* fault = active(FaultId::aa_refused)) return Response::of(fault->sw);
    if (active(FaultId::aa_empty_for_extended) != nullptr && c.le == 65'536U) return Response::of(0x9000);
    if (active(FaultId::aa_wrong_key) != nullptr) {
        if (!wrong_signing_key_)
            if (auto key = another_key(right.key)) wrong_signing_key_ = std::move(*key);
        if (!wrong_signing_key_) return Response::of(0x6F00);
        return answer(active_auth::sign(*wrong_signing_key_, c.data, right.hash, rng, right.format));
    }
    if (active(FaultId::aa_replay) != nullptr) return answer(active_auth::sign(right.key, Bytes(8, 0x5A), right.hash, rng, right.format));
    if (right.key.public_key().info().type != crypto::KeyType::rsa) return std::nullopt;
    if (active(FaultId::aa_header_wrong) != nullptr) return answer(sign_bent(right, c.data, rng, Part::header));
    if (active(FaultId::aa_trailer_wrong) != nullptr) return answer(sign_bent(right, c.data, rng, Part::trailer));
    if (active(FaultId::aa_complement) != nullptr)
        if (const auto s = active_auth::sign(right.key, c.data, right.hash, rng))
            return Response{difference(right.key.public_key().info().n, *s), 0x9000};
    return std::nullopt;
}

}  // namespace idchip::sim::emrtd
