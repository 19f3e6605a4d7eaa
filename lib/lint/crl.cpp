// Certificate revocation lists: Doc 9303-12, 4.1.5 and tables 9 and 10.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/try.hpp"
#include "lint/checks.hpp"
#include "lint/oids.hpp"

namespace idchip::lint {
namespace {

void check_updates(const RawCrl& crl, Findings& f, std::optional<Instant>& this_update) {
    this_update = check_time(crl.this_update, "thisUpdate", f);
    if (!crl.next_update) {
        f.add(Rule::crl_next_update_missing, "nextUpdate");
        return;
    }
    const auto next_update = check_time(*crl.next_update, "nextUpdate", f);
    if (!this_update || !next_update) return;
    const auto period = next_update->seconds - this_update->seconds;
    const auto text = fmt::format("{} hours", period / 3600);
    f.want(period > 0, Rule::crl_update_order, "nextUpdate");
    f.want(period <= 90 * seconds_per_day, Rule::crl_period_long, "nextUpdate", text);
    f.want(period <= 0 || period >= 48 * 3600, Rule::crl_period_short, "nextUpdate", text);
}

Result<ByteView> read_number(ByteView value) {
    tlv::Reader r(value, lenient, "cRLNumber");
    const auto number = TRY(r.expect(der::integer)).value;
    TRY(r.expect_end());
    return number;
}

bool is_forbidden(const der::Oid& id) {
    return id == pki::oids::crl_reason() || id == oids::hold_instruction_code() || id == oids::invalidity_date() ||
           id == oids::certificate_issuer();
}

// One finding a rule for all entries: a list may have thousands.
struct Tally {
    std::size_t count = 0, first = 0;
    void note_at(std::size_t i) {
        if (count++ == 0) first = i;
    }
    void report(Rule rule, Findings& f) const {
        if (count > 0) f.add(rule, fmt::format("revokedCertificates/{}", first), count > 1 ? fmt::format("{} entries", count) : "");
    }
};

void check_entries(const RawCrl& crl, std::optional<Instant> this_update, Findings& f) {
    Tally forbidden, critical, twice, later;
    Findings repeated;  // times that are wrong in one entry are so in most: the first is told
    const auto before = f.size();
    std::set<Bytes> serials;
    for (std::size_t i = 0; i < crl.revoked.size(); ++i) {
        const auto& entry = crl.revoked[i];
        for (const auto& e : entry.extensions) {
            if (is_forbidden(e.id)) forbidden.note_at(i);
            else if (e.critical()) critical.note_at(i);
        }
        if (!serials.insert(to_bytes(entry.serial)).second) twice.note_at(i);
        const auto when = check_time(entry.when, fmt::format("revokedCertificates/{}", i), f.size() > before ? repeated : f);
        if (when && this_update && *when > *this_update) later.note_at(i);
    }
    forbidden.report(Rule::crl_entry_extension, f);
    critical.report(Rule::ext_unknown_critical, f);
    twice.report(Rule::crl_duplicate_entry, f);
    later.report(Rule::crl_revoked_later, f);
}

}  // namespace

void check_crl(const RawCrl& crl, Findings& f) {
    check_der(crl.raw, "", f);
    f.want(crl.version == 1, Rule::crl_version, "version", crl.version ? fmt::format("field {}", *crl.version) : "no version");
    check_signed(crl, f);
    check_name(crl.issuer, "issuer", f);
    std::optional<Instant> this_update;
    check_updates(crl, f, this_update);
    f.want(!crl.has_list || !crl.revoked.empty(), Rule::crl_empty_list, "revokedCertificates");
    check_entries(crl, this_update, f);
    check_crl_extensions(crl, f);
    if (const auto* e = find(crl.extensions, pki::oids::authority_key_identifier())) check_authority_key_id(*e, f);
    if (const auto* e = find(crl.extensions, pki::oids::crl_number()))
        if (const auto number = opened(read_number(e->value), *e, f))
            check_number(*number, {Rule::crl_number_negative, Rule::crl_number_long, Rule::crl_number_shortest}, place(e->id), f);
}

}  // namespace idchip::lint
