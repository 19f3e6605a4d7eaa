// The plan of one card: every command in advance. Pure, printable.
#pragma once

#include <idchip/profile/profile.hpp>

namespace idchip::profile {

struct PlannedCommand {
    std::string id;  // "write DG2 3/62"
    iso7816::CommandApdu apdu;
    std::vector<std::uint16_t> expect;
    std::map<std::uint16_t, Errc> on_sw;
    bool secret = false;
};

struct Plan {
    std::string profile, profile_hash;
    std::vector<PlannedCommand> write;
    PlannedCommand lock, lock_proof;
    std::size_t commands() const { return write.size() + 2; }
};

// `variables`: mrz.document_number, mrz.birth, mrz.expiry. Errors: profile.bad, perso.does_not_fit (file too large or without
// a place on this card).
Result<Plan> make_plan(const Profile& profile, const Variables& variables, const lds::Files& files);
Result<PlannedCommand> instantiate(const CommandTemplate& command, const Variables& variables);
// One line a command. Data fields of secret commands are masked; others are shown as lengths unless `with_data`.
std::string to_text(const Plan& plan, bool with_data);

}  // namespace idchip::profile
