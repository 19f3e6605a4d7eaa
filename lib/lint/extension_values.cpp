// What stands in the extensions: key identifiers, key usage, basic constraints, purposes, policies, name change.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include <idchip/pki/certificate.hpp>

#include "base/try.hpp"
#include "lint/checks.hpp"
#include "lint/oids.hpp"
#include "lint/parts.hpp"

namespace idchip::lint {
namespace {

// RFC 5280, 4.2.1.2: (1) SHA-1 of the key bits, (2) 0100 and the last 60 bits of it.
bool follows_rfc(ByteView id, const crypto::PublicKey& key) {
    const auto whole = pki::key_id(key);
    if (equal(id, whole)) return true;
    auto last = to_bytes(ByteView(whole).last(8));
    last[0] = static_cast<Byte>(0x40U | (last[0] & 0x0FU));
    return equal(id, last);
}

void check_subject_key_id(const Subject& s, const RawExtension& e, Findings& f) {
    const auto id = opened(read_subject_key_id(e.value), e, f);
    if (id && s.key) f.want(follows_rfc(*id, *s.key), Rule::ski_other_method, place(e.id), fmt::format("{} bytes", id->size()));
}

// Bits of RFC 5280, 4.2.1.3; the columns are those of Doc 9303-12, table 6.
struct Bit {
    std::string_view name, presence;
};
constexpr std::array<Bit, 9> bits = {{
    {"digitalSignature", "xxmmo"},
    {"nonRepudiation", "xxxxx"},
    {"keyEncipherment", "xxxxo"},
    {"dataEncipherment", "xxxxx"},
    {"keyAgreement", "xxxxo"},
    {"keyCertSign", "mmxxx"},
    {"cRLSign", "mmxxx"},
    {"encipherOnly", "xxxxx"},
    {"decipherOnly", "xxxxx"},
}};

void check_key_usage(const Subject& s, const RawExtension& e, Findings& f) {
    const auto usage = opened(read_key_usage(e.value), e, f);
    const auto column = static_cast<std::size_t>(s.profile);
    if (!usage || column >= bits[0].presence.size()) return;  // forbidden for the others, said already
    for (std::size_t i = 0; i < bits.size(); ++i) {
        f.want(bits[i].presence[column] != 'm' || usage->has(i), Rule::ku_bit_missing, place(e.id), bits[i].name);
        f.want(bits[i].presence[column] != 'x' || !usage->has(i), Rule::ku_bit_forbidden, place(e.id), bits[i].name);
    }
    f.want(usage->bits.empty() || usage->bits.back(), Rule::der_named_bits, place(e.id));
}

void check_basic_constraints(const Subject& s, const RawExtension& e, Findings& f) {
    const auto constraints = opened(read_basic_constraints(e.value), e, f);
    if (!constraints || !s.is_csca()) return;
    f.want(constraints->is_ca, Rule::bc_not_ca, place(e.id));
    f.want(!constraints->false_stated, Rule::der_default, place(e.id), "cA FALSE");
    if (!constraints->path_length) f.add(Rule::bc_path_length_missing, place(e.id));
    else f.want(*constraints->path_length == 0, Rule::bc_path_length, place(e.id), std::to_string(*constraints->path_length));
}

void check_purposes(const Subject& s, const RawExtension& e, Findings& f) {
    const auto purposes = opened(read_purposes(e.value), e, f);
    if (!purposes || s.profile != Profile::list_signer) return;
    const auto& wanted = s.kind == Kind::master_list_signer ? oids::master_list_signing_key() : oids::deviation_list_signing_key();
    f.want(std::find(purposes->begin(), purposes->end(), wanted) != purposes->end(), Rule::eku_purpose, place(e.id), wanted.dotted());
    const auto other = std::find_if(purposes->begin(), purposes->end(), [&](const der::Oid& id) { return !(id == wanted); });
    if (other != purposes->end()) f.add(Rule::eku_more, place(e.id), other->dotted());
}

Result<bool> names_policies(ByteView value) {
    tlv::Reader outer(value, lenient, "certificatePolicies");
    auto list = outer.enter(TRY(outer.expect(der::sequence)));
    TRY(outer.expect_end());
    bool all = !list.at_end();
    while (!list.at_end()) {
        auto information = list.enter(TRY(list.expect(der::sequence)));
        if (information.at_end()) all = false;
        else TRY(der::read_oid(information));
    }
    return all;
}

void check_policies(const Subject&, const RawExtension& e, Findings& f) {
    if (const auto named = opened(names_policies(e.value), e, f)) f.want(*named, Rule::policies_empty, place(e.id));
}

// Doc 9303-12, 7.1.1.5
void check_name_change(const Subject& s, const RawExtension& e, Findings& f) {
    if (!s.is_csca()) return;
    f.want(equal(e.value, der::write_null()), Rule::namechange_syntax, place(e.id), fmt::format("{} bytes", e.value.size()));
    f.want(s.profile == Profile::root || !s.certificate.self_issued(), Rule::namechange_same_names, place(e.id));
}

struct Check {
    const der::Oid& id;
    void (*run)(const Subject&, const RawExtension&, Findings&);
};
const std::vector<Check>& checks() {
    static const std::vector<Check> table = {
        {pki::oids::authority_key_identifier(), [](const Subject&, const RawExtension& e, Findings& f) { check_authority_key_id(e, f); }},
        {pki::oids::subject_key_identifier(), check_subject_key_id},
        {pki::oids::key_usage(), check_key_usage},
        {pki::oids::basic_constraints(), check_basic_constraints},
        {pki::oids::extended_key_usage(), check_purposes},
        {pki::oids::certificate_policies(), check_policies},
        {pki::oids::name_change(), check_name_change},
    };
    return table;
}

}  // namespace

void check_authority_key_id(const RawExtension& e, Findings& f) {
    const auto id = opened(read_authority_key_id(e.value), e, f);
    if (!id) return;
    f.want(id->key_id && !id->key_id->empty(), Rule::aki_no_key_id, place(e.id));
    f.want(id->issuer == id->serial, Rule::aki_half_reference, place(e.id));
}

void check_extension_values(const Subject& s, Findings& f) {
    for (const auto& check : checks())
        if (const auto* e = find(s.certificate.extensions, check.id)) check.run(s, *e, f);
}

}  // namespace idchip::lint
