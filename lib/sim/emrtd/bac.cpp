// Basic access control of Doc 9303-11, 4.3, and the two commands that terminal authentication shares with it.
#include "sim/emrtd/chip.hpp"

namespace idchip::sim::emrtd {
namespace {

constexpr std::size_t cryptogram_size = 40;

// "The eMRTD Application MUST be selected before Basic Access Control is performed" (4.2).
bool may_run(const Chip& chip) { return chip.config.bac && chip.now.df == Df::application; }

}  // namespace

Response get_challenge(Chip& chip, const Command& c, bool protect) {
    if (c.p1 != 0 || c.p2 != 0) return Response::of(sw::wrong_p1_p2);
    if (!c.data.empty() || c.le != bac::nonce_size) return Response::of(sw::wrong_length);
    if (protect || !may_run(chip)) return Response::of(sw::conditions_not_satisfied);
    chip.now.rnd_ic = chip.rng.bytes(bac::nonce_size);
    return {chip.now.rnd_ic, sw::ok};
}

Response external_authenticate(Chip& chip, const Command& c, bool protect) {
    if (c.p1 != 0 || c.p2 != 0) return Response::of(sw::wrong_p1_p2);
    // A challenge serves one attempt, whatever becomes of it.
    const auto rnd_ic = std::exchange(chip.now.rnd_ic, {});
    if (protect || !may_run(chip) || rnd_ic.empty()) return Response::of(sw::conditions_not_satisfied);
    if (c.data.size() != cryptogram_size || !c.le || *c.le < cryptogram_size) return Response::of(sw::wrong_length);
    const auto& given = chip.config.bac_k_seed;
    const auto keys = bac::derive_access_keys(given.empty() ? bac::k_seed(chip.config.mrz_information).view() : given.view());
    const auto k_ic = chip.rng.secret(bac::key_material_size);
    auto answer = bac::answer_external_authenticate(keys, rnd_ic, k_ic.view(), c.data);
    if (!answer) return Response::of(sw::authentication_failed);
    chip.misbehaviour.edit_bac_answer(keys.k_enc.view(), keys.k_mac.view(), answer->data);
    auto& next = chip.now.next_channel.emplace(std::move(answer->session), Channel::OpenedBy::bac);
    next.id_ic = term_auth::id_ic_of_bac(chip.config.mrz_information);
    return {std::move(answer->data), sw::ok};
}

}  // namespace idchip::sim::emrtd
