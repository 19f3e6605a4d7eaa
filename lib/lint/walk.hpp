// The structures as they stand, read with as few demands as possible: what breaks a rule shall become a finding, not an error. All views
// are into the file that was read.
#pragma once

#include <idchip/tlv/der.hpp>

namespace idchip::lint {

inline constexpr auto lenient = tlv::Rules::ber_indefinite;

struct RawAttribute {
    der::Oid type;
    std::uint32_t tag = 0;  // string type
    ByteView value;
};
struct RawName {
    ByteView raw;
    std::vector<RawAttribute> attributes;
    const RawAttribute* find(const der::Oid& type) const;
    std::string text() const;  // "C=VN, CN=..."; safe to print
    bool matches(const RawName& other) const;
};
Result<RawName> read_name(ByteView name);

struct RawExtension {
    der::Oid id;
    std::optional<tlv::Element> criticality;  // as encoded
    ByteView value;
    bool critical() const;
};
using RawExtensions = std::vector<RawExtension>;
const RawExtension* find(const RawExtensions& extensions, const der::Oid& id);
// SEQUENCE OF Extension.
Result<RawExtensions> read_extensions(const tlv::Reader& parent, const tlv::Element& sequence);

// RFC 5280, 4.1 and 5.1: what is signed, the algorithm, the signature.
struct RawSigned {
    ByteView raw, tbs;
    ByteView inner_algorithm, outer_algorithm;  // AlgorithmIdentifiers
    ByteView signature;                         // bits
    std::size_t trailing = 0;                   // bytes behind the object
};

struct RawCertificate : RawSigned {
    std::optional<std::int64_t> version;  // as encoded: 2 is version 3
    ByteView serial;
    RawName issuer, subject;
    tlv::Element not_before, not_after;
    ByteView spki;
    bool unique_ids = false;
    bool has_extensions = false;
    RawExtensions extensions;
    bool self_issued() const { return issuer.matches(subject); }
};
Result<RawCertificate> read_certificate(ByteView file);

struct RawEntry {
    ByteView serial;
    tlv::Element when;
    RawExtensions extensions;
};
struct RawCrl : RawSigned {
    std::optional<std::int64_t> version;  // as encoded: 1 is version 2
    RawName issuer;
    tlv::Element this_update;
    std::optional<tlv::Element> next_update;
    bool has_list = false;
    std::vector<RawEntry> revoked;
    RawExtensions extensions;
};
Result<RawCrl> read_crl(ByteView file);

struct RawCmsAttribute {
    der::Oid type;
    std::vector<tlv::Element> values;
};
struct RawSigner {
    ByteView raw;
    ByteView digest_algorithm, signature_algorithm;  // AlgorithmIdentifiers
    ByteView signed_attributes;                      // element [0]; empty when absent
    std::vector<RawCmsAttribute> attributes;
};
// RFC 5652, 5.1, as far as pki::SignedData does not show it.
struct RawSignedData {
    bool is_der = true;                       // the elements around what is listed here
    std::size_t trailing = 0;                 // bytes behind the object
    std::vector<ByteView> digest_algorithms;  // AlgorithmIdentifiers
    std::vector<ByteView> certificates;       // X.509 alone
    std::vector<RawSigner> signers;
};
Result<RawSignedData> read_signed_data(ByteView content_info);

}  // namespace idchip::lint
