#include <idchip/lds/ef_cvca.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <idchip/tlv/writer.hpp>

#include "base/try.hpp"
#include "lds/outer.hpp"

namespace idchip::lds {
namespace {

constexpr std::uint32_t tag_reference = 0x42;
constexpr std::size_t file_size = 36, longest_reference = 16, most_references = 2;

}  // namespace

Result<Bytes> EfCvca::encode() const {
    if (authority_references.empty() || authority_references.size() > most_references)
        return fail(Errc::bad_field, "EF.CVCA", fmt::format("{} references, want one or two", authority_references.size()));
    Bytes file;
    for (const auto& reference : authority_references) {
        if (reference.empty() || reference.size() > longest_reference)
            return fail(Errc::bad_field, "EF.CVCA", fmt::format("a reference of {} characters, want 1 to 16", reference.size()));
        append(file, tlv::element(tag_reference, as_bytes(reference)));
    }
    file.resize(file_size);
    return file;
}

Result<EfCvca> EfCvca::parse(ByteView file) {
    EfCvca result;
    tlv::Reader reader(file, tlv::Rules::ber, "EF.CVCA");
    while (!reader.at_end() && reader.rest()[0] != 0x00) {
        const auto e = TRY(reader.expect(tag_reference));
        if (e.value.empty() || e.value.size() > longest_reference)
            return reader.error(Errc::lds_bad_file, fmt::format("a reference of {} characters", e.value.size()));
        result.authority_references.push_back(as_text(e.value));
    }
    if (result.authority_references.empty() || result.authority_references.size() > most_references)
        return reader.error(Errc::lds_bad_file, fmt::format("{} references, want one or two", result.authority_references.size()));
    const auto padding = reader.rest();
    if (std::any_of(padding.begin(), padding.end(), [](Byte b) { return b != 0; }))
        result.notes.push_back({"lds.cvca_padding_not_zero", "EF.CVCA", {}});
    if (!reader.lengths_minimal()) result.notes.push_back({"lds.length_not_minimal", "EF.CVCA", {}});
    if (file.size() != file_size) result.notes.push_back({"lds.cvca_size", "EF.CVCA", fmt::format("{} bytes instead of 36", file.size())});
    return result;
}

}  // namespace idchip::lds
