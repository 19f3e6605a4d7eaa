// CV certificates for `show` and `cvc`.
#include <fmt/format.h>

#include "report/show_parts.hpp"

namespace idchip::report {
namespace {

std::string key_text(const pki::CvPublicKey& key) {
    if (!key.algorithm.is_ec()) return fmt::format("RSA {}", key.bits());
    if (key.curve) return fmt::format("EC {} (domain parameters)", crypto::name(*key.curve));
    return fmt::format("EC of {} bits, domain parameters inherited", key.bits());
}

}  // namespace

Json access_rights_json(const pki::AccessRights& rights) {
    auto list = Json::array();
    if (rights.dg3) list.push_back("DG3");
    if (rights.dg4) list.push_back("DG4");
    return list;
}

Json cv_certificate_json(const pki::CvCertificate& c) {
    const auto& authorization = c.holder_authorization;
    Json j;
    j["holder"] = pki::reference_text(c.certificate_holder_reference);
    j["issued by"] = c.self_signed() ? "itself" : pki::reference_text(c.certification_authority_reference);
    j["role"] = c.is_link() ? "CVCA (link)" : std::string(pki::name(c.role()));
    j["terminal type"] = pki::terminal_type_name(authorization.terminal_type);
    j["authorization"] = to_hex(authorization.relative);
    if (authorization.terminal_type == pki::oid_id_is())
        j["rights"] = access_rights_json(pki::access_rights(authorization.terminal_type, authorization.relative));
    j["valid"] = to_iso(c.effective_date) + " to " + to_iso(c.expiration_date);
    j["algorithm"] = c.public_key.algorithm.name;
    j["key"] = key_text(c.public_key);
    for (const auto& e : c.extensions) {
        Json extension;
        extension["id"] = pki::extension_name(e.id);
        extension["objects"] = to_hex(e.objects);
        j["extensions"].push_back(std::move(extension));
    }
    j["SHA-256"] = to_hex(crypto::hash(crypto::HashAlg::sha256, c.raw));
    add_notes(j, c.notes);
    return j;
}

}  // namespace idchip::report
