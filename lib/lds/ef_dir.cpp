#include <idchip/lds/ef_dir.hpp>

#include <fmt/format.h>

#include <idchip/tlv/writer.hpp>

#include "base/try.hpp"
#include "lds/outer.hpp"

namespace idchip::lds {
namespace {

constexpr std::uint32_t tag_template = 0x61, tag_aid = 0x4F;

}  // namespace

Bytes EfDir::encode() const {
    Bytes file;
    for (const auto& a : applications) append(file, tlv::element(tag_template, {tlv::element(tag_aid, a.aid), a.other}));
    return file;
}

Result<EfDir> EfDir::parse(ByteView file) {
    EfDir dir;
    tlv::Reader reader(file, tlv::Rules::ber, "EF.DIR");
    while (!reader.at_end()) {
        // A transparent file is often larger than its content: it ends with 00 or FF (ISO/IEC 7816-4, 5.2.2.1).
        if (const Byte next = reader.rest()[0]; next == 0x00 || next == 0xFF) {
            dir.notes.push_back({"lds.trailing_bytes", "EF.DIR", fmt::format("{} bytes after the object", reader.rest().size())});
            break;
        }
        auto application = reader.enter(TRY(reader.expect(tag_template)));
        const auto aid = TRY(application.expect(tag_aid));
        dir.applications.push_back({to_bytes(aid.value), to_bytes(application.rest())});
    }
    if (!reader.lengths_minimal()) dir.notes.push_back({"lds.length_not_minimal", "EF.DIR", {}});
    return dir;
}

std::string_view application_name(ByteView aid) {
    // Doc 9303-10, table 31
    struct Row {
        Byte pix[2];
        std::string_view name;
    };
    static constexpr Row rows[] = {{{0x10, 0x01}, "eMRTD application"},
                                   {{0x20, 0x01}, "travel records"},
                                   {{0x20, 0x02}, "visa records"},
                                   {{0x20, 0x03}, "additional biometrics"}};
    const ByteView rid(application_aid, 5);
    if (aid.size() != 7 || !equal(aid.first(5), rid)) return {};
    for (const auto& row : rows)
        if (equal(aid.subspan(5), row.pix)) return row.name;
    return {};
}

}  // namespace idchip::lds
