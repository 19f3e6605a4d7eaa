// A GlobalPlatform card with an eMRTD applet that is personalized by STORE DATA in data groupings (DGI), through its security domain or
// directly. The map of data groupings is that of the card42 applet; finished, it is a travel document.
#pragma once

#include "sim/blank/issued.hpp"

#include <idchip/protocol/scp/scp.hpp>

namespace idchip::sim {

class GpCard final : public Card {
public:
    GpCard(CardOptions options, Rng& rng);

    Bytes atr() const override;
    void power_up() override;
    void power_down() override;
    Bytes transmit(ByteView command) override;
    void cut_power_in_next_update(std::size_t after_bytes) override { cut_after_ = after_bytes; }
    std::string state_json() const override;
    bool locked() const override { return personalized_; }
    FileSystem& files() override { return files_; }
    unsigned tries_left() const override { return tries_; }

    // Errors: input.bad_json.
    Result<void> restore(std::string_view json);

private:
    using Command = iso7816::CommandApdu;
    using Response = iso7816::ResponseApdu;
    enum class Selected { nothing, security_domain, applet };

    // What is forgotten at power off.
    struct Volatile {
        Selected selected = Selected::security_domain;  // implicitly, after reset
        std::optional<scp::Chip> channel;
        bool forwarding = false;  // INSTALL [for personalization] has named the applet
        unsigned expected_block = 0;
        Bytes pending;  // of a data grouping that goes on in the next block
    };

    Response process(const Command& command);
    Response select(const Command& command);
    Response get_data(const Command& command);
    Response initialize_update(const Command& command);
    Response external_authenticate(const Command& command);
    Response under_channel(const Command& command);
    Response dispatch(const Command& command);
    Response install(const Command& command);
    Response store_data(const Command& command);
    std::uint16_t take_groupings(bool last);
    std::uint16_t take(std::uint16_t dgi, ByteView value);
    std::uint16_t take_aa_key(ByteView value);
    Response finish();
    bool opens_document(const Command& command) const;
    void start_document();
    void persist() const;

    CardOptions options_;
    Rng& rng_;
    scp::Parameters channel_;
    Bytes serial_;  // of the chip: part of CPLC and of the key diversification data
    FileSystem files_;
    Issued issued_;
    std::uint32_t sequence_ = 0;
    unsigned tries_ = 3;
    bool powered_ = false, personalized_ = false;
    std::unique_ptr<Emrtd> document_;
    Volatile session_;
    std::optional<std::size_t> cut_after_;
};

}  // namespace idchip::sim
