// PACE of Doc 9303-11, 4.4; PIN and PUK of BSI TR-03110-2, 3.3 and -3, B.11.
#include <algorithm>

#include "sim/emrtd/chip.hpp"

namespace idchip::sim::emrtd {
namespace {

using pace::PasswordKind;

std::optional<pace::Password> password(const EmrtdConfig& config, Byte reference) {
    const auto text = [](auto&& make, const std::string& word) -> std::optional<pace::Password> {
        if (word.empty()) return std::nullopt;
        auto made = make(word);
        return made ? std::optional(std::move(*made)) : std::nullopt;
    };
    if (const auto given = config.pace_k.find(reference); given != config.pace_k.end())
        return pace::Password(static_cast<PasswordKind>(reference), given->second.clone());
    if (!config.pace_k.empty()) return std::nullopt;
    switch (reference) {
        case 1: return pace::Password::mrz(config.mrz_information);
        case 2: return text(pace::Password::can, config.can);
        case 3: return text(pace::Password::pin, config.pin);
        case 4: return text(pace::Password::puk, config.puk);
        default: return std::nullopt;
    }
}

std::uint16_t tries(const Chip& chip) { return static_cast<std::uint16_t>(0x63C0U | std::min(chip.persistent.pin_tries, 15U)); }

bool opened_with(const Chip& chip, PasswordKind kind) {
    return chip.now.channel && chip.now.channel->opened_by == Channel::OpenedBy::pace && chip.now.channel->password == kind;
}

// PACE opens a session in the master file. Inside one it runs for a PIN that the CAN has resumed, and for nothing else.
bool may_run(const Chip& chip, PasswordKind kind, bool protect) {
    if (chip.now.df != Df::master_file && !chip.config.quirks.pace_in_application) return false;
    return !protect || (kind == PasswordKind::pin && opened_with(chip, PasswordKind::can));
}

bool several_parameter_sets(const std::vector<PaceOffer>& offers) {
    return std::any_of(offers.begin(), offers.end(), [&](const PaceOffer& o) { return o.parameter_id != offers.front().parameter_id; });
}

// The offer that MSE:Set AT means, or the status word of a refusal.
struct Found {
    const PaceOffer* offer = nullptr;
    std::uint16_t status = sw::ok;
};
Found find_offer(const Chip& chip, const pace::SetAt& wanted) {
    const auto& offers = chip.config.pace;
    const auto& quirks = chip.config.quirks;
    const auto known = [&](const PaceOffer& o) { return o.suite.protocol == wanted.protocol; };
    if (std::none_of(offers.begin(), offers.end(), known)) return {nullptr, sw::wrong_data};
    // 4.4.4.1: DO'84' is required where there is a choice.
    const bool choice = several_parameter_sets(offers);
    if (!wanted.parameter_id && (choice || quirks.pace_wants_parameter_id))
        return {nullptr, choice ? sw::reference_data_not_found : sw::wrong_data};
    if (wanted.parameter_id && !choice && quirks.pace_refuses_parameter_id) return {nullptr, sw::reference_data_not_found};
    for (const auto& offer : offers)
        if (known(offer) && (!wanted.parameter_id || offer.parameter_id == wanted.parameter_id)) return {&offer};
    return {nullptr, sw::reference_data_not_found};
}

pace::Chip::Options options(Chip& chip, const PaceOffer& offer, bool wants_references) {
    pace::Chip::Options o;
    if (const auto& ta = chip.config.terminal_authentication; ta && wants_references)
        o.certification_authority_references = ta->trust.references();
    if (offer.suite.mapping != pace::Mapping::chip_authentication) return o;
    const bool wrong_key = chip.misbehaviour.active(FaultId::cam_wrong_key) != nullptr;
    o.chip_authentication_key = wrong_key ? offer.domain.draw_private(chip.rng) : offer.chip_authentication_key.clone();
    return o;
}

void start_session(Chip& chip, const PaceRun& run, pace::Established& established) {
    auto& next = chip.now.next_channel.emplace(std::move(established.session), Channel::OpenedBy::pace);
    next.password = run.password;
    next.id_ic = term_auth::compress(run.domain, established.pk_ic);
    if (run.mapping == pace::Mapping::chip_authentication) next.pk_ifd = term_auth::compress(run.domain, established.pk_ifd);
}

// The last step of a run with the PIN: one try less before the token is looked at, so that tearing the card out gains nothing.
Response authenticate_with_pin(Chip& chip, const Command& c) {
    --chip.persistent.pin_tries;
    auto response = chip.now.pace->chip.general_authenticate(c.data, false);
    if (response.ok()) chip.persistent.pin_tries = chip.config.pin_tries;
    else if (chip.now.pace->chip.wrong_password()) response.sw = tries(chip);
    return response;
}

// Why a PIN cannot be used now; 9000: it can.
std::uint16_t pin_status(const Chip& chip) {
    if (chip.persistent.pin_tries == 0) return 0x6983;                                                                 // blocked
    if (chip.persistent.pin_tries == 1 && !opened_with(chip, PasswordKind::can)) return sw::conditions_not_satisfied;  // suspended
    return sw::ok;
}

}  // namespace

Response set_at_pace(Chip& chip, const Command& c, bool protect) {
    if (c.le) return Response::of(sw::wrong_length);
    if (const auto* fault = chip.misbehaviour.active(FaultId::pace_set_at_refused)) return Response::of(fault->sw);
    const auto set_at = pace::parse_set_at(c.data);
    if (!set_at || chip.config.pace.empty()) return Response::of(sw::wrong_data);
    const auto word = password(chip.config, set_at->password);
    if (word && !may_run(chip, word->kind(), protect)) return Response::of(sw::conditions_not_satisfied);
    const auto [offer, status] = find_offer(chip, *set_at);
    if (offer == nullptr) return Response::of(status);
    if (!word) return Response::of(sw::reference_data_not_found);
    pace::Choice choice{offer->suite, offer->domain, offer->parameter_id, false, false};
    auto randoms = pace::Randoms::fresh(choice, chip.rng);
    chip.now.pace.emplace(
        PaceRun{pace::Chip(std::move(choice), *word, std::move(randoms), options(chip, *offer, set_at->authorization_template)),
                word->kind(), offer->suite.mapping, offer->domain});
    // TR-03110-3, B.11.1: the retry counter is a warning here; the password is refused when it is used.
    const bool counted = word->kind() == PasswordKind::pin && chip.persistent.pin_tries < chip.config.pin_tries;
    return Response::of(counted ? tries(chip) : sw::ok);
}

Response run_pace(Chip& chip, const Command& c) {
    auto& run = *chip.now.pace;
    const bool chained = (c.cla & iso7816::cla_chained) != 0;
    const auto step = run.step++;
    const auto refuse = [&chip](std::uint16_t status) {
        chip.now.pace.reset();
        return Response::of(status);
    };
    if (!c.le) return refuse(sw::wrong_length);
    if (const auto status = chip.misbehaviour.refuses_pace_step(step)) return refuse(*status);
    const bool pin = run.password == PasswordKind::pin;
    if (const auto status = pin ? pin_status(chip) : sw::ok; status != sw::ok) return refuse(status);
    auto response = pin && !chained ? authenticate_with_pin(chip, c) : run.chip.general_authenticate(c.data, chained);
    chip.misbehaviour.edit_pace_answer(step, run.domain, c.data, response);
    if (!response.ok()) return refuse(response.sw);
    if (auto& established = run.chip.established()) {
        start_session(chip, run, *established);
        chip.now.pace.reset();
    }
    return response;
}

// BSI TR-03110-3, B.3 (ISO/IEC 7816-4, RESET RETRY COUNTER): after PACE with the PUK.
Response reset_retry_counter(Chip& chip, const Command& c) {
    if (c.p1 != 0x03 || c.p2 != 0x03) return Response::of(sw::wrong_p1_p2);
    if (!c.data.empty() || c.le) return Response::of(sw::wrong_length);
    if (!opened_with(chip, PasswordKind::puk)) return Response::of(sw::security_status_not_satisfied);
    chip.persistent.pin_tries = chip.config.pin_tries;
    return Response::of(sw::ok);
}

}  // namespace idchip::sim::emrtd
