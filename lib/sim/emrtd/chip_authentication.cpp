// Chip authentication of Doc 9303-11, 6.2.
#include "sim/emrtd/chip.hpp"

namespace idchip::sim::emrtd {
namespace {

// 9000, or why chip authentication does not run here.
std::uint16_t may_run(Chip& chip) {
    if (const auto* fault = chip.misbehaviour.active(FaultId::ca_refused)) return fault->sw;
    if (!access_granted(chip)) return sw::security_status_not_satisfied;
    const bool here = chip.now.df == Df::application || chip.config.chip_authentication_in_master_file;
    return here ? sw::ok : sw::conditions_not_satisfied;
}

chip_auth::Chip& protocol(Chip& chip) {
    if (!chip.now.chip_auth)
        chip.now.chip_auth = std::make_unique<chip_auth::Chip>(chip.misbehaviour.chip_keys(chip.config.chip_authentication, chip.rng));
    return *chip.now.chip_auth;
}

Bytes compress(const Chip& chip, ByteView pk_ifd) {
    for (const auto& key : chip.config.chip_authentication)
        if (key.public_key.domain.check(pk_ifd)) return term_auth::compress(key.public_key.domain, pk_ifd);
    return {};
}

// 6.2.2: the session goes on under new keys, from the next command on.
void restart(Chip& chip, chip_auth::Agreed agreed) {
    const auto& old = chip.now.channel;
    auto& next = chip.now.next_channel.emplace(std::move(agreed.session), old ? old->opened_by : Channel::OpenedBy::chip_authentication);
    if (old) {
        next.password = old->password;
        next.commands = old->commands;
    }
    next.id_ic = old ? old->id_ic : term_auth::id_ic_of_bac(chip.config.mrz_information);
    next.pk_ifd = compress(chip, agreed.pk_ifd);
}

Response finish(Chip& chip, Response response) {
    if (auto& agreed = protocol(chip).agreed()) {
        restart(chip, std::move(*agreed));
        agreed.reset();
    }
    return response;
}

}  // namespace

Response set_kat(Chip& chip, const Command& c) {
    if (c.le) return Response::of(sw::wrong_length);
    if (const auto status = may_run(chip); status != sw::ok) return Response::of(status);
    if (chip.config.quirks.set_kat_refused) return Response::of(sw::wrong_data);
    return finish(chip, protocol(chip).set_kat(c.data));
}

Response set_at_chip_authentication(Chip& chip, const Command& c) {
    if (c.le) return Response::of(sw::wrong_length);
    if (const auto status = may_run(chip); status != sw::ok) return Response::of(status);
    return protocol(chip).set_at(c.data);
}

Response run_chip_authentication(Chip& chip, const Command& c) {
    if (!c.le) return Response::of(sw::wrong_length);
    if (const auto status = may_run(chip); status != sw::ok) return Response::of(status);
    return finish(chip, protocol(chip).general_authenticate(c.data, (c.cla & iso7816::cla_chained) != 0));
}

}  // namespace idchip::sim::emrtd
