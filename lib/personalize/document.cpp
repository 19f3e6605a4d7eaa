#include <idchip/personalize/document.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <idchip/lds/details.hpp>
#include <idchip/lds/dg1.hpp>
#include <idchip/lds/dg2.hpp>
#include <idchip/lds/ef_com.hpp>
#include <idchip/national/vietnam/personal_number.hpp>
#include <idchip/signer/sod.hpp>

#include "base/try.hpp"

namespace idchip::personalize {
namespace {

// What a portrait made from a PNG may have, unless the issuer says otherwise: cards of this kind hold 12 to 20 kB.
constexpr std::size_t usual_portrait_bytes = 20'000;

// Doc 9303-10, table 72: fillers as in the zone, in any script, and never truncated.
std::string name_with_fillers(const record::Record& r) {
    auto name = r.given_names.empty() ? r.surname : r.surname + "<<" + r.given_names;
    std::replace(name.begin(), name.end(), ' ', '<');
    return name;
}

std::string compact(Date date) { return fmt::format("{:04}{:02}{:02}", date.year, date.month, date.day); }

Bytes make_dg11(const record::Record& r) {
    lds::DetailFile file;
    file.ef = lds::Ef::dg11;
    const auto add = [&file](std::uint32_t tag, const std::string& text) {
        if (!text.empty()) file.set(tag, text);
    };
    namespace tags = lds::dg11;
    add(tags::full_name, name_with_fillers(r));
    file.set_names(r.other_names);
    add(tags::personal_number, r.details.personal_number);
    add(tags::birth_date, compact(r.birth));
    add(tags::birth_place, r.birth_place);
    add(tags::address, r.details.residence);
    add(tags::telephone, r.telephone);
    add(tags::profession, r.profession);
    add(tags::title, r.title);
    return file.encode();
}

Bytes make_dg12(const record::Record& r) {
    lds::DetailFile file;
    file.ef = lds::Ef::dg12;
    if (!r.authority.empty()) file.set(lds::dg12::authority, r.authority);
    if (r.issued) file.set(lds::dg12::issue_date, compact(*r.issued));
    return file.encode();
}

Result<void> add_details(lds::Files& files, const record::Record& r) {
    if (!r.dg13.empty()) files[lds::Ef::dg13] = r.dg13;
    else if (vietnam::info(r.card).vn_mrz) files[lds::Ef::dg13] = TRY(vietnam::make_dg13(r.details, r.card)).encode();
    for (const auto ef : r.extra_groups) files[ef] = ef == lds::Ef::dg11 ? make_dg11(r) : make_dg12(r);
    return {};
}

Result<Bytes> make_dg2(const record::Record& r, ByteView portrait, image::RecordFormat format) {
    TRY(image::check_complete(portrait));
    image::FaceDescription face;
    face.image = portrait;
    face.gender = r.sex == 'M' ? image::Gender::male : r.sex == 'F' ? image::Gender::female : image::Gender::unknown;
    return lds::Dg2::encode(face, format);
}

// The Vietnamese card prints no CAN: readers take the last six digits of the personal number (docs/vietnam.md).
std::optional<std::string> can_of(const record::Record& r) {
    if (!vietnam::info(r.card).vn_mrz) return std::nullopt;
    const auto number = vietnam::PersonalNumber::parse(r.details.personal_number);
    return number ? std::optional(number->can()) : std::nullopt;
}

profile::Value text_value(std::string_view text) { return profile::Value::of(as_bytes(text)); }

}  // namespace

void list_in_com(Document& d) {
    std::vector<lds::Ef> groups;
    for (const auto& [ef, content] : d.files)
        if (lds::is_data_group(ef)) groups.push_back(ef);
    auto com = lds::EfCom::of(groups);
    if (d.lds_version == LdsVersion::v1_8) com.lds_version = "0108";
    d.files[lds::Ef::com] = com.encode();
}

Result<std::optional<Bytes>> refit_portrait(ByteView portrait, const DocumentOptions& options) {
    const auto found = codec::sniff(portrait);
    const bool png = found == codec::Format::png;
    const bool other_format = options.portrait_format && found != options.portrait_format;
    const bool too_large = options.portrait_bytes && portrait.size() > *options.portrait_bytes;
    if (!png && !other_format && !too_large) return std::optional<Bytes>();
    const auto picture = TRY(codec::decode(portrait));
    const auto kept = found && !png ? *found : codec::Format::jpeg;
    const auto target = options.portrait_bytes.value_or(usual_portrait_bytes);
    auto encoded = TRY(codec::encode_to_size(picture, options.portrait_format.value_or(kept), target));
    return std::optional(std::move(encoded.bytes));
}

Result<Document> make_document(const record::Record& r, ByteView portrait, const DocumentOptions& options) {
    Document d;
    d.record = r.id;
    const auto in_record = [&r](auto&& result) {
        if (!result) result.error().where = r.id + (result.error().where.empty() ? "" : "/" + result.error().where);
        return std::move(result);
    };
    const auto [m, lines, truncated] = TRY(in_record(record::make_zone(r)));
    d.files[lds::Ef::dg1] = lds::Dg1::encode(lines);
    const auto anew = TRY(in_record(refit_portrait(portrait, options)));
    d.files[lds::Ef::dg2] = TRY(in_record(make_dg2(r, anew ? ByteView(*anew) : portrait, options.face)));
    TRY(in_record(add_details(d.files, r)));
    d.lds_version = options.lds_version;
    list_in_com(d);
    d.mrz_information = TRY(in_record(mrz::mrz_information(m)));
    for (const auto& line : lines) d.expected.mrz += line + "\n";
    d.variables["mrz.document_number"] = text_value(m.document_number);
    d.variables["mrz.birth"] = text_value(m.birth);
    d.variables["mrz.expiry"] = text_value(m.expiry);
    d.variables["mrz.information"] = text_value(d.mrz_information);
    if (const auto can = can_of(r)) d.variables["can"] = text_value(*can);
    return d;
}

Result<void> sign_document(Document& d, pki::ContentSigner& signer, Instant signing_time) {
    signer::SodOptions options;
    options.hash_alg = signer.algorithm().hash;
    options.version = d.lds_version == LdsVersion::v1_8 ? 1 : 0;
    options.signing_time = signing_time;
    options.document_type = d.expected.mrz.substr(0, std::min<std::size_t>(2, d.expected.mrz.find('<')));
    d.files[lds::Ef::sod] = TRY(signer::sign_sod(d.files, signer, options));
    return {};
}

}  // namespace idchip::personalize
