// Which extensions are there and how they are marked: Doc 9303-12, tables 6 to 8 for certificates, table 10 for CRLs.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "lint/checks.hpp"
#include "lint/oids.hpp"

namespace idchip::lint {
namespace {

enum class Marked { critical, non_critical };

// One letter a column, in the order of `Profile`: m mandatory, o optional, x do not use.
struct Row {
    const der::Oid& id;
    std::string_view name;
    std::string_view presence;
    Marked marked;
    std::optional<Rule> missing;
};

const std::vector<Row>& rows() {
    using enum Marked;
    static const std::vector<Row> table = {
        {pki::oids::authority_key_identifier(), "authorityKeyIdentifier", "ommmmmm", non_critical, Rule::aki_missing},
        {pki::oids::subject_key_identifier(), "subjectKeyIdentifier", "mmoooxx", non_critical, Rule::ski_missing},
        {pki::oids::key_usage(), "keyUsage", "mmmmmxx", critical, Rule::ku_missing},
        {pki::oids::private_key_usage_period(), "privateKeyUsagePeriod", "mmmooxx", non_critical, Rule::pkup_missing},
        {pki::oids::certificate_policies(), "certificatePolicies", "oooooxx", non_critical, {}},
        {oids::policy_mappings(), "policyMappings", "xxxxxxx", non_critical, {}},
        {pki::oids::subject_alt_name(), "subjectAltName", "mmmmmxx", non_critical, Rule::san_missing},
        {pki::oids::issuer_alt_name(), "issuerAltName", "mmmmmxx", non_critical, Rule::ian_missing},
        {oids::subject_directory_attributes(), "subjectDirectoryAttributes", "xxxxxxx", non_critical, {}},
        {pki::oids::basic_constraints(), "basicConstraints", "mmxxxxx", critical, Rule::bc_missing},
        {oids::name_constraints(), "nameConstraints", "xxxxxxx", non_critical, {}},
        {oids::policy_constraints(), "policyConstraints", "xxxxxxx", non_critical, {}},
        {pki::oids::extended_key_usage(), "extKeyUsage", "xxxmmmm", critical, Rule::eku_missing},
        {pki::oids::crl_distribution_points(), "cRLDistributionPoints", "mmmmoxx", non_critical, Rule::crldp_missing},
        {oids::inhibit_any_policy(), "inhibitAnyPolicy", "xxxxxxx", non_critical, {}},
        {oids::freshest_crl(), "freshestCRL", "xxxxxxx", non_critical, {}},
        {oids::authority_information_access(), "authorityInfoAccess", "oooooxx", non_critical, {}},
        {oids::subject_information_access(), "subjectInfoAccess", "oooooxx", non_critical, {}},
        {pki::oids::name_change(), "nameChange", "ooxxxxx", non_critical, {}},
        {pki::oids::document_type_list(), "documentTypeList", "xxmxxxo", non_critical, Rule::doctype_missing},
        {oids::netscape_certificate_type(), "netscapeCertType", "xxxxxxx", non_critical, {}},
    };
    return table;
}

// Doc 9303-12, table 10: one column.
const std::vector<Row>& crl_rows() {
    using enum Marked;
    static const std::vector<Row> table = {
        {pki::oids::authority_key_identifier(), "authorityKeyIdentifier", "m", non_critical, Rule::aki_missing},
        {pki::oids::issuer_alt_name(), "issuerAltName", "o", non_critical, {}},
        {pki::oids::crl_number(), "cRLNumber", "m", non_critical, Rule::crl_number_missing},
        {oids::delta_crl_indicator(), "deltaCRLIndicator", "x", non_critical, {}},
        {oids::issuing_distribution_point(), "issuingDistributionPoint", "x", non_critical, {}},
        {oids::freshest_crl(), "freshestCRL", "x", non_critical, {}},
    };
    return table;
}

const Row* row_of(const std::vector<Row>& table, const der::Oid& id) {
    const auto at = std::find_if(table.begin(), table.end(), [&](const Row& row) { return row.id == id; });
    return at == table.end() ? nullptr : &*at;
}

// `others`: whether extensions that the table does not name may be there.
void check_row(const RawExtension& e, const Row* row, std::size_t column, bool others, Findings& f) {
    const auto at = place(e.id);
    if (row == nullptr) {
        f.want(others, Rule::ext_forbidden, at);
        f.want(!e.critical(), Rule::ext_unknown_critical, at);
    } else if (row->presence[column] == 'x') {
        f.add(Rule::ext_forbidden, at, row->name);
    } else {
        const bool critical = row->marked == Marked::critical;
        f.want(e.critical() == critical, Rule::ext_criticality, at,
               fmt::format("{} must {}be critical", row->name, critical ? "" : "not "));
    }
}

void check_table(const RawExtensions& extensions, const std::vector<Row>& table, std::size_t column, bool others, Findings& f) {
    std::set<der::Oid> seen;
    for (const auto& e : extensions) {
        const auto at = place(e.id);
        if (!seen.insert(e.id).second) {
            f.add(Rule::ext_duplicate, at);
            continue;
        }
        const auto* row = row_of(table, e.id);
        check_row(e, row, column, others, f);
        f.want(!e.criticality || e.critical(), Rule::der_default, at, "critical FALSE");
        // cRLNumber has rules of its own.
        const auto number = e.id == pki::oids::crl_number() ? tlv::parse_single(e.value, lenient) : tlv::parse_single({}, lenient);
        if (row != nullptr) check_der(e.value, at, f, number ? number->value : ByteView());
    }
    for (const auto& row : table)
        if (row.presence[column] == 'm' && !seen.contains(row.id)) f.add(*row.missing, place(row.id));
}

}  // namespace

std::string place(const der::Oid& id) { return "extensions/" + id.dotted(); }

void check_extensions(const Subject& s, Findings& f) {
    // Doc 9303-12, 7.1.2 and 7.1.3: all others MUST NOT be included.
    const bool others = s.profile != Profile::lds2_signer && s.profile != Profile::bar_code_signer;
    check_table(s.certificate.extensions, rows(), static_cast<std::size_t>(s.profile), others, f);
}

void check_crl_extensions(const RawCrl& crl, Findings& f) { check_table(crl.extensions, crl_rows(), 0, true, f); }

}  // namespace idchip::lint
