// People and offices whose keys never change, so that seeds made once fit again. What they have signed or sealed is in the seeds; no input
// makes more of it.
#pragma once

#include <idchip/pki/certificate.hpp>
#include <idchip/tlv/writer.hpp>

namespace idchip::fuzz {

struct Holder {
    crypto::PrivateKey key;
    pki::Certificate certificate;
};

inline const Instant noon{start_of({2026, 11, 22}).seconds + 12 * 3600};

// Nobody checks the signature of a certificate that is pinned; this one has none. Valid through 2026.
inline Holder holder(std::string_view name, crypto::PrivateKey key, Byte serial) {
    const auto subject = pki::Name::of("CN=" + std::string(name)).value();
    const auto algorithm = crypto::SignatureAlgorithm{}.encode();
    const auto key_id = der::write_octet_string(pki::key_id(key.public_key()));
    const auto extension = der::sequence_of({der::write(der::Oid("2.5.29.14")), der::write_octet_string(key_id)});
    const auto validity = der::sequence_of({der::write_time(start_of({2026, 1, 1})), der::write_time(start_of({2027, 1, 1}))});
    const auto tbs = der::sequence_of({tlv::element(der::context_constructed(0), der::write_integer(2)), der::write_integer(serial),
                                       algorithm, subject.raw, validity, subject.raw, key.public_key().to_spki(crypto::EcEncoding::named),
                                       tlv::element(der::context_constructed(3), der::sequence_of({extension}))});
    auto certificate = pki::Certificate::parse(der::sequence_of({tbs, algorithm, der::write_bit_string(Bytes(8))})).value();
    return {std::move(key), std::move(certificate)};
}

// P-256; the number is the key.
inline Holder ec_holder(std::string_view name, Byte number) {
    Bytes scalar(32, 0x5A);
    scalar.back() = number;
    return holder(name, crypto::PrivateKey::from_scalar(crypto::Curve::p256, scalar).value(), number);
}

// The smallest RSA key that is taken.
inline Holder rsa_holder(std::string_view name) {
    const auto n = from_hex(
        "DD986204DA113B86CD9F354D06E19EC26A071CCD4B3834A0F40F6514B879F4457586EAFEC666F65BDDE23EAD39A197F4F1E0D402000D2DC1CB4CAF8183A3B3C5"
        "24273077B9D3CCE6715B5C895588C150A385F11FEDE9B1F4D73B1A0614C53B1AF5F7EE6596FD76779C113F393F66EE4073D3295646511D60B09BAA6953EECA0F");
    const auto d = from_hex(
        "D980264568DD1D365540FD8A1B44FD150A08ED263BBC713BC212123EE24B218DC3ABA7A06690CD22A288DCC81E171415A20BF14BFD4CF22A932733E4C596BA6C"
        "E42A7F2D38C2B6160368C838063E555113DDD9C3D8BBA245B600544034B3D9943ABD779051EDACA0186E12D63AB668E73855B1F09EF0906A31EDEC3A65EBF8F1");
    return holder(name, crypto::PrivateKey::from_rsa(*n, Bytes{1, 0, 1}, *d).value(), 99);
}

}  // namespace idchip::fuzz
