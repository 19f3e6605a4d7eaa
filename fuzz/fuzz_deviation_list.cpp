// Deviation lists: a whole ContentInfo, or the contents of one in a list that nobody has signed; which documents they cover.
#include "fuzz.hpp"

#include <idchip/base/text.hpp>
#include <idchip/pki/deviation_list.hpp>

using namespace idchip;
using pki::Coverage;
using pki::DeviationDescription;
using pki::DeviationDocuments;
using pki::DeviationKind;
using pki::DeviationList;
using pki::DocumentFacts;

namespace {

const Instant today = start_of({2026, 11, 22});

Bytes unsigned_list(ByteView content) {
    const auto octets = tlv::element(der::context_constructed(0), der::write_octet_string(content));
    const auto encapsulated = der::sequence_of({der::write(pki::oid_deviation_list()), octets});
    const auto nobody = tlv::element(der::set, ByteView());
    const auto data = der::sequence_of({der::write_integer(3), nobody, encapsulated, nobody});
    return der::sequence_of({der::write(der::Oid("1.2.840.113549.1.7.2")), tlv::element(der::context_constructed(0), data)});
}

void check_description(const DeviationDescription& d) {
    FUZZ_CHECK(is_printable(d.text()));
    const auto kind = d.kind();
    const auto parameter = d.parameter();
    if (kind == DeviationKind::unknown) {
        FUZZ_CHECK(!parameter);
        return;
    }
    const auto again = DeviationDescription::of(kind, parameter, d.description);
    FUZZ_CHECK(again.type == d.type);
    if (!parameter) return;
    const auto back = again.parameter();
    FUZZ_CHECK(back && back->number == parameter->number && back->extension == parameter->extension);
}

// A document made after the criteria is covered; one that misses a single criterion is not.
void check_documents(const DeviationDocuments& d, std::optional<crypto::HashAlg> digest_alg) {
    FUZZ_CHECK(pki::covers(d, {}, digest_alg).coverage == Coverage::undecided);
    DocumentFacts facts;
    if (d.document_type) facts.document_code = *d.document_type;
    if (d.document_numbers && !d.document_numbers->empty()) facts.document_number = d.document_numbers->back();
    if (d.issuing_date) facts.issued = date_of(d.issuing_date->last_issued);
    const bool by_signer = d.issuer_and_serial || d.subject_key_id || d.certificate_digest;
    const auto answer = pki::covers(d, facts, digest_alg);
    FUZZ_CHECK(answer.coverage != Coverage::no);
    FUZZ_CHECK((answer.coverage == Coverage::yes) == (answer.open.empty() && (d.document_type || d.document_numbers || d.issuing_date)));
    if (by_signer) FUZZ_CHECK(answer.coverage == Coverage::undecided);
    if (d.issuing_date) {
        auto late = facts;
        late.issued = date_of(d.issuing_date->last_issued + seconds_per_day);
        FUZZ_CHECK(pki::covers(d, late, digest_alg).coverage == Coverage::no);
    }
    if (d.document_type) {
        auto other = facts;
        other.document_code = *d.document_type + "X";
        FUZZ_CHECK(pki::covers(d, other, digest_alg).coverage == Coverage::no);
    }
}

void check(const DeviationList& list) {
    FUZZ_CHECK(list.version == 0);
    FUZZ_CHECK(list.deviations.size() + list.skipped.size() <= pki::max_deviations);
    FUZZ_CHECK(!(list.digest_alg && list.digest_error));
    for (const auto& deviation : list.deviations) {
        check_documents(deviation.documents, list.digest_alg);
        for (const auto& d : deviation.descriptions) check_description(d);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView input(data, size);
    if (const auto list = DeviationList::parse(input)) {
        check(*list);
        FUZZ_CHECK(!list->check({}, today).believed());
    }
    if (const auto list = DeviationList::parse(unsigned_list(input))) check(*list);
    return 0;
}
