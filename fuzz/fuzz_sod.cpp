// EF.SOD down to the signature: file, CMS, security object, certificate, verification with the embedded key.
#include "fuzz.hpp"

#include <idchip/lds/ef_sod.hpp>
#include <idchip/pki/cms.hpp>

using namespace idchip;
using lds::LdsSecurityObject;

namespace {

// Encoded back the same bytes come out where the standard leaves no choice: groups in order, no NULL beside the hash.
bool canonical(ByteView content, const LdsSecurityObject& object) {
    tlv::Reader outer(content, tlv::Rules::der);
    auto e = outer.next();
    if (!e) return false;
    auto r = outer.enter(*e);
    if (!r.next()) return false;
    e = r.next();
    if (!e || e->raw.size() != der::write(crypto::oid(object.hash_alg)).size() + 2) return false;
    e = r.next();
    if (!e) return false;
    auto list = r.enter(*e);
    std::int64_t last = 0;
    while (!list.at_end()) {
        const auto entry = list.next();
        if (!entry) return false;
        auto fields = list.enter(*entry);
        const auto number = der::read_integer(fields);
        if (!number || *number < last) return false;
        last = *number;
    }
    if (r.at_end()) return object.version == 0;
    e = r.next();
    if (!e || object.version != 1) return false;
    auto versions = r.enter(*e);
    for (int i = 0; i < 2; ++i) {
        const auto text = versions.next();
        if (!text || text->tag != der::printable_string) return false;
    }
    return versions.at_end();
}

void check_object(ByteView content) {
    const auto object = LdsSecurityObject::parse(content);
    if (!object) return;
    FUZZ_CHECK(object->data_group_hashes.size() >= 2 && object->data_group_hashes.size() <= 16);
    for (const auto& [number, digest] : object->data_group_hashes) {
        FUZZ_CHECK(number >= 1 && number <= 16);
        FUZZ_CHECK(digest.size() == crypto::digest_size(object->hash_alg));
    }
    const auto bytes = object->encode();
    if (object->notes.empty() && canonical(content, *object)) FUZZ_CHECK(equal(bytes, content));
    const auto again = LdsSecurityObject::parse(bytes);
    if (!again) {
        // Version texts of other string types are written as PrintableString, which has fewer characters.
        FUZZ_CHECK(object->version == 1);
        return;
    }
    FUZZ_CHECK(again->data_group_hashes == object->data_group_hashes && again->version == object->version &&
               again->hash_alg == object->hash_alg);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView input(data, size);
    const auto sod = lds::EfSod::parse(input);
    check_object(input);  // the security object alone, too
    const auto cms = pki::SignedData::parse(sod ? sod->cms : input);
    if (sod) FUZZ_CHECK(fuzz::inside(sod->cms, input));
    if (!cms) return 0;
    check_object(cms->content);
    for (const auto& signer : cms->signers) {
        FUZZ_CHECK(signer.issuer.has_value() != signer.subject_key_id.has_value());
        FUZZ_CHECK(signer.digest_alg.has_value() != signer.digest_error.has_value());
        FUZZ_CHECK(signer.signature_algorithm.has_value() != signer.algorithm_error.has_value());
        for (const auto* certificate : cms->candidates(signer)) {
            if (!certificate->public_key) continue;
            const auto check = pki::check_signature(*cms, signer, *certificate->public_key);
            if (check.failure) static_cast<void>(check.failure->message());
        }
    }
    return 0;
}
