#include <idchip/pki/cv_certificate.hpp>

#include <algorithm>

#include <fmt/format.h>

#include "base/try.hpp"
#include "pki/cv_tags.hpp"

namespace idchip::pki {
namespace {

// TR-03110-3, D: lengths have up to three octets.
constexpr std::size_t longest_certificate = 65'535 + 5;

Failure bad(const tlv::Reader& at, std::string detail) { return at.error(Errc::cvc_bad_certificate, std::move(detail)); }

Result<std::string> read_reference(tlv::Reader& r, std::uint32_t tag) {
    auto reference = as_text(TRY(r.expect(tag)).value);
    if (const auto ok = check_reference(reference); !ok) return bad(r, tlv::tag_text(tag) + ": " + ok.error().detail);
    return reference;
}

// 9303-12, 7.2.3.1.3: YYMMDD of the years 2000 to 2099, one digit an octet.
Result<Date> read_date(tlv::Reader& r, std::uint32_t tag) {
    const auto v = TRY(r.expect(tag)).value;
    if (v.size() != 6 || std::any_of(v.begin(), v.end(), [](Byte b) { return b > 9; }))
        return bad(r, tlv::tag_text(tag) + " is not six digits");
    const Date date{2000 + 10 * v[0] + v[1], 10 * v[2] + v[3], 10 * v[4] + v[5]};
    if (!is_valid(date)) return bad(r, tlv::tag_text(tag) + " is no day of the calendar");
    return date;
}

Result<HolderAuthorization> read_holder_authorization(tlv::Reader& r) {
    auto inner = r.enter(TRY(r.expect(cv_tag::holder_authorization_template)));
    HolderAuthorization a;
    a.terminal_type = TRY(der::read_oid(inner));
    a.relative = to_bytes(TRY(inner.expect(cv_tag::discretionary_data)).value);
    TRY(inner.expect_end());
    const bool one_byte = a.terminal_type == oid_id_is() || a.terminal_type == oid_id_st();
    if (a.relative.empty() || (one_byte && a.relative.size() != 1) || (a.terminal_type == oid_id_at() && a.relative.size() != 5))
        return bad(inner, fmt::format("authorization of {} bytes for {}", a.relative.size(), terminal_type_name(a.terminal_type)));
    return a;
}

Result<std::vector<CvExtension>> read_extensions(tlv::Reader& r) {
    std::vector<CvExtension> list;
    const auto extensions = TRY(r.take(cv_tag::extensions));
    if (!extensions) return list;
    auto templates = r.enter(*extensions);
    while (!templates.at_end()) {
        auto t = templates.enter(TRY(templates.expect(cv_tag::discretionary_data_template)));
        CvExtension extension;
        extension.id = TRY(der::read_oid(t));
        extension.objects = to_bytes(t.rest());
        while (!t.at_end()) TRY(t.next());
        list.push_back(std::move(extension));
    }
    return list;
}

Result<void> read_body(tlv::Reader r, CvCertificate& c) {
    if (!equal(TRY(r.expect(cv_tag::profile_identifier)).value, Bytes{0})) return bad(r, "another profile than version 1");
    c.certification_authority_reference = TRY(read_reference(r, cv_tag::certification_authority_reference));
    c.public_key = TRY(CvPublicKey::parse(r.enter(TRY(r.expect(cv_tag::public_key)))));
    c.certificate_holder_reference = TRY(read_reference(r, cv_tag::holder_reference));
    c.holder_authorization = TRY(read_holder_authorization(r));
    c.effective_date = TRY(read_date(r, cv_tag::effective_date));
    c.expiration_date = TRY(read_date(r, cv_tag::expiration_date));
    if (c.expiration_date < c.effective_date) return bad(r, "it expires before it is effective");
    c.extensions = TRY(read_extensions(r));
    return r.expect_end();
}

bool is_country(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char ch) { return ch >= 'A' && ch <= 'Z'; });
}
bool is_sequence_number(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char ch) { return (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9'); });
}

// 9303-12, 7.2.2.2. A reference names a key whatever its parts mean, and the field has all sorts.
void note_departures(CvCertificate& c) {
    const auto note = [&c](const char* id, std::string detail) {
        c.notes.push_back({id, "CV certificate " + reference_text(c.certificate_holder_reference), std::move(detail)});
    };
    const std::string_view holder = c.certificate_holder_reference, authority = c.certification_authority_reference;
    const auto number = holder.substr(holder.size() - 5);
    if (!is_country(holder.substr(0, 2))) note("cvc.country_code", reference_text(holder.substr(0, 2)));
    if (!is_sequence_number(number)) note("cvc.sequence_number", reference_text(number));
    else if (number.substr(0, 2) != authority.substr(0, 2)) note("cvc.sequence_number_country", reference_text(number));
    if (listing(c.public_key.algorithm, c.public_key.bits()) != CvListing::doc9303)
        note("cvc.algorithm_not_listed", fmt::format("{}, {} bits", c.public_key.algorithm.name, c.public_key.bits()));
}

// `r` stands before the body.
Result<CvCertificate> read_certificate(tlv::Reader r) {
    CvCertificate c;
    const auto body = TRY(r.expect(cv_tag::body));
    TRY(read_body(r.enter(body), c));
    c.body = to_bytes(body.raw);
    c.signature = to_bytes(TRY(r.expect(cv_tag::signature)).value);
    TRY(r.expect_end());
    note_departures(c);
    return c;
}

}  // namespace

Result<CvCertificate> CvCertificate::parse(ByteView der) {
    tlv::Reader outer(der, tlv::Rules::der, "CV certificate");
    if (der.size() > longest_certificate) return bad(outer, fmt::format("{} bytes", der.size()));
    const auto e = TRY(outer.next());
    if (e.tag == cv_tag::authentication) return bad(outer, "a certificate request, not a certificate");
    if (e.tag != cv_tag::certificate) return bad(outer, "outer tag " + tlv::tag_text(e.tag));
    TRY(outer.expect_end());
    auto c = TRY(read_certificate(outer.enter(e)));
    c.raw = to_bytes(der);
    return c;
}

Result<CvCertificate> CvCertificate::parse_contents(ByteView contents) {
    tlv::Reader r(contents, tlv::Rules::der, "CV certificate");
    if (contents.size() > longest_certificate) return bad(r, fmt::format("{} bytes", contents.size()));
    auto c = TRY(read_certificate(std::move(r)));
    c.raw = tlv::element(cv_tag::certificate, contents);
    return c;
}

ByteView CvCertificate::contents() const {
    const auto signature_object = 2 + tlv::encode_length(signature.size()).size() + signature.size();
    return ByteView(raw).last(body.size() + signature_object);
}

std::string CvCertificate::text() const {
    return fmt::format("{} {}, {} to {}", name(role()), reference_text(certificate_holder_reference), to_iso(effective_date),
                       to_iso(expiration_date));
}

}  // namespace idchip::pki
