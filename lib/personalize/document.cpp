#include <idchip/personalize/document.hpp>

#include <fmt/format.h>

#include <idchip/lds/dg1.hpp>
#include <idchip/lds/dg2.hpp>
#include <idchip/lds/ef_com.hpp>
#include <idchip/mrz/names.hpp>
#include <idchip/signer/sod.hpp>

#include "base/try.hpp"

namespace idchip::personalize {
namespace {

// What Vietnam prints for "no expiry".
constexpr std::string_view no_expiry = "991231";

Result<std::string> zone_name(const std::string& name, const char* field, const std::string& state) {
    const auto t = TRY(mrz::transliterate(name, mrz::Variant::recommended, state));
    if (!t.unmapped.empty())
        return fail(Errc::mrz_no_transliteration, field,
                    fmt::format("U+{:04X}", static_cast<std::uint32_t>(t.unmapped.front())));
    return t.text;
}

Result<mrz::Mrz> make_mrz(const Record& r) {
    mrz::Mrz m;
    m.format = r.format;
    m.document_code = r.document_code;
    m.issuing_state = r.issuing_state;
    m.nationality = r.nationality;
    m.document_number = r.document_number;
    m.optional_data_1 = r.optional_data_1;
    m.optional_data_2 = r.optional_data_2;
    m.birth = to_yymmdd(r.birth);
    m.expiry = r.expiry ? to_yymmdd(*r.expiry) : std::string(no_expiry);
    m.sex = r.sex;
    const auto primary = TRY(zone_name(r.surname, "surname", r.issuing_state));
    const auto secondary = TRY(zone_name(r.given_names, "given_names", r.issuing_state));
    // The zone holds what fits; the rest of a long name lives in DG11 and on the card.
    const auto fitted = mrz::fit_name(primary, secondary, r.format).text;
    const auto gap = fitted.find("<<");
    m.primary = fitted.substr(0, gap);
    if (gap != std::string::npos) m.secondary = fitted.substr(gap + 2);
    const auto strip = [](std::string& s) { s.erase(s.find_last_not_of('<') + 1); };
    strip(m.primary);
    strip(m.secondary);
    return m;
}

Result<Bytes> make_dg2(const Record& r, ByteView portrait) {
    const auto header = TRY(image::check_complete(portrait));
    if (header.width > 0xFFFF || header.height > 0xFFFF) return fail(Errc::lds_bad_image, "portrait", "too many pixels");
    image::FaceImage face;
    face.gender = r.sex == 'M' ? 1 : r.sex == 'F' ? 2 : 0;
    face.data_type = header.format == image::Format::jpeg ? 0 : 1;
    face.width = static_cast<std::uint16_t>(header.width);
    face.height = static_cast<std::uint16_t>(header.height);
    face.colour_space = header.components == 1 ? 4 : 1;  // ISO/IEC 19794-5, 5.7.5: 8-bit greyscale, 24-bit RGB
    face.image = portrait;
    return lds::Dg2::encode(face);
}

profile::Value text_value(std::string_view text) { return profile::Value::of(as_bytes(text)); }

}  // namespace

Result<Document> make_document(const Record& r, ByteView portrait) {
    Document d;
    d.record = r.id;
    const auto in_record = [&r](auto&& result) {
        if (!result) result.error().where = r.id + (result.error().where.empty() ? "" : "/" + result.error().where);
        return std::move(result);
    };
    const auto m = TRY(in_record(make_mrz(r)));
    const auto lines = TRY(in_record(mrz::write(m)));
    d.files[lds::Ef::dg1] = lds::Dg1::encode(lines);
    d.files[lds::Ef::dg2] = TRY(in_record(make_dg2(r, portrait)));
    if (!r.dg13.empty()) d.files[lds::Ef::dg13] = r.dg13;
    std::vector<lds::Ef> groups;
    for (const auto& [ef, content] : d.files) groups.push_back(ef);
    d.files[lds::Ef::com] = lds::EfCom::of(groups).encode();
    d.mrz_information = TRY(in_record(mrz::mrz_information(m)));
    for (const auto& line : lines) d.expected.mrz += line + "\n";
    d.variables["mrz.document_number"] = text_value(m.document_number);
    d.variables["mrz.birth"] = text_value(m.birth);
    d.variables["mrz.expiry"] = text_value(m.expiry);
    return d;
}

Result<void> sign_document(Document& d, pki::ContentSigner& signer, Instant signing_time) {
    signer::SodOptions options;
    options.hash_alg = signer.algorithm().hash;
    options.signing_time = signing_time;
    d.files[lds::Ef::sod] = TRY(signer::sign_sod(d.files, signer, options));
    return {};
}

}  // namespace idchip::personalize
