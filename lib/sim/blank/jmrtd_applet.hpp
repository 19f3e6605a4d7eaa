// The JMRTD passport applet (revision of 2009 and later) as a blank card: its personalization dialect, BAC, secure messaging.
#pragma once

#include "sim/blank/blank.hpp"

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
// PUT DATA 60 and 61, 60 00 04 L NUMBER: of RSA-1024 with all its bytes; one byte 00 may stand before it.
struct RsaPart {
    std::uint16_t status = 0x9000;  // another: what is wrong
    Bytes number;
};
RsaPart parse_rsa_part(std::uint32_t tag, ByteView data);

class JmrtdApplet final : public Blank {
public:
    JmrtdApplet(CardOptions options, Rng& rng);

    Bytes atr() const override;
    bool locked() const override { return locked_; }

private:
    void start() override;
    void forget() override;
    Bytes answer(ByteView command) override;
    Json own_state() const override;
    Result<void> restore_own(const nlohmann::json& state) override;

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

    bool locked_ = false;
    Secret k_seed_;  // empty: no BAC keys
    Bytes aa_modulus_, aa_exponent_;
    Volatile session_;
};

}  // namespace idchip::sim
