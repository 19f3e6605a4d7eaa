// The records inside the templates of DG3 and DG4, of either generation.
#pragma once

#include <idchip/lds/biometric.hpp>

namespace idchip::lds {

template <class File, class Old, class Modern>
void read_records(File& file, const char* name, Old parse_old, Modern parse_modern) {
    const auto keep = [&](auto&& record, auto& list) {
        if (!record) return file.notes.push_back({"lds.biometric_unreadable", name, record.error().message()});
        file.notes.insert(file.notes.end(), record->notes.begin(), record->notes.end());
        list.push_back(std::move(*record));
    };
    for (const auto& t : file.templates)
        if (t.data_tag == 0x7F2E) keep(parse_modern(t.data), file.blocks);
        else keep(parse_old(t.data), file.records);
}

}  // namespace idchip::lds
