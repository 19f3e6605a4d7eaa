#include <idchip/lds/files.hpp>

#include <idchip/base/text.hpp>

namespace idchip::lds {

const std::vector<EfInfo>& all_files() {
    static const std::vector<EfInfo> table = {
        {Ef::com, "EF.COM", "EF_COM", Df::application, 0x011E, 0x1E, 0x60, "Doc 9303-10, 4.6.1"},
        {Ef::dg1, "DG1", "DG1", Df::application, 0x0101, 0x01, 0x61, "Doc 9303-10, 4.7.1"},
        {Ef::dg2, "DG2", "DG2", Df::application, 0x0102, 0x02, 0x75, "Doc 9303-10, 4.7.2"},
        {Ef::dg3, "DG3", "DG3", Df::application, 0x0103, 0x03, 0x63, "Doc 9303-10, 4.7.3"},
        {Ef::dg4, "DG4", "DG4", Df::application, 0x0104, 0x04, 0x76, "Doc 9303-10, 4.7.4"},
        {Ef::dg5, "DG5", "DG5", Df::application, 0x0105, 0x05, 0x65, "Doc 9303-10, 4.7.5"},
        {Ef::dg6, "DG6", "DG6", Df::application, 0x0106, 0x06, 0x66, "Doc 9303-10, 4.7.6"},
        {Ef::dg7, "DG7", "DG7", Df::application, 0x0107, 0x07, 0x67, "Doc 9303-10, 4.7.7"},
        {Ef::dg8, "DG8", "DG8", Df::application, 0x0108, 0x08, 0x68, "Doc 9303-10, 4.7.8"},
        {Ef::dg9, "DG9", "DG9", Df::application, 0x0109, 0x09, 0x69, "Doc 9303-10, 4.7.9"},
        {Ef::dg10, "DG10", "DG10", Df::application, 0x010A, 0x0A, 0x6A, "Doc 9303-10, 4.7.10"},
        {Ef::dg11, "DG11", "DG11", Df::application, 0x010B, 0x0B, 0x6B, "Doc 9303-10, 4.7.11"},
        {Ef::dg12, "DG12", "DG12", Df::application, 0x010C, 0x0C, 0x6C, "Doc 9303-10, 4.7.12"},
        {Ef::dg13, "DG13", "DG13", Df::application, 0x010D, 0x0D, 0x6D, "Doc 9303-10, 4.7.13"},
        {Ef::dg14, "DG14", "DG14", Df::application, 0x010E, 0x0E, 0x6E, "Doc 9303-10, 4.7.14"},
        {Ef::dg15, "DG15", "DG15", Df::application, 0x010F, 0x0F, 0x6F, "Doc 9303-10, 4.7.15"},
        {Ef::dg16, "DG16", "DG16", Df::application, 0x0110, 0x10, 0x70, "Doc 9303-10, 4.7.16"},
        {Ef::sod, "EF.SOD", "EF_SOD", Df::application, 0x011D, 0x1D, 0x77, "Doc 9303-10, 4.6.2"},
        {Ef::cvca, "EF.CVCA", "EF_CVCA", Df::application, 0x011C, 0x1C, 0, "Doc 9303-11, K.2"},
        {Ef::card_access, "EF.CardAccess", "EF_CardAccess", Df::master_file, 0x011C, 0x1C, 0, "Doc 9303-10, 3.11.3"},
        {Ef::card_security, "EF.CardSecurity", "EF_CardSecurity", Df::master_file, 0x011D, 0x1D, 0, "Doc 9303-10, 3.11.4"},
        {Ef::dir, "EF.DIR", "EF_DIR", Df::master_file, 0x2F00, 0x1E, 0, "Doc 9303-10, 3.11.2"},
        {Ef::atr_info, "EF.ATR/INFO", "EF_ATR_INFO", Df::master_file, 0x2F01, 0x01, 0, "Doc 9303-10, 3.11.1"},
    };
    return table;
}

const EfInfo& info(Ef ef) { return all_files().at(static_cast<std::size_t>(ef)); }

std::optional<Ef> ef_by_name(std::string_view wanted) {
    const auto dot = wanted.rfind('.');
    const auto stem = dot != std::string_view::npos && dot > 2 ? wanted.substr(0, dot) : wanted;
    for (const auto& row : all_files())
        for (const auto& candidate : {upper_ascii(wanted), upper_ascii(stem)})
            if (upper_ascii(row.name) == candidate || upper_ascii(row.dump_name) == candidate) return row.ef;
    return std::nullopt;
}

std::optional<Ef> ef_by_tag(std::uint32_t tag) {
    for (const auto& row : all_files())
        if (row.tag != 0 && row.tag == tag) return row.ef;
    return std::nullopt;
}

Ef data_group(int number) { return static_cast<Ef>(static_cast<int>(Ef::dg1) + number - 1); }
bool is_data_group(Ef ef) { return ef >= Ef::dg1 && ef <= Ef::dg16; }
int dg_number(Ef ef) { return is_data_group(ef) ? static_cast<int>(ef) - static_cast<int>(Ef::dg1) + 1 : 0; }

}  // namespace idchip::lds
