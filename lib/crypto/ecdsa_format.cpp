#include <fmt/format.h>

#include <idchip/crypto/key_agreement.hpp>

#include "base/try.hpp"

namespace idchip::crypto {
namespace {

Failure bad(std::string detail) { return fail(Errc::crypto_bad_signature, "ECDSA", std::move(detail)); }

// An INTEGER of a DER signature, as wide as the order.
Result<Bytes> read_number(tlv::Reader& r, std::size_t width) {
    auto n = TRY(der::read_big_integer(r));
    if (n[0] >= 0x80) return bad("negative number");
    if (n[0] == 0) n = n.subspan(1);
    if (n.size() > width) return bad("number larger than the order");
    return concat({Bytes(width - n.size()), n});
}

Result<Bytes> read_pair(ByteView der, std::size_t width) {
    tlv::Reader outer(der, tlv::Rules::der, "ECDSA signature");
    auto r = outer.enter(TRY(outer.expect(der::sequence)));
    TRY(outer.expect_end());
    const auto first = TRY(read_number(r, width));
    const auto second = TRY(read_number(r, width));
    TRY(r.expect_end());
    return concat({first, second});
}

}  // namespace

Result<Bytes> ecdsa_plain_to_der(Curve curve, ByteView plain) {
    const auto width = parameters(curve).order.size();
    if (plain.size() != 2 * width) return bad(fmt::format("{} bytes instead of {}", plain.size(), 2 * width));
    return der::sequence_of({der::write_unsigned(plain.first(width)), der::write_unsigned(plain.subspan(width))});
}

Result<Bytes> ecdsa_der_to_plain(Curve curve, ByteView der) {
    auto plain = read_pair(der, parameters(curve).order.size());
    if (!plain && plain.error().code != Errc::crypto_bad_signature) return bad(plain.error().message());
    return plain;
}

}  // namespace idchip::crypto
