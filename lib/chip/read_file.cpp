// Reading a file whole, with as few commands as the chip allows (Doc 9303-10, 3.6).
#include <algorithm>

#include <fmt/format.h>

#include <idchip/chip/session.hpp>
#include <idchip/iso7816/status_word.hpp>
#include <idchip/tlv/reader.hpp>
#include <idchip/tlv/writer.hpp>

#include "base/try.hpp"

namespace idchip::chip {
namespace {

using iso7816::CommandApdu;
using iso7816::ResponseApdu;
namespace sw = iso7816::sw;

constexpr std::size_t largest_offset = 0x7FFF;  // beyond, the highest bit of P1 would make it a short file id
constexpr std::size_t header_probe = 8;         // enough for any tag and length
constexpr std::size_t do53_header = 4;
constexpr Byte short_id = 0x80;
// Smaller and smaller reads, for chips that refuse or cut large ones.
constexpr std::size_t read_ladder[] = {1024, 512, 256, 231, 223, 192, 128, 96};

// Files that are a row of objects, not one: how long they are, only their end tells.
bool is_list(lds::Ef ef) { return ef == lds::Ef::atr_info || ef == lds::Ef::dir || ef == lds::Ef::cvca; }

bool about_length(std::uint16_t status) {
    return status == sw::wrong_length || status == sw::wrong_offset || status == sw::end_of_file || (status & 0xFF00U) == 0x6C00;
}

CommandApdu read_command(Byte p1, Byte p2, std::size_t length) {
    return {0x00, iso7816::ins::read_binary, p1, p2, {}, static_cast<std::uint32_t>(length)};
}

}  // namespace

Result<void> Session::ensure_df(lds::Df df) {
    if (df == df_) return {};
    return df == lds::Df::application ? select_application() : select_master_file();
}

// 3.6.1.1
Result<void> Session::select_master_file() {
    const auto response = TRY(send({0x00, iso7816::ins::select, 0x00, 0x0C, {}, {}}));
    if (!response.ok()) return fail(Error(Errc::chip_refused, "SELECT master file").with_sw(response.sw));
    df_ = lds::Df::master_file;
    return {};
}

Result<ResponseApdu> Session::select_ef(lds::Ef ef) {
    Bytes fid;
    append_be(fid, lds::info(ef).fid, 2);
    CommandApdu select{0x00, iso7816::ins::select, 0x02, 0x0C, fid, {}};
    if (known(Quirk::select_with_le)) select.p2 = 0x00, select.le = 256;
    return send(select);
}

Result<ResponseApdu> Session::read_binary(std::size_t offset, std::size_t length) {
    if (offset > largest_offset) return read_binary_odd(offset, length);
    return read_even(static_cast<Byte>(offset >> 8U), static_cast<Byte>(offset), length);
}

Result<ResponseApdu> Session::read_even(Byte p1, Byte p2, std::size_t length) {
    auto response = TRY(send(read_command(p1, p2, length)));
    if (response.data.size() > length)
        return fail(Errc::chip_nonsense, "READ BINARY", fmt::format("{} bytes, {} were asked for", response.data.size(), length));
    return response;
}

// 3.6.6: the offset travels in DO'54', the data come in DO'53'.
Result<ResponseApdu> Session::read_binary_odd(std::size_t offset, std::size_t length) {
    const auto data = tlv::element(0x54, tlv::shortest_number(offset));
    const auto le = std::min(length + do53_header, std::max(block_size(), std::size_t{16}));
    auto response = TRY(send({0x00, iso7816::ins::read_binary_odd, 0, 0, data, static_cast<std::uint32_t>(le)}));
    if (response.data.empty()) return response;
    const auto object = tlv::parse_single(response.data, tlv::Rules::ber, "READ BINARY");
    if (!object || object->tag != 0x53) return fail(Errc::chip_nonsense, "READ BINARY", "the answer is not DO53");
    response.data = to_bytes(object->value);
    return response;
}

// A large first read saves a command; chips that refuse to be asked for more than the file has get a small one.
Result<ResponseApdu> Session::first_block(const std::function<Result<ResponseApdu>(std::size_t length)>& read) {
    auto response = TRY(read(block_size()));
    if (!response.data.empty() || !about_length(response.sw)) return response;
    if ((response.sw & 0xFF00U) == 0x6C00 && lower_block(response.sw)) return read(block_size());
    auto small = TRY(read(header_probe));
    if (!small.data.empty()) use(Quirk::exact_le);
    return small;
}

Result<ResponseApdu> Session::open_by_short_id(lds::Ef ef) {
    const auto p1 = static_cast<Byte>(short_id | lds::info(ef).sfi);
    return first_block([&](std::size_t length) { return read_even(p1, 0, length); });
}

Result<ResponseApdu> Session::open_by_select(lds::Ef ef) {
    const auto selected = TRY(select_ef(ef));
    if (!selected.ok()) return ResponseApdu::of(selected.sw);
    return first_block([&](std::size_t length) { return read_binary(0, length); });
}

// Short ids are the chip's duty and save a command a file. Until they have worked once, a refusal may mean that the chip knows none.
Result<ResponseApdu> Session::open(lds::Ef ef) {
    if (short_ids_ == ShortIds::refused || known(Quirk::no_short_ids)) {
        use(Quirk::no_short_ids);
        return open_by_select(ef);
    }
    auto response = TRY(open_by_short_id(ef));
    if (!response.data.empty() || response.ok()) {
        short_ids_ = ShortIds::work;
        return response;
    }
    if (short_ids_ == ShortIds::work) return response;
    auto selected = TRY(open_by_select(ef));
    if (selected.data.empty()) return selected;
    short_ids_ = ShortIds::refused;
    use(Quirk::no_short_ids);
    return selected;
}

// The next smaller block, for the rest of this session: the one that 6Cxx names, or a step down. False: there is none.
bool Session::lower_block(std::uint16_t status) {
    const auto now = block_size();
    if (const std::size_t named = status & 0xFFU; (status & 0xFF00U) == 0x6C00 && named != 0 && named < now) {
        limits_.max_read = named;
        use(Quirk::smaller_blocks);
        return true;
    }
    if (status != sw::wrong_length) return false;
    const auto smaller = std::find_if(std::begin(read_ladder), std::end(read_ladder), [now](std::size_t step) { return step < now; });
    if (smaller == std::end(read_ladder)) return false;
    limits_.max_read = *smaller;
    use(Quirk::smaller_blocks);
    return true;
}

// On from the first block, until there is no more.
Result<Bytes> Session::read_to_end(Bytes content) {
    for (auto last = content.size(); last >= block_size() && content.size() <= largest_offset;) {
        const auto block = TRY(read_binary(content.size(), block_size()));
        append(content, block.data);
        last = block.data.size();
    }
    return content;
}

Result<ReadOutcome> Session::read_file(lds::Ef ef) {
    ReadOutcome outcome;
    const auto name = lds::name(ef);
    TRY(ensure_df(lds::info(ef).df));
    outcome.protected_status = secured();
    const auto ended = [&](std::uint16_t status) {
        outcome.sw = status;
        return outcome;
    };
    const auto first = TRY(open(ef));
    if (first.data.empty() && first.ok()) return fail(Errc::chip_nonsense, name, "no data at offset 0");
    if (first.data.empty()) return ended(first.sw);

    auto content = first.data;
    if (is_list(ef)) {
        outcome.content = TRY(read_to_end(std::move(content)));
        return ended(sw::ok);
    }
    const auto announced = tlv::announced_size(content);
    if (!announced) return fail(Error(announced.error()).inside(name));
    if (!*announced) return fail(Errc::chip_nonsense, name, "the file is shorter than a TLV header");
    const std::size_t size = **announced;
    if (size > limits_.largest_file)
        return fail(Errc::chip_file_too_large, name, fmt::format("{} bytes, limit {}", size, limits_.largest_file));
    while (content.size() < size) {
        const auto block = TRY(read_binary(content.size(), std::min(block_size(), size - content.size())));
        if (!block.data.empty()) {
            append(content, block.data);
            continue;
        }
        if (block.ok()) return fail(Errc::chip_nonsense, name, fmt::format("no data at offset {}", content.size()));
        if (lower_block(block.sw)) continue;
        outcome.after_end = std::move(content);
        return ended(block.sw);
    }
    outcome.after_end.assign(content.begin() + static_cast<std::ptrdiff_t>(size), content.end());
    content.resize(size);
    outcome.content = std::move(content);
    return ended(sw::ok);
}

}  // namespace idchip::chip
