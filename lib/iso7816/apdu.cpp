#include <idchip/iso7816/apdu.hpp>

#include <fmt/format.h>

namespace idchip::iso7816 {
namespace {

constexpr std::size_t max_extended = 65535;

Failure malformed(std::string detail) { return fail(Errc::apdu_malformed, {}, std::move(detail)); }

std::uint32_t le_value(ByteView field) {
    const auto value = static_cast<std::uint32_t>(read_be(field));
    return value != 0 ? value : field.size() == 1 ? 256 : 65536;
}

}  // namespace

Result<Bytes> CommandApdu::encode() const {
    if (data.size() > max_extended || le.value_or(1) > 65536 || le.value_or(1) == 0)
        return fail(Errc::apdu_too_long, {}, fmt::format("{} data bytes, Le {}", data.size(), le.value_or(0)));
    const bool ext = needs_extended();
    Bytes bytes = header();
    if (!data.empty()) {
        if (ext) {
            bytes.push_back(0);
            append_be(bytes, data.size(), 2);
        } else {
            bytes.push_back(static_cast<Byte>(data.size()));
        }
        append(bytes, data);
    }
    if (le) {
        if (ext && data.empty()) bytes.push_back(0);
        append_be(bytes, *le, ext ? 2 : 1);  // 256 and 65536 wrap to zero
    }
    return bytes;
}

Result<CommandApdu> CommandApdu::parse(ByteView bytes) {
    if (bytes.size() < 4) return malformed("shorter than a header");
    CommandApdu c{bytes[0], bytes[1], bytes[2], bytes[3], {}, {}, false};
    auto body = bytes.subspan(4);
    if (body.empty()) return c;
    if (body.size() == 1) {
        c.le = le_value(body);
        return c;
    }
    if (body[0] != 0) {
        const std::size_t lc = body[0];
        if (body.size() != 1 + lc && body.size() != 2 + lc) return malformed("Lc does not fit the length");
        c.data = to_bytes(body.subspan(1, lc));
        if (body.size() == 2 + lc) c.le = le_value(body.subspan(1 + lc));
        return c;
    }
    c.extended = true;
    if (body.size() < 3) return malformed("extended length field cut off");
    const auto field = body.subspan(1, 2);
    if (body.size() == 3) {
        c.le = le_value(field);
        return c;
    }
    const auto lc = static_cast<std::size_t>(read_be(field));
    if (lc == 0 || (body.size() != 3 + lc && body.size() != 5 + lc)) return malformed("Lc does not fit the length");
    c.data = to_bytes(body.subspan(3, lc));
    if (body.size() == 5 + lc) c.le = le_value(body.subspan(3 + lc));
    return c;
}

std::vector<CommandApdu> chain(const CommandApdu& command, std::size_t block) {
    std::vector<CommandApdu> commands;
    auto rest = ByteView(command.data);
    for (; rest.size() > block; rest = rest.subspan(block)) {
        commands.push_back(
            {static_cast<Byte>(command.cla | cla_chained), command.ins, command.p1, command.p2, to_bytes(rest.first(block)), {}});
    }
    commands.push_back(command);
    commands.back().data = to_bytes(rest);
    return commands;
}

Result<ResponseApdu> ResponseApdu::parse(ByteView bytes) {
    if (bytes.size() < 2) return malformed("response shorter than a status word");
    return ResponseApdu{to_bytes(bytes.first(bytes.size() - 2)), static_cast<std::uint16_t>(read_be(bytes.last(2)))};
}

Bytes ResponseApdu::encode() const {
    Bytes bytes = data;
    append_be(bytes, sw, 2);
    return bytes;
}

}  // namespace idchip::iso7816
