#include <idchip/chip/session.hpp>

#include <fmt/format.h>

#include <idchip/iso7816/status_word.hpp>
#include <idchip/tlv/reader.hpp>

#include "base/try.hpp"

namespace idchip::chip {
namespace {

using iso7816::CommandApdu;
using iso7816::ResponseApdu;
namespace sw = iso7816::sw;

constexpr std::size_t max_chained_reply = 65'536;
constexpr std::size_t largest_offset = 0x7FFF;
constexpr std::size_t header_probe = 8;  // enough for any tag and length
// Smaller and smaller reads, for chips that refuse or cut large ones.
constexpr std::size_t read_ladder[] = {231, 223, 192, 128, 96};

Failure from_chip(Errc code, std::string where, std::uint16_t status) { return fail(Error(code, std::move(where)).with_sw(status)); }

}  // namespace

Session::Session(transport::Transport& transport, Limits limits) : transport_(transport), limits_(limits) {}

Result<ResponseApdu> Session::send_plain(const CommandApdu& command) {
    auto c = command;
    auto response = TRY(ResponseApdu::parse(TRY(transport_.transmit(TRY(c.encode())))));
    if ((response.sw & 0xFF00U) == 0x6C00 && c.le) {
        const auto right = static_cast<std::uint32_t>(response.sw & 0xFFU);
        c.le = right == 0 ? 256 : right;
        response = TRY(ResponseApdu::parse(TRY(transport_.transmit(TRY(c.encode())))));
    }
    // ISO/IEC 7816-4, 5.3.4: the rest waits for GET RESPONSE.
    Bytes joined = std::move(response.data);
    while ((response.sw & 0xFF00U) == 0x6100) {
        const auto waiting = static_cast<std::uint32_t>(response.sw & 0xFFU);
        const CommandApdu more{0x00, iso7816::ins::get_response, 0, 0, {}, waiting == 0 ? 256 : waiting};
        response = TRY(ResponseApdu::parse(TRY(transport_.transmit(TRY(more.encode())))));
        if (response.data.empty() && (response.sw & 0xFF00U) == 0x6100) return from_chip(Errc::chip_nonsense, "GET RESPONSE", response.sw);
        append(joined, response.data);
        if (joined.size() > max_chained_reply) return from_chip(Errc::chip_nonsense, "GET RESPONSE", response.sw);
    }
    response.data = std::move(joined);
    return response;
}

Result<ResponseApdu> Session::send(const CommandApdu& command) {
    if (!terminal_) return send_plain(command);
    const auto wrapped = TRY(terminal_->protect(command));
    const auto raw = TRY(ResponseApdu::parse(TRY(transport_.transmit(TRY(wrapped.encode())))));
    return terminal_->unprotect(raw);
}

void Session::start_secure_messaging(sm::Session session) { terminal_.emplace(std::move(session)); }

Result<void> Session::select_application() {
    terminal_.reset();
    const CommandApdu select{0x00, iso7816::ins::select, 0x04, 0x0C, to_bytes(lds::application_aid), {}};
    const auto response = TRY(send(select));
    if (!response.ok()) return from_chip(Errc::chip_no_application, "SELECT", response.sw);
    return {};
}

Result<void> Session::basic_access_control(std::string_view mrz_information, Rng& rng) {
    auto bac = bac::Terminal::fresh(bac::derive_access_keys(bac::k_seed(mrz_information).view()), rng);
    const auto challenge = TRY(send(bac.get_challenge()));
    const auto command = TRY(bac.external_authenticate(challenge));
    start_secure_messaging(TRY(bac.finish(TRY(send(command)))));
    return {};
}

Result<ResponseApdu> Session::read_binary(std::size_t offset, std::size_t length) {
    const CommandApdu read{0x00, iso7816::ins::read_binary,         static_cast<Byte>(offset >> 8U), static_cast<Byte>(offset),
                           {},   static_cast<std::uint32_t>(length)};
    return send(read);
}

// A large first read saves a command; chips that refuse to be asked for more than the file has get a small one.
Result<ResponseApdu> Session::first_block() {
    auto response = TRY(read_binary(0, limits_.max_read));
    if (response.ok() && !response.data.empty()) return response;
    if (response.sw == sw::end_of_file && !response.data.empty()) return response;
    const bool about_length = response.sw == sw::wrong_length || response.sw == sw::wrong_offset || response.sw == sw::end_of_file ||
                              (response.sw & 0xFF00U) == 0x6C00;
    if (!about_length) return response;
    return read_binary(0, header_probe);
}

Result<ReadOutcome> Session::read_file(lds::Ef ef) {
    ReadOutcome outcome;
    outcome.protected_status = secured();
    const auto name = lds::name(ef);
    const auto ended = [&](std::uint16_t status) {
        outcome.sw = status;
        return outcome;
    };
    Bytes fid;
    append_be(fid, lds::info(ef).fid, 2);
    const auto selected = TRY(send({0x00, iso7816::ins::select, 0x02, 0x0C, fid, {}}));
    if (!selected.ok()) return ended(selected.sw);
    const auto first = TRY(first_block());
    if (first.data.empty() && first.ok()) return fail(Errc::chip_nonsense, name, "no data at offset 0");
    if (first.data.empty()) return ended(first.sw);

    auto content = first.data;
    const auto announced = tlv::announced_size(content);
    if (!announced) return fail(Error(announced.error()).inside(name));
    if (!*announced) return fail(Errc::chip_nonsense, name, "the file is shorter than a TLV header");
    const std::size_t size = **announced;
    if (size > limits_.largest_file)
        return fail(Errc::chip_file_too_large, name, fmt::format("{} bytes, limit {}", size, limits_.largest_file));
    while (content.size() < size) {
        // Beyond, the highest bit of P1 would make it a short file id: another file, or another place in this one.
        if (content.size() > largest_offset)
            return fail(Errc::chip_file_too_large, name, fmt::format("{} bytes, READ BINARY reaches offset {}", size, largest_offset));
        const auto wanted = std::min(limits_.max_read, size - content.size());
        const auto block = TRY(read_binary(content.size(), wanted));
        if (!block.data.empty()) {
            append(content, block.data);
            continue;
        }
        if (block.ok()) return fail(Errc::chip_nonsense, name, fmt::format("no data at offset {}", content.size()));
        // Some chips cannot fill the block asked for: the next smaller one, for the rest of this session.
        const auto smaller =
            std::find_if(std::begin(read_ladder), std::end(read_ladder), [&](std::size_t step) { return step < limits_.max_read; });
        if (block.sw != sw::wrong_length || smaller == std::end(read_ladder)) {
            outcome.after_end = std::move(content);
            return ended(block.sw);
        }
        limits_.max_read = *smaller;
    }
    outcome.after_end.assign(content.begin() + static_cast<std::ptrdiff_t>(size), content.end());
    content.resize(size);
    outcome.content = std::move(content);
    return ended(sw::ok);
}

}  // namespace idchip::chip
