#include <idchip/lds/ef_atr_info.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <idchip/tlv/writer.hpp>

#include "base/try.hpp"
#include "lds/outer.hpp"

namespace idchip::lds {
namespace {

constexpr std::uint32_t tag_capabilities = 0x47, tag_limits = 0x7F66, tag_integer = 0x02;

const EfAtrInfo::Object* find(const EfAtrInfo& file, std::uint32_t tag) {
    const auto it = std::find_if(file.objects.begin(), file.objects.end(), [tag](const auto& o) { return o.tag == tag; });
    return it == file.objects.end() ? nullptr : &*it;
}

std::optional<bool> third_function_bit(const EfAtrInfo& file, Byte mask) {
    const auto* o = find(file, tag_capabilities);
    if (o == nullptr || o->value.size() < 3) return std::nullopt;
    return (o->value[2] & mask) != 0;
}

Result<std::uint64_t> read_limit(tlv::Reader& r) {
    const auto e = TRY(r.expect(tag_integer));
    if (e.value.empty() || e.value.size() > 8) return r.error(Errc::lds_bad_file, "a limit is not a number of 1 to 8 bytes");
    return read_be(e.value);
}

Result<EfAtrInfo::ApduLimits> read_limits(ByteView value) {
    tlv::Reader r(value, tlv::Rules::ber, "EF.ATR/INFO/7F66");
    const auto command = TRY(read_limit(r));
    return EfAtrInfo::ApduLimits{command, TRY(read_limit(r))};
}

}  // namespace

std::optional<bool> EfAtrInfo::command_chaining() const { return third_function_bit(*this, 0x80); }
std::optional<bool> EfAtrInfo::extended_length() const { return third_function_bit(*this, 0x40); }

std::optional<EfAtrInfo::ApduLimits> EfAtrInfo::limits() const {
    const auto* o = find(*this, tag_limits);
    if (o == nullptr) return std::nullopt;
    const auto limits = read_limits(o->value);
    return limits ? std::optional(*limits) : std::nullopt;
}

Bytes EfAtrInfo::encode() const {
    Bytes file;
    for (const auto& o : objects) append(file, tlv::element(o.tag, o.value));
    return file;
}

Result<EfAtrInfo> EfAtrInfo::parse(ByteView file) {
    EfAtrInfo result;
    tlv::Reader reader(file, tlv::Rules::ber, "EF.ATR/INFO");
    while (!reader.at_end()) {
        if (const Byte next = reader.rest()[0]; next == 0x00 || next == 0xFF) {
            result.notes.push_back({"lds.trailing_bytes", "EF.ATR/INFO", fmt::format("{} bytes after the object", reader.rest().size())});
            break;
        }
        const auto e = TRY(reader.next());
        result.objects.push_back({e.tag, to_bytes(e.value)});
        if (e.tag != tag_limits) continue;
        if (const auto limits = read_limits(e.value); !limits)
            result.notes.push_back({"lds.atr_info_limits_malformed", "EF.ATR/INFO/7F66", limits.error().message()});
    }
    if (!reader.lengths_minimal()) result.notes.push_back({"lds.length_not_minimal", "EF.ATR/INFO", {}});
    return result;
}

}  // namespace idchip::lds
