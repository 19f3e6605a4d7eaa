#include "inspect/chip_maker.hpp"

#include <idchip/iso7816/status_word.hpp>

#include "catch.hpp"

namespace idchip::inspect::maker {
namespace {

namespace sw = iso7816::sw;
namespace ins = iso7816::ins;
using iso7816::CommandApdu;
using iso7816::ResponseApdu;

void send(sim::Card& card, const CommandApdu& command) {
    const auto response = card.transmit(must(command.encode()));
    REQUIRE(to_hex(response) == "9000");
}

}  // namespace

std::string key_of(const mrz::Mrz& m) { return must(mrz::mrz_information(m)); }

std::unique_ptr<sim::Card> jmrtd_card(const lds::Files& files, const mrz::Mrz& m) {
    sim::CardOptions options;
    options.memory = 200'000;
    auto card = must(sim::make_card(options));
    for (const auto& [ef, content] : files) {
        const auto fid = lds::info(ef).fid;
        REQUIRE(card->files().create(fid, content.size()));
        card->files().update(fid, 0, content, content.size());
    }
    auto number = m.document_number;
    if (number.size() < 9) number.resize(9, '<');
    const auto access = tlv::element(
        0x62, {tlv::element(0x04, as_bytes(number)), tlv::element(0x04, as_bytes(m.birth)), tlv::element(0x04, as_bytes(m.expiry))});
    card->power_up();
    send(*card, {0x00, ins::select, 0x04, 0x0C, to_bytes(lds::application_aid), {}});
    send(*card, {0x00, ins::put_data, 0x00, 0x62, access, {}});
    send(*card, {0x00, ins::put_data, 0xDE, 0xAD, {}, {}});
    card->power_down();
    return card;
}

// --- TestChip

TestChip::TestChip(lds::Files files, std::string mrz_information)
    : files_(std::move(files)), mrz_information_(std::move(mrz_information)) {}

ResponseApdu TestChip::good_read(lds::Ef, ByteView content, std::size_t offset, std::size_t length) {
    if (offset >= content.size()) return ResponseApdu::of(sw::wrong_offset);
    return {to_bytes(content.subspan(offset, std::min(length, content.size() - offset))), sw::ok};
}

void TestChip::power_up() {
    rnd_ic_.clear();
    secured_.reset();
    selected_.reset();
}

Bytes TestChip::transmit(ByteView bytes) {
    const auto command = must(CommandApdu::parse(bytes));
    if (command.cla != 0x0C) return process(command).encode();
    if (!secured_) return ResponseApdu::of(sw::sm_not_supported).encode();
    const auto plain = must(secured_->open(command));
    return must(secured_->seal(process(plain), plain.ins)).encode();
}

ResponseApdu TestChip::process(const CommandApdu& c) {
    if (c.ins == ins::select && c.p1 == 0x04) return ResponseApdu::of(sw::ok);
    if (c.ins == ins::get_challenge) {
        rnd_ic_ = system_rng().bytes(bac::nonce_size);
        return {rnd_ic_, sw::ok};
    }
    if (c.ins == ins::external_authenticate) return external_authenticate(c);
    if (!mrz_information_.empty() && !secured_) return ResponseApdu::of(sw::security_status_not_satisfied);
    if (c.ins == ins::select) {
        selected_.reset();
        for (const auto& [ef, content] : files_)
            if (lds::info(ef).fid == read_be(c.data)) selected_ = ef;
        return ResponseApdu::of(selected_ ? sw::ok : sw::file_not_found);
    }
    if (!selected_ || c.ins != ins::read_binary) return ResponseApdu::of(sw::conditions_not_satisfied);
    return read(*selected_, files_.at(*selected_), static_cast<std::size_t>(c.p1) << 8U | c.p2, *c.le);
}

ResponseApdu TestChip::external_authenticate(const CommandApdu& c) {
    const auto keys = bac::derive_access_keys(bac::k_seed(mrz_information_).view());
    auto answer = bac::answer_external_authenticate(keys, rnd_ic_, system_rng().bytes(bac::key_material_size), c.data);
    if (!answer) return ResponseApdu::of(sw::authentication_failed);
    secured_.emplace(std::move(answer->session));
    return {answer->data, sw::ok};
}

// --- Line

void Line::exchange_at(int session, transport::VirtualCard& card) {
    exchange_session_ = session;
    next_card_ = &card;
}

Result<Bytes> Line::transmit(ByteView command) {
    ++exchanges_;
    const bool secured = command[0] == 0x0C;
    passing_.command = command;
    passing_.is_select = secured && command[1] == ins::select;
    passing_.is_read = secured && command[1] == ins::read_binary;
    passing_.is_authenticate = command[1] == ins::external_authenticate;
    if (passing_.is_select) ++passing_.selected;
    auto response = inner_->transmit(command);
    if (response && tamper) tamper(passing_, *response);
    return response;
}

Result<Bytes> Line::reset() {
    ++passing_.session;
    passing_.selected = 0;
    if (passing_.session == exchange_session_) inner_ = transport::in_process(*next_card_);
    return inner_->reset();
}

Result<Evidence> read_over(transport::Transport& line, const std::string& mrz_information) {
    ReadRequest request;
    request.mrz_information = mrz_information;
    // These chips have the files, and not the keys.
    request.chip_authentication = request.active_authentication = false;
    return read_chip(line, request, system_rng(), today);
}

}  // namespace idchip::inspect::maker
