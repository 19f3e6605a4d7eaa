#include <idchip/report/show.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <idchip/lds/dg1.hpp>
#include <idchip/lds/dg2.hpp>
#include <idchip/lds/ef_com.hpp>
#include <idchip/lds/ef_sod.hpp>
#include <idchip/pki/crl.hpp>
#include <idchip/pki/cms.hpp>
#include <idchip/tlv/reader.hpp>

#include "base/try.hpp"
#include "report/tree.hpp"

namespace idchip::report {
namespace {

Json notes_json(const Notes& notes) {
    Json list = Json::array();
    for (const auto& n : notes) list.push_back(n.id + (n.detail.empty() ? "" : " (" + n.where + ": " + n.detail + ")"));
    return list;
}

void add_notes(Json& j, const Notes& notes) {
    if (!notes.empty()) j["tolerances"] = notes_json(notes);
}

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

Result<Json> com_json(ByteView file) {
    const auto com = TRY(lds::EfCom::parse(file));
    Json j;
    j["LDS version"] = com.lds_version;
    j["Unicode version"] = com.unicode_version;
    j["files"] = Json::array();
    for (const auto ef : com.files()) j["files"].push_back(lds::name(ef));
    add_notes(j, com.notes);
    return j;
}

Result<Json> dg1_json(ByteView file) {
    const auto dg1 = TRY(lds::Dg1::parse(file));
    const auto& m = dg1.mrz.mrz;
    Json j;
    j["lines"] = dg1.mrz.lines;
    j["document code"] = m.document_code;
    j["issuing state"] = m.issuing_state;
    j["document number"] = m.document_number;
    j["primary identifier"] = m.primary;
    j["secondary identifier"] = m.secondary;
    j["nationality"] = m.nationality;
    j["birth"] = m.birth;
    j["sex"] = std::string(1, m.sex);
    j["expiry"] = m.expiry;
    if (!m.optional_data_1.empty()) j["optional data"] = m.optional_data_1;
    if (!m.optional_data_2.empty()) j["optional data 2"] = m.optional_data_2;
    j["wrong check digits"] = Json::array();
    for (const auto& f : dg1.mrz.faults)
        j["wrong check digits"].push_back(fmt::format("{}: {} instead of {} (line {}, column {})", f.field, f.printed, f.computed,
                                                      f.line + 1, f.column + 1));
    add_notes(j, dg1.notes);
    return j;
}

Result<Json> dg2_json(ByteView file) {
    const auto dg2 = TRY(lds::Dg2::parse(file));
    Json j;
    j["templates"] = dg2.templates.size();
    j["faces"] = Json::array();
    for (const auto& face : dg2.faces) {
        Json f;
        const auto header = image::read_header(face.image);
        f["format"] = image::name(image::sniff(face.image));
        f["bytes"] = face.image.size();
        f["size stated"] = fmt::format("{}x{}", face.width, face.height);
        f["size of the image"] = header ? fmt::format("{}x{}", header->width, header->height) : header.error().message();
        j["faces"].push_back(std::move(f));
    }
    add_notes(j, dg2.notes);
    return j;
}

Json signer_json(const pki::SignerInfo& s) {
    Json j;
    j["signer"] = s.issuer ? "issuer " + s.issuer->text() + ", serial " + to_hex(s.serial) : "key id " + to_hex(s.subject_key_id.value_or(Bytes()));
    j["digest"] = s.digest_alg ? std::string(name(*s.digest_alg)) : s.digest_error->message();
    j["signature"] = s.signature_algorithm ? s.signature_algorithm->text() : s.algorithm_error->message();
    if (!s.signing_times.empty()) j["signing time"] = to_iso(s.signing_times.front());
    return j;
}

Result<Json> sod_json(ByteView file) {
    const auto sod = TRY(lds::EfSod::parse(file));
    const auto data = TRY(pki::SignedData::parse(sod.cms));
    Json j;
    j["content type"] = data.content_type.dotted();
    if (const auto object = lds::LdsSecurityObject::parse(data.content)) {
        j["LDS security object"] = fmt::format("version {}", object->version);
        j["hash"] = name(object->hash_alg);
        for (const auto& [number, digest] : object->data_group_hashes) j["hashes"][fmt::format("DG{}", number)] = to_hex(digest);
    } else {
        j["LDS security object"] = object.error().message();
    }
    j["signers"] = Json::array();
    for (const auto& s : data.signers) j["signers"].push_back(signer_json(s));
    j["certificates"] = Json::array();
    for (const auto& c : data.certificates) j["certificates"].push_back(certificate_json(c));
    auto notes = sod.notes;
    notes.insert(notes.end(), data.notes.begin(), data.notes.end());
    add_notes(j, notes);
    return j;
}

// Data groups that later work decodes: what they are, how long, how they begin.
Result<Json> opaque_json(ByteView file) {
    const auto e = TRY(tlv::Reader(file, tlv::Rules::ber, "file").next());
    Json j;
    j["bytes"] = file.size();
    j["content"] = to_hex(e.value);
    return j;
}

Result<Json> file_json(lds::Ef ef, ByteView file) {
    switch (ef) {
        case lds::Ef::com: return com_json(file);
        case lds::Ef::dg1: return dg1_json(file);
        case lds::Ef::dg2: return dg2_json(file);
        case lds::Ef::sod: return sod_json(file);
        default: return opaque_json(file);
    }
}

Shown shown(std::string kind, const Json& body) {
    Json j;
    j["kind"] = kind;
    j["content"] = body;
    return {kind, j.dump(1) + "\n", kind + "\n" + tree_text(body)};
}

}  // namespace

Result<Shown> show(ByteView content) {
    if (content.empty()) return fail(Errc::unknown_content, {}, "empty");
    const auto text = as_text(content.first(std::min<std::size_t>(content.size(), 256)));
    const bool pem_crl = text.find("-----BEGIN X509 CRL-----") != std::string::npos;
    if (text.find("-----BEGIN CERTIFICATE-----") != std::string::npos)
        return shown("certificate", certificate_json(TRY(pki::Certificate::parse_any(content))));
    if (pem_crl) return shown("CRL", crl_json(TRY(pki::Crl::parse_any(content))));
    if (const auto ef = lds::ef_by_tag(content[0])) return shown(lds::name(*ef), TRY(file_json(*ef, content)));
    if (content[0] != 0x30) return fail(Errc::unknown_content, {}, fmt::format("outer tag {:02X}", content[0]));
    if (auto certificate = pki::Certificate::parse(content)) return shown("certificate", certificate_json(*certificate));
    if (auto crl = pki::Crl::parse(content)) return shown("CRL", crl_json(*crl));
    if (auto data = pki::SignedData::parse(content)) return shown("CMS SignedData", TRY(sod_json(lds::EfSod::encode(content))));
    return fail(Errc::unknown_content, {}, "neither certificate, CRL nor CMS SignedData");
}

}  // namespace idchip::report
