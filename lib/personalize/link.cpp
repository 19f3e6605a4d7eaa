#include <idchip/personalize/link.hpp>

#include <algorithm>

#include <idchip/iso7816/status_word.hpp>
#include <idchip/protocol/bac/bac.hpp>

#include "base/try.hpp"

namespace idchip::personalize {
namespace {

using iso7816::CommandApdu;
using iso7816::ResponseApdu;
using profile::ChannelKind;
using profile::PlannedCommand;

// GPC 2.3.1, 11.10 and ISO/IEC 7816-4: what a card answers when a try of its key has been used up, or none is left.
bool used_up_a_try(const Error& error) {
    if (error.code == Errc::scp_refused || error.code == Errc::bac_wrong_key) return true;
    return error.sw && ((*error.sw & 0xFFF0U) == 0x63C0U || *error.sw == 0x6300U || *error.sw == 0x6983U || *error.sw == 0x6984U);
}

}  // namespace

// What goes to the card in clear may be a key.
Result<ResponseApdu> Link::plain(const CommandApdu& command) {
    auto bytes = TRY(command.encode());
    const auto answer = t_.transmit(bytes);
    wipe(bytes);
    return ResponseApdu::parse(TRY(answer));
}

Result<void> Link::begin() {
    if (!p_.identify.select) return select(p_.application);
    gp_.reset();
    iso_.reset();
    auto command = TRY(profile::instantiate(*p_.identify.select, {}));
    command.plain = true;
    TRY(execute(command));
    return {};
}

Result<void> Link::select(ByteView application) {
    gp_.reset();
    iso_.reset();
    PlannedCommand select;
    select.id = "select application";
    select.apdu = {0x00, iso7816::ins::select, 0x04, 0x00, to_bytes(application), 256};
    select.expect = {iso7816::sw::ok};
    select.on_sw = {{iso7816::sw::file_not_found, Errc::profile_mismatch}, {iso7816::sw::ins_not_supported, Errc::profile_mismatch}};
    select.plain = true;
    TRY(execute(select));
    return {};
}

Result<void> Link::open(card_keys::Source* keys, ByteView serial) {
    if (p_.channel.kind == ChannelKind::none) return {};
    if (keys == nullptr) return fail(Errc::cardkey_missing, p_.name, "its cards open with a key: give --keys");
    if (refused_) return fail(Errc::scp_refused, p_.name, "this card has refused before");
    if (!p_.channel.select.empty()) TRY(select(p_.channel.select));
    auto opened = p_.channel.kind == ChannelKind::mutual ? open_mutual(*keys, serial) : open_gp(*keys);
    if (opened) return {};
    refused_ = used_up_a_try(opened.error());
    return opened;
}

Result<void> Link::open_gp(card_keys::Source& source) {
    scp::Terminal terminal(p_.channel.scp, rng_.bytes(p_.channel.scp.challenge_size()));
    const auto answer = TRY(plain(terminal.initialize_update(p_.channel.key_version)));
    const auto challenge = TRY(terminal.read(answer));
    key_diversification_data_ = challenge.key_diversification_data;
    auto set = TRY(source.keys(challenge.key_diversification_data));
    const scp::StaticKeys keys{set.version, std::move(set.enc), std::move(set.mac), std::move(set.dek)};
    TRY(check_challenge(keys, challenge));
    // The card has proven that it knows the key; only now it is asked to count.
    const auto command = TRY(terminal.external_authenticate(keys, challenge));
    ++authentications_;
    gp_ = TRY(terminal.finish(TRY(plain(command))));
    return {};
}

// The cryptogram proves the MAC key alone. A pseudo-random challenge comes of the ENC key (Amendment D, 6.2.2.1): a wrong one would show only
// when the first command cannot be read.
Result<void> Link::check_challenge(const scp::StaticKeys& keys, const scp::Challenge& challenge) const {
    if (challenge.sequence_counter.empty() || p_.channel.kind != ChannelKind::scp03 || !p_.channel.verify_challenge) return {};
    const ByteView aid = p_.channel.select.empty() ? p_.application : p_.channel.select;
    const auto wanted =
        TRY(scp::pseudo_random_challenge(keys.enc.view(), challenge.sequence_counter, aid, challenge.card_challenge.size()));
    if (!equal(wanted, challenge.card_challenge))
        return fail(Errc::scp_wrong_key, p_.name, "the card's challenge comes of another ENC key");
    return {};
}

// Where the card tells the check value of its key, a wrong one is found before a try is used up.
Result<void> Link::check_key(const card_keys::KeySet& keys, card_keys::Algorithm algorithm) {
    if (!p_.channel.key_check_value) return {};
    auto command = TRY(profile::instantiate(*p_.channel.key_check_value, {}));
    command.plain = true;
    const auto answer = TRY(execute(command));
    if (!equal(answer.data, TRY(card_keys::check_value(algorithm, keys.enc.view()))))
        return fail(Errc::scp_wrong_key, p_.name, "the check value of the card's key is another");
    return {};
}

// As basic access control (Doc 9303-11, 4.3), with the personalization agent's key in place of the zone.
Result<void> Link::open_mutual(card_keys::Source& source, ByteView serial) {
    auto set = TRY(source.keys(serial));
    TRY(check_key(set, source.algorithm()));
    auto terminal = bac::Terminal::fresh({std::move(set.enc), std::move(set.mac)}, rng_);
    const auto command = TRY(terminal.external_authenticate(TRY(plain(terminal.get_challenge()))));
    ++authentications_;
    const auto answer = TRY(plain(command));
    auto session = terminal.finish(answer);
    if (!session) return fail(Error(Errc::scp_refused, p_.name, iso7816::sw::describe(answer.sw)).with_sw(answer.sw));
    iso_.emplace(std::move(*session));
    return {};
}

Result<ResponseApdu> Link::exchange(const PlannedCommand& c) {
    if (c.plain || !is_open()) return plain(c.apdu);
    const auto wrapped = gp_ ? TRY(gp_->wrap(c.apdu)) : TRY(iso_->protect(c.apdu));
    const auto answer = TRY(plain(wrapped));
    return gp_ ? gp_->unwrap(answer) : iso_->unprotect(answer);
}

Result<ResponseApdu> Link::execute(const PlannedCommand& c) {
    auto response = TRY(exchange(c));
    if (std::find(c.expect.begin(), c.expect.end(), response.sw) == c.expect.end()) {
        const auto it = c.on_sw.find(response.sw);
        return fail(
            Error(it != c.on_sw.end() ? it->second : Errc::chip_refused, c.id, iso7816::sw::describe(response.sw)).with_sw(response.sw));
    }
    if (c.answer && response.data != *c.answer) return fail(Errc::perso_readback_differs, c.id, "another answer than the plan's");
    return response;
}

profile::Encrypt Link::encrypt() const {
    if (!gp_) return profile::no_channel;
    return [this](ByteView data) { return gp_->encrypt_data(data); };
}

}  // namespace idchip::personalize
