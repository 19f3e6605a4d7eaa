#include <idchip/iso7816/status_word.hpp>

#include <fmt/format.h>

#include "base/try.hpp"
#include "protocol/scp/channel.hpp"

namespace idchip::scp {

using iso7816::CommandApdu;
using iso7816::ResponseApdu;

struct Session::Impl {
    std::unique_ptr<Channel> channel;  // none: the session has ended, and its keys are gone
    bool waiting = false;              // for the answer to the command wrapped last
};

namespace {

constexpr std::size_t diversification_size = 10;

std::string_view name(Protocol p) { return p == Protocol::scp02 ? "SCP02" : "SCP03"; }

// GPC 2.3.1, table E-8; Amendment D, table 7-3: diversification data, key version, protocol, [i], ...
Result<void> check_protocol(const Parameters& p, ByteView data) {
    const std::size_t head = diversification_size + 3;
    if (data.size() < head) return fail(Errc::chip_nonsense, "INITIALIZE UPDATE", fmt::format("{} bytes", data.size()));
    const Byte protocol = data[diversification_size + 1], i = data[diversification_size + 2];
    const Byte expected = p.protocol == Protocol::scp02 ? 2 : 3;
    if (protocol != expected)
        return fail(Errc::scp_mismatch, "INITIALIZE UPDATE",
                    fmt::format("the card says protocol {:02X}, the profile {}", protocol, name(p.protocol)));
    if (p.protocol == Protocol::scp03 && i != p.i)
        return fail(Errc::scp_mismatch, "INITIALIZE UPDATE", fmt::format("the card says i {:02X}, the profile {:02X}", i, p.i));
    return {};
}

// Consecutive fields.
struct Fields {
    ByteView rest;
    Bytes take(std::size_t n) {
        auto field = to_bytes(rest.first(n));
        rest = rest.subspan(n);
        return field;
    }
};

std::size_t answer_size(const Parameters& p) {
    if (p.protocol == Protocol::scp02) return diversification_size + 2 + 2 + 6 + 8;
    return diversification_size + 3 + 2 * p.challenge_size() + (pseudo_random(p) ? 3 : 0);
}

Failure wrong_length(std::string_view what, std::size_t size) {
    return fail(Errc::crypto_bad_input, "secure channel", fmt::format("{} of {} bytes", what, size));
}

}  // namespace

Session::Session(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;
Session::~Session() = default;

bool Session::alive() const { return impl_->channel != nullptr; }

Result<CommandApdu> Session::wrap(const CommandApdu& plain) {
    if (!alive()) return fail(Errc::scp_broken, {}, "the session has ended");
    auto c = TRY(impl_->channel->wrap(plain));
    impl_->waiting = true;
    return c;
}

Result<ResponseApdu> Session::unwrap(const ResponseApdu& response) {
    if (!alive()) return fail(Errc::scp_broken, {}, "the session has ended");
    auto plain = impl_->waiting ? impl_->channel->unwrap(response) : broken(response.sw, "answer without a command");
    impl_->waiting = false;
    if (!plain) impl_->channel.reset();
    return plain;
}

Result<Bytes> Session::encrypt_data(ByteView data) const {
    if (!alive()) return fail(Errc::scp_broken, {}, "the session has ended");
    return impl_->channel->encrypt_data(data);
}

std::size_t Session::largest_data(std::size_t data_field) const { return alive() ? impl_->channel->largest_data(data_field) : 0; }

// Nothing has been tried yet. These say that the question fits the card as little as it can (Amendment D, 7.1.1.6; GPC 2.3.1, 11.1.3);
// whatever else a card says may be the answer of one that has stopped counting.
Error initialize_update_refused(std::uint16_t status) {
    namespace sw = iso7816::sw;
    switch (status) {
        case sw::reference_data_not_found:  // no key set of this version
        case sw::wrong_length:              // challenges of another size
        case sw::wrong_data:
        case sw::wrong_p1_p2:
        case sw::wrong_offset:
        case sw::ins_not_supported:
        case sw::cla_not_supported: return Error(Errc::scp_mismatch, "INITIALIZE UPDATE", sw::describe(status)).with_sw(status);
        default: return Error(Errc::scp_refused, "INITIALIZE UPDATE", sw::describe(status)).with_sw(status);
    }
}

Terminal::Terminal(Parameters parameters, Bytes host_challenge) : parameters_(parameters), host_challenge_(std::move(host_challenge)) {}
Terminal::Terminal(Terminal&&) noexcept = default;
Terminal& Terminal::operator=(Terminal&&) noexcept = default;
Terminal::~Terminal() = default;

CommandApdu Terminal::initialize_update(Byte key_version) const { return {0x80, 0x50, key_version, 0x00, host_challenge_, 256}; }

Result<Challenge> Terminal::read(const ResponseApdu& answer) const {
    TRY(check(parameters_));
    if (!answer.ok()) return fail(initialize_update_refused(answer.sw));
    TRY(check_protocol(parameters_, answer.data));
    if (answer.data.size() != answer_size(parameters_))
        return fail(Errc::chip_nonsense, "INITIALIZE UPDATE",
                    fmt::format("{} bytes instead of {}", answer.data.size(), answer_size(parameters_)));
    const bool scp03 = parameters_.protocol == Protocol::scp03;
    Fields fields{answer.data};
    Challenge c;
    c.protocol = parameters_.protocol;
    c.i = parameters_.i;
    c.key_diversification_data = fields.take(diversification_size);
    c.key_version = fields.take(scp03 ? 3 : 2)[0];
    if (!scp03) c.sequence_counter = fields.take(2);
    c.card_challenge = fields.take(card_challenge_size(parameters_));
    c.card_cryptogram = fields.take(parameters_.challenge_size());
    if (scp03) c.sequence_counter = to_bytes(fields.rest);
    return c;
}

Result<CommandApdu> Terminal::external_authenticate(const StaticKeys& keys, const Challenge& challenge) {
    TRY(check(parameters_));
    if (host_challenge_.size() != parameters_.challenge_size()) return wrong_length("host challenge", host_challenge_.size());
    if (challenge.card_challenge.size() != card_challenge_size(parameters_))
        return wrong_length("card challenge", challenge.card_challenge.size());
    if (parameters_.protocol == Protocol::scp02 && challenge.sequence_counter.size() != 2)
        return wrong_length("sequence counter", challenge.sequence_counter.size());
    const Challenges c{host_challenge_, challenge.sequence_counter, challenge.card_challenge};
    auto session = TRY(session_keys(parameters_.protocol, keys, c));
    const auto expected = TRY(cryptograms(parameters_, session, c));
    if (!equal_constant_time(expected.card, challenge.card_cryptogram))
        return fail(Errc::scp_wrong_key, "INITIALIZE UPDATE", "the card's cryptogram is wrong");
    auto channel = TRY(Channel::make(parameters_, std::move(session)));
    auto command = TRY(channel->wrap({0x80, iso7816::ins::external_authenticate, parameters_.level, 0x00, expected.host, {}}));
    session_ = std::make_unique<Session::Impl>();
    session_->channel = std::move(channel);
    return command;
}

Result<Session> Terminal::finish(const ResponseApdu& answer) {
    if (!session_) return fail(Errc::scp_broken, "EXTERNAL AUTHENTICATE", "it was not sent");
    auto session = std::move(session_);
    if (!answer.ok()) return fail(Error(Errc::scp_refused, "EXTERNAL AUTHENTICATE").with_sw(answer.sw));
    // This answer has no R-MAC yet (GPC 2.3.1, E.4.5), and nothing to say.
    if (!answer.data.empty())
        return fail(Errc::chip_nonsense, "EXTERNAL AUTHENTICATE", fmt::format("{} bytes of data", answer.data.size()));
    session->channel->raise(parameters_.level);
    return Session(std::move(session));
}

Result<Ahead> open_ahead(const Parameters& parameters, const StaticKeys& keys, Bytes host_challenge, ByteView next_counter, ByteView aid) {
    TRY(check(parameters));
    if (!pseudo_random(parameters)) return fail(Errc::profile_bad, "channel", fmt::format("i {:02X}: random challenges", parameters.i));
    if (next_counter.size() != counter_size(parameters.protocol)) return wrong_length("sequence counter", next_counter.size());
    Challenge challenge;
    challenge.sequence_counter = to_bytes(next_counter);
    challenge.card_challenge = TRY(known_card_challenge(parameters, keys, next_counter, aid));
    const Challenges c{host_challenge, challenge.sequence_counter, challenge.card_challenge};
    const auto session_set = TRY(session_keys(parameters.protocol, keys, c));
    challenge.card_cryptogram = TRY(cryptograms(parameters, session_set, c)).card;
    Terminal terminal(parameters, std::move(host_challenge));
    auto authenticate = TRY(terminal.external_authenticate(keys, challenge));
    auto session = TRY(terminal.finish(ResponseApdu::of(0x9000)));
    return Ahead{terminal.initialize_update(keys.version), std::move(authenticate), std::move(challenge.card_challenge),
                 std::move(challenge.card_cryptogram), std::move(session)};
}

}  // namespace idchip::scp
