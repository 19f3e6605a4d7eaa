// The JMRTD passport applet (revision of 2009 and later) as a blank card: its personalization dialect, BAC, secure messaging.
#pragma once

#include "sim/blank/issued.hpp"

#include <array>

#include <idchip/iso7816/apdu.hpp>
#include <idchip/protocol/bac/bac.hpp>

namespace idchip::sim {

// --- parts of the dialect that a fork of the applet (LifecycleApplet) shares

// PUT DATA 62 L { document number, birth, expiry } under these tags: MRZ information with check digits. Nothing: not of that form.
std::optional<std::string> mrz_information_of(ByteView data, const std::array<std::uint32_t, 3>& tags);
// CREATE FILE 63 04 SIZE FID.
struct NewFile {
    std::uint16_t status = 0x9000;  // another: what is wrong with the command
    std::uint16_t fid = 0;
    std::size_t size = 0;
};
NewFile parse_create_file(const iso7816::CommandApdu& command);
// PUT DATA 60 and 61: a number of RSA-1024 with all its bytes; one byte 00 may stand before it. Nothing: of another size.
std::optional<Bytes> rsa_number(ByteView number);

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
