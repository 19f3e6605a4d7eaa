// Where faults take hold. Each question that the commands ask here has a harmless answer when no fault is configured.
#pragma once

#include <idchip/sim/emrtd_config.hpp>

#include "sim/emrtd/channel_keys.hpp"

namespace idchip::sim::emrtd {

class Misbehaviour {
public:
    using Command = iso7816::CommandApdu;
    using Response = iso7816::ResponseApdu;

    // Refers to the configuration, so that faults can be put in and taken out while the card lives.
    explicit Misbehaviour(const Faults& faults) : faults_(faults) {}

    const Fault* active(FaultId id) const;

    // --- PACE; `step` of GENERAL AUTHENTICATE, from 1
    std::optional<std::uint16_t> refuses_pace_step(unsigned step) const;
    bool mute_in_pace_step(unsigned step) const;
    // The answer to a step; `command` is what the terminal sent.
    void edit_pace_answer(unsigned step, const crypto::Domain& domain, ByteView command, Response& answer);
    // --- BAC: the answer e_ic || m_ic of EXTERNAL AUTHENTICATE.
    void edit_bac_answer(ByteView k_enc, ByteView k_mac, Bytes& answer) const;
    // --- active authentication. Nothing: as it should be.
    std::optional<Response> active_authentication(const ActiveAuthentication& right, const Command& command, Rng& rng);
    // --- chip authentication
    const std::vector<chip_auth::ChipKey>& chip_keys(const std::vector<chip_auth::ChipKey>& right, Rng& rng);

    // --- files. What a reading of `file` from `offset` on sees.
    ByteView content(lds::Ef file, ByteView right, std::size_t offset);
    void edit_answer(const Command& command, std::optional<lds::Ef> file, Response& answer) const;

    // --- secure messaging
    // What goes over the line for this plain answer, `commands` counting the protected commands of the session.
    struct Sealed {
        Response response;
        bool session_ends = false;
    };
    Result<Sealed> seal(ChannelKeys& keys, std::size_t commands, std::optional<lds::Ef> file, const Response& plain, Byte ins);

private:
    const Fault* active(FaultId id, std::optional<lds::Ef> file, std::size_t commands = 0) const;

    const Faults& faults_;
    Bytes mapping_key_;  // that the chip sent in step 2 of PACE
    std::vector<chip_auth::ChipKey> wrong_keys_;
    std::optional<crypto::PrivateKey> wrong_signing_key_;
    std::map<lds::Ef, unsigned> readings_;  // from offset 0
    Bytes altered_;
    std::optional<Response> last_sealed_;
};

}  // namespace idchip::sim::emrtd
