// The way to a blank card: plain, or through the secure channel that its profile names.
#pragma once

#include <idchip/card_keys/card_keys.hpp>
#include <idchip/profile/plan.hpp>
#include <idchip/protocol/sm/secure_messaging.hpp>
#include <idchip/transport/transport.hpp>

namespace idchip::personalize {

class Link {
public:
    Link(transport::Transport& transport, const profile::Profile& profile, Rng& rng) : t_(transport), p_(profile), rng_(rng) {}

    // Selects what the profile begins with; no channel is open then. Errors: profile.mismatch, transport.*.
    Result<void> begin();
    Result<void> select(ByteView application);
    // Opens the channel. `keys` may be null where the profile wants none; `serial`: what the card said of itself.
    // A wrong key is found before the card could count it, wherever the channel lets; once a card has refused, it is never tried again.
    // Errors: cardkey.missing, scp.*, transport.*.
    Result<void> open(card_keys::Source* keys, ByteView serial);
    bool is_open() const { return gp_ || iso_; }
    // How often the card was asked to authenticate us.
    unsigned authentications() const { return authentications_; }
    const Bytes& key_diversification_data() const { return key_diversification_data_; }

    // Errors: transport.*, scp.broken, sm.broken.
    Result<iso7816::ResponseApdu> exchange(const profile::PlannedCommand& command);
    // The same; a status word outside the plan is an error with the meaning that the profile gives it, another answer than the plan's, too.
    Result<iso7816::ResponseApdu> execute(const profile::PlannedCommand& command);
    // For templates: dek().
    profile::Encrypt encrypt() const;

private:
    Result<iso7816::ResponseApdu> plain(const iso7816::CommandApdu& command);
    Result<void> open_gp(card_keys::Source& keys);
    Result<void> open_mutual(card_keys::Source& keys, ByteView serial);
    Result<void> check_challenge(const scp::StaticKeys& keys, const scp::Challenge& challenge) const;
    Result<void> check_key(const card_keys::KeySet& keys, card_keys::Algorithm algorithm);

    transport::Transport& t_;
    const profile::Profile& p_;
    Rng& rng_;
    std::optional<scp::Session> gp_;
    std::optional<sm::Terminal> iso_;
    Bytes key_diversification_data_;
    unsigned authentications_ = 0;
    bool refused_ = false;
};

}  // namespace idchip::personalize
