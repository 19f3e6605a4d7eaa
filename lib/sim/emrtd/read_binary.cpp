// READ BINARY of Doc 9303-10, 3.6.3 and 3.6.6; the meaning of Le and of the end of a file: ISO/IEC 7816-4, 7.2.3.
#include <algorithm>

#include <idchip/tlv/reader.hpp>
#include <idchip/tlv/writer.hpp>

#include "sim/emrtd/chip.hpp"

namespace idchip::sim::emrtd {
namespace {

constexpr std::size_t short_offsets = 0x8000;  // an even READ BINARY reaches the offsets below
constexpr std::uint32_t do_offset = 0x54, do_discretionary = 0x53;

// The file becomes the current one. 9000, or why not.
std::uint16_t open(Chip& chip, std::optional<Ef> ef) {
    if (chip.now.df == Df::application && !access_granted(chip)) return sw::security_status_not_satisfied;
    if (!ef) return sw::file_not_found;
    if (const auto status = may_read(chip, *ef); status != sw::ok) return status;
    chip.now.ef = ef;
    return sw::ok;
}

std::uint16_t open_current(Chip& chip) {
    if (chip.now.ef || (chip.now.df == Df::application && !access_granted(chip))) return open(chip, chip.now.ef);
    return 0x6986;  // no current EF
}

std::uint16_t too_long(const Chip& chip, std::size_t fits) {
    const bool tell = chip.config.lengths.too_long == TooLong::correct_length && fits > 0 && fits < 256;
    return static_cast<std::uint16_t>(tell ? 0x6C00U | fits : sw::wrong_length);
}

// How many bytes of data the answer may hold, or the status word of a refusal.
struct Answer {
    std::size_t bytes = 0;
    std::uint16_t status = sw::ok;
};
Answer plan(const Chip& chip, const Command& c, std::size_t room) {
    const auto& lengths = chip.config.lengths;
    const auto fits = lengths.largest_read == 0 ? room : std::min(room, lengths.largest_read);
    const bool exact = !asks_for_all(c) || chip.config.quirks.le_zero_refused;
    if (exact && *c.le > fits && lengths.too_long != TooLong::cut) return {0, too_long(chip, fits)};
    return {std::min<std::size_t>(*c.le, fits)};
}

// `wanted` bytes of the current file, as far as it goes.
Response read(Chip& chip, const Command& c, std::size_t offset, std::size_t wanted) {
    const auto ef = *chip.now.ef;
    const auto content = chip.misbehaviour.content(ef, chip.config.files.at(ef), offset);
    if (offset >= content.size()) return Response::of(sw::wrong_offset);
    const auto left = content.size() - offset;
    const auto& quirks = chip.config.quirks;
    const bool short_of = left < wanted && !asks_for_all(c);
    if (short_of && quirks.end_refused) return Response::of(sw::wrong_offset);
    const auto status = short_of && !quirks.no_end_warning ? sw::end_of_file : sw::ok;
    return {to_bytes(content.subspan(offset, std::min(wanted, left))), status};
}

Result<std::size_t> read_offset(ByteView data) {
    const auto object = tlv::parse_single(data, tlv::Rules::ber, "READ BINARY");
    if (!object || object->tag != do_offset || object->value.empty() || object->value.size() > 4) return fail(Errc::apdu_malformed);
    return static_cast<std::size_t>(read_be(object->value));
}

// The standard leaves open which offsets an odd READ BINARY takes (3.6.6, note 1); it is for files that need it (note 2).
bool answers_odd(const Chip& chip, std::size_t offset) {
    if (const auto& from = chip.config.quirks.odd_from) return offset >= *from;
    return chip.config.files.at(*chip.now.ef).size() >= short_offsets;
}

std::size_t without_header(std::size_t bytes) {
    const std::size_t header = bytes < 2 + 0x80 ? 2 : bytes < 3 + 0x100 ? 3 : 4;
    return bytes > header ? bytes - header : 0;
}

bool has_odd(const Chip& chip) {
    if (chip.config.quirks.odd_from) return true;
    const auto& files = chip.config.files;
    return std::any_of(files.begin(), files.end(), [](const auto& f) { return f.second.size() >= short_offsets; });
}

}  // namespace

Response read_binary(Chip& chip, const Command& c, std::size_t room) {
    if (!c.data.empty() || !c.le) return Response::of(sw::wrong_length);
    const bool by_short_id = c.p1 >= 0x80;
    const unsigned sfi = c.p1 & 0x1FU;
    if (by_short_id && ((c.p1 & 0x60U) != 0 || sfi == 0 || sfi == 0x1F || chip.config.quirks.no_short_ids))
        return Response::of(sw::wrong_p1_p2);
    const auto status = by_short_id ? open(chip, file_by_short_id(chip, sfi)) : open_current(chip);
    if (status != sw::ok) return Response::of(status);
    const auto answer = plan(chip, c, room);
    if (answer.status != sw::ok) return Response::of(answer.status);
    return read(chip, c, by_short_id ? c.p2 : static_cast<std::size_t>(c.p1) << 8U | c.p2, answer.bytes);
}

Response read_binary_odd(Chip& chip, const Command& c, std::size_t room) {
    if (!has_odd(chip)) return Response::of(sw::ins_not_supported);
    if (!c.le) return Response::of(sw::wrong_length);
    // Table 7: P1-P2 are zero, or a short identifier, or a file identifier.
    const auto p1p2 = static_cast<std::uint16_t>(c.p1 << 8U | c.p2);
    if (p1p2 == 0x1F || (c.p1 == 0 && c.p2 > 0x1F)) return Response::of(sw::wrong_p1_p2);
    const auto status = p1p2 == 0 ? open_current(chip) : open(chip, p1p2 < 0x20 ? file_by_short_id(chip, p1p2) : file_by_id(chip, p1p2));
    if (status != sw::ok) return Response::of(status);
    const auto offset = read_offset(c.data);
    if (!offset) return Response::of(sw::wrong_data);
    if (!answers_odd(chip, *offset)) return Response::of(sw::wrong_offset);
    const auto answer = plan(chip, c, room);
    if (answer.status != sw::ok) return Response::of(answer.status);
    // Le counts the data object, not its contents.
    if (answer.bytes < 3) return Response::of(sw::wrong_length);
    auto response = read(chip, c, *offset, without_header(answer.bytes));
    if (!response.data.empty()) response.data = tlv::element(do_discretionary, response.data);
    return response;
}

}  // namespace idchip::sim::emrtd
