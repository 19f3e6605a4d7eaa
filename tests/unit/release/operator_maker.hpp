// Operators with keys and certificates, and a request for them to sign.
#pragma once

#include <idchip/release/release.hpp>

#include "signer/key_signer.hpp"
#include "unit/pki/plain_certificate.hpp"

namespace idchip::test {

inline const Instant release_now = now();

inline release::Request a_request(std::string_view subject = "ledger L1 job 17 digest 5E") {
    return good(release::make_request(release::reprint, std::string(subject), "thẻ hỏng khi giao", release_now, 7, system_rng()));
}

inline Bytes released_by(const Holder& person, const release::Request& request, Instant at = release_now) {
    signer::KeySigner signer(person.certificate, *person.key);
    return good(release::sign(request, signer, at));
}

// Whatever the library thinks of it.
inline Bytes signed_by(const Holder& person, ByteView content, std::string_view content_type = "1.2.840.113549.1.7.1") {
    signer::KeySigner signer(person.certificate, *person.key);
    return good(pki::build_signed_data(der::Oid(content_type), content, signer, release_now));
}

inline std::vector<pki::Certificate> certificates(std::initializer_list<const Holder*> holders) {
    std::vector<pki::Certificate> list;
    for (const auto* holder : holders) list.push_back(holder->certificate);
    return list;
}

}  // namespace idchip::test
