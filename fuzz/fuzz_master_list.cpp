// Master lists: a whole ContentInfo, or the contents of one in a list that nobody has signed.
#include "fuzz.hpp"

#include <algorithm>

#include <idchip/pki/master_list.hpp>

using namespace idchip;
using pki::Certificate;
using pki::ListRule;
using pki::MasterList;

namespace {

const Instant today = start_of({2026, 11, 22});

Bytes unsigned_list(ByteView content) {
    const auto octets = tlv::element(der::context_constructed(0), der::write_octet_string(content));
    const auto encapsulated = der::sequence_of({der::write(pki::oid_csca_master_list()), octets});
    const auto nobody = tlv::element(der::set, ByteView());
    const auto data = der::sequence_of({der::write_integer(3), nobody, encapsulated, nobody});
    return der::sequence_of({der::write(der::Oid("1.2.840.113549.1.7.2")), tlv::element(der::context_constructed(0), data)});
}

void check_content(const MasterList& list) {
    FUZZ_CHECK(list.version == 0);
    FUZZ_CHECK(list.certificates.size() + list.skipped.size() <= pki::max_master_list_certificates);
    std::vector<Bytes> raw;
    for (const auto& c : list.certificates) raw.push_back(c.raw);
    if (!fuzz::has_note(list.notes, "list.order")) FUZZ_CHECK(std::is_sorted(raw.begin(), raw.end()));
    std::sort(raw.begin(), raw.end());
    FUZZ_CHECK(std::adjacent_find(raw.begin(), raw.end()) == raw.end());
    for (const auto& error : list.skipped) FUZZ_CHECK(error.where.starts_with("certificate "));
}

// Whoever is believed was among the embedded, may sign lists, and is vouched for by an anchor.
void check_signer(const MasterList& list, const std::vector<Certificate>& anchors) {
    const auto& embedded = list.signed_data.certificates;
    const auto check = list.check(anchors, today);
    for (const auto& objection : check.objections) FUZZ_CHECK(!objection.error.message().empty());
    if (!check.believed()) return;
    FUZZ_CHECK(check.signer && check.anchor);
    FUZZ_CHECK(std::any_of(embedded.begin(), embedded.end(), [&](const Certificate& c) { return c.raw == check.signer->raw; }));
    FUZZ_CHECK(std::any_of(anchors.begin(), anchors.end(), [&](const Certificate& c) { return c.raw == check.anchor->raw; }));
    const auto& usages = check.signer->extended_key_usage;
    FUZZ_CHECK(std::find(usages.begin(), usages.end(), pki::oid_csca_master_list_signing_key()) != usages.end());
    FUZZ_CHECK(check.signer->is_csca != true && check.signer->allows(pki::KeyUsage::digital_signature));
    FUZZ_CHECK(check.signer->verify_signature(*check.anchor->public_key));
    FUZZ_CHECK(check.signer->not_before <= today && today <= check.signer->not_after);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView input(data, size);
    if (const auto list = MasterList::parse(input)) {
        check_content(*list);
        FUZZ_CHECK(!list->check({}, today).believed());
        const auto& embedded = list->signed_data.certificates;
        check_signer(*list, embedded);
        const auto anchors = pki::anchors_with_links(embedded, list->certificates, today);
        FUZZ_CHECK(anchors.size() >= embedded.size() && anchors.size() <= embedded.size() + list->certificates.size());
        check_signer(*list, anchors);
        for (const auto* signer : pki::list_signers(list->signed_data))
            FUZZ_CHECK(signer >= embedded.data() && signer < embedded.data() + embedded.size());
    }
    if (const auto list = MasterList::parse(unsigned_list(input))) {
        check_content(*list);
        const auto check = list->check(list->certificates, today);
        FUZZ_CHECK(check.objections.size() == 1 && check.objections[0].rule == ListRule::signer_info);
    }
    return 0;
}
