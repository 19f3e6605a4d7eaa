// EF.SOD and the signature in it: family C of docs/inspection-cases.md.
#include "inspect/checks.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <idchip/base/text.hpp>
#include <idchip/iso7816/status_word.hpp>

namespace idchip::inspect {
namespace {

using pki::SignedData;
using pki::SignerInfo;

constexpr auto id_content = "pa.content_type", id_signature = "pa.signature", id_signer = "pa.signer_certificate",
               id_object = "pa.security_object", id_file = "file.EF.SOD";

// Content types that early issuers used, by the country of their document signers.
struct LegacyType {
    std::string_view oid;
    std::string_view countries;
};
constexpr LegacyType legacy_types[] = {
    {"1.2.840.113549.1.7.1", "CN"},   // id-data
    {"1.3.27.1.1.1", "BE FR"},        // an early number under iso(1) identified-organization(3) icao(27)
    {"1.2.528.1.1006.1.20.1", "NL"},  // Sdu Identification
};

void judge_missing_file(Context& c, const FileEvidence* f) {
    if (f == nullptr || (f->sw == 0 && f->error.empty()))
        return c.findings.unavailable(id_file, Overall::cannot, "B08", "EF.SOD was not read");
    const auto sw = iso7816::sw::describe(f->sw);
    if (f->error == "sm.broken")
        c.findings.unavailable(id_file, Overall::refer, "A44", "the answer about EF.SOD was not authentic, twice", sw);
    else if (f->error.starts_with("tlv.")) c.findings.refer(id_file, "B16", "EF.SOD has no valid structure", f->error);
    else if (f->error.empty() && f->sw == iso7816::sw::file_not_found)
        c.findings.refer(id_file, "B03", "the chip has no EF.SOD: nothing on it is signed", sw);
    else c.findings.unavailable(id_file, Overall::cannot, "B08", "EF.SOD could not be read", f->error.empty() ? sw : f->error);
}

const SignedData* parse_file(Context& c) {
    const auto it = c.evidence.files.find(lds::Ef::sod);
    const FileEvidence* f = it == c.evidence.files.end() ? nullptr : &it->second;
    if (f == nullptr || !f->content) {
        judge_missing_file(c, f);
        return nullptr;
    }
    const auto sod = lds::EfSod::parse(*f->content);
    if (!sod) {
        c.findings.refer(id_file, "B16", "EF.SOD has no valid structure", sod.error().message());
        return nullptr;
    }
    c.findings.tolerances("", sod->notes);
    auto data = SignedData::parse(sod->cms);
    if (!data) {
        c.findings.refer(id_file, "B16", "EF.SOD holds no valid CMS SignedData", data.error().message());
        return nullptr;
    }
    c.findings.tolerances("", data->notes);
    c.signed_data = std::move(*data);
    return &*c.signed_data;
}

// Needs the document signer: whose legacy it is, only the certificate that verifies can say.
void check_content_type(Context& c, const SignedData& data) {
    if (data.content_type == lds::oid_lds_security_object()) {
        c.findings.pass(id_content, "the signed content is an LDS security object");
        return;
    }
    const auto dotted = data.content_type.dotted();
    const auto country = c.document_signer != nullptr ? upper_ascii(c.document_signer->issuer.country()) : std::string();
    for (const auto& legacy : legacy_types)
        if (legacy.oid == dotted && contains_word(legacy.countries, country)) {
            c.findings.note("pa.legacy_content_type", "C07", "legacy content type of this country's early documents", dotted);
            return;
        }
    // Something else that this country signed (a master list, EF.CardSecurity) must not pass for a document.
    c.findings.reject(id_content, "C08", "the signed content is not an LDS security object", dotted);
}

// Doc 9303-12, 5.4: document signers are in the PKD, too; the trust store may hold them.
std::vector<const pki::Certificate*> signers_in_store(Context& c, const SignerInfo& signer) {
    std::vector<const pki::Certificate*> found;
    for (const auto& d : c.trust.document_signers) {
        const bool named = signer.subject_key_id ? d.subject_key_id && equal(*d.subject_key_id, *signer.subject_key_id)
                                                 : signer.issuer->matches(d.issuer) && equal(signer.serial, d.serial);
        if (named) found.push_back(&d);
    }
    if (!found.empty())
        c.findings.note("pa.signer_from_store", "C14", "EF.SOD carries no certificate; its signer is in the trust store",
                        found.front()->subject.text());
    return found;
}

// RFC 5652, 5.3: the signer is found by its identifier, wherever it stands among the certificates.
std::vector<const pki::Certificate*> signer_candidates(Context& c, const SignedData& data, const SignerInfo& signer) {
    if (data.certificates.empty()) {
        const auto unreadable =
            std::find_if(data.notes.begin(), data.notes.end(), [](const Note& n) { return n.id == "cms.certificate_unreadable"; });
        if (unreadable != data.notes.end())
            c.findings.refer(id_signer, "D21", "the certificate in EF.SOD has no valid structure", unreadable->detail);
        else if (auto known = signers_in_store(c, signer); !known.empty()) return known;
        else c.findings.inconclusive(id_signer, Overall::cannot, "C14", "EF.SOD carries no document signer certificate");
        return {};
    }
    auto found = data.candidates(signer);
    if (!found.empty() || data.certificates.size() != 1) {
        if (found.empty()) c.findings.refer(id_signer, "C16", "no certificate in EF.SOD is the signer that it names");
        return found;
    }
    return {&data.certificates.front()};
}

// A key or an algorithm that is not built in says nothing about the document; one that must not be used does.
void unusable(Context& c, const char* id, const Error& error, const char* case_id) {
    const auto concerns = [&](const char* what) { return error.detail.find(what) != std::string::npos; };
    if (concerns("MD5")) return c.findings.refer(id, "C30", "MD5 proves nothing", error.message());
    if (error.code == Errc::crypto_unsupported) {
        if (concerns("PSS")) c.findings.refer(id, "C21", "RSASSA-PSS parameters that no issuer needs", error.message());
        else c.findings.inconclusive(id, Overall::cannot, case_id, "unsupported algorithm", error.message());
        return;
    }
    const bool weak = concerns("RSA modulus") || concerns("RSA exponent");
    c.findings.refer(id, weak ? "C28" : case_id, "unusable key", error.message());
}

const char* case_of_attributes(const Error& error) {
    if (error.where == "SignerInfo/contentType") return "C05";
    return error.where == "SignerInfo/messageDigest" ? "C04" : "C09";
}

void judge_failure(Context& c, const Error& failure) {
    if (failure.code == Errc::crypto_bad_signature) {
        const bool content = failure.where == "SignerInfo/messageDigest";
        c.findings.reject(id_signature, content ? "C03" : "C01", "the signature of EF.SOD is wrong: the signed data was altered",
                          failure.message());
    } else if (failure.code == Errc::pki_bad_cms) {
        c.findings.reject(id_signature, case_of_attributes(failure), "the signed attributes of EF.SOD are not what they must be",
                          failure.message());
    } else {
        unusable(c, id_signature, failure, "C25");
    }
}

// RFC 4055, 1.2: a key that its certificate keeps for RSASSA-PSS.
bool is_pss_key(const pki::Certificate& certificate) {
    static const der::Oid id_rsassa_pss("1.2.840.113549.1.1.10");
    tlv::Reader outer(certificate.spki, tlv::Rules::der);
    const auto spki = outer.next();
    if (!spki) return false;
    auto fields = outer.enter(*spki);
    const auto algorithm = fields.expect(der::sequence);
    if (!algorithm) return false;
    auto r = fields.enter(*algorithm);
    const auto id = der::read_oid(r);
    return id && *id == id_rsassa_pss;
}

void accept_signature(Context& c, const SignerInfo& signer, const pki::Certificate& ds) {
    const auto algorithm = signer.signature_algorithm->with_stated_hash(*signer.digest_alg);
    c.findings.pass(id_signature, "EF.SOD is signed by " + ds.subject.text(), algorithm.text());
    if (algorithm.hash == crypto::HashAlg::sha1 || *signer.digest_alg == crypto::HashAlg::sha1)
        c.findings.note("pa.deprecated_hash", "C29", "the signature uses SHA-1");
    if (algorithm.scheme == crypto::Scheme::rsa_pkcs1 && is_pss_key(ds))
        c.findings.note("pa.key_for_pss", "C20", "the key is certified for RSASSA-PSS and has signed with PKCS#1 v1.5");
    c.document_signer = &ds;
    c.object_authentic = true;
}

void check_signature_of(Context& c, const SignedData& data, const SignerInfo& signer) {
    const auto candidates = signer_candidates(c, data, signer);
    if (candidates.empty()) return;
    std::optional<Error> failure;
    for (const auto* candidate : candidates) {
        if (!candidate->public_key) {
            failure = candidate->key_error;
            continue;
        }
        const auto check = pki::check_signature(data, signer, *candidate->public_key);
        if (check.failure) {
            failure = check.failure;
            continue;
        }
        if (!data.certificates.empty() && data.candidates(signer).empty())
            c.findings.note("pa.signer_identifier", "C16", "the signer identifier names no certificate; the only one present verifies");
        c.findings.tolerances("", check.notes);
        return accept_signature(c, signer, *candidate);
    }
    judge_failure(c, *failure);
}

void check_signing_time(Context& c, const SignerInfo& signer) {
    if (signer.signing_times.size() > 1) {
        c.findings.refer("pa.signing_time", "C36", "EF.SOD states more than one signing time");
    } else if (signer.signing_time_malformed) {
        c.findings.note("pa.signing_time", "C36", "the signing time of EF.SOD is malformed and was not used");
    } else if (signer.signing_times.empty()) {
        c.findings.note("pa.signing_time", "D25", "EF.SOD states no signing time; the document signer is checked against today");
    } else if (c.object_authentic) {
        c.signing_time = signer.signing_times.front();
        const auto day = to_iso(date_of(*c.signing_time));
        // A day for clocks that keep local time.
        if (*c.signing_time > c.now + seconds_per_day)
            c.findings.inconclusive("pa.signing_time", Overall::cannot, "D47", "signed in the future: one of the two clocks is wrong", day);
        else c.findings.pass("pa.signing_time", "signed on " + day);
    }
}

const char* case_of_object(const Error& error) {
    const auto concerns = [&](const char* what) { return error.detail.find(what) != std::string::npos; };
    return concerns("at least 2") ? "C35" : concerns("bytes,") ? "B10" : "B12";
}

void check_object(Context& c, const SignedData& data) {
    auto object = lds::LdsSecurityObject::parse(data.content);
    if (!object) {
        if (object.error().code == Errc::crypto_unsupported) unusable(c, id_object, object.error(), "B10");
        else
            c.findings.refer(id_object, case_of_object(object.error()), "the LDS security object has no valid structure",
                             object.error().message());
        return;
    }
    c.findings.tolerances("", object->notes);
    const auto& hashes = object->data_group_hashes;
    if (!hashes.contains(1) || !hashes.contains(2)) c.findings.refer(id_object, "C35", "the security object covers not even DG1 and DG2");
    else c.findings.pass(id_object, fmt::format("{} data groups are signed, hashed with {}", hashes.size(), name(object->hash_alg)));
    if (object->hash_alg == crypto::HashAlg::sha1)
        c.findings.note("pa.deprecated_hash_of_groups", "C29", "the data groups are hashed with SHA-1");
    c.security_object = std::move(*object);
}

}  // namespace

void check_security_object(Context& c) {
    const auto* data = parse_file(c);
    if (data == nullptr) return;
    if (data->signers.empty()) {
        c.findings.reject(id_signature, "C01", "EF.SOD carries no signature");
        return;
    }
    if (data->signers.size() > 1)
        c.findings.note("pa.several_signers", "C32", "EF.SOD carries several signatures; the first is used",
                        fmt::format("{} signers", data->signers.size()));
    check_signature_of(c, *data, data->signers.front());
    check_content_type(c, *data);
    check_signing_time(c, data->signers.front());
    if (data->signers.front().has_unsigned_attributes)
        c.findings.note("pa.unsigned_attributes", "C32", "unsigned attributes of EF.SOD were ignored");
    check_object(c, *data);
}

}  // namespace idchip::inspect
