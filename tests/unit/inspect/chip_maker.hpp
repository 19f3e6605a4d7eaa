// Chips to read in tests, and somebody on the line between chip and terminal.
#pragma once

#include <functional>

#include <idchip/inspect/reader.hpp>
#include <idchip/sim/card.hpp>

#include "inspect/document_maker.hpp"

namespace idchip::inspect::maker {

std::string key_of(const mrz::Mrz& mrz);  // MRZ information

// The simulated JMRTD applet with these files and access keys on it, locked.
std::unique_ptr<sim::Card> jmrtd_card(const lds::Files& files, const mrz::Mrz& mrz = td1());

// A chip that answers READ BINARY as the test says: with basic access control, or without any.
class TestChip final : public transport::VirtualCard {
public:
    using Response = iso7816::ResponseApdu;
    using Read = std::function<Response(lds::Ef ef, ByteView content, std::size_t offset, std::size_t length)>;

    TestChip(lds::Files files, std::string mrz_information);
    Read read = good_read;
    static Response good_read(lds::Ef ef, ByteView content, std::size_t offset, std::size_t length);

    Bytes atr() const override { return {0x3B, 0x80, 0x80, 0x01, 0x01}; }
    void power_up() override;
    void power_down() override {}
    Bytes transmit(ByteView command) override;

private:
    Response process(const iso7816::CommandApdu& command);
    Response external_authenticate(const iso7816::CommandApdu& command);

    lds::Files files_;
    std::string mrz_information_;
    Bytes rnd_ic_;
    std::optional<sm::Chip> secured_;
    std::optional<lds::Ef> selected_;
};

// Sees and changes what passes, without any key. The fields of `Passing` tell where the session stands.
struct Passing {
    ByteView command;
    int session = 0;                          // from 1; a reset begins the next
    int selected = 0;                         // number of the protected SELECT, from 1, in this session
    bool is_select = false, is_read = false;  // under secure messaging
    bool is_authenticate = false;
};
class Line final : public transport::Transport {
public:
    explicit Line(transport::VirtualCard& card) : inner_(transport::in_process(card)) {}
    std::function<void(const Passing&, Bytes& response)> tamper;
    // Another chip takes the place of the first when the session of this number begins.
    void exchange_at(int session, transport::VirtualCard& card);

    Result<Bytes> transmit(ByteView command) override;
    Result<Bytes> reset() override;
    std::string name() const override { return "line"; }
    std::size_t exchanges() const { return exchanges_; }

private:
    std::unique_ptr<transport::Transport> inner_;
    transport::VirtualCard* next_card_ = nullptr;
    int exchange_session_ = 0;
    Passing passing_;
    std::size_t exchanges_ = 0;
};

Result<Evidence> read_over(transport::Transport& line, const std::string& mrz_information = key_of(td1()));

}  // namespace idchip::inspect::maker
