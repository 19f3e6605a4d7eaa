// What images and ISO/IEC 19794-5 records say of themselves.
#include <idchip/image/face_record.hpp>

#include "base/try.hpp"
#include "vectors/suites.hpp"

namespace idchip::vectors {
namespace {

Result<Outputs> read_header(const Inputs& in) {
    const auto h = TRY(image::read_header(TRY(in.bytes("image"))));
    return Outputs{{"format", std::string(image::name(h.format))}, {"width", h.width}, {"height", h.height}, {"components", h.components}};
}

Result<Outputs> sniff(const Inputs& in) { return Outputs{{"format", std::string(image::name(image::sniff(TRY(in.bytes("image")))))}}; }

Result<Outputs> face_record(const Inputs& in) {
    const auto bytes = TRY(in.bytes("record"));
    const auto record = TRY(image::parse_face_record(bytes));
    Json faces = Json::array();
    for (const auto& f : record.faces)
        faces.push_back({{"gender", f.gender},
                         {"feature_points", f.feature_points},
                         {"image_type", f.image_type},
                         {"data_type", f.data_type},
                         {"width", f.width},
                         {"height", f.height},
                         {"image", binary(f.image)}});
    return Outputs{{"faces", faces}, {"notes", ids(record.notes)}};
}

}  // namespace

Suite image_suite() { return {"image", {{"read_header", read_header}, {"sniff", sniff}, {"face_record", face_record}}}; }

}  // namespace idchip::vectors
