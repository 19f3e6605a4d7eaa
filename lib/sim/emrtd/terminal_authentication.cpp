// Terminal authentication of Doc 9303-11, 7.1.
#include <idchip/lds/ef_cvca.hpp>

#include "sim/emrtd/chip.hpp"

namespace idchip::sim::emrtd {
namespace {

// GET CHALLENGE and EXTERNAL AUTHENTICATE belong to basic access control in the clear, and to terminal authentication inside a session.
bool concerns(const Command& c, bool protect) {
    switch (c.ins) {
        case ins::manage_security_environment: return c.p1 == 0x81 && (c.p2 == 0xB6 || c.p2 == 0xA4);
        case ins::perform_security_operation: return c.p1 == 0x00 && c.p2 == 0xBE;
        case ins::get_challenge:
        case ins::external_authenticate: return protect && c.p1 == 0 && c.p2 == 0;
        default: return false;
    }
}

term_auth::Binding binding(const Chip& chip, const Channel& channel) {
    if (chip.misbehaviour.active(FaultId::ta_wrong_id) == nullptr) return {channel.id_ic, channel.pk_ifd};
    const bool by_pace = channel.opened_by == Channel::OpenedBy::pace;
    return {by_pace ? term_auth::id_ic_of_bac(chip.config.mrz_information) : Bytes(), channel.pk_ifd};
}

term_auth::Chip& protocol(Chip& chip, TerminalAuthentication& config) {
    auto& channel = *chip.now.channel;
    if (!channel.term_auth) {
        channel.term_auth = std::make_unique<term_auth::Chip>(config.trust, config.policy);
        bind_terminal_authentication(chip);
    }
    return *channel.term_auth;
}

// Appendix K.2: "internally updated only".
void update_ef_cvca(Chip& chip, const pki::CvTrust& trust) {
    const auto file = chip.config.files.find(Ef::cvca);
    if (file == chip.config.files.end()) return;
    if (auto content = lds::EfCvca{trust.references(), {}}.encode()) file->second = std::move(*content);
}

// 9000, or why terminal authentication does not run here. In the master file it wants PACE before (7.1.2, note).
std::uint16_t may_run(const Chip& chip, const TerminalAuthentication& config, bool protect) {
    if (!protect) return sw::security_status_not_satisfied;
    if (const auto* fault = chip.misbehaviour.active(FaultId::ta_refused)) return fault->sw;
    if (chip.now.df == Df::application) return sw::ok;
    const bool by_pace = chip.now.channel->opened_by == Channel::OpenedBy::pace;
    return config.in_master_file && by_pace ? sw::ok : sw::conditions_not_satisfied;
}

// 7.1.5: of these commands GET CHALLENGE alone has an answer.
bool le_is_right(const Command& c) { return c.ins == ins::get_challenge || !c.le; }

}  // namespace

std::optional<Response> terminal_authentication(Chip& chip, const Command& c, bool protect) {
    auto& config = chip.config.terminal_authentication;
    if (!config || !concerns(c, protect)) return std::nullopt;
    if (const auto status = may_run(chip, *config, protect); status != sw::ok) return Response::of(status);
    if (!le_is_right(c)) return Response::of(sw::wrong_length);
    const auto known = config->trust.references();
    auto response = protocol(chip, *config).process(c, chip.rng);
    if (config->trust.references() != known) update_ef_cvca(chip, config->trust);
    if (c.ins == ins::external_authenticate && response && !response->ok()) chip.now.channel->terminal_refused = true;
    return response;
}

void bind_terminal_authentication(Chip& chip) {
    auto& channel = *chip.now.channel;
    if (channel.term_auth && !channel.pk_ifd.empty()) channel.term_auth->bind(binding(chip, channel));
}

bool terminal_may_read(const Chip& chip, Ef ef) {
    if (!chip.config.terminal_authentication || (ef != Ef::dg3 && ef != Ef::dg4)) return true;
    const auto& channel = chip.now.channel;
    if (!channel) return false;
    if (channel->terminal_refused && chip.misbehaviour.active(FaultId::open_after_failed_ta) != nullptr) return true;
    if (!channel->term_auth) return false;
    const auto rights = channel->term_auth->rights();
    return ef == Ef::dg3 ? rights.dg3 : rights.dg4;
}

}  // namespace idchip::sim::emrtd
