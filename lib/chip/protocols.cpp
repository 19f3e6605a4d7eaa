// The protocols that open and authenticate a chip, over the commands of a session.
#include <algorithm>

#include <idchip/chip/session.hpp>
#include <idchip/iso7816/status_word.hpp>

#include "base/try.hpp"

namespace idchip::chip {
namespace {

using iso7816::CommandApdu;
using iso7816::ResponseApdu;
namespace sw = iso7816::sw;

// What chips that want DO'84' answer without it: table of ISO/IEC 7816-4 for wrong and missing data.
bool about_data(std::uint16_t status) { return status == sw::wrong_data || status == 0x6A87 || status == sw::reference_data_not_found; }

}  // namespace

Result<void> Session::basic_access_control(std::string_view mrz_information, Rng& rng) {
    auto bac = bac::Terminal::fresh(bac::derive_access_keys(bac::k_seed(mrz_information).view()), rng);
    const auto challenge = TRY(send(bac.get_challenge()));
    const auto command = TRY(bac.external_authenticate(challenge));
    start_secure_messaging(TRY(bac.finish(TRY(send(command)))));
    return {};
}

Result<Session::PaceResult> Session::pace(const pace::Choice& choice, const pace::Password& password, Rng& rng,
                                          bool for_terminal_authentication) {
    TRY(ensure_df(lds::Df::master_file));
    auto way = choice;
    way.ambiguous |= expected_.contains(Quirk::pace_parameter_id);
    std::optional<pace::Terminal> terminal;
    const auto begin = [&] {
        terminal.emplace(way, password, pace::Randoms::fresh(way, rng));
        if (pace_password_ == pace::PasswordKind::can) terminal->resume();
        return send(terminal->set_at(for_terminal_authentication));
    };
    auto response = TRY(begin());
    if (about_data(response.sw) && way.parameter_id && !way.ambiguous) {
        way.ambiguous = true;
        const auto again = TRY(begin());
        if (again.ok()) use(Quirk::pace_parameter_id);
        response = again.ok() ? again : response;
    }
    for (;;) {
        const auto command = TRY(terminal->next(response));
        if (!command) break;
        response = TRY(send(*command));
    }
    auto e = terminal->take();
    start_secure_messaging(std::move(e.session));
    pace_password_ = password.kind();
    pace_pk_ic_ = std::move(e.pk_ic);
    pk_ifd_ = std::move(e.pk_ifd);
    return PaceResult{std::move(e.pk_map_ic), std::move(e.ca_ic), std::move(e.certification_authority_references)};
}

Result<void> Session::chip_authentication(const chip_auth::Choice& choice, Rng& rng) {
    auto terminal = TRY(chip_auth::Terminal::fresh(choice, rng));
    auto response = TRY(send(terminal.first()));
    for (;;) {
        const auto command = TRY(terminal.next(response));
        if (!command) break;
        response = TRY(send(*command));
    }
    if (terminal.set_kat_refused()) use(Quirk::set_kat_refused);
    pk_ifd_ = terminal.pk_ifd();
    start_secure_messaging(terminal.take());
    return {};
}

Result<void> Session::terminal_authentication(term_auth::Terminal terminal) {
    auto response = TRY(send(terminal.first()));
    for (;;) {
        const auto command = TRY(terminal.next(response));
        if (!command) return {};
        response = TRY(send_long(*command));
    }
}

Result<Session::ActiveAnswer> Session::active_authentication(const active_auth::Key& key, Rng& rng) {
    auto ladder = active_auth::le_ladder(key, terminal_ ? crypto::block_size(cipher_) : 0);
    // A chip that knows no extended length may end the session over it.
    if (!sizes_.extended_length) std::stable_partition(ladder.begin(), ladder.end(), [](std::uint32_t le) { return le <= 256; });
    std::optional<ActiveAnswer> first;
    for (const auto le : ladder) {
        auto challenge = active_auth::Challenge::draw(rng);
        auto answer = TRY(send(active_auth::internal_authenticate(challenge, le)));
        const bool whole = answer.ok() && answer.data.size() >= key.signature_size();
        if (whole && first) use(Quirk::aa_other_length);
        if (whole) return ActiveAnswer{std::move(challenge), std::move(answer)};
        // The first refusal is the one to tell: later ones may be about the length only.
        if (!first) first = ActiveAnswer{std::move(challenge), std::move(answer)};
        const bool another_length = first->answer.ok() || first->answer.sw == sw::wrong_length || (first->answer.sw & 0xFF00U) == 0x6C00;
        if (!another_length) break;
    }
    return std::move(*first);
}

}  // namespace idchip::chip
