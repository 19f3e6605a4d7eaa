// What a file is, and who judges it.
#include <idchip/lint/lint.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <idchip/pki/certificate.hpp>

#include "base/try.hpp"
#include "lint/checks.hpp"
#include "lint/oids.hpp"

namespace idchip::lint {
namespace {

constexpr std::uint32_t sod_tag = 0x77;  // Doc 9303-10, table 36

enum class Form { certificate, crl, sod, signed_data };

bool is_certificate(Kind kind) { return kind <= Kind::other_certificate; }

// `as` is of another form than the file.
Failure other_form(std::string_view form, Kind as) { return fail(Errc::unknown_content, {}, fmt::format("{}, not {}", form, name(as))); }
Failure unknown(std::string detail) { return fail(Errc::unknown_content, {}, std::move(detail)); }

// RFC 7468: the labels under which these objects travel.
Result<Bytes> unwrapped(ByteView file) {
    const auto start = as_text(file.first(std::min<std::size_t>(file.size(), 4096)));
    for (const auto* label : {"CERTIFICATE", "X509 CRL", "CMS", "PKCS7"})
        if (start.find(std::string("-----BEGIN ") + label + "-----") != std::string::npos) return pki::from_pem(as_text(file), label);
    return to_bytes(file);
}

// ContentInfo begins with an OBJECT IDENTIFIER; a certificate has the SEQUENCE of its validity where a CRL has a time.
Result<Form> form_of(ByteView file) {
    tlv::Reader outer(file, lenient, "file");
    const auto first = TRY(outer.next());
    if (first.tag == sod_tag) return Form::sod;
    if (first.tag != der::sequence) return unknown("tag " + tlv::tag_text(first.tag));
    auto r = outer.enter(first);
    const auto inner = TRY(r.next());
    if (inner.tag == der::oid) return Form::signed_data;
    if (inner.tag != der::sequence) return unknown("neither a certificate, a CRL nor signed data");
    auto tbs = r.enter(inner);
    TRY(tbs.take(der::context_constructed(0)));
    TRY(tbs.take(der::integer));
    TRY(tbs.expect(der::sequence));
    TRY(tbs.expect(der::sequence));
    const auto fifth = TRY(tbs.next());
    return fifth.tag == der::sequence ? Form::certificate : Form::crl;
}

Result<Kind> kind_of_list(ByteView content_info) {
    tlv::Reader outer(content_info, lenient, "CMS");
    auto info = outer.enter(TRY(outer.expect(der::sequence)));
    TRY(der::read_oid(info));
    auto wrapper = info.enter(TRY(info.expect(der::context_constructed(0))));
    auto data = wrapper.enter(TRY(wrapper.expect(der::sequence)));
    TRY(der::read_integer(data));
    TRY(data.expect(der::set));
    auto encapsulated = data.enter(TRY(data.expect(der::sequence)));
    const auto type = TRY(der::read_oid(encapsulated));
    if (type == oids::lds_security_object()) return Kind::sod;
    if (type == oids::csca_master_list()) return Kind::master_list;
    if (type == oids::deviation_list()) return Kind::deviation_list;
    return unknown("signed content of type " + type.dotted());
}

Result<Report> lint_certificate(ByteView file, std::optional<Kind> as, Serials& seen) {
    if (as && !is_certificate(*as)) return other_form("a certificate", *as);
    const auto c = TRY(read_certificate(file));
    const auto kind = as.value_or(kind_of(c));
    Findings f;
    check_certificate(c, kind, f);
    f.want(is_serial_new(c, seen), Rule::cert_serial_reused, "serialNumber", to_hex(c.serial));
    return Report{kind, c.subject.text(), std::move(f).sorted()};
}

Result<Report> lint_crl(ByteView file, std::optional<Kind> as) {
    if (as && *as != Kind::crl) return other_form("a CRL", *as);
    const auto crl = TRY(read_crl(file));
    Findings f;
    check_crl(crl, f);
    return Report{Kind::crl, crl.issuer.text(), std::move(f).sorted()};
}

Result<Report> lint_signed_data(ByteView content_info, Kind kind, Findings f) {
    auto signer = TRY(check_signed_data(content_info, kind, f));
    return Report{kind, std::move(signer), std::move(f).sorted()};
}

Result<Report> lint_sod(ByteView file, std::optional<Kind> as) {
    if (as && *as != Kind::sod) return other_form("an EF.SOD", *as);
    tlv::Reader outer(file, lenient, "EF.SOD");
    const auto whole = TRY(outer.next());
    Findings f;
    f.want(whole.minimal_length && !whole.indefinite, Rule::der_encoding, "77");
    f.want(outer.at_end(), Rule::der_trailing, "", std::to_string(outer.rest().size()) + " bytes");
    return lint_signed_data(whole.value, Kind::sod, std::move(f));
}

}  // namespace

bool is_serial_new(const RawCertificate& c, Serials& seen) {
    const auto [it, is_new] = seen.try_emplace({to_bytes(c.issuer.raw), to_bytes(c.serial)}, to_bytes(c.raw));
    return is_new || equal(it->second, c.raw);
}

Result<Report> lint(ByteView file, std::optional<Kind> as) { return Collection().add(file, as); }

Result<Report> Collection::add(ByteView file, std::optional<Kind> as) {
    const auto bytes = TRY(unwrapped(file));
    switch (TRY(form_of(bytes))) {
        case Form::certificate: return lint_certificate(bytes, as, seen_);
        case Form::crl: return lint_crl(bytes, as);
        case Form::sod: return lint_sod(bytes, as);
        case Form::signed_data: break;
    }
    if (as && (is_certificate(*as) || *as == Kind::crl)) return other_form("signed data", *as);
    const auto kind = as ? *as : TRY(kind_of_list(bytes));
    Findings f;
    f.want(kind != Kind::sod, Rule::sod_tag, "");
    return lint_signed_data(bytes, kind, std::move(f));
}

}  // namespace idchip::lint
