#include <idchip/pki/certificate.hpp>

#include <algorithm>

#include <fmt/format.h>

#include "base/known.hpp"
#include "base/try.hpp"
#include "pki/oids.hpp"

namespace idchip::pki {
namespace {

Failure bad(const tlv::Reader& r, std::string detail) { return r.error(Errc::pki_bad_certificate, std::move(detail)); }

void check_serial(Certificate& c) {
    const auto note = [&c](const char* id, std::string detail) { c.notes.push_back({id, "certificate/serialNumber", std::move(detail)}); };
    if (c.serial[0] >= 0x80) note("x509.serial_negative", to_hex(c.serial));
    if (c.serial.size() == 1 && c.serial[0] == 0) note("x509.serial_zero", {});
    if (c.serial.size() > 20) note("x509.serial_too_long", fmt::format("{} bytes", c.serial.size()));
}

// DER wants FF for TRUE; a country's CSCA certificate of 2015 has 01.
Result<bool> read_flag(const tlv::Element& e, Certificate& c) {
    if (e.value.size() != 1 || e.value[0] == 0 || e.value[0] == 0xFF) return der::read_boolean(e);
    c.notes.push_back({"x509.boolean_not_der", "certificate/extensions", fmt::format("TRUE as {:02X}", e.value[0])});
    return true;
}

// --- extensions, each from the contents of its extnValue

Result<void> read_key_id(tlv::Reader r, Certificate& c) {
    c.subject_key_id = to_bytes(TRY(der::read_octet_string(r)));
    return {};
}

Result<void> read_authority_key_id(tlv::Reader r, Certificate& c) {
    auto sequence = r.enter(TRY(r.expect(der::sequence)));
    if (const auto id = TRY(sequence.take(der::context(0)))) c.authority_key_id = to_bytes(id->value);
    return {};
}

Result<void> read_key_usage(tlv::Reader r, Certificate& c) {
    c.key_usage = TRY(der::read_named_bits(TRY(r.expect(der::bit_string))));
    return {};
}

Result<void> read_basic_constraints(tlv::Reader r, Certificate& c) {
    auto sequence = r.enter(TRY(r.expect(der::sequence)));
    c.is_csca = false;
    if (const auto ca_flag = TRY(sequence.take(der::boolean))) c.is_csca = TRY(read_flag(*ca_flag, c));
    if (!sequence.at_end()) c.path_length = TRY(der::read_integer(sequence));
    return {};
}

Result<void> read_private_key_usage(tlv::Reader r, Certificate& c) {
    auto sequence = r.enter(TRY(r.expect(der::sequence)));
    const auto time = [](tlv::Element e) {
        e.tag = der::generalized_time;  // [0] and [1] IMPLICIT GeneralizedTime
        return der::read_time(e);
    };
    if (const auto from = TRY(sequence.take(der::context(0)))) c.private_key_not_before = TRY(time(*from));
    if (const auto until = TRY(sequence.take(der::context(1)))) c.private_key_not_after = TRY(time(*until));
    return {};
}

Result<void> read_extended_key_usage(tlv::Reader r, Certificate& c) {
    auto sequence = r.enter(TRY(r.expect(der::sequence)));
    while (!sequence.at_end()) c.extended_key_usage.push_back(TRY(der::read_oid(sequence)));
    return {};
}

// Doc 9303-12, 7.1.1.6: DocumentTypeListSyntax ::= SEQUENCE { version, docTypeList SET OF DocumentType }
Result<void> read_document_types(tlv::Reader r, Certificate& c) {
    auto sequence = r.enter(TRY(r.expect(der::sequence)));
    TRY(der::read_integer(sequence));
    auto set = sequence.enter(TRY(sequence.expect(der::set)));
    std::vector<std::string> types;
    while (!set.at_end()) types.push_back(TRY(der::read_string(TRY(set.next()))));
    c.document_types = std::move(types);
    return {};
}

Result<void> accept(tlv::Reader, Certificate&) { return {}; }

struct Handler {
    const der::Oid& id;
    Result<void> (*read)(tlv::Reader, Certificate&);
};

const std::vector<Handler>& handlers() {
    static const std::vector<Handler> table = {
        {oids::subject_key_identifier(), read_key_id},
        {oids::authority_key_identifier(), read_authority_key_id},
        {oids::key_usage(), read_key_usage},
        {oids::basic_constraints(), read_basic_constraints},
        {oids::private_key_usage_period(), read_private_key_usage},
        {oids::extended_key_usage(), read_extended_key_usage},
        {oids::document_type_list(), read_document_types},
        {oids::subject_alt_name(), accept},
        {oids::issuer_alt_name(), accept},
        {oids::crl_distribution_points(), accept},
        {oids::certificate_policies(), accept},
        {oids::name_change(), accept},
    };
    return table;
}

Result<void> read_extensions(tlv::Reader& tbs, const tlv::Element& wrapper, Certificate& c) {
    auto outer = tbs.enter(wrapper);
    auto list = outer.enter(TRY(outer.expect(der::sequence)));
    while (!list.at_end()) {
        auto r = list.enter(TRY(list.expect(der::sequence)));
        Extension extension;
        extension.id = TRY(der::read_oid(r));
        if (const auto critical = TRY(r.take(der::boolean))) extension.critical = TRY(read_flag(*critical, c));
        const auto value = TRY(r.expect(der::octet_string));
        extension.value = to_bytes(value.value);
        const bool doubled =
            std::any_of(c.extensions.begin(), c.extensions.end(), [&](const Extension& e) { return e.id == extension.id; });
        if (doubled) return bad(r, "extension " + extension.id.dotted() + " stands twice");
        const auto handler = std::find_if(handlers().begin(), handlers().end(), [&](const Handler& h) { return h.id == extension.id; });
        if (handler == handlers().end()) {
            if (extension.critical) c.unknown_critical.push_back(extension.id);
        } else {
            TRY(handler->read(r.enter(value), c));
        }
        c.extensions.push_back(std::move(extension));
    }
    return {};
}

Result<void> read_tbs(tlv::Reader& outer, const tlv::Element& sequence, Certificate& c, ByteView& inner_algorithm) {
    auto r = outer.enter(sequence);
    c.version = 1;
    if (const auto version = TRY(r.take(der::context_constructed(0)))) {
        auto v = r.enter(*version);
        const auto number = TRY(der::read_integer(v));
        if (number < 0 || number > 2) return bad(r, fmt::format("version field {}", number));
        c.version = static_cast<int>(number) + 1;
    }
    const auto serial = TRY(r.expect(der::integer));
    if (serial.value.empty()) return bad(r, "empty serial number");
    c.serial = to_bytes(serial.value);
    check_serial(c);
    inner_algorithm = TRY(r.expect(der::sequence)).raw;
    c.issuer = TRY(Name::parse(TRY(r.expect(der::sequence)).raw));
    auto validity = r.enter(TRY(r.expect(der::sequence)));
    c.not_before = TRY(der::read_time(TRY(validity.next())));
    c.not_after = TRY(der::read_time(TRY(validity.next())));
    c.subject = TRY(Name::parse(TRY(r.expect(der::sequence)).raw));
    c.spki = to_bytes(TRY(r.expect(der::sequence)).raw);
    TRY(r.take(der::context(1)));  // unique identifiers: forbidden by the profile, harmless to us
    TRY(r.take(der::context(2)));
    if (const auto extensions = TRY(r.take(der::context_constructed(3)))) {
        if (c.version < 3) c.notes.push_back({"x509.extensions_in_old_version", "certificate", fmt::format("version {}", c.version)});
        TRY(read_extensions(r, *extensions, c));
    }
    TRY(r.expect_end());
    return {};
}

}  // namespace

namespace {

Known<Certificate>& known_certificates() {
    static auto& certificates = *new Known<Certificate>(4096);
    return certificates;
}

Result<Certificate> read_certificate(ByteView der) {
    Certificate c;
    c.raw = to_bytes(der);
    c.sha256 = crypto::hash(crypto::HashAlg::sha256, der);
    tlv::Reader outer(c.raw, tlv::Rules::der, "certificate");
    auto r = outer.enter(TRY(outer.expect(der::sequence)));
    TRY(outer.expect_end());
    const auto tbs = TRY(r.expect(der::sequence));
    c.tbs = to_bytes(tbs.raw);
    ByteView inner_algorithm;
    TRY(read_tbs(r, tbs, c, inner_algorithm));
    const auto algorithm = TRY(r.expect(der::sequence));
    // RFC 5280, 4.1.1.2: both fields must be the same; otherwise the signed one could be talked away.
    if (!equal(algorithm.raw, inner_algorithm)) return bad(r, "the two signature algorithm fields differ");
    c.signature = to_bytes(TRY(der::read_bit_string(TRY(r.expect(der::bit_string)))));
    TRY(r.expect_end());

    auto parsed_algorithm = crypto::SignatureAlgorithm::parse(algorithm);
    if (parsed_algorithm) c.signature_algorithm = *parsed_algorithm;
    else c.algorithm_error = std::move(parsed_algorithm.error());
    auto key = crypto::PublicKey::from_spki(c.spki);
    if (key) c.public_key = std::move(*key);
    else c.key_error = std::move(key.error());
    return c;
}

}  // namespace

Result<Certificate> Certificate::parse(ByteView der) {
    if (auto known = known_certificates().find(der)) return std::move(*known);
    auto c = TRY(read_certificate(der));
    known_certificates().remember(der, c);
    return c;
}

Result<Certificate> Certificate::parse_any(ByteView der_or_pem) {
    const auto text = as_text(der_or_pem.first(std::min<std::size_t>(der_or_pem.size(), 4096)));
    if (text.find("-----BEGIN CERTIFICATE-----") == std::string::npos) return parse(der_or_pem);
    return parse(TRY(from_pem(as_text(der_or_pem), "CERTIFICATE")));
}

bool Certificate::allows(KeyUsage usage) const {
    const auto bit = static_cast<std::size_t>(usage);
    return key_usage && bit < key_usage->size() && (*key_usage)[bit];
}

Result<void> Certificate::verify_signature(const crypto::PublicKey& issuer_key) const {
    if (!signature_algorithm) return fail(*algorithm_error);
    return issuer_key.verify(*signature_algorithm, tbs, signature);
}

std::string to_pem(ByteView der, std::string_view label) {
    const auto text = to_base64(der);
    std::string pem = fmt::format("-----BEGIN {}-----\n", label);
    for (std::size_t i = 0; i < text.size(); i += 64) pem += text.substr(i, 64) + "\n";
    return pem + fmt::format("-----END {}-----\n", label);
}

Result<Bytes> from_pem(std::string_view pem, std::string_view label) {
    const auto begin_line = fmt::format("-----BEGIN {}-----", label);
    const auto begin = pem.find(begin_line);
    const auto end = pem.find(fmt::format("-----END {}-----", label), begin == std::string_view::npos ? 0 : begin);
    if (begin == std::string_view::npos || end == std::string_view::npos)
        return fail(Errc::tlv_missing, "PEM", fmt::format("no {} block", label));
    return from_base64(pem.substr(begin + begin_line.size(), end - begin - begin_line.size()));
}

}  // namespace idchip::pki
