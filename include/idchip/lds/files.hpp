// The files of an eMRTD: Doc 9303-10, 3.9 to 3.11.
#pragma once

#include <map>

#include <idchip/base/bytes.hpp>

namespace idchip::lds {

enum class Ef {
    com,
    dg1,
    dg2,
    dg3,
    dg4,
    dg5,
    dg6,
    dg7,
    dg8,
    dg9,
    dg10,
    dg11,
    dg12,
    dg13,
    dg14,
    dg15,
    dg16,
    sod,   // application DF
    cvca,  // application DF, 011C
    card_access,
    card_security,
    dir,
    atr_info,  // master file
};

enum class Df { master_file, application };

struct EfInfo {
    Ef ef;
    std::string_view name;       // "EF.COM", "DG1"
    std::string_view dump_name;  // "EF_COM", "DG1": file name without extension
    Df df;
    std::uint16_t fid;
    Byte sfi;
    std::uint32_t tag;        // outer tag; 0 where the file has none of its own
    std::string_view clause;  // where it is specified: "Doc 9303-10, 4.7.1"
};

const EfInfo& info(Ef ef);
const std::vector<EfInfo>& all_files();
inline std::string name(Ef ef) { return std::string(info(ef).name); }
std::optional<Ef> ef_by_name(std::string_view name);  // either name, any case, with or without extension
std::optional<Ef> ef_by_tag(std::uint32_t tag);       // application files only
// Precondition of `data_group`: 1 <= number <= 16.
Ef data_group(int number);
int dg_number(Ef ef);  // 0 for what is not a data group
bool is_data_group(Ef ef);

// What a chip carries: whole files, bytes as they stand.
using Files = std::map<Ef, Bytes>;

// The eMRTD application, Doc 9303-10, 3.6.1
inline constexpr Byte application_aid[] = {0xA0, 0x00, 0x00, 0x02, 0x47, 0x10, 0x01};

}  // namespace idchip::lds
