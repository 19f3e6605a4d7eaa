// Certificates, revocation lists and signed objects for `show`.
#include <fmt/format.h>

#include <idchip/lds/ef_sod.hpp>
#include <idchip/lds/security_infos.hpp>

#include "base/try.hpp"
#include "report/show_parts.hpp"
#include "report/show_security.hpp"

namespace idchip::report {
namespace {

Json signer_json(const pki::SignerInfo& s) {
    Json j;
    j["signer"] =
        s.issuer ? "issuer " + s.issuer->text() + ", serial " + to_hex(s.serial) : "key id " + to_hex(s.subject_key_id.value_or(Bytes()));
    j["digest"] = s.digest_alg ? std::string(name(*s.digest_alg)) : s.digest_error->message();
    j["signature"] = s.signature_algorithm ? s.signature_algorithm->text() : s.algorithm_error->message();
    if (!s.signing_times.empty()) j["signing time"] = to_iso(s.signing_times.front());
    return j;
}

Json security_object_json(const lds::LdsSecurityObject& object) {
    Json j;
    j["LDS security object"] = fmt::format("version {}", object.version);
    j["hash"] = name(object.hash_alg);
    if (!object.lds_version.empty()) j["LDS version"] = object.lds_version;
    for (const auto& [number, digest] : object.data_group_hashes) j["hashes"][fmt::format("DG{}", number)] = to_hex(digest);
    add_notes(j, object.notes);
    return j;
}

// What was signed, as far as its type is known.
Json content_json(const pki::SignedData& data) {
    if (data.content_type == lds::oid_security_object()) {
        const auto infos = lds::SecurityInfos::parse(data.content, "SecurityInfos");
        return infos ? security_infos_json(*infos) : Json(infos.error().message());
    }
    if (data.content_type == lds::oid_lds_security_object()) {
        const auto object = lds::LdsSecurityObject::parse(data.content);
        return object ? security_object_json(*object) : Json(object.error().message());
    }
    return fmt::format("{} bytes", data.content.size());
}

}  // namespace

Json certificate_json(const pki::Certificate& c) {
    Json j;
    j["subject"] = c.subject.text();
    j["issuer"] = c.issuer.text();
    j["serial"] = to_hex(c.serial);
    j["valid"] = to_iso(c.not_before) + " to " + to_iso(c.not_after);
    if (c.private_key_not_after) j["key used until"] = to_iso(*c.private_key_not_after);
    j["key"] = c.public_key ? c.public_key->info().text() : c.key_error->message();
    j["signature"] = c.signature_algorithm ? c.signature_algorithm->text() : c.algorithm_error->message();
    j["csca"] = c.is_csca.value_or(false);
    if (c.document_types) j["document types"] = *c.document_types;
    if (c.subject_key_id) j["subject key id"] = to_hex(*c.subject_key_id);
    if (c.authority_key_id) j["authority key id"] = to_hex(*c.authority_key_id);
    j["SHA-256"] = c.fingerprint();
    add_notes(j, c.notes);
    return j;
}

Json crl_json(const pki::Crl& crl) {
    Json j;
    j["issuer"] = crl.issuer.text();
    j["this update"] = to_iso(crl.this_update);
    if (crl.next_update) j["next update"] = to_iso(*crl.next_update);
    j["signature"] = crl.signature_algorithm->text();
    j["revoked"] = Json::array();
    for (const auto& entry : crl.revoked) {
        Json e;
        e["serial"] = to_hex(entry.serial);
        e["when"] = to_iso(entry.when);
        if (entry.reason) e["reason"] = *entry.reason;
        j["revoked"].push_back(std::move(e));
    }
    return j;
}

Result<Json> signed_data_json(ByteView cms) {
    const auto data = TRY(pki::SignedData::parse(cms));
    Json j;
    j["content type"] = data.content_type.dotted();
    j["content"] = content_json(data);
    j["signers"] = Json::array();
    for (const auto& s : data.signers) j["signers"].push_back(signer_json(s));
    j["certificates"] = Json::array();
    for (const auto& c : data.certificates) j["certificates"].push_back(certificate_json(c));
    add_notes(j, data.notes);
    return j;
}

}  // namespace idchip::report
