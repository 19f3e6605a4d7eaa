// A request, and three operators of whom the third has never signed anything.
#pragma once

#include <idchip/release/release.hpp>

#include "holder.hpp"

namespace idchip::fuzz {

inline release::Request request() {
    release::Request r;
    r.kind = release::reprint;
    r.subject = "ledger L1 job 17 digest 5E";
    r.reason = "why";
    r.at = noon + -3600;
    r.until = noon + 3600;
    r.nonce = "000102030405060708090A0B0C0D0E0F";
    return r;
}

inline const std::vector<Holder>& operators() {
    static const std::vector<Holder> all = {ec_holder("An", 11), ec_holder("Binh", 12), ec_holder("Chi", 13)};
    return all;
}

// A release of that request by whoever these SignerInfos say, without certificates.
inline Bytes with_signers(ByteView signer_infos) {
    const auto octets = tlv::element(der::context_constructed(0), der::write_octet_string(as_bytes(request().statement())));
    const auto encapsulated = der::sequence_of({der::write(der::Oid("1.2.840.113549.1.7.1")), octets});
    const auto data =
        der::sequence_of({der::write_integer(1), tlv::element(der::set, ByteView()), encapsulated, tlv::element(der::set, signer_infos)});
    return der::sequence_of({der::write(der::Oid("1.2.840.113549.1.7.2")), tlv::element(der::context_constructed(0), data)});
}

}  // namespace idchip::fuzz
