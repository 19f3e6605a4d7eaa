// Active authentication of Doc 9303-11, 6.1.
#include "sim/emrtd/chip.hpp"

namespace idchip::sim::emrtd {

Response internal_authenticate(Chip& chip, const Command& c) {
    if (c.p1 != 0 || c.p2 != 0) return Response::of(sw::wrong_p1_p2);
    if (c.data.size() != active_auth::Challenge::size || !c.le) return Response::of(sw::wrong_length);
    if (!access_granted(chip)) return Response::of(sw::security_status_not_satisfied);
    // The key belongs to the application, as DG15 does.
    if (chip.now.df != Df::application) return Response::of(sw::conditions_not_satisfied);
    const auto& aa = *chip.config.active_authentication;
    if (auto wrong = chip.misbehaviour.active_authentication(aa, c, chip.rng)) return std::move(*wrong);
    auto signature = active_auth::sign(aa.key, c.data, aa.hash, chip.rng, aa.format);
    return signature ? Response{std::move(*signature), sw::ok} : Response::of(sw::no_precise_diagnosis);
}

}  // namespace idchip::sim::emrtd
