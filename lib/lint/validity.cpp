// How long a certificate is valid and its key is used: Doc 9303-12, 4.1.1, 4.1.4 and table 1.
#include <fmt/format.h>

#include "lint/checks.hpp"
#include "lint/oids.hpp"
#include "lint/parts.hpp"

namespace idchip::lint {
namespace {

constexpr std::int64_t day = seconds_per_day, month = 31 * day, year = 366 * day;

std::int64_t operator-(Instant a, Instant b) { return a.seconds - b.seconds; }
std::string days(std::int64_t seconds) { return fmt::format("{} days", seconds / day); }

// [0] and [1] IMPLICIT GeneralizedTime, in the one form that RFC 5280, 4.1.2.5.2 allows.
std::optional<Instant> period_time(const std::optional<tlv::Element>& time, const std::string& where, Findings& f) {
    if (!time) return std::nullopt;
    auto generalized = *time;
    generalized.tag = der::generalized_time;
    const auto instant = der::read_time(generalized);
    f.want(instant.has_value(), Rule::pkup_time_form, where, fmt::format("{} bytes", time->value.size()));
    return instant ? std::optional(*instant) : std::nullopt;
}

// Table 1: a document signer's key up to 3 months, slightly longer for overlap; a CSCA's 3 to 5 years. A month is left to either side.
void check_length(const Subject& s, std::int64_t length, const std::string& where, Findings& f) {
    if (s.profile == Profile::document_signer) f.want(length <= 4 * month, Rule::pkup_ds_long, where, days(length));
    if (s.is_csca()) f.want(length >= 3 * 365 * day - month && length <= 5 * year + month, Rule::pkup_csca_length, where, days(length));
}

struct Period {
    std::optional<Instant> from, until;
};
Period check_period(const Subject& s, Findings& f) {
    const auto* e = find(s.certificate.extensions, pki::oids::private_key_usage_period());
    if (e == nullptr) return {};
    const auto period = opened(read_usage_period(e->value), *e, f);
    if (!period) return {};
    const auto where = place(e->id);
    if (!period->not_before && !period->not_after) f.add(Rule::pkup_empty, where);
    else f.want(period->not_before && period->not_after, Rule::pkup_one_time, where);
    const Period p{period_time(period->not_before, where, f), period_time(period->not_after, where, f)};
    if (p.from && p.until) {
        f.want(*p.from <= *p.until, Rule::pkup_order, where);
        if (*p.from <= *p.until) check_length(s, *p.until - *p.from, where, f);
    }
    const bool early = p.from && s.not_before && *p.from < *s.not_before;
    const bool late = p.until && s.not_after && *p.until > *s.not_after;
    f.want(!early && !late, Rule::pkup_outside, where, early ? "begins before" : "ends after");
    return p;
}

// The certificate must outlive what was signed with its key. How long documents are valid it does not say: passports of children are
// valid for 5 years, and hardly a document for less.
void check_rest(const Subject& s, const Period& period, Findings& f) {
    const auto last_use = period.until ? *period.until : *s.not_before;
    const bool enough = *s.not_after - last_use >= 5 * 365 * day;
    const auto rest = days(*s.not_after - last_use);
    if (s.profile == Profile::document_signer) f.want(enough, Rule::validity_ds_short, "validity", rest);
    if (s.is_csca()) f.want(enough, Rule::validity_csca_short, "validity", rest);
}

}  // namespace

void check_validity(const Subject& s, Findings& f) {
    const auto period = check_period(s, f);
    if (!s.not_before || !s.not_after) return;
    if (*s.not_after < *s.not_before) {
        f.add(Rule::validity_order, "validity");
        return;
    }
    check_rest(s, period, f);
    // Appendix A: at most 15 years and 3 months, and 10 years and 3 months; as much again is left for overlap.
    const auto length = *s.not_after - *s.not_before;
    if (s.is_csca()) f.want(length <= 15 * year + 6 * month, Rule::validity_long, "validity", days(length));
    if (s.profile == Profile::document_signer) f.want(length <= 10 * year + 6 * month, Rule::validity_long, "validity", days(length));
}

}  // namespace idchip::lint
