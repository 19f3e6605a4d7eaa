#include "protocol/term_auth/messages.hpp"

#include <idchip/protocol/term_auth/term_auth.hpp>

namespace idchip::term_auth {
namespace {

constexpr std::uint32_t tag_reference = 0x83;
// Behind the document number in the MRZ information: date of birth and of expiry, each with its check digit (4.3.2).
constexpr std::size_t size_of_dates = 2 * 7;

}  // namespace

Bytes compress(const crypto::Domain& domain, ByteView public_value) {
    if (!domain.is_ec()) return crypto::hash(crypto::HashAlg::sha1, public_value);
    return to_bytes(public_value.subspan(1, domain.field_size()));
}

Bytes id_ic_of_bac(std::string_view mrz_information) {
    const auto size = mrz_information.size() > size_of_dates ? mrz_information.size() - size_of_dates : 0;
    return to_bytes(as_bytes(mrz_information.substr(0, size)));
}

Bytes signed_input(const Binding& binding, ByteView r_ic) { return concat({binding.id_ic, r_ic, binding.pk_ifd}); }

Bytes write_reference(std::string_view reference) { return tlv::element(tag_reference, as_bytes(reference)); }

std::optional<std::string> read_reference(ByteView data) {
    const auto e = tlv::parse_single(data, tlv::Rules::ber, "MSE");
    if (!e || e->tag != tag_reference) return std::nullopt;
    return as_text(e->value);
}

}  // namespace idchip::term_auth
