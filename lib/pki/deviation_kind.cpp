// What kinds of deviation there are, and how they are named: Doc 9303-3, 7.3.5, and Doc 9303-12, 10.2.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include <idchip/base/text.hpp>
#include <idchip/pki/deviation_list.hpp>

#include "base/try.hpp"

namespace idchip::pki {
namespace {

enum class Parameter { none, cert_field, data_group, mrz_field };

struct Row {
    DeviationKind kind;
    der::Oid type;
    const char* name;
    Parameter parameter;
    const char* text;
};

const std::vector<Row>& rows() {
    using K = DeviationKind;
    using P = Parameter;
    static const std::vector<Row> table = {
        {K::cert_or_key, der::Oid("2.23.136.1.1.7.1"), "CertOrKey", P::none, "a certificate or key deviates"},
        {K::cert_or_key_ds_signature, der::Oid("2.23.136.1.1.7.1.1"), "CertOrKey-DSSignature", P::none,
         "the signature of the document signer's certificate is wrong"},
        {K::cert_or_key_ds_encoding, der::Oid("2.23.136.1.1.7.1.2"), "CertOrKey-DSEncoding", P::cert_field,
         "the document signer's certificate is wrongly encoded"},
        {K::cert_or_key_csca_encoding, der::Oid("2.23.136.1.1.7.1.3"), "CertOrKey-CSCAEncoding", P::cert_field,
         "the CSCA certificate is wrongly encoded"},
        {K::cert_or_key_aa_key_compromised, der::Oid("2.23.136.1.1.7.1.4"), "CertOrKey-AAKeyCompromised", P::none,
         "active authentication must not be relied on"},
        {K::lds, der::Oid("2.23.136.1.1.7.2"), "LDS", P::none, "the logical data structure deviates"},
        {K::lds_dg_malformed, der::Oid("2.23.136.1.1.7.2.1"), "LDS-DGMalformed", P::data_group, "the encoding of the data group is broken"},
        {K::lds_dg_hash_wrong, der::Oid("2.23.136.1.1.7.2.2"), "LDS-DGHashWrong", P::data_group,
         "the hash of the data group in EF.SOD is wrong"},
        {K::lds_sod_signature_wrong, der::Oid("2.23.136.1.1.7.2.3"), "LDS-SODSignatureWrong", P::none, "the signature of EF.SOD is wrong"},
        {K::lds_com_inconsistent, der::Oid("2.23.136.1.1.7.2.4"), "LDS-COMInconsistent", P::none, "EF.COM and EF.SOD are inconsistent"},
        {K::mrz, der::Oid("2.23.136.1.1.7.3"), "MRZ", P::none, "the machine readable zone deviates"},
        {K::mrz_wrong_data, der::Oid("2.23.136.1.1.7.3.1"), "MRZ-WrongData", P::mrz_field, "the field of the zone is wrong"},
        {K::mrz_wrong_check_digit, der::Oid("2.23.136.1.1.7.3.2"), "MRZ-WrongCheckDigit", P::mrz_field,
         "the check digit of the field is wrong"},
        {K::chip, der::Oid("2.23.136.1.1.7.4"), "Chip", P::none, "the chip is not usable"},
        {K::national_use, der::Oid("2.23.136.1.1.7.5"), "NationalUse", P::none, "for the issuing State's own use"},
    };
    return table;
}

const Row* row_of(const der::Oid& type) {
    const auto row = std::find_if(rows().begin(), rows().end(), [&](const Row& r) { return r.type == type; });
    return row == rows().end() ? nullptr : &*row;
}

constexpr std::array cert_fields = {"generic",  "version", "serialNumber",         "signature",      "issuer",
                                    "validity", "subject", "subjectPublicKeyInfo", "issuerUniqueID", "subjectUniqueID"};
constexpr std::array mrz_fields = {"generic",     "documentCode", "issuingState", "personName",   "documentNumber",
                                   "nationality", "dateOfBirth",  "sex",          "dateOfExpiry", "optionalData"};

std::string parameter_text(Parameter kind, const DeviationParameter& p) {
    if (p.extension) return "extension " + p.extension->dotted();
    const auto n = static_cast<std::size_t>(p.number);
    if (kind == Parameter::data_group && p.number == 20) return "EF.SOD";
    if (kind == Parameter::data_group && p.number == 21) return "EF.COM";
    if (kind == Parameter::data_group && p.number >= 1 && p.number <= 16) return fmt::format("DG{}", p.number);
    if (kind == Parameter::cert_field && n < cert_fields.size()) return cert_fields.at(n);
    if (kind == Parameter::mrz_field && n < mrz_fields.size()) return mrz_fields.at(n);
    return std::to_string(p.number);
}

// CertField ::= CHOICE { body INTEGER, extension OBJECT IDENTIFIER }; the others are INTEGER.
Result<DeviationParameter> read_parameter(Parameter kind, ByteView der) {
    tlv::Reader r(der, tlv::Rules::ber, "parameters");
    DeviationParameter p;
    const auto e = TRY(tlv::parse_single(der, tlv::Rules::ber));
    if (kind == Parameter::cert_field && e.tag == der::oid) p.extension = TRY(der::read_oid(r));
    else p.number = TRY(der::read_integer(r));
    return p;
}

}  // namespace

std::string_view name(DeviationKind kind) {
    for (const auto& row : rows())
        if (row.kind == kind) return row.name;
    return "unknown";
}

std::optional<DeviationKind> deviation_kind_by_name(std::string_view wanted) {
    for (const auto& row : rows())
        if (row.name == wanted) return row.kind;
    return std::nullopt;
}

DeviationDescription DeviationDescription::of(DeviationKind kind, std::optional<DeviationParameter> parameter, std::string description) {
    DeviationDescription d;
    d.description = std::move(description);
    for (const auto& row : rows())
        if (row.kind == kind) d.type = row.type;
    if (parameter) d.parameters = parameter->extension ? der::write(*parameter->extension) : der::write_integer(parameter->number);
    return d;
}

DeviationKind DeviationDescription::kind() const {
    const auto* row = row_of(type);
    return row == nullptr ? DeviationKind::unknown : row->kind;
}

std::optional<DeviationParameter> DeviationDescription::parameter() const {
    const auto* row = row_of(type);
    if (row == nullptr || row->parameter == Parameter::none || parameters.empty()) return std::nullopt;
    auto p = read_parameter(row->parameter, parameters);
    return p ? std::optional(std::move(*p)) : std::nullopt;
}

std::string DeviationDescription::text() const {
    const auto* row = row_of(type);
    std::string result = row == nullptr ? "unknown deviation " + type.dotted() : row->name;
    if (const auto p = parameter()) result += " " + parameter_text(row->parameter, *p);
    if (row != nullptr) result += fmt::format(": {}", row->text);
    if (!description.empty()) result += " (" + printable(description) + ")";
    return result;
}

}  // namespace idchip::pki
