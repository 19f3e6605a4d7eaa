#include "vectors/suites.hpp"

#include <fmt/format.h>

namespace idchip::vectors {

const std::vector<Suite>& suites() {
    static const std::vector<Suite> table = {aa_suite(),   apdu_suite(),  bac_suite(),  cvc_suite(),       der_suite(),
                                             hash_suite(), image_suite(), kdf_suite(),  lds_suite(),       lint_suite(),
                                             mac_suite(),  mrz_suite(),   pace_suite(), signature_suite(), scp_suite(),
                                             sm_suite(),   sod_suite(),   ta_suite(),   tlv_suite(),       vietnam_suite()};
    return table;
}

std::optional<bool> has_feature(std::string_view name) {
    // A library built on an OpenSSL without brainpool curves stops when it loads them; here they are present.
    if (name == "brainpool") return true;
    if (name == "openssl-legacy") return false;  // the legacy provider is never loaded
    return std::nullopt;
}

Json ids(const Notes& notes) {
    Json list = Json::array();
    for (const auto& note : notes) list.push_back(note.id);
    return list;
}

Json fields(const mrz::Mrz& m) {
    const char* const format = m.format == mrz::Format::td1 ? "td1" : m.format == mrz::Format::td2 ? "td2" : "td3";
    return {{"format", format},
            {"document_code", m.document_code},
            {"issuing_state", m.issuing_state},
            {"document_number", m.document_number},
            {"birth", m.birth},
            {"sex", std::string(1, m.sex)},
            {"expiry", m.expiry},
            {"nationality", m.nationality},
            {"optional_data_1", m.optional_data_1},
            {"optional_data_2", m.optional_data_2},
            {"primary", m.primary},
            {"secondary", m.secondary}};
}

Json faults(const mrz::Parsed& parsed) {
    Json list = Json::array();
    for (const auto& f : parsed.faults)
        list.push_back({{"field", f.field},
                        {"printed", std::string(1, f.printed)},
                        {"computed", std::string(1, f.computed)},
                        {"line", f.line},
                        {"column", f.column}});
    return list;
}

std::string hex4(std::uint16_t sw) { return fmt::format("{:04X}", sw); }

}  // namespace idchip::vectors
