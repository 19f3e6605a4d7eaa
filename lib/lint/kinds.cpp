#include <algorithm>
#include <array>

#include <idchip/pki/certificate.hpp>

#include "lint/checks.hpp"
#include "lint/oids.hpp"
#include "lint/parts.hpp"

namespace idchip::lint {
namespace {

constexpr std::array<std::string_view, 10> names = {
    "csca", "link", "document-signer", "master-list-signer", "deviation-list-signer", "other-certificate",
    "crl",  "sod",  "master-list",     "deviation-list"};

std::vector<der::Oid> purposes_of(const RawCertificate& c) {
    return content(c.extensions, pki::oids::extended_key_usage(), read_purposes).value_or(std::vector<der::Oid>());
}

bool holds(const std::vector<der::Oid>& list, const der::Oid& id) { return std::find(list.begin(), list.end(), id) != list.end(); }

// A CSCA's own key verifies a root; where that cannot be tried, or fails, the key identifiers tell whose key was meant.
bool is_root(const RawCertificate& c) {
    if (!c.self_issued()) return false;
    const auto key = crypto::PublicKey::from_spki(c.spki);
    if (key && signed_with(c, *key)) return true;
    const auto authority = content(c.extensions, pki::oids::authority_key_identifier(), read_authority_key_id);
    if (!authority || !authority->key_id) return true;
    if (const auto own = content(c.extensions, pki::oids::subject_key_identifier(), read_subject_key_id))
        return equal(*authority->key_id, *own);
    return !key || equal(*authority->key_id, pki::key_id(*key));
}

}  // namespace

std::string_view name(Kind kind) { return names[static_cast<std::size_t>(kind)]; }

std::optional<Kind> kind_by_name(std::string_view name) {
    const auto at = std::find(names.begin(), names.end(), name);
    if (at == names.end()) return std::nullopt;
    return static_cast<Kind>(at - names.begin());
}

std::vector<std::string> kind_names() { return {names.begin(), names.end()}; }

bool signed_with(const RawCertificate& c, const crypto::PublicKey& key) {
    const auto identifier = tlv::parse_single(c.outer_algorithm, lenient);
    if (!identifier) return false;
    const auto algorithm = crypto::SignatureAlgorithm::parse(*identifier, lenient);
    return algorithm && key.verify(*algorithm, c.tbs, c.signature);
}

// Doc 9303-12, table 6 read backwards: what only one kind has decides.
Kind kind_of(const RawCertificate& c) {
    const auto purposes = purposes_of(c);
    if (holds(purposes, oids::master_list_signing_key())) return Kind::master_list_signer;
    if (holds(purposes, oids::deviation_list_signing_key())) return Kind::deviation_list_signer;
    const auto constraints = content(c.extensions, pki::oids::basic_constraints(), read_basic_constraints);
    const auto usage = content(c.extensions, pki::oids::key_usage(), read_key_usage).value_or(KeyUsage());
    const auto signs_certificates = usage.has(static_cast<std::size_t>(pki::KeyUsage::key_cert_sign));
    if ((constraints && constraints->is_ca) || signs_certificates) return is_root(c) ? Kind::csca : Kind::link;
    const bool short_profile = profile_of(c, Kind::other_certificate) != Profile::communication;
    if (find(c.extensions, pki::oids::document_type_list()) != nullptr && !short_profile) return Kind::document_signer;
    if (purposes.empty() && c.self_issued()) return is_root(c) ? Kind::csca : Kind::link;
    return purposes.empty() ? Kind::document_signer : Kind::other_certificate;
}

Profile profile_of(const RawCertificate& c, Kind kind) {
    switch (kind) {
        case Kind::csca: return Profile::root;
        case Kind::link: return Profile::link;
        case Kind::document_signer: return Profile::document_signer;
        case Kind::master_list_signer:
        case Kind::deviation_list_signer: return Profile::list_signer;
        default: break;
    }
    for (const auto& purpose : purposes_of(c)) {
        if (purpose == oids::vds_signer()) return Profile::bar_code_signer;
        if (purpose.starts_with(oids::lds2_signer())) return Profile::lds2_signer;
    }
    return Profile::communication;
}

}  // namespace idchip::lint
