// Who is on the card, and how the files are made.
#include "cards/blueprint.hpp"

namespace idchip::cards {
namespace {

Result<DocumentPlan::Person> read_person(const Node& node) {
    TRY(node.check_keys("person"));
    DocumentPlan::Person p;
    const auto as_number = [](const Node& n) -> Result<std::uint64_t> { return static_cast<std::uint64_t>(TRY(n.number(0, INT64_MAX))); };
    TRY(take(node, "seed", p.seed, as_number));
    TRY(take(node, "number", p.number, as_number));
    TRY(take(node, "as_of", p.as_of, read_date));
    return p;
}

}  // namespace

Result<DocumentPlan> read_document(const Node& node) {
    TRY(node.check_keys("document"));
    DocumentPlan d;
    TRY(take(node, "person", d.person, read_person));
    if (node.has("record")) {
        if (!node.at("record").is_object()) return node.at("record").bad("want an object");
        d.record = node.at("record").json();
    }
    if (!d.person && !d.record) return node.bad("want \"person\" or \"record\"");
    if (node.has("face_record") && TRY(node.at("face_record").choice({"iso19794", "iso39794"})) == 1)
        d.options.face = image::RecordFormat::iso39794;
    if (node.has("lds") && TRY(node.at("lds").choice({"1.7", "1.8"})) == 1) d.options.lds_version = personalize::LdsVersion::v1_8;
    TRY(take(node, "portrait_bytes", d.portrait_bytes, as_size));
    if (node.has("fingerprints")) d.fingerprints = static_cast<unsigned>(TRY(node.at("fingerprints").number(0, 10)));
    return d;
}

}  // namespace idchip::cards
