#include <idchip/personalize/script.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <idchip/iso7816/status_word.hpp>
#include <idchip/protocol/scp/scp.hpp>

#include "base/try.hpp"

namespace idchip::personalize {
namespace {

using iso7816::CommandApdu;
using iso7816::ResponseApdu;
using profile::PlannedCommand;
using profile::Profile;

Failure bad(std::string where, std::string detail) { return fail(Errc::profile_bad, std::move(where), std::move(detail)); }

Result<void> check(const Profile& p) {
    if (p.channel.kind != profile::ChannelKind::scp03 || (p.channel.scp.i & scp::i03::pseudo_random) == 0)
        return bad("channel", "a script wants SCP03 with pseudo-random challenges: others cannot be known in advance");
    if (!p.generate.empty()) return bad("generate", "keys that the chip makes cannot be signed in advance");
    if (p.read_back != profile::ReadBack::none)
        return bad("verify/before_lock", "a script reads nothing back: what it sends is proven by the answers");
    return {};
}

std::size_t counter_size() { return 3; }

// The card's half of the channel, which tells what its answers will be.
class Mirror {
public:
    Mirror(const Profile& p, const scp::StaticKeys& keys, const ScriptRequest& request, Bytes counter, Rng& rng)
        : chip_(p.channel.scp, {keys.version, keys.enc.clone(), keys.mac.clone(), keys.dek.clone()}, request.key_diversification_data,
                std::move(counter), p.channel.select.empty() ? p.application : p.channel.select, rng) {}

    Result<void> open(const scp::Ahead& ahead) {
        const bool opened =
            chip_.initialize_update(ahead.initialize_update).ok() && chip_.external_authenticate(ahead.external_authenticate).ok();
        if (!opened) return fail(Errc::internal, "script", "the channel that was wrapped does not open");
        return {};
    }
    // The answer to a wrapped command when the plain one is this.
    Result<Bytes> answer(const CommandApdu& wrapped, const ResponseApdu& plain) {
        TRY(chip_.open(wrapped));
        return TRY(chip_.seal(plain)).encode();
    }

private:
    scp::Chip chip_;
};

// The answer is known ahead where the profile says it, or where there can be none. Errors carry no MAC: of a command that must be refused the
// status word alone counts.
Result<ScriptCommand> wrap(scp::Session& session, Mirror& mirror, ScriptStage stage, const PlannedCommand& c) {
    const auto wrapped = TRY(session.wrap(c.apdu));
    ScriptCommand command{c.id, stage, TRY(wrapped.encode()), {}, c.expect.front(), c.on_sw};
    const ResponseApdu plain{c.answer.value_or(Bytes()), c.expect.front()};
    auto answer = TRY(mirror.answer(wrapped, plain));
    TRY(session.unwrap(TRY(ResponseApdu::parse(answer))));
    if (plain.ok() && (c.answer || !c.apdu.le)) command.answer = std::move(answer);
    return command;
}

Result<ScriptVariant> make_variant(const Profile& p, const Job& job, const scp::StaticKeys& keys, const ScriptRequest& request,
                                   std::uint32_t number, Rng& rng, Bytes& initialize_update, const Bytes& host_challenge) {
    ScriptVariant v;
    append_be(v.counter, number, counter_size());
    const auto& aid = p.channel.select.empty() ? p.application : p.channel.select;
    auto ahead = TRY(scp::open_ahead(p.channel.scp, keys, host_challenge, v.counter, aid));
    Mirror mirror(p, keys, request, v.counter, rng);
    TRY(mirror.open(ahead));
    initialize_update = TRY(ahead.initialize_update.encode());
    v.card_challenge = ahead.card_challenge;
    v.card_cryptogram = ahead.card_cryptogram;
    auto authenticate = TRY(ahead.external_authenticate.encode());
    v.commands.push_back({"EXTERNAL AUTHENTICATE", ScriptStage::open, std::move(authenticate), {0x90, 0x00}, iso7816::sw::ok});
    const auto encrypt = [&ahead](ByteView data) { return ahead.session.encrypt_data(data); };
    const auto plan = TRY(profile::make_plan(p, job.document.variables, job.document.files, encrypt));
    const auto add = [&](ScriptStage stage, const std::vector<PlannedCommand>& commands) -> Result<void> {
        for (const auto& c : commands) v.commands.push_back(TRY(wrap(ahead.session, mirror, stage, c)));
        return {};
    };
    TRY(add(ScriptStage::write, plan.write));
    TRY(add(ScriptStage::lock, plan.lock));
    TRY(add(ScriptStage::proof, plan.lock_proof));
    return v;
}

Result<ResponseApdu> send(transport::Transport& t, ByteView command) { return ResponseApdu::parse(TRY(t.transmit(command))); }

class Execution {
public:
    Execution(transport::Transport& t, const Script& script) : t_(t), s_(script) {}

    ScriptOutcome all() {
        if (auto done = steps(); !done) outcome_.failure = std::move(done.error()).inside(s_.record);
        return std::move(outcome_);
    }

private:
    Result<void> steps() {
        TRY(t_.reset());
        const CommandApdu select{0x00, iso7816::ins::select, 0x04, 0x00, s_.select, 256};
        if (const auto selected = TRY(send(t_, TRY(select.encode()))); !selected.ok())
            return fail(Error(Errc::profile_mismatch, "select application", iso7816::sw::describe(selected.sw)).with_sw(selected.sw));
        const auto& variant = *TRY(open());
        for (const auto& command : variant.commands) {
            if (command.stage == ScriptStage::write) outcome_.condition = ChipCondition::half_written;
            // From the lock on nobody can say without asking.
            if (command.stage > ScriptStage::write) outcome_.condition = ChipCondition::lock_unknown;
            TRY(execute(command));
            ++outcome_.commands;
        }
        outcome_.condition = ChipCondition::locked;
        return {};
    }

    // INITIALIZE UPDATE: whose card it is, which channel comes, and that it knows the key.
    Result<const ScriptVariant*> open() {
        const auto answer = TRY(send(t_, s_.initialize_update));
        if (!answer.ok()) {
            auto refused = scp::initialize_update_refused(answer.sw);
            if (refused.code == Errc::scp_refused) outcome_.condition = ChipCondition::key_refused;
            return fail(std::move(refused));
        }
        const auto& kdd = s_.key_diversification_data;
        const ByteView data = answer.data;
        if (data.size() < kdd.size() + counter_size() || !equal(data.first(kdd.size()), kdd))
            return fail(Errc::script_other_card, {}, "the card says " + to_hex(data.first(std::min(data.size(), kdd.size()))));
        const auto counter = data.last(counter_size());
        outcome_.counter = to_hex(counter);
        const auto v =
            std::find_if(s_.variants.begin(), s_.variants.end(), [&](const ScriptVariant& x) { return equal(x.counter, counter); });
        if (v == s_.variants.end()) {
            const bool passed = !s_.variants.empty() && read_be(counter) > read_be(s_.variants.back().counter);
            if (passed) return fail(Errc::script_spent, {}, "the card counts " + to_hex(counter));
            return fail(Errc::script_other_card, {}, "the card counts " + to_hex(counter) + ", the script begins later");
        }
        const auto proof = concat({v->card_challenge, v->card_cryptogram});
        const auto rest = data.subspan(0, data.size() - counter_size());
        if (rest.size() < proof.size() || !equal(rest.last(proof.size()), proof))
            return fail(Errc::scp_wrong_key, {}, "the card's proof is not that of the key that the script was wrapped with");
        return &*v;
    }

    static Errc meaning_of(const ScriptCommand& c, std::uint16_t sw) {
        if (c.stage == ScriptStage::open) return Errc::scp_refused;
        if (c.stage == ScriptStage::proof) return Errc::perso_lock_unproven;
        const auto meaning = c.on_sw.find(sw);
        return meaning != c.on_sw.end() ? meaning->second : Errc::chip_refused;
    }

    Result<void> execute(const ScriptCommand& c) {
        const auto answer = TRY(send(t_, c.command));
        if (answer.sw != c.expect) {
            const auto code = meaning_of(c, answer.sw);
            if (c.stage == ScriptStage::open) outcome_.condition = ChipCondition::key_refused;
            // The first command is refused because an earlier run has come to the end.
            if (code == Errc::perso_locked && outcome_.commands == 1) outcome_.condition = ChipCondition::found_locked;
            return fail(Error(code, c.id, iso7816::sw::describe(answer.sw)).with_sw(answer.sw));
        }
        if (!c.answer.empty() && answer.encode() != c.answer) return fail(Errc::scp_broken, c.id, "not the answer that proves it");
        return {};
    }

    transport::Transport& t_;
    const Script& s_;
    ScriptOutcome outcome_;
};

}  // namespace

Result<Script> make_script(const Profile& p, Job& job, card_keys::Source& source, const ScriptRequest& request, Rng& rng, Instant now) {
    TRY(check(p));
    TRY(set_chip_keys(job.document, p.features, job.keys));
    TRY(sign_document(job.document, job.signer, now));
    auto set = TRY(source.keys(request.key_diversification_data));
    const scp::StaticKeys keys{p.channel.key_version, std::move(set.enc), std::move(set.mac), std::move(set.dek)};
    Script script;
    script.record = job.document.record;
    script.profile = p.name;
    script.profile_hash = p.hash;
    script.select = p.channel.select.empty() ? p.application : p.channel.select;
    script.key_diversification_data = request.key_diversification_data;
    const auto host_challenge = rng.bytes(p.channel.scp.challenge_size());
    for (std::size_t i = 0; i <= request.spares; ++i)
        script.variants.push_back(TRY(make_variant(p, job, keys, request, request.next_counter + static_cast<std::uint32_t>(i), rng,
                                                   script.initialize_update, host_challenge)));
    return script;
}

ScriptOutcome run_script(transport::Transport& transport, const Script& script) { return Execution(transport, script).all(); }

}  // namespace idchip::personalize
