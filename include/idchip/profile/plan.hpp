// The plan of one card: every command in advance. Pure, printable.
#pragma once

#include <idchip/profile/profile.hpp>

namespace idchip::profile {

// The data of a secret one are wiped with it.
struct PlannedCommand {
    PlannedCommand() = default;
    PlannedCommand(const PlannedCommand&) = default;
    PlannedCommand(PlannedCommand&&) noexcept = default;
    ~PlannedCommand() {
        if (secret) wipe(apdu.data);
    }

    std::string id;  // "write DG2 3/62"
    iso7816::CommandApdu apdu;
    std::vector<std::uint16_t> expect;
    std::map<std::uint16_t, Errc> on_sw;
    bool secret = false, plain = false;
    std::optional<Bytes> answer;  // what the response data must be
};

struct Plan {
    std::string profile, profile_hash;
    std::vector<PlannedCommand> write, read_back, lock, lock_proof;
    std::size_t commands() const { return write.size() + read_back.size() + lock.size() + lock_proof.size(); }
};

// Stands for the secure channel's key while there is no channel: the plan has the right lengths.
Result<Bytes> encrypt_later(ByteView data);

// `variables`: mrz.document_number, mrz.birth, mrz.expiry and whatever else personalize::Document gives. Errors: profile.bad,
// perso.does_not_fit (a file too large, all of them together, or one without a place on this card).
Result<Plan> make_plan(const Profile& profile, const Variables& variables, const lds::Files& files, const Encrypt& encrypt = encrypt_later);
Result<PlannedCommand> instantiate(const CommandTemplate& command, const Variables& variables, const Encrypt& encrypt = no_channel);
// One line a command. Data fields of secret commands are masked; others are shown as lengths unless `with_data`.
std::string to_text(const Plan& plan, bool with_data);

}  // namespace idchip::profile
