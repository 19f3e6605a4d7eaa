#include <idchip/iso7816/status_word.hpp>

#include "base/try.hpp"
#include "protocol/scp/channel.hpp"

namespace idchip::scp {

using iso7816::CommandApdu;
using iso7816::ResponseApdu;
namespace sw = iso7816::sw;

struct Chip::Impl {
    enum class State { fresh, challenged, authenticated, closed };

    Parameters parameters;
    StaticKeys keys;
    Bytes diversification_data, sequence_counter, aid;
    Rng* rng;

    State state = State::fresh;
    Byte logical_channel = 0;
    Bytes host_cryptogram;
    std::unique_ptr<Channel> channel;
    bool answering = false;  // a command is open

    void close() {
        state = State::closed;
        channel.reset();
    }
    ResponseApdu refuse(std::uint16_t status) {
        close();
        return ResponseApdu::of(status);
    }
    // Amendment D, 7.1.1.4; GPC 2.3.1, E.5.1.5.
    std::uint16_t check_initialize_update(const CommandApdu& c) const {
        if (!is_plain(c.cla) || (c.cla & 0xB0U) != 0x80) return sw::cla_not_supported;
        if (c.ins != 0x50) return sw::ins_not_supported;
        if (c.p2 != 0) return sw::wrong_p1_p2;
        if (c.p1 != 0 && c.p1 != keys.version) return sw::reference_data_not_found;
        if (c.data.size() != parameters.challenge_size()) return sw::wrong_length;
        return sw::ok;
    }
    std::uint16_t check_external_authenticate(const CommandApdu& c) const {
        if (!is_protected(c.cla) || plain_class(c.cla) != (0x80U | logical_channel)) return sw::security_status_not_satisfied;
        if (c.ins != iso7816::ins::external_authenticate) return sw::conditions_not_satisfied;
        auto asked = parameters;
        asked.level = c.p1;
        if (c.p2 != 0 || (c.p1 & ~parameters.level) != 0 || !check(asked)) return sw::wrong_p1_p2;
        if (c.data.size() != 2 * parameters.challenge_size()) return sw::wrong_length;
        return sw::ok;
    }
    Result<Bytes> card_challenge() {
        if (pseudo_random(parameters)) return known_card_challenge(parameters, keys, sequence_counter, aid);
        return rng->bytes(card_challenge_size(parameters));
    }
    // The data of the answer; leaves the channel and what the host must say.
    Result<Bytes> answer(ByteView host_challenge) {
        TRY(check(parameters));
        const bool scp03 = parameters.protocol == Protocol::scp03;
        const bool counted = !scp03 || pseudo_random(parameters);
        if (diversification_data.size() != 10 || (counted && sequence_counter.size() != counter_size(parameters.protocol)))
            return fail(Errc::crypto_bad_input);
        const auto challenge = TRY(card_challenge());
        const Challenges c{host_challenge, sequence_counter, challenge};
        auto session = TRY(session_keys(parameters.protocol, keys, c));
        auto expected = TRY(cryptograms(parameters, session, c));
        channel = TRY(Channel::make(parameters, std::move(session)));
        host_cryptogram = std::move(expected.host);
        if (!scp03) return concat({diversification_data, Bytes{keys.version, 0x02}, sequence_counter, challenge, expected.card});
        const Bytes information{keys.version, 0x03, parameters.i};
        return concat({diversification_data, information, challenge, expected.card, counted ? ByteView(sequence_counter) : ByteView()});
    }
};

Chip::Chip(Parameters parameters, StaticKeys keys, Bytes diversification_data, Bytes sequence_counter, Bytes aid, Rng& rng)
    : impl_(std::make_unique<Impl>()) {
    impl_->parameters = parameters;
    impl_->keys = std::move(keys);
    impl_->diversification_data = std::move(diversification_data);
    impl_->sequence_counter = std::move(sequence_counter);
    impl_->aid = std::move(aid);
    impl_->rng = &rng;
}
Chip::~Chip() = default;
Chip::Chip(Chip&&) noexcept = default;
Chip& Chip::operator=(Chip&&) noexcept = default;

bool Chip::authenticated() const { return impl_->state == Impl::State::authenticated; }

ResponseApdu Chip::initialize_update(const CommandApdu& command) {
    if (impl_->state != Impl::State::fresh) return impl_->refuse(sw::conditions_not_satisfied);
    if (const auto wrong = impl_->check_initialize_update(command); wrong != sw::ok) return ResponseApdu::of(wrong);
    auto data = impl_->answer(command.data);
    if (!data) return impl_->refuse(sw::no_precise_diagnosis);
    impl_->state = Impl::State::challenged;
    impl_->logical_channel = logical_channel(command.cla);
    return {std::move(*data), sw::ok};
}

ResponseApdu Chip::external_authenticate(const CommandApdu& command) {
    if (impl_->state != Impl::State::challenged) return impl_->refuse(sw::conditions_not_satisfied);
    if (const auto wrong = impl_->check_external_authenticate(command); wrong != sw::ok) return impl_->refuse(wrong);
    const auto host_cryptogram = ByteView(command.data).first(impl_->host_cryptogram.size());
    if (!equal_constant_time(host_cryptogram, impl_->host_cryptogram)) return impl_->refuse(sw::authentication_failed);
    if (!impl_->channel->open(command)) return impl_->refuse(sw::security_status_not_satisfied);
    impl_->channel->raise(command.p1);
    impl_->state = Impl::State::authenticated;
    return ResponseApdu::of(sw::ok);
}

Result<CommandApdu> Chip::open(const CommandApdu& command) {
    const auto run = [&]() -> Result<CommandApdu> {
        if (!authenticated()) return broken(sw::security_status_not_satisfied, "no open channel");
        if (impl_->answering) return broken(sw::security_status_not_satisfied, "the last command is not answered");
        if (logical_channel(command.cla) != impl_->logical_channel)
            return broken(sw::security_status_not_satisfied, "command on another logical channel");
        return impl_->channel->open(command);
    };
    auto plain = run();
    if (plain) impl_->answering = true;
    else impl_->close();
    return plain;
}

Result<ResponseApdu> Chip::seal(const ResponseApdu& plain) {
    if (!authenticated() || !impl_->answering) {
        impl_->close();
        return broken(plain.sw, "no open command");
    }
    impl_->answering = false;
    return impl_->channel->seal(plain);
}

Result<Bytes> Chip::decrypt_data(ByteView data) const {
    if (!authenticated()) return fail(Errc::scp_broken, {}, "no open channel");
    return impl_->channel->decrypt_data(data);
}

}  // namespace idchip::scp
