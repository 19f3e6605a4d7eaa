// Doc 9303-3, -4, -5, -6: the machine readable zone and the names in it.
#include <idchip/mrz/names.hpp>

#include "base/try.hpp"
#include "vectors/suites.hpp"

namespace idchip::vectors {
namespace {

using mrz::Format;

Result<Format> format_of(const Inputs& in) {
    return in.choice<Format>("format", {{"td1", Format::td1}, {"td2", Format::td2}, {"td3", Format::td3}});
}

Result<mrz::Mrz> mrz_of(const Inputs& in) {
    mrz::Mrz m;
    m.format = TRY(format_of(in));
    m.document_code = TRY(in.text("document_code"));
    m.issuing_state = TRY(in.text("issuing_state"));
    m.document_number = TRY(in.text("document_number"));
    m.birth = TRY(in.text("birth"));
    const auto sex = TRY(in.text("sex"));
    m.expiry = TRY(in.text("expiry"));
    m.nationality = TRY(in.text("nationality"));
    m.optional_data_1 = TRY(in.text("optional_data_1"));
    m.optional_data_2 = TRY(in.text("optional_data_2"));
    m.primary = TRY(in.text("primary"));
    m.secondary = TRY(in.text("secondary"));
    if (sex.size() != 1) return bad("in.fields.sex", "want one character");
    m.sex = sex[0];
    return m;
}

Result<Outputs> parse(const Inputs& in) {
    const auto parsed = TRY(mrz::parse(TRY(in.text("text"))));
    return Outputs{{"ok", true}, {"fields", fields(parsed.mrz)}, {"faults", faults(parsed)}, {"lines", parsed.lines}};
}

Result<Outputs> parse_strict(const Inputs& in) {
    const auto m = TRY(mrz::parse_strict(TRY(in.text("text"))));
    return Outputs{{"ok", true}, {"fields", fields(m)}};
}

Result<Outputs> write(const Inputs& in) {
    const auto m = TRY(mrz_of(TRY(in.object("fields"))));
    return Outputs{{"lines", TRY(mrz::write(m))}};
}

Result<Outputs> check_digit(const Inputs& in) {
    const auto characters = TRY(in.text("characters"));
    if (characters.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<") != std::string::npos)
        return bad("in.characters", "a check digit is defined over A-Z 0-9 < only");
    return Outputs{{"digit", std::string(1, mrz::check_digit(characters))}};
}

// From a whole zone, or from the three fields as typed in.
Result<Outputs> mrz_information(const Inputs& in) {
    if (in.has("text")) {
        const auto parsed = TRY(mrz::parse(TRY(in.text("text"))));
        return Outputs{{"mrz_information", TRY(mrz::mrz_information(parsed.mrz))}};
    }
    const auto number = TRY(in.text("document_number"));
    const auto birth = TRY(in.text("birth"));
    const auto expiry = TRY(in.text("expiry"));
    return Outputs{{"mrz_information", TRY(mrz::mrz_information(number, birth, expiry))}};
}

Result<Outputs> transliterate(const Inputs& in) {
    using mrz::Variant;
    const auto text = TRY(in.text("text"));
    const auto state = in.has("issuing_state") ? TRY(in.text("issuing_state")) : std::string();
    auto variant = Variant::recommended;
    if (in.has("variant"))
        variant = TRY(in.choice<Variant>("variant", {{"recommended", Variant::recommended}, {"simple", Variant::simple}}));
    const auto result = TRY(mrz::transliterate(text, variant, state));
    Json unmapped = Json::array();
    for (const char32_t c : result.unmapped) unmapped.push_back(static_cast<std::uint32_t>(c));
    return Outputs{{"text", result.text}, {"unmapped", unmapped}};
}

Result<Outputs> fit_name(const Inputs& in) {
    const auto primary = TRY(in.text("primary"));
    const auto secondary = TRY(in.text("secondary"));
    return Outputs{{"text", mrz::fit_name(primary, secondary, TRY(format_of(in))).text}};
}

}  // namespace

Suite mrz_suite() {
    return {"mrz",
            {{"parse", parse},
             {"parse_strict", parse_strict},
             {"write", write},
             {"check_digit", check_digit},
             {"mrz_information", mrz_information},
             {"transliterate", transliterate},
             {"fit_name", fit_name}}};
}

}  // namespace idchip::vectors
