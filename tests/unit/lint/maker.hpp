// Certificates and revocation lists with every field in the test's hand; what the makers give breaks no rule at all.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <idchip/pki/certificate.hpp>

namespace idchip::lint::maker {

namespace id {
constexpr auto country = "2.5.4.6", common_name = "2.5.4.3", organization = "2.5.4.10", serial_number = "2.5.4.5", locality = "2.5.4.7",
               state = "2.5.4.8", email = "1.2.840.113549.1.9.1";
constexpr auto ski = "2.5.29.14", key_usage = "2.5.29.15", usage_period = "2.5.29.16", subject_alt = "2.5.29.17", issuer_alt = "2.5.29.18",
               constraints = "2.5.29.19", crl_number = "2.5.29.20", crldp = "2.5.29.31", policies = "2.5.29.32", aki = "2.5.29.35",
               purposes = "2.5.29.37", doc_types = "2.23.136.1.1.6.2", name_change = "2.23.136.1.1.6.1";
constexpr auto mls = "2.23.136.1.1.3", dls = "2.23.136.1.1.8", lds2 = "2.23.136.1.1.9.8.1", bar_code = "2.23.136.1.1.11.1";
}  // namespace id

// --- keys, made once a process under a name
const crypto::PrivateKey& ec_key(const std::string& name, crypto::Curve curve);
const crypto::PrivateKey& rsa_key(const std::string& name, std::size_t bits);
const crypto::PrivateKey& csca_key();  // P-384
const crypto::PrivateKey& ds_key();    // P-256
crypto::SignatureAlgorithm algorithm(crypto::Scheme scheme, crypto::HashAlg hash);

// --- pieces, DER
Bytes oid(std::string_view dotted);
Bytes joined(const std::vector<Bytes>& parts);
Bytes sequence(const std::vector<Bytes>& parts);
Bytes text(std::uint32_t tag, std::string_view value);
Bytes identifier(std::string_view id, ByteView parameters = {});  // AlgorithmIdentifier
struct Attribute {
    std::string_view type, value;
    std::uint32_t tag = der::utf8_string;
};
Bytes name(const std::vector<Attribute>& attributes);
Bytes csca_name();
Bytes ds_name();
Bytes key_reference(ByteView key_id);  // AuthorityKeyIdentifier
Bytes usage(std::initializer_list<unsigned> bits);
Bytes period(std::string_view from, std::string_view until);  // an empty one is left out
Bytes names_of(const std::vector<Bytes>& general_names);
Bytes mail(std::string_view address = "csca@example.org");
Bytes directory(const std::vector<Attribute>& attributes = {{id::locality, "VNM"}});
Bytes points(const std::vector<std::string_view>& uris);
Bytes point_of(const std::vector<Bytes>& general_names, ByteView rest = {});  // one DistributionPoint
Bytes types(const std::vector<Bytes>& members, std::int64_t version = 0);
Bytes purposes(const std::vector<std::string_view>& ids);
// The bytes of a SubjectPublicKeyInfo of an elliptic curve: point, and what stands behind id-ecPublicKey.
Bytes ec_spki(ByteView parameters, ByteView point);
Bytes written_out(crypto::Curve curve, bool cofactor = true, bool compressed_generator = false);

struct Extension {
    std::string id;
    bool critical = false;
    Bytes value;
    Bytes criticality;  // as it shall stand; empty: as `critical` says
};
Bytes der_of(const std::vector<Extension>& extensions);

struct Extensions {
    std::vector<Extension> list;
    void set(std::string_view id, ByteView value, bool critical = false);
    void drop(std::string_view id);
    Extension& at(std::string_view id);
};

// --- what is signed
struct Signed {
    crypto::SignatureAlgorithm algorithm;
    crypto::PrivateKey key;
    Bytes inner, outer;  // AlgorithmIdentifiers; empty: the true one
    std::function<void(Bytes&)> edit_signature;
    Bytes trailing;
    explicit Signed(const crypto::PrivateKey& k);
    Bytes sign(ByteView tbs) const;
};

struct Certificate : Signed, Extensions {
    Bytes version, serial, issuer, not_before, not_after, subject, spki, unique_id;  // elements
    bool with_extensions = true;
    explicit Certificate(const crypto::PrivateKey& k) : Signed(k) {}
    Bytes der() const;
};
Certificate root();
Certificate link();  // from an old key to the CSCA's, the name unchanged
Certificate document_signer();
Certificate list_signer(std::string_view purpose = id::mls);
Certificate communication();
Certificate short_signer(std::string_view purpose);  // LDS2 or bar code signer: tables 7 and 8

struct Crl : Signed, Extensions {
    Bytes version, issuer, this_update, next_update, revoked;  // elements
    explicit Crl(const crypto::PrivateKey& k) : Signed(k) {}
    Bytes der() const;
};
Crl crl();
Bytes entry(std::int64_t serial, std::string_view when = "261120000000Z", const std::vector<Extension>& extensions = {});
Bytes entries(const std::vector<Bytes>& list);

}  // namespace idchip::lint::maker
