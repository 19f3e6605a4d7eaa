// EF.SOD and the signature in it: family C of docs/inspection-cases.md.
#include "inspect/checks.hpp"

#include <fmt/format.h>

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
    {"1.2.840.113549.1.7.1", "CN"},       // id-data
    {"1.3.27.1.1.1", "BE FR"},            // an early number under iso(1) identified-organization(3) icao(27)
    {"1.2.528.1.1006.1.20.1", "NL"},      // Sdu Identification
};

const SignedData* parse_file(Context& c) {
    const auto it = c.evidence.files.find(lds::Ef::sod);
    if (it == c.evidence.files.end() || !it->second.content) {
        const bool absent = it != c.evidence.files.end() && it->second.sw == iso7816::sw::file_not_found && it->second.error.empty();
        const auto sw = it == c.evidence.files.end() ? std::string("not read") : iso7816::sw::describe(it->second.sw);
        if (absent) c.findings.refer(id_file, {}, "the chip has no EF.SOD: nothing on it is signed", sw);
        else c.findings.add(id_file, Outcome::unavailable, Overall::cannot, {}, "EF.SOD could not be read", sw);
        return nullptr;
    }
    const auto sod = lds::EfSod::parse(*it->second.content);
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

void check_content_type(Context& c, const SignedData& data) {
    if (data.content_type == lds::oid_lds_security_object()) {
        c.findings.pass(id_content, "the signed content is an LDS security object");
        return;
    }
    const auto dotted = data.content_type.dotted();
    const auto country = data.certificates.empty() ? std::string() : data.certificates.front().issuer.country();
    for (const auto& legacy : legacy_types)
        if (legacy.oid == dotted && !country.empty() && legacy.countries.find(country) != std::string_view::npos) {
            c.findings.note("pa.legacy_content_type", "C07", "legacy content type of this country's early documents", dotted);
            return;
        }
    // Something else that this country signed (a master list, EF.CardSecurity) must not pass for a document.
    c.findings.reject(id_content, "C08", "the signed content is not an LDS security object", dotted);
}

// RFC 5652, 5.3: the signer is found by its identifier, wherever it stands among the certificates.
std::vector<const pki::Certificate*> signer_candidates(Context& c, const SignedData& data, const SignerInfo& signer) {
    if (data.certificates.empty()) {
        c.findings.add(id_signer, Outcome::inconclusive, Overall::cannot, "C14", "EF.SOD carries no document signer certificate");
        return {};
    }
    auto found = data.candidates(signer);
    if (!found.empty() || data.certificates.size() != 1) {
        if (found.empty()) c.findings.refer(id_signer, "C16", "no certificate in EF.SOD is the signer that it names");
        return found;
    }
    return {&data.certificates.front()};
}

// A key or an algorithm that cannot be used says nothing about the document; one that must not be used does.
void unusable(Context& c, const char* id, const Error& error, const char* case_id) {
    const bool broken_hash = error.detail.find("MD5") != std::string::npos;
    if (error.code == Errc::crypto_unsupported && !broken_hash)
        c.findings.add(id, Outcome::inconclusive, Overall::cannot, case_id, "unsupported algorithm", error.message());
    else
        c.findings.refer(id, broken_hash ? "C30" : case_id, "unusable key or algorithm", error.message());
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
        if (data.candidates(signer).empty())
            c.findings.note("pa.signer_identifier", "C16", "the signer identifier names no certificate; the only one present verifies");
        c.findings.tolerances("", check.notes);
        const auto& algorithm = *signer.signature_algorithm;
        c.findings.pass(id_signature, "EF.SOD is signed by " + candidate->subject.text(), algorithm.text());
        if (algorithm.hash == crypto::HashAlg::sha1 || *signer.digest_alg == crypto::HashAlg::sha1)
            c.findings.note("pa.deprecated_hash", "C29", "the signature uses SHA-1");
        c.document_signer = candidate;
        c.object_authentic = true;
        return;
    }
    if (failure->code == Errc::crypto_bad_signature)
        c.findings.reject(id_signature, "C01", "the signature of EF.SOD is wrong: the signed data was altered", failure->message());
    else if (failure->code == Errc::pki_bad_cms)
        c.findings.reject(id_signature, "C04", "the signed attributes of EF.SOD are not what they must be", failure->message());
    else
        unusable(c, id_signature, *failure, "C25");
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
        c.findings.pass("pa.signing_time", "signed on " + to_iso(date_of(*c.signing_time)));
    }
}

void check_object(Context& c, const SignedData& data) {
    auto object = lds::LdsSecurityObject::parse(data.content);
    if (!object) {
        if (object.error().code == Errc::crypto_unsupported) unusable(c, id_object, object.error(), "B10");
        else c.findings.refer(id_object, "B12", "the LDS security object has no valid structure", object.error().message());
        return;
    }
    c.findings.tolerances("", object->notes);
    const auto& hashes = object->data_group_hashes;
    if (!hashes.contains(1) || !hashes.contains(2))
        c.findings.refer(id_object, "C35", "the security object covers not even DG1 and DG2");
    else
        c.findings.pass(id_object, fmt::format("{} data groups are signed, hashed with {}", hashes.size(), name(object->hash_alg)));
    if (object->hash_alg == crypto::HashAlg::sha1)
        c.findings.note("pa.deprecated_hash_of_groups", "C29", "the data groups are hashed with SHA-1");
    c.security_object = std::move(*object);
}

}  // namespace

void check_security_object(Context& c) {
    const auto* data = parse_file(c);
    if (data == nullptr) return;
    check_content_type(c, *data);
    if (data->signers.empty()) {
        c.findings.reject(id_signature, "C01", "EF.SOD carries no signature");
        return;
    }
    if (data->signers.size() > 1)
        c.findings.note("pa.several_signers", "C32", "EF.SOD carries several signatures; the first is used",
                        fmt::format("{} signers", data->signers.size()));
    check_signature_of(c, *data, data->signers.front());
    check_signing_time(c, data->signers.front());
    if (data->signers.front().has_unsigned_attributes)
        c.findings.note("pa.unsigned_attributes", "C32", "unsigned attributes of EF.SOD were ignored");
    check_object(c, *data);
}

}  // namespace idchip::inspect
