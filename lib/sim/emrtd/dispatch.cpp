// Which command is meant, and which there are: a chip knows those that its protocols need.
#include "sim/emrtd/chip.hpp"

namespace idchip::sim::emrtd {
namespace {

constexpr Byte ins_reset_retry_counter = 0x2C;

bool has_environment(const Chip& chip) {
    return !chip.config.pace.empty() || !chip.config.chip_authentication.empty() || chip.config.terminal_authentication;
}

bool knows(const Chip& chip, Byte instruction) {
    switch (instruction) {
        case ins::select:
        case ins::read_binary:
        case ins::read_binary_odd: return true;
        case ins::get_challenge:
        case ins::external_authenticate: return chip.config.bac || chip.config.terminal_authentication;
        case ins::perform_security_operation: return chip.config.terminal_authentication.has_value();
        case ins::internal_authenticate: return chip.config.active_authentication.has_value();
        case ins::manage_security_environment:
        case ins::general_authenticate: return has_environment(chip);
        case ins_reset_retry_counter: return !chip.config.puk.empty();
        default: return false;
    }
}

}  // namespace

Response manage_security_environment(Chip& chip, const Command& c, bool protect) {
    switch (c.p1 << 8U | c.p2) {
        case 0xC1A4: return set_at_pace(chip, c, protect);
        case 0x41A6: return set_kat(chip, c);
        case 0x41A4: return set_at_chip_authentication(chip, c);
        default: return Response::of(sw::wrong_p1_p2);
    }
}

Response general_authenticate(Chip& chip, const Command& c) {
    if (c.p1 != 0 || c.p2 != 0) return Response::of(sw::wrong_p1_p2);
    if (chip.now.pace) return run_pace(chip, c);
    return chip.now.chip_auth ? run_chip_authentication(chip, c) : Response::of(sw::conditions_not_satisfied);
}

Response dispatch(Chip& chip, const Command& c, bool protect, std::size_t room) {
    if (!knows(chip, c.ins)) return Response::of(sw::ins_not_supported);
    // A command in between breaks the chain of PACE.
    if (c.ins != ins::general_authenticate) chip.now.pace.reset();
    if (auto response = terminal_authentication(chip, c, protect)) return std::move(*response);
    switch (c.ins) {
        case ins::select: return select(chip, c);
        case ins::read_binary: return read_binary(chip, c, room);
        case ins::read_binary_odd: return read_binary_odd(chip, c, room);
        case ins::get_challenge: return get_challenge(chip, c, protect);
        case ins::external_authenticate: return external_authenticate(chip, c, protect);
        case ins::internal_authenticate: return internal_authenticate(chip, c);
        case ins::manage_security_environment: return manage_security_environment(chip, c, protect);
        case ins::general_authenticate: return general_authenticate(chip, c);
        case ins::perform_security_operation: return Response::of(sw::wrong_p1_p2);
        default: return reset_retry_counter(chip, c);
    }
}

}  // namespace idchip::sim::emrtd
