// Self-signed certificates of people and offices, not of documents: what teams and centres have, with nothing of Doc 9303 in them.
#pragma once

#include "unit/unit.hpp"

#include <memory>

#include <idchip/pki/certificate.hpp>
#include <idchip/signer/software.hpp>

namespace idchip::test {

struct Holder {
    pki::Certificate certificate;
    std::shared_ptr<const crypto::PrivateKey> key;

    const crypto::PrivateKey& private_key() const { return *key; }
};

struct HolderOptions {
    std::optional<crypto::Curve> curve = crypto::Curve::p256;  // nothing: RSA
    std::size_t rsa_bits = 2048;
    Instant from = now() + -seconds_per_day, until = now() + 365 * seconds_per_day;
    std::vector<unsigned> usage = {};  // bits of key usage; none: no such extension
    bool key_id = true;
    std::shared_ptr<const crypto::PrivateKey> key = nullptr;  // nothing: a new one
    Bytes serial = {};                                        // none: random
};

inline Bytes extension(std::string_view id, ByteView value) {
    return der::sequence_of({der::write(der::Oid(id)), der::write_octet_string(value)});
}

inline Bytes named_bits(const std::vector<unsigned>& bits) {
    Byte value = 0;
    for (const auto bit : bits) value = static_cast<Byte>(value | 0x80U >> bit);
    Byte unused = 0;
    while ((value >> unused & 1U) == 0) ++unused;
    return tlv::element(der::bit_string, Bytes{unused, value});
}

inline Holder make_holder(std::string_view name, const HolderOptions& o = {}) {
    auto key = o.key ? o.key
                     : std::make_shared<const crypto::PrivateKey>(
                           good(o.curve ? crypto::PrivateKey::generate_ec(*o.curve) : crypto::PrivateKey::generate_rsa(o.rsa_bits)));
    const auto algorithm = signer::default_algorithm(key->public_key().info());
    const auto subject = good(pki::Name::of("C=VN, O=Specimen, CN=" + std::string(name)));
    Bytes extensions;
    if (o.key_id) append(extensions, extension("2.5.29.14", der::write_octet_string(pki::key_id(key->public_key()))));
    if (!o.usage.empty()) append(extensions, extension("2.5.29.15", named_bits(o.usage)));
    const auto list = tlv::element(der::context_constructed(3), tlv::element(der::sequence, extensions));
    const auto tbs =
        der::sequence_of({tlv::element(der::context_constructed(0), der::write_integer(2)),
                          der::write_unsigned(o.serial.empty() ? concat({Bytes{1}, system_rng().bytes(8)}) : o.serial), algorithm.encode(),
                          subject.raw, der::sequence_of({der::write_time(o.from), der::write_time(o.until)}), subject.raw,
                          key->public_key().to_spki(crypto::EcEncoding::named), extensions.empty() ? Bytes() : list});
    const auto signature = good(key->sign(algorithm, tbs));
    const auto raw = der::sequence_of({tbs, algorithm.encode(), der::write_bit_string(signature)});
    return {good(pki::Certificate::parse(raw)), std::move(key)};
}

}  // namespace idchip::test
