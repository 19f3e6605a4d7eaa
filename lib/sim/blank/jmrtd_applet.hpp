// The JMRTD passport applet (revision of 2009 and later) as a blank card: its personalization dialect, BAC, secure messaging.
#pragma once

#include "sim/blank/issued.hpp"

#include <idchip/iso7816/apdu.hpp>
#include <idchip/protocol/bac/bac.hpp>

namespace idchip::sim {

class JmrtdApplet final : public Card {
public:
    JmrtdApplet(CardOptions options, Rng& rng);

    Bytes atr() const override;
    void power_up() override;
    void power_down() override;
    Bytes transmit(ByteView command) override;
    void cut_power_in_next_update(std::size_t after_bytes) override { cut_after_ = after_bytes; }
    std::string state_json() const override;
    bool locked() const override { return locked_; }
    FileSystem& files() override { return files_; }

    // Errors: input.bad_json.
    Result<void> restore(std::string_view json);

private:
    using Command = iso7816::CommandApdu;
    using Response = iso7816::ResponseApdu;

    // What is forgotten at power off, and when secure messaging ends.
    struct Volatile {
        bool applet_selected = false;
        Bytes rnd_ic;                     // empty: no challenge given
        std::optional<sm::Chip> secured;  // set: mutually authenticated
        std::optional<std::uint16_t> selected;
    };

    Response process(const Command& command);
    Response process_protected(const Command& command);
    Response select_by_aid(const Command& command);
    Response dispatch(const Command& command, bool secured);
    Response get_challenge(const Command& command);
    Response external_authenticate(const Command& command);
    Response internal_authenticate(const Command& command);
    Response select_file(const Command& command);
    Response read_binary(const Command& command);
    Response update_binary(const Command& command);
    Response create_file(const Command& command);
    Response put_data(const Command& command);
    Response put_mrz(ByteView data);
    Response put_rsa_part(Bytes& part, std::uint32_t tag, ByteView data);
    void persist() const;

    CardOptions options_;
    Rng& rng_;
    FileSystem files_;
    bool powered_ = false;
    bool locked_ = false;
    Secret k_seed_;  // empty: no BAC keys
    Bytes aa_modulus_, aa_exponent_;
    Volatile session_;
    std::optional<std::size_t> cut_after_;
};

}  // namespace idchip::sim
