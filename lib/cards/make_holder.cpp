// A synthetic person, or a record as idchip takes it, becomes the files of a document.
#include <cmath>

#include <idchip/base/file.hpp>
#include <idchip/lds/dg3.hpp>
#include <idchip/record/source.hpp>
#include <idchip/sample/sample.hpp>

#include "cards/make.hpp"

namespace idchip::cards {
namespace {

struct Material {
    Json record = Json::object();
    Bytes portrait;
};

Result<Material> material(const DocumentPlan& plan, const std::filesystem::path& folder, Date today) {
    Material m;
    if (plan.person) {
        const auto person = sample::make_person(plan.person->seed, plan.person->number, plan.person->as_of.value_or(today));
        m.record = Json::parse(sample::record_json(person, "drawn"));
        m.portrait = TRY(sample::draw_portrait(person, plan.person->seed));
    }
    if (plan.record) m.record.merge_patch(*plan.record);
    const auto portrait = m.record.find("portrait");
    const auto path = portrait != m.record.end() && portrait->is_string() ? portrait->get<std::string>() : std::string();
    if (path != "drawn" && !path.empty()) m.portrait = TRY(read_file(folder / path, 16U << 20U));
    if (m.portrait.empty()) return fail(Errc::sim_bad_card, "document/record/portrait", "no portrait");
    return m;
}

// ITU-T T.81, B.2.4.5: comment segments right behind SOI, until the picture has `size` bytes.
Bytes pad_jpeg(Bytes jpeg, std::size_t size) {
    constexpr std::size_t soi = 2, segment_header = 4, most = 65'533;
    Bytes comments;
    while (jpeg.size() + comments.size() + segment_header <= size) {
        const auto n = std::min(most, size - jpeg.size() - comments.size() - segment_header);
        append(comments, Bytes{0xFF, 0xFE});
        append_be(comments, n + 2, 2);
        comments.resize(comments.size() + n, 0x20);
    }
    jpeg.insert(jpeg.begin() + soi, comments.begin(), comments.end());
    return jpeg;
}

Result<record::Record> read_record(const Json& json, Date today) {
    record::RawRecord raw;
    record::read_json(json.dump(-1, ' ', false, Json::error_handler_t::replace), raw);
    auto checked = record::check(raw, {std::nullopt, today});
    for (const auto& problem : checked.problems)
        if (problem.severity == Severity::error)
            return fail(Errc::sim_bad_card, "document/record/" + std::string(problem.field), problem.message);
    if (!checked.record) return fail(Errc::sim_bad_card, "document/record", "no record");
    return std::move(*checked.record);
}

// Ridges around a core: enough to be seen, and nobody's.
Bytes draw_finger(unsigned width, unsigned height, unsigned number) {
    Bytes pixels;
    for (unsigned y = 0; y < height; ++y)
        for (unsigned x = 0; x < width; ++x) {
            const double dx = x - width / 2.0, dy = y - height * 0.4;
            const double distance = std::sqrt(dx * dx + dy * dy * 0.6);
            pixels.push_back(static_cast<Byte>(128 + 100 * std::sin(distance * 0.9 + 0.4 * std::sin(dy * 0.1 * (number + 1)) + number)));
        }
    return pixels;
}

}  // namespace

Result<Holder> make_holder(const DocumentPlan& plan, const std::filesystem::path& folder, Date today) {
    auto m = TRY(material(plan, folder, today));
    const auto as_of = plan.person && plan.person->as_of ? *plan.person->as_of : today;
    const auto record = TRY(read_record(m.record, as_of));
    if (plan.portrait_bytes > m.portrait.size()) m.portrait = pad_jpeg(std::move(m.portrait), plan.portrait_bytes);
    Holder holder;
    holder.document = TRY(personalize::make_document(record, m.portrait, plan.options));
    holder.zone = TRY(record::make_zone(record)).lines;
    holder.personal_number = record.details.personal_number.empty() ? record.document_number : record.details.personal_number;
    if (plan.fingerprints) holder.document.files[lds::Ef::dg3] = TRY(make_fingerprints(*plan.fingerprints));
    return holder;
}

Result<Bytes> make_fingerprints(unsigned count) {
    constexpr unsigned width = 96, height = 120;
    constexpr Byte finger_type = 0x08;
    constexpr std::uint16_t finger_image_data = 0x0007;                                        // Doc 9303-10, table 48
    constexpr Byte subtypes[] = {0x09, 0x0A, 0x05, 0x06, 0x0D, 0x0E, 0x11, 0x12, 0x15, 0x16};  // table 49: right and left, index first
    constexpr Byte positions[] = {2, 7, 1, 6, 3, 8, 4, 9, 5, 10};
    std::vector<Bytes> records, headers;
    for (unsigned i = 0; i < count && i < std::size(positions); ++i) {
        const auto pixels = draw_finger(width, height, i);
        image::FingerRecord record;
        record.compression = image::finger_raw;
        image::FingerImage finger;
        finger.position = positions[i];
        finger.quality = 80;
        finger.width = width;
        finger.height = height;
        finger.image = pixels;
        record.fingers.push_back(finger);
        records.push_back(TRY(image::encode_finger_record(record)));
        headers.push_back(lds::biometric_header(finger_type, subtypes[i], finger_image_data));
    }
    lds::Dg3 dg3;
    dg3.announced_count = static_cast<int>(records.size());
    for (std::size_t i = 0; i < records.size(); ++i) {
        lds::BiometricTemplate t;
        t.header = headers[i];
        t.data = records[i];
        dg3.templates.push_back(t);
    }
    // 4.7.3.2.2: where there is no finger, something that differs from document to document.
    const auto padding = crypto::hash(crypto::HashAlg::sha256, as_bytes("no finger"));
    if (records.empty()) dg3.padding = padding;
    return dg3.encode();
}

}  // namespace idchip::cards
