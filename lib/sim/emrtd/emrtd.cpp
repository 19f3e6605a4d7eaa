// From bytes to a command and back: classes, lengths, chaining, secure messaging.
#include <idchip/sim/emrtd.hpp>

#include <algorithm>

#include "sim/emrtd/chip.hpp"

namespace idchip::sim {
namespace emrtd {

void Chip::start() {
    now = {};
    if (misbehaviour.active(FaultId::application_preselected) != nullptr) now.df = Df::application;
    powered = true;
}

void Chip::abort_channel() {
    if (!now.channel) return;
    now.channel.reset();
    now.pace.reset();
    now.chip_auth.reset();
    now.rest = {};
    now.chained.clear();
    now.chained_ins = 0;
    if (!config.quirks.abort_selects_mf) return;
    now.df = Df::master_file;
    now.ef.reset();
}

namespace {

constexpr std::size_t sw_size = 2;
constexpr std::uint16_t logical_channel_not_supported = 0x6881, last_command_expected = 0x6883, chaining_not_supported = 0x6884;

// Bytes of response data that the command allows and the chip can send.
std::size_t outer_room(const Chip& chip, const Command& c) {
    return std::min<std::size_t>(c.le.value_or(0), chip.config.lengths.largest_response - sw_size);
}

// 9.8.4, figure 5: the outer Le of a protected command says as much as there is.
bool has_full_le(const Command& c) { return c.le && asks_for_all(c); }

// ISO/IEC 7816-4, 5.3.3. Nothing: the command is complete, with all its data.
std::optional<Response> collect(Chip& chip, Command& c) {
    auto& now = chip.now;
    const bool more = (c.cla & iso7816::cla_chained) != 0;
    if (c.ins == ins::general_authenticate) return std::nullopt;  // each command of that chain is answered
    if (more && !chip.config.lengths.command_chaining) return Response::of(chaining_not_supported);
    const auto ins_before = std::exchange(now.chained_ins, Byte{0});
    auto before = std::exchange(now.chained, {});
    if (ins_before != 0 && ins_before != c.ins) return Response::of(last_command_expected);
    append(before, c.data);
    c.data = std::move(before);
    if (!more) return std::nullopt;
    if (c.data.size() > 0xFFFF) return Response::of(sw::wrong_length);
    now.chained_ins = c.ins;
    now.chained = std::move(c.data);
    return Response::of(sw::ok);
}

// The part of an answer that fits; the rest waits for GET RESPONSE (ISO/IEC 7816-4, 5.3.4).
Response part_of(Chip& chip, Response whole, std::size_t room) {
    if (whole.data.size() <= room || !chip.config.quirks.get_response) return whole;
    chip.now.rest = {to_bytes(ByteView(whole.data).subspan(room)), whole.sw};
    const auto left = chip.now.rest.data.size();
    return {to_bytes(ByteView(whole.data).first(room)), static_cast<std::uint16_t>(0x6100U | (left < 256 ? left : 0U))};
}

// A matter of transport: in the clear under secure messaging too, of which the whole answer is one message.
Response get_response(Chip& chip, const Command& c) {
    if (c.p1 != 0 || c.p2 != 0) return Response::of(sw::wrong_p1_p2);
    if (!c.le || !c.data.empty()) return Response::of(sw::wrong_length);
    return part_of(chip, std::exchange(chip.now.rest, {}), outer_room(chip, c));
}

// An answer that was asked for with too small an Le.
bool overflows(const Chip& chip, const Response& r, std::size_t room) {
    return r.data.size() > room && chip.misbehaviour.active(FaultId::response_too_long) == nullptr;
}

// Bytes of plain data that the answer may have. An answer in parts is as long as the terminal wants it.
std::size_t plain_room(const Chip& chip, const Command& c, std::size_t fits) {
    const std::size_t wanted = c.le.value_or(0);
    return chip.config.quirks.get_response ? wanted : std::min(wanted, fits);
}

Response run(Chip& chip, Command c, bool protect, std::size_t fits) {
    if (auto part = collect(chip, c)) return std::move(*part);
    const auto room = plain_room(chip, c, fits);
    auto response = dispatch(chip, c, protect, room);
    chip.misbehaviour.edit_answer(c, addressed_file(chip, c), response);
    if (!overflows(chip, response, room)) return response;
    chip.now.next_channel.reset();
    return Response::of(sw::wrong_length);
}

void take_new_keys(Chip& chip) {
    if (!chip.now.next_channel) return;
    if (chip.now.channel) {
        chip.now.next_channel->term_auth = std::move(chip.now.channel->term_auth);
        chip.now.next_channel->terminal_refused = chip.now.channel->terminal_refused;
    }
    chip.now.channel = std::move(chip.now.next_channel);
    chip.now.next_channel.reset();
    bind_terminal_authentication(chip);
}

Response process_plain(Chip& chip, const Command& c) {
    // 9.8.3: a plain command ends secure messaging, and is then answered as a stranger's.
    chip.abort_channel();
    const auto room = outer_room(chip, c);
    auto response = run(chip, c, false, room);
    take_new_keys(chip);
    return part_of(chip, std::move(response), room);
}

// A status word without protection is the end of the session (9.8.5).
Response end_session(Chip& chip, std::uint16_t status) {
    chip.abort_channel();
    return Response::of(status);
}

Response process_protected(Chip& chip, const Command& c) {
    if (!chip.now.channel) return Response::of(sw::sm_not_supported);
    if (!has_full_le(c)) return end_session(chip, sw::wrong_length);
    auto& channel = *chip.now.channel;
    const auto opened = channel.keys.open(c);
    if (!opened) return end_session(chip, opened.error().sw.value_or(sw::sm_objects_incorrect));
    ++channel.commands;
    const auto room = outer_room(chip, c);
    const auto file = addressed_file(chip, *opened);
    const auto plain = run(chip, *opened, true, largest_plain(channel.keys.cipher(), room));
    auto sealed = chip.misbehaviour.seal(channel.keys, channel.commands, file, plain, opened->ins);
    if (!sealed) return end_session(chip, sw::no_precise_diagnosis);
    if (sealed->session_ends) return end_session(chip, sealed->response.sw);
    take_new_keys(chip);
    return part_of(chip, std::move(sealed->response), room);
}

Response process(Chip& chip, const Command& c) {
    if (c.ins == ins::get_response && c.cla == 0 && !chip.now.rest.data.empty()) return get_response(chip, c);
    chip.now.rest = {};
    if ((c.cla & 0xE0U) != 0) return end_session(chip, sw::cla_not_supported);
    if ((c.cla & 0x03U) != 0) return end_session(chip, logical_channel_not_supported);
    switch (c.cla & 0x0CU) {
        case 0x00: return process_plain(chip, c);
        case 0x0C: return process_protected(chip, c);
        default: return end_session(chip, sw::sm_not_supported);  // 9.8.4: the header is authenticated, CLA = 0C
    }
}

bool too_long(const Chip& chip, const Command& c, std::size_t size) {
    return size > chip.config.lengths.largest_command || (c.extended && !chip.config.lengths.extended);
}

}  // namespace
}  // namespace emrtd

struct Emrtd::Impl {
    Impl(EmrtdConfig config, Rng& rng) : chip(std::move(config), rng) {}
    emrtd::Chip chip;
};

Emrtd::Emrtd(EmrtdConfig config, Rng& rng) : impl_(std::make_unique<Impl>(std::move(config), rng)) {}
Emrtd::~Emrtd() = default;

Bytes Emrtd::atr() const { return impl_->chip.config.atr; }
void Emrtd::power_up() { impl_->chip.start(); }
void Emrtd::power_down() {
    impl_->chip.now = {};
    impl_->chip.powered = false;
}
EmrtdConfig& Emrtd::config() { return impl_->chip.config; }
unsigned Emrtd::pin_tries_left() const { return impl_->chip.persistent.pin_tries; }

Bytes Emrtd::transmit(ByteView bytes) {
    auto& chip = impl_->chip;
    if (!chip.powered) return {};
    const auto command = iso7816::CommandApdu::parse(bytes);
    if (!command || emrtd::too_long(chip, *command, bytes.size())) return emrtd::end_session(chip, iso7816::sw::wrong_length).encode();
    if (chip.now.pace && command->ins == iso7816::ins::general_authenticate && chip.misbehaviour.mute_in_pace_step(chip.now.pace->step)) {
        power_down();
        return {};
    }
    return emrtd::process(chip, *command).encode();
}

}  // namespace idchip::sim
