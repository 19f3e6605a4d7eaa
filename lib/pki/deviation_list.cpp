#include <idchip/pki/deviation_list.hpp>

#include <fmt/format.h>

#include <idchip/base/text.hpp>

#include "base/try.hpp"
#include "pki/oids.hpp"

namespace idchip::pki {
namespace {

constexpr auto where = "DeviationList";

// An IMPLICIT tag: the contents are those of `tag`.
tlv::Element as(std::uint32_t tag, tlv::Element e) {
    e.tag = tag;
    return e;
}

Result<Bytes> read_any(const tlv::Reader& parent, const tlv::Element& wrapper) {
    auto r = parent.enter(wrapper);
    auto raw = to_bytes(TRY(r.next()).raw);
    TRY(r.expect_end());
    return raw;
}

Result<void> read_signer_identifier(tlv::Reader& r, DeviationDocuments& d) {
    int ways = 0;
    if (const auto e = TRY(r.take(der::context_constructed(1)))) {
        auto inner = r.enter(*e);
        auto issuer = TRY(Name::parse(TRY(inner.expect(der::sequence)).raw));
        const auto serial = TRY(inner.expect(der::integer));
        d.issuer_and_serial = {std::move(issuer), to_bytes(serial.value)};
        TRY(inner.expect_end());
        ++ways;
    }
    if (const auto e = TRY(r.take(der::context(2)))) {
        d.subject_key_id = to_bytes(e->value);
        ++ways;
    }
    if (const auto e = TRY(r.take(der::context(3)))) {
        d.certificate_digest = to_bytes(e->value);
        ++ways;
    }
    if (ways > 1) return r.error(Errc::pki_bad_list, "several identifiers of the document signer");
    return {};
}

Result<DeviationDocuments> read_documents(tlv::Reader r) {
    DeviationDocuments d;
    if (const auto e = TRY(r.take(der::context(0)))) d.document_type = TRY(der::read_string(as(der::printable_string, *e)));
    TRY(read_signer_identifier(r, d));
    if (const auto e = TRY(r.take(der::context_constructed(4)))) {
        auto period = r.enter(*e);
        const auto first = TRY(der::read_time(TRY(period.expect(der::generalized_time))));
        const auto last = TRY(der::read_time(TRY(period.expect(der::generalized_time))));
        TRY(period.expect_end());
        if (last < first) return r.error(Errc::pki_bad_list, "issuingDate ends before it begins");
        d.issuing_date = {first, last};
    }
    if (const auto e = TRY(r.take(der::context_constructed(5)))) {
        auto set = r.enter(*e);
        auto& numbers = d.document_numbers.emplace();
        while (!set.at_end()) numbers.push_back(TRY(der::read_string(TRY(set.expect(der::printable_string)))));
    }
    TRY(r.expect_end());
    return d;
}

Result<DeviationDescription> read_description(tlv::Reader r) {
    DeviationDescription d;
    if (const auto text = TRY(r.take(der::printable_string))) d.description = TRY(der::read_string(*text));
    d.type = TRY(der::read_oid(r));
    // X.680, 31.2.7: a tag before ANY is explicit, also where the module says IMPLICIT TAGS.
    if (const auto e = TRY(r.take(der::context_constructed(0)))) d.parameters = TRY(read_any(r, *e));
    if (const auto e = TRY(r.take(der::context_constructed(1)))) d.national_use = TRY(read_any(r, *e));
    TRY(r.expect_end());
    return d;
}

Result<Deviation> read_deviation(ByteView raw) {
    tlv::Reader outer(raw, tlv::Rules::ber, "Deviation");
    auto r = outer.enter(TRY(outer.expect(der::sequence)));
    Deviation d;
    d.documents = TRY(read_documents(r.enter(TRY(r.expect(der::sequence)))));
    auto set = r.enter(TRY(r.expect(der::set)));
    while (!set.at_end()) d.descriptions.push_back(TRY(read_description(set.enter(TRY(set.expect(der::sequence))))));
    TRY(r.expect_end());
    return d;
}

Result<void> read_deviations(tlv::Reader set, DeviationList& list) {
    for (std::size_t number = 1; !set.at_end(); ++number) {
        if (number > max_deviations) return set.error(Errc::pki_bad_list, fmt::format("more than {} deviations", max_deviations));
        auto deviation = read_deviation(TRY(set.next()).raw);
        if (deviation) list.deviations.push_back(std::move(*deviation));
        else list.skipped.push_back(std::move(deviation.error()).inside(fmt::format("deviation {}", number)));
    }
    return {};
}

// Doc 9303-12, 10.2: DeviationList ::= SEQUENCE { version, digestAlgorithm OPTIONAL, deviations SET OF Deviation }
Result<void> read_content(DeviationList& list) {
    tlv::Reader outer(list.signed_data.content, tlv::Rules::ber, where);
    auto r = outer.enter(TRY(outer.expect(der::sequence)));
    TRY(outer.expect_end());
    list.version = TRY(der::read_integer(r));
    if (list.version != 0) return r.error(Errc::pki_bad_list, fmt::format("version {}", list.version));
    if (const auto e = TRY(r.take(der::sequence))) {
        auto algorithm = r.enter(*e);
        auto hash = crypto::hash_by_oid(TRY(der::read_oid(algorithm)));
        if (hash) list.digest_alg = *hash;
        else list.digest_error = std::move(hash.error());
    }
    TRY(read_deviations(r.enter(TRY(r.expect(der::set))), list));
    TRY(r.expect_end());
    if (!r.lengths_minimal()) list.notes.push_back({"list.not_der", where, "length not in its shortest form"});
    return {};
}

// --- which documents

// Doc 9303-4, 4.2.2: in the zone, fillers stand for what is no letter or digit, and at the end for nothing.
std::string folded(std::string_view text) {
    auto result = upper_ascii(text);
    for (auto& c : result)
        if ((c < 'A' || c > 'Z') && (c < '0' || c > '9')) c = '<';
    while (!result.empty() && result.back() == '<') result.pop_back();
    return result;
}

std::optional<bool> same(std::string_view wanted, std::string_view known) {
    if (known.empty()) return std::nullopt;
    return folded(wanted) == folded(known);
}

bool is_signer(const DeviationDocuments::IssuerAndSerial& wanted, const Certificate& signer) {
    return wanted.issuer.matches(signer.issuer) && equal(wanted.serial, signer.serial);
}

void weigh(CoverageAnswer& answer, const char* criterion, std::optional<bool> met) {
    if (!met) answer.open.emplace_back(criterion);
    else if (!*met) answer.coverage = Coverage::no;
}

}  // namespace

const der::Oid& oid_deviation_list() { return oids::deviation_list(); }
const der::Oid& oid_deviation_list_signing_key() { return oids::deviation_list_signing_key(); }

Result<DeviationList> DeviationList::parse(ByteView der) {
    DeviationList list;
    list.signed_data = TRY(SignedData::parse(der));
    if (!(list.signed_data.content_type == oid_deviation_list()))
        return fail(Errc::pki_bad_list, where, "content type " + list.signed_data.content_type.dotted() + " is no deviation list");
    list.signing_time = stated_signing_time(list.signed_data);
    list.notes = list_notes(list.signed_data);
    TRY(read_content(list));
    return list;
}

ListCheck DeviationList::check(const std::vector<Certificate>& anchors, Instant now) const {
    return check_list_signature(signed_data, oid_deviation_list(), oid_deviation_list_signing_key(), anchors, now);
}

CoverageAnswer covers(const DeviationDocuments& d, const DocumentFacts& document, std::optional<crypto::HashAlg> digest_alg) {
    const auto* signer = document.document_signer;
    const auto of_signer = [&](const auto& test) { return signer == nullptr ? std::optional<bool>() : std::optional(test()); };
    CoverageAnswer answer{Coverage::yes, {}};
    if (d.document_type) weigh(answer, "documentType", same(*d.document_type, document.document_code));
    if (d.issuer_and_serial) weigh(answer, "issuerAndSerialNumber", of_signer([&] { return is_signer(*d.issuer_and_serial, *signer); }));
    if (d.subject_key_id) weigh(answer, "subjectKeyIdentifier", of_signer([&] { return signer->subject_key_id == d.subject_key_id; }));
    if (d.certificate_digest) {
        const auto met = of_signer([&] { return digest_alg && equal(crypto::hash(*digest_alg, signer->raw), *d.certificate_digest); });
        weigh(answer, "certificateDigest", digest_alg ? met : std::nullopt);
    }
    if (d.issuing_date) {
        const auto within = [&](Date day) {
            return date_of(d.issuing_date->first_issued) <= day && day <= date_of(d.issuing_date->last_issued);
        };
        weigh(answer, "issuingDate", document.issued ? std::optional(within(*document.issued)) : std::nullopt);
    }
    if (d.document_numbers) {
        std::optional<bool> met;
        if (!document.document_number.empty()) met = false;
        for (const auto& number : *d.document_numbers)
            if (same(number, document.document_number) == true) met = true;
        weigh(answer, "documentNumbers", met);
    }
    const bool bounded =
        d.document_type || d.issuer_and_serial || d.subject_key_id || d.certificate_digest || d.issuing_date || d.document_numbers;
    if (answer.coverage == Coverage::no) answer.open.clear();
    else if (!answer.open.empty() || !bounded) answer.coverage = Coverage::undecided;
    return answer;
}

bool speaks_for(const Certificate& list_signer, const Certificate& document_signer) {
    const auto country = upper_ascii(list_signer.issuer.country());
    return !country.empty() && country == upper_ascii(document_signer.issuer.country());
}

}  // namespace idchip::pki
