// A GlobalPlatform card with an eMRTD applet that is personalized by STORE DATA in data groupings (DGI), through its security domain or
// directly. The map of data groupings is that of the card42 applet; finished, it is a travel document. In BER-TLV form, for which no applet is
// public, the same numbers and values come as E1 { 83 number, 53 value }.
#pragma once

#include "sim/blank/blank.hpp"
#include "sim/blank/issued.hpp"

#include <idchip/protocol/scp/scp.hpp>

namespace idchip::sim {

class GpCard final : public Blank {
public:
    GpCard(CardOptions options, Rng& rng);

    Bytes atr() const override;
    bool locked() const override { return personalized_; }
    unsigned tries_left() const override { return tries_; }

private:
    void start() override;
    void forget() override;
    Bytes answer(ByteView command) override;
    Json own_state() const override;
    Result<void> restore_own(const nlohmann::json& state) override;

    enum class Selected { nothing, security_domain, applet };

    // What is forgotten at power off.
    struct Volatile {
        Selected selected = Selected::security_domain;  // implicitly, after reset
        std::optional<scp::Chip> channel;
        bool forwarding = false;  // INSTALL [for personalization] has named the applet
        unsigned expected_block = 0;
        Bytes pending;       // of a data grouping that goes on in the next block
        Byte structure = 0;  // of this sequence: bits 5 and 4 of P1
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
    std::uint16_t take_pending(bool last);
    // A grouping that has arrived as a whole; its size. 0: more must come. Nothing: wrong.
    struct Grouping {
        std::uint16_t dgi = 0;
        ByteView value;
        std::size_t size = 0;
    };
    static std::optional<Grouping> first_dgi(ByteView pending);
    static std::optional<Grouping> first_object(ByteView pending);
    std::uint16_t take(std::uint16_t dgi, ByteView value);
    std::uint16_t take_aa_key(ByteView value);
    Response finish();
    bool opens_document(const Command& command) const;
    void start_document();

    scp::Parameters channel_;
    Bytes serial_;  // of the chip: part of CPLC and of the key diversification data
    Issued issued_;
    std::uint32_t sequence_ = 0;
    unsigned tries_ = 3;
    bool personalized_ = false;
    std::unique_ptr<Emrtd> document_;
    Volatile session_;
};

}  // namespace idchip::sim
