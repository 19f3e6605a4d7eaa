// The machine readable zone of a record.
#include <fmt/format.h>

#include <idchip/mrz/names.hpp>
#include <idchip/national/vietnam/mrz_variant.hpp>
#include <idchip/record/record.hpp>

#include "base/try.hpp"

namespace idchip::record {
namespace {

Result<std::string> zone_name(const std::string& name, const char* field, const std::string& state) {
    auto t = TRY(mrz::transliterate(name, mrz::Variant::recommended, state));
    if (!t.unmapped.empty())
        return fail(Errc::mrz_no_transliteration, field, fmt::format("U+{:04X}", static_cast<std::uint32_t>(t.unmapped.front())));
    return std::move(t.text);
}

// Vietnam's zone says "no expiry" with a date, which a real expiry must not be; nobody else's has a way to say it.
Result<std::string> expiry_of(const Record& r) {
    if (r.issuing_state != "VNM" && r.expiry) return to_yymmdd(*r.expiry);
    auto text = vietnam::zone_expiry({r.expiry});
    if (!text) text.error().where = "expiry_date";
    return text;
}

void strip_fillers(std::string& text) { text.erase(text.find_last_not_of('<') + 1); }

}  // namespace

Result<Zone> make_zone(const Record& r) {
    Zone zone;
    auto& m = zone.mrz;
    m.format = r.format;
    m.document_code = r.document_code;
    m.issuing_state = r.issuing_state;
    m.nationality = r.nationality;
    m.document_number = r.document_number;
    m.optional_data_1 = r.optional_data_1;
    m.optional_data_2 = r.optional_data_2;
    m.birth = to_yymmdd(r.birth);
    m.expiry = TRY(expiry_of(r));
    m.sex = r.sex;
    const auto primary = TRY(zone_name(r.surname, "surname", r.issuing_state));
    const auto secondary = TRY(zone_name(r.given_names, "given_names", r.issuing_state));
    // The zone holds what fits; the rest of a long name lives in DG11, in DG13 and on the card.
    const auto fitted = mrz::fit_name(primary, secondary, r.format);
    zone.truncated = fitted.truncated;
    const auto parts = mrz::split_name(fitted.text);
    m.primary = parts.primary;
    m.secondary = parts.secondary;
    strip_fillers(m.primary);
    strip_fillers(m.secondary);
    zone.lines = TRY(mrz::write(m));
    return zone;
}

}  // namespace idchip::record
