// Doc 9303-10, 4.6.2, and RFC 5652: a whole EF.SOD and the signature in it, without the chain above it.
#include <idchip/lds/ef_sod.hpp>
#include <idchip/pki/cms.hpp>

#include "base/try.hpp"
#include "vectors/suites.hpp"

namespace idchip::vectors {
namespace {

Result<const pki::Certificate*> signer_certificate(const pki::SignedData& data, const pki::SignerInfo& signer) {
    const auto found = data.candidates(signer);
    if (found.empty()) return fail(Errc::pki_bad_cms, "SignerInfo/sid", "names no certificate of the file");
    if (!found.front()->public_key) return fail(*found.front()->key_error);
    return found.front();
}

Json all_ids(std::initializer_list<const Notes*> lists) {
    Json all = Json::array();
    for (const auto* notes : lists)
        for (const auto& note : *notes) all.push_back(note.id);
    return all;
}

Result<Outputs> verify(const Inputs& in) {
    const auto file = TRY(in.bytes("file"));
    const auto sod = TRY(lds::EfSod::parse(file));
    const auto data = TRY(pki::SignedData::parse(sod.cms));
    if (data.signers.size() != 1) return fail(Errc::pki_bad_cms, "signerInfos", "not one signer");
    const auto& signer = data.signers.front();
    const auto* certificate = TRY(signer_certificate(data, signer));
    const auto check = pki::check_signature(data, signer, *certificate->public_key);
    if (check.failure) return fail(*check.failure);
    const auto object = TRY(lds::LdsSecurityObject::parse(data.content));
    const auto algorithm = signer.signature_algorithm->with_stated_hash(*signer.digest_alg);
    Json groups = Json::array();
    for (const auto& [number, digest] : object.data_group_hashes) groups.push_back(number);
    return Outputs{{"signer", certificate->subject.text()},
                   {"issuer", certificate->issuer.text()},
                   {"key", certificate->public_key->info().text()},
                   {"sid", signer.subject_key_id ? "subject_key_id" : "issuer_and_serial"},
                   {"algorithm", algorithm.text()},
                   {"digest_alg", std::string(name(*signer.digest_alg))},
                   {"hash_alg", std::string(name(object.hash_alg))},
                   {"content_type", data.content_type.dotted()},
                   {"version", object.version},
                   {"data_groups", groups},
                   {"digest_count", object.data_group_hashes.size()},
                   {"signing_time", signer.signing_times.size() == 1 ? Json(to_iso(signer.signing_times[0])) : Json()},
                   {"certificates", data.certificates.size()},
                   {"notes", all_ids({&sod.notes, &data.notes, &check.notes, &object.notes})}};
}

}  // namespace

Suite sod_suite() { return {"sod", {{"verify", verify}}}; }

}  // namespace idchip::vectors
