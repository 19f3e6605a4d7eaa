// The checks, one file each. Every check adds what it finds and says what the following ones need.
#pragma once

#include <idchip/crypto/key.hpp>

#include "lint/findings.hpp"
#include "lint/walk.hpp"

namespace idchip::lint {

// Columns of Doc 9303-12, tables 6 to 8.
enum class Profile { root, link, document_signer, list_signer, communication, lds2_signer, bar_code_signer };

struct Subject {
    const RawCertificate& certificate;
    Kind kind;
    Profile profile;
    std::optional<crypto::PublicKey> key;
    std::optional<Instant> not_before, not_after;
    bool is_csca() const { return profile == Profile::root || profile == Profile::link; }
};

// --- kinds
Kind kind_of(const RawCertificate& certificate);
Profile profile_of(const RawCertificate& certificate, Kind kind);
bool signed_with(const RawCertificate& certificate, const crypto::PublicKey& key);

// --- encoding: what can be said of DER without knowing the types; `serial` is left to its own rule
void check_der(ByteView object, const std::string& where, Findings& f, ByteView serial = {});
// serialNumber and cRLNumber: Doc 9303-12, tables 5 and 10.
struct NumberRules {
    Rule negative, too_long, shortest;
};
void check_number(ByteView contents, const NumberRules& rules, const std::string& where, Findings& f);
void check_name(const RawName& name, const std::string& where, Findings& f);
// String types and lengths alone: for names that have rules of their own.
void check_strings(const RawName& name, const std::string& where, Findings& f);
std::optional<Instant> check_time(const tlv::Element& time, const std::string& where, Findings& f);

// --- algorithms and keys
std::optional<crypto::SignatureAlgorithm> check_algorithm(ByteView identifier, const std::string& where, Findings& f, bool in_cms = false);
void check_hash(const der::Oid& hash, const std::string& where, Findings& f);
// The two AlgorithmIdentifiers of a certificate or CRL, and the form of the signature.
std::optional<crypto::SignatureAlgorithm> check_signed(const RawSigned& object, Findings& f);
// Whether algorithm and key of the signer belong together.
bool check_fit(const crypto::SignatureAlgorithm& algorithm, const crypto::PublicKeyInfo& key, const std::string& where, Findings& f);
std::optional<crypto::PublicKey> check_key(ByteView spki, Profile profile, Findings& f);

// --- extensions
std::string place(const der::Oid& id);  // "extensions/2.5.29.15"
void check_extensions(const Subject& s, Findings& f);
void check_crl_extensions(const RawCrl& crl, Findings& f);
void check_extension_values(const Subject& s, Findings& f);
void check_authority_key_id(const RawExtension& e, Findings& f);
void check_alternative_names(const Subject& s, Findings& f);
void check_distribution_points(const Subject& s, Findings& f);
void check_document_types(const Subject& s, Findings& f);
void check_validity(const Subject& s, Findings& f);

// RFC 5280, 4.1.2.2: one issuer gives a number once. Remembers the certificate.
bool is_serial_new(const RawCertificate& certificate, Serials& seen);

// --- whole objects
void check_certificate(const RawCertificate& certificate, Kind kind, Findings& f);
void check_crl(const RawCrl& crl, Findings& f);
// EF.SOD, master list, deviation list; `kind` is one of the three. The name of the signer.
Result<std::string> check_signed_data(ByteView content_info, Kind kind, Findings& f);

// The value, or a finding that the extension cannot be read.
template <class T>
std::optional<T> opened(Result<T> value, const RawExtension& e, Findings& f) {
    if (value) return std::move(*value);
    f.add(Rule::ext_malformed, place(e.id), brief(value.error()));
    return std::nullopt;
}

}  // namespace idchip::lint
