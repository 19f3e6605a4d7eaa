#include <idchip/lds/issuer_file.hpp>

#include <idchip/tlv/writer.hpp>

#include "base/try.hpp"
#include "lds/outer.hpp"

namespace idchip::lds {
namespace {

constexpr std::uint32_t tag_count = 0x02;

bool has_count(Ef ef) { return ef == Ef::dg8 || ef == Ef::dg9 || ef == Ef::dg10; }

}  // namespace

Bytes IssuerFile::encode(Ef ef) const {
    const Bytes count = instances ? tlv::element(tag_count, Bytes{static_cast<Byte>(*instances)}) : Bytes();
    return tlv::element(info(ef).tag, {count, contents});
}

Result<IssuerFile> IssuerFile::parse(Ef ef, ByteView file) {
    IssuerFile result;
    auto [outer, reader] = TRY(open_file(file, ef, result.notes));
    if (has_count(ef)) {
        auto ahead = reader;
        const auto count = ahead.take(tag_count);
        if (count && *count && (*count)->value.size() == 1) {
            result.instances = (*count)->value[0];
            reader = ahead;
        } else {
            result.notes.push_back({"lds.features_without_count", name(ef), {}});
        }
    }
    result.contents = reader.rest();
    note_lengths(reader, ef, result.notes);
    return result;
}

}  // namespace idchip::lds
