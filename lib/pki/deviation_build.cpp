// Deviation lists written: Doc 9303-12, 10.2.
#include <algorithm>

#include <fmt/format.h>

#include <idchip/base/text.hpp>
#include <idchip/pki/deviation_list.hpp>

#include "base/try.hpp"

namespace idchip::pki {
namespace {

Failure refused(std::string detail) { return fail(Errc::pki_refused, "DeviationList", std::move(detail)); }

Bytes implicit(std::uint32_t tag, Bytes element) {
    element[0] = static_cast<Byte>(tag);
    return element;
}

// X.680, 41.4.
Result<Bytes> printable_string(std::string_view text) {
    constexpr std::string_view others = " '()+,-./:=?";
    for (const char c : text)
        if (!(c >= 'A' && c <= 'Z') && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && others.find(c) == std::string_view::npos)
            return refused("a character that PrintableString does not have");
    return der::write_printable(text);
}

// Two characters, and PrintableString has no filler: "P<" becomes "P ".
Result<Bytes> document_type(std::string_view code) {
    auto text = std::string(code.substr(0, code.find('<')));
    if (text.empty() || text.size() > 2) return refused("documentType has one or two letters");
    text.resize(2, ' ');
    return implicit(der::context(0), TRY(printable_string(text)));
}

Result<Bytes> signer_identifier(const DeviationDocuments& d, std::optional<crypto::HashAlg> digest_alg) {
    if (d.issuer_and_serial.has_value() + d.subject_key_id.has_value() + d.certificate_digest.has_value() > 1)
        return refused("several identifiers of the document signer");
    if (d.issuer_and_serial)
        return tlv::element(der::context_constructed(1),
                            {d.issuer_and_serial->issuer.raw, tlv::element(der::integer, d.issuer_and_serial->serial)});
    if (d.subject_key_id) return tlv::element(der::context(2), *d.subject_key_id);
    if (!d.certificate_digest) return Bytes();
    if (!digest_alg || crypto::digest_size(*digest_alg) != d.certificate_digest->size())
        return refused("certificateDigest without its digestAlgorithm");
    return tlv::element(der::context(3), *d.certificate_digest);
}

Result<Bytes> documents(const DeviationDocuments& d, std::optional<crypto::HashAlg> digest_alg) {
    Bytes parts;
    if (d.document_type) append(parts, TRY(document_type(*d.document_type)));
    append(parts, TRY(signer_identifier(d, digest_alg)));
    if (d.issuing_date) {
        const auto& [first, last] = *d.issuing_date;
        if (last < first) return refused("issuingDate ends before it begins");
        append(parts, tlv::element(der::context_constructed(4), {der::write_generalized_time(first), der::write_generalized_time(last)}));
    }
    if (d.document_numbers) {
        std::vector<Bytes> numbers;
        for (const auto& number : *d.document_numbers) numbers.push_back(TRY(printable_string(number)));
        append(parts, implicit(der::context_constructed(5), der::set_of(std::move(numbers))));
    }
    if (parts.empty()) return refused("a deviation that names no documents");
    return tlv::element(der::sequence, parts);
}

Result<Bytes> description(const DeviationDescription& d) {
    Bytes parts;
    if (!d.description.empty()) append(parts, TRY(printable_string(d.description)));
    append(parts, der::write(d.type));
    if (!d.parameters.empty()) append(parts, tlv::element(der::context_constructed(0), d.parameters));
    if (!d.national_use.empty()) append(parts, tlv::element(der::context_constructed(1), d.national_use));
    return tlv::element(der::sequence, parts);
}

Result<Bytes> deviation(const Deviation& d, std::optional<crypto::HashAlg> digest_alg) {
    if (d.descriptions.empty()) return refused("a deviation without a description");
    std::vector<Bytes> descriptions;
    for (const auto& each : d.descriptions) descriptions.push_back(TRY(description(each)));
    return der::sequence_of({TRY(documents(d.documents, digest_alg)), der::set_of(std::move(descriptions))});
}

}  // namespace

Result<Bytes> build_deviation_list(const std::vector<Deviation>& deviations, std::optional<crypto::HashAlg> digest_alg,
                                   ContentSigner& signer, const std::vector<Certificate>& embedded, Instant signing_time) {
    std::vector<Bytes> members;
    for (const auto& each : deviations) {
        auto member = TRY(deviation(each, digest_alg));
        if (std::find(members.begin(), members.end(), member) != members.end()) return refused("a deviation stands twice");
        members.push_back(std::move(member));
    }
    const auto algorithm = digest_alg ? der::sequence_of({der::write(crypto::oid(*digest_alg))}) : Bytes();
    const auto content = der::sequence_of({der::write_integer(0), algorithm, der::set_of(std::move(members))});
    return build_signed_list(oid_deviation_list(), oid_deviation_list_signing_key(), content, signer, embedded, signing_time);
}

}  // namespace idchip::pki
