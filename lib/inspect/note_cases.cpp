// Which inspection case a parser's note belongs to. docs/tolerances.md tells what each note means.
#include "inspect/checks.hpp"

namespace idchip::inspect {
namespace {

struct Row {
    std::string_view note, case_id;
};

constexpr Row rows[] = {
    {"lds.trailing_bytes", "B14"},
    {"lds.length_not_minimal", "B17"},
    {"lds.indefinite_length", "B17"},
    {"lds.dg1_second_mrz", "B18"},
    {"lds.dg1_extra_objects", "B18"},
    {"lds.biometric_extra_objects", "B18"},
    {"lds.biometric_count_differs", "B20"},
    {"lds.dg2_no_face", "B20"},
    {"lds.dg2_several_faces", "B20"},
    {"lds.dg2_face_unreadable", "B22"},
    {"lds.dg2_iso39794", "B23"},
    {"lds.com_unknown_tag", "B06"},
    {"lds.com_extra_objects", "B06"},
    {"face.image_type_differs", "B21"},
    {"face.trailing_bytes", "B14"},
    {"face.count_differs", "B20"},
    {"sod.not_der", "C31"},
    {"sod.version_info_in_v0", "B06"},
    {"cms.segmented_octet_string", "C31"},
    {"cms.not_der", "C31"},
    {"cms.signed_attributes_not_der", "C31"},
    {"cms.trailing_bytes", "C33"},
    {"cms.version", "C12"},
    {"cms.signer_version", "C12"},
    {"cms.certificate_unreadable", "D21"},
    {"cms.other_certificate_kind", "C15"},
    {"cms.crls_present", "C32"},
    {"cms.signing_time_form", "C36"},
    {"cms.signature_without_hash", "C22"},
    {"cms.digest_differs_from_signature_hash", "C19"},
    {"cms.pss_mgf_differs", "C21"},
    {"x509.serial_negative", "D21"},
    {"x509.serial_zero", "D21"},
    {"x509.serial_too_long", "D21"},
    {"x509.extensions_in_old_version", "D21"},
    {"x509.boolean_not_der", "D21"},
};

}  // namespace

std::string_view case_of_note(std::string_view id) {
    for (const auto& row : rows)
        if (row.note == id) return row.case_id;
    return {};
}

}  // namespace idchip::inspect
