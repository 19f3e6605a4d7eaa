// CMS SignedData whose digest is SHA-256 and whose signature is made as somebody likes: no good program writes such.
#pragma once

#include <idchip/pki/cms.hpp>

#include "unit/pki/plain_certificate.hpp"

namespace idchip::test {

inline Bytes signed_with(const Holder& holder, ByteView content, const crypto::SignatureAlgorithm& algorithm, Instant at) {
    const der::Oid data("1.2.840.113549.1.7.1");
    const auto attribute = [](std::string_view type, ByteView value) {
        return der::sequence_of({der::write(der::Oid(type)), tlv::element(der::set, value)});
    };
    const auto digest_algorithm = der::sequence_of({der::write(crypto::oid(crypto::HashAlg::sha256))});
    const auto attributes =
        der::set_of({attribute("1.2.840.113549.1.9.3", der::write(data)),
                     attribute("1.2.840.113549.1.9.4", der::write_octet_string(crypto::hash(crypto::HashAlg::sha256, content))),
                     attribute("1.2.840.113549.1.9.5", der::write_time(at))});
    auto implicit = attributes;
    implicit[0] = static_cast<Byte>(der::context_constructed(0));
    const auto signature = good(holder.key->sign(algorithm, attributes));
    const auto signer = der::sequence_of({der::write_integer(3), tlv::element(der::context(0), *holder.certificate.subject_key_id),
                                          digest_algorithm, implicit, algorithm.encode(), der::write_octet_string(signature)});
    const auto encapsulated =
        der::sequence_of({der::write(data), tlv::element(der::context_constructed(0), der::write_octet_string(content))});
    const auto signed_data =
        der::sequence_of({der::write_integer(3), tlv::element(der::set, digest_algorithm), encapsulated, tlv::element(der::set, signer)});
    return der::sequence_of({der::write(der::Oid("1.2.840.113549.1.7.2")), tlv::element(der::context_constructed(0), signed_data)});
}

// Each has SHA-1 in one place at least.
inline std::vector<crypto::SignatureAlgorithm> sha1_algorithms(crypto::KeyType type) {
    using crypto::HashAlg, crypto::Scheme;
    if (type == crypto::KeyType::ec) return {{Scheme::ecdsa, HashAlg::sha1, HashAlg::sha1, 20, false}};
    return {{Scheme::rsa_pkcs1, HashAlg::sha1, HashAlg::sha1, 20, false},
            {Scheme::rsa_pss, HashAlg::sha1, HashAlg::sha1, 20, false},
            {Scheme::rsa_pss, HashAlg::sha1, HashAlg::sha256, 20, false},
            {Scheme::rsa_pss, HashAlg::sha256, HashAlg::sha1, 32, false}};
}

}  // namespace idchip::test
