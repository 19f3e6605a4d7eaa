#include <idchip/chip/session.hpp>

#include <idchip/iso7816/status_word.hpp>

#include "base/try.hpp"

namespace idchip::chip {
namespace {

using iso7816::CommandApdu;
using iso7816::ResponseApdu;

constexpr std::size_t max_chained_reply = 65'536;
constexpr std::size_t short_data = 255, short_answer = 256, long_answer = 65'536;

// Plain bytes that fit a protected data field of so many bytes: DO'87' with its padding indicator, and `other_objects`.
std::size_t protected_capacity(std::size_t field, std::size_t other_objects, crypto::Cipher cipher) {
    const std::size_t header = field < 256 + 4 ? 4 : 5;  // tag, length of 2 or 3 bytes, indicator
    if (field <= other_objects + header) return 1;
    const auto block = crypto::block_size(cipher);
    const auto cryptogram = (field - other_objects - header) / block * block;
    return cryptogram > 1 ? cryptogram - 1 : 1;
}
constexpr std::size_t answer_objects = 4 + 10, command_objects = 3 + 10;  // DO'99', DO'8E'; DO'97', DO'8E'

ApduSizes announced_by(ByteView atr) {
    const auto capabilities = iso7816::card_capabilities(atr);
    return capabilities ? ApduSizes{capabilities->extended_length, capabilities->command_chaining, {}} : ApduSizes{};
}

}  // namespace

Session::Session(transport::Transport& transport, Limits limits, Quirks quirks)
    : transport_(transport), limits_(limits), expected_(std::move(quirks)) {}

void Session::announce(ByteView atr) { sizes_ = announced_by(atr); }

void Session::announce(const lds::EfAtrInfo& file) {
    sizes_.extended_length = file.extended_length().value_or(sizes_.extended_length);
    sizes_.command_chaining = file.command_chaining().value_or(sizes_.command_chaining);
    if (sizes_.extended_length) sizes_.limits = file.limits();
}

Result<ResponseApdu> Session::send_plain(const CommandApdu& command) {
    auto c = command;
    auto response = TRY(ResponseApdu::parse(TRY(transport_.transmit(TRY(c.encode())))));
    if ((response.sw & 0xFF00U) == 0x6C00 && c.le) {
        const auto right = static_cast<std::uint32_t>(response.sw & 0xFFU);
        c.le = right == 0 ? 256 : right;
        response = TRY(ResponseApdu::parse(TRY(transport_.transmit(TRY(c.encode())))));
    }
    return fetch_rest(std::move(response));
}

// ISO/IEC 7816-4, 5.3.4: the rest waits for GET RESPONSE.
Result<ResponseApdu> Session::fetch_rest(ResponseApdu response) {
    const auto endless = [&] { return fail(Error(Errc::chip_nonsense, "GET RESPONSE").with_sw(response.sw)); };
    Bytes joined = std::move(response.data);
    while ((response.sw & 0xFF00U) == 0x6100) {
        const auto waiting = static_cast<std::uint32_t>(response.sw & 0xFFU);
        const CommandApdu more{0x00, iso7816::ins::get_response, 0, 0, {}, waiting == 0 ? 256 : waiting};
        response = TRY(ResponseApdu::parse(TRY(transport_.transmit(TRY(more.encode())))));
        if (response.data.empty() && (response.sw & 0xFF00U) == 0x6100) return endless();
        append(joined, response.data);
        if (joined.size() > max_chained_reply) return endless();
    }
    response.data = std::move(joined);
    return response;
}

Result<ResponseApdu> Session::send(const CommandApdu& command) {
    if (!terminal_) return send_plain(command);
    const auto wrapped = TRY(terminal_->protect(command));
    auto raw = TRY(ResponseApdu::parse(TRY(transport_.transmit(TRY(wrapped.encode())))));
    // A protected answer that comes in parts is put together before anything in it is believed. Without a part of it, 61xx is just a bare
    // status word.
    if ((raw.sw & 0xFF00U) == 0x6100 && !raw.data.empty()) {
        raw = TRY(fetch_rest(std::move(raw)));
        use(Quirk::answers_in_parts);
    }
    auto plain = terminal_->unprotect(raw);
    if (terminal_->mixed_data_objects()) use(Quirk::mixed_data_objects);
    return plain;
}

// Doc 9303-11, 9.3.1.2: extended length where the chip says how much it takes; chained commands where it says so.
Result<ResponseApdu> Session::send_long(const CommandApdu& command) {
    const auto longest = terminal_ ? protected_capacity(short_data, command_objects, cipher_) : short_data;
    const std::size_t overhead = 64;  // header, length fields, other objects of secure messaging and its padding
    const bool extended = sizes_.limits && command.data.size() + overhead <= sizes_.limits->command;
    if (command.data.size() <= longest || extended) return send(command);
    if (!sizes_.command_chaining) use(Quirk::certificate_chaining);
    Response response;
    for (const auto& part : iso7816::chain(command, longest)) {
        response = TRY(send(part));
        if (!response.ok()) break;
    }
    return response;
}

std::size_t Session::block_size() const {
    const std::size_t field = sizes_.limits ? std::min<std::size_t>(sizes_.limits->response - 2, long_answer) : short_answer;
    const auto most = terminal_ ? protected_capacity(field, answer_objects, cipher_) : field;
    return limits_.max_read == 0 ? most : std::min(most, limits_.max_read);
}

void Session::start_secure_messaging(sm::Session session) {
    cipher_ = session.keys.cipher;
    terminal_.emplace(std::move(session));
}

void Session::start_over() {
    terminal_.reset();
    df_ = lds::Df::master_file;
    pace_password_.reset();
    pace_pk_ic_.clear();
    pk_ifd_.clear();
}

Result<void> Session::select_application() {
    CommandApdu select{0x00, iso7816::ins::select, 0x04, 0x0C, to_bytes(lds::application_aid), {}};
    if (known(Quirk::select_with_le)) select.p2 = 0x00, select.le = 256;
    auto response = TRY(send(select));
    if (response.sw == iso7816::sw::wrong_p1_p2 || response.sw == iso7816::sw::wrong_length) {
        select.p2 = 0x00;
        select.le = 256;
        response = TRY(send(select));
        if (response.ok()) use(Quirk::select_with_le);
    }
    if (!response.ok()) return fail(Error(Errc::chip_no_application, "SELECT").with_sw(response.sw));
    df_ = lds::Df::application;
    return {};
}

}  // namespace idchip::chip
