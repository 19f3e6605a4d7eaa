#include <idchip/personalize/run.hpp>

#include <algorithm>
#include <functional>

#include <fmt/format.h>

#include <idchip/crypto/hash.hpp>
#include <idchip/iso7816/status_word.hpp>
#include <idchip/personalize/link.hpp>

#include "base/try.hpp"

namespace idchip::personalize {
namespace {

using lds::Ef;
using profile::ChipState;
using profile::PlannedCommand;
using profile::Profile;

bool contains(const std::vector<std::uint16_t>& list, std::uint16_t sw) { return std::find(list.begin(), list.end(), sw) != list.end(); }

// Follows from keys that each run makes anew; the verdict speaks of them.
bool depends_on_keys(Ef ef) { return ef == Ef::sod || ef == Ef::dg14 || ef == Ef::dg15 || ef == Ef::card_security; }

bool is_transport(const Error& error) { return error.name().starts_with("transport."); }

bool names_itself_in_channel(const Profile& p) {
    return p.channel.kind == profile::ChannelKind::scp02 || p.channel.kind == profile::ChannelKind::scp03;
}

// A card of GlobalPlatform says who it is when its channel opens: it is given keys when it belongs here.
class AfterCheck final : public card_keys::Source {
public:
    using Check = std::function<Result<void>(ByteView card)>;
    AfterCheck(card_keys::Source& keys, Check check) : keys_(keys), check_(std::move(check)) {}
    Result<card_keys::KeySet> keys(ByteView card) override {
        TRY(check_(card));
        return keys_.keys(card);
    }
    card_keys::Algorithm algorithm() const override { return keys_.algorithm(); }

private:
    card_keys::Source& keys_;
    Check check_;
};

// Hears a card's name, and has no key for it.
class NoKey final : public card_keys::Source {
public:
    std::optional<Bytes> card;
    Result<card_keys::KeySet> keys(ByteView name) override {
        card = to_bytes(name);
        return fail(Errc::cardkey_missing);
    }
    card_keys::Algorithm algorithm() const override { return card_keys::Algorithm::aes; }
};

class Run {
public:
    Run(transport::Transport& t, const Profile& p, Job& job, const pki::TrustStore& trust, Rng& rng, Instant now, const Options& options)
        : t_(t), p_(p), job_(job), d_(job.document), trust_(trust), rng_(rng), now_(now), options_(options), link_(t, p, rng) {}

    Outcome all() {
        if (auto done = steps(); !done) outcome_.failure = std::move(done.error()).inside(d_.record);
        outcome_.authentications = link_.authentications();
        return std::move(outcome_);
    }

private:
    Result<void> tell(Milestone milestone) const { return options_.journal ? options_.journal(milestone, outcome_) : Result<void>(); }

    void progress(Stage stage, std::size_t done, std::size_t total) const {
        if (options_.progress) options_.progress(stage, done, total);
    }

    Result<void> steps() {
        // Everything that can be wrong without a chip is found before the chip is touched.
        TRY(set_chip_keys(d_, p_.features, job_.keys));
        if (p_.generate.empty() && !d_.signed_ahead) TRY(sign_document(d_, job_.signer, now_));
        TRY(profile::make_plan(p_, d_.variables, d_.files));
        if (options_.stock != nullptr && !p_.identify.serial && !names_itself_in_channel(p_))
            return fail(Errc::profile_bad, "identify/serial", "its cards tell no serial number: no stock list can be kept of them");
        progress(Stage::identify, 0, 1);
        const auto found = TRY(identify(t_, p_, rng_));
        if (p_.identify.serial || !names_itself_in_channel(p_)) TRY(be_welcome(found.serial));
        if (found.state == ChipState::locked) return finish_locked();
        if (found.state != ChipState::blank) outcome_.condition = ChipCondition::found_written;
        if (found.state != ChipState::blank && !options_.resume)
            return fail(Errc::perso_already_personalized, {}, "it is written, but not locked; to write it again, resume");
        d_.variables.erase("resume");
        if (found.state == ChipState::written) d_.variables["resume"] = profile::Value();
        TRY(open(found.serial));
        if (found.state == ChipState::closed) return finish_closed(found.serial);
        TRY(tell(Milestone::writing));
        TRY(generate());
        const auto plan = TRY(profile::make_plan(p_, d_.variables, d_.files, link_.encrypt()));
        TRY(write(plan));
        note_sod(d_.files.at(Ef::sod));
        TRY(tell(Milestone::written));
        TRY(read_back(plan, found.serial));
        outcome_.condition = ChipCondition::written;
        if (outcome_.read_back) TRY(tell(Milestone::read_back));
        TRY(lock(plan));
        return inspect();
    }

    void note_sod(ByteView sod) { outcome_.sod_hash = to_hex(crypto::hash(crypto::HashAlg::sha256, sod)); }

    Result<void> be_welcome(ByteView card) {
        const auto serial = to_hex(card);
        if (!outcome_.serial.empty() && serial != outcome_.serial)
            return fail(Errc::profile_mismatch, p_.name, "another card lies in the reader now: " + serial);
        outcome_.serial = serial;
        if (options_.stock != nullptr && !options_.stock->contains(serial))
            return fail(Errc::profile_mismatch, p_.name, "the card " + serial + " is not of this stock");
        return tell(Milestone::identified);
    }

    Result<void> open(ByteView serial) {
        std::optional<AfterCheck> checked;
        if (options_.keys != nullptr && names_itself_in_channel(p_))
            checked.emplace(*options_.keys, [this](ByteView card) -> Result<void> {
                if (!p_.identify.serial) TRY(be_welcome(card));
                return tell(Milestone::authenticating);
            });
        else if (p_.channel.kind != profile::ChannelKind::none) TRY(tell(Milestone::authenticating));
        auto opened = link_.open(checked ? &*checked : options_.keys, serial);
        if (!opened && opened.error().code == Errc::scp_refused) outcome_.condition = ChipCondition::key_refused;
        return opened;
    }

    // A locked chip is either the one an interrupted run left behind, or somebody's card.
    Result<void> finish_locked() {
        outcome_.condition = ChipCondition::found_locked;
        if (!options_.resume) return fail(Errc::perso_locked, {}, "it may be somebody's finished card");
        of_earlier_run_ = true;
        TRY(be_this_document());
        outcome_.was_finished = true;
        outcome_.condition = ChipCondition::locked;
        TRY(tell(Milestone::locked));
        return inspect();
    }

    // Nothing can be written any more: only the last step of the lock is missing.
    Result<void> finish_closed(ByteView serial) {
        of_earlier_run_ = true;
        TRY(be_this_document());
        TRY(start_again(serial));
        const auto plan = TRY(profile::make_plan(p_, d_.variables, d_.files, link_.encrypt()));
        outcome_.was_finished = true;
        TRY(lock(plan, plan.lock.size() - 1));
        return inspect();
    }

    Result<void> be_this_document() {
        const auto evidence = read();
        const auto same = evidence ? compare(*evidence) : Result<void>(fail(evidence.error()));
        if (!same && is_transport(same.error())) return same;
        if (evidence && evidence->content(Ef::sod) != nullptr) note_sod(*evidence->content(Ef::sod));
        if (!same) return fail(Error(Errc::perso_locked, {}, "and it is not this record's: " + std::string(same.error().name())));
        return {};
    }

    // The chip makes its own keys; what follows from them is made and signed now.
    Result<void> generate() {
        if (p_.generate.empty()) return {};
        progress(Stage::generate, 0, p_.generate.size());
        for (const auto& generation : p_.generate) {
            outcome_.condition = ChipCondition::half_written;
            Bytes answer;
            for (const auto& command : generation.commands) {
                answer = TRY(link_.execute(TRY(profile::instantiate(command, d_.variables, link_.encrypt())))).data;
                ++outcome_.commands;
            }
            TRY(take_generated(job_.keys, p_.features, generation.purpose, answer));
        }
        TRY(set_chip_keys(d_, p_.features, job_.keys));
        return sign_document(d_, job_.signer, now_);
    }

    Result<void> write(const profile::Plan& plan) {
        std::size_t done = 0;
        for (const auto& command : plan.write) {
            progress(Stage::write, done, plan.write.size());
            outcome_.condition = ChipCondition::half_written;
            TRY(link_.execute(command));
            ++outcome_.commands;
            ++done;
        }
        progress(Stage::write, done, plan.write.size());
        return {};
    }

    // Places of the card that EF.SOD does not name. What this document leaves empty is asked for, too: what an interrupted run for somebody
    // else has left there must not go out.
    std::vector<Ef> unsigned_places() const {
        std::vector<Ef> places;
        for (const auto& place : p_.files)
            if (*place.file == Ef::cvca || (lds::is_data_group(*place.file) && !d_.files.contains(*place.file)))
                places.push_back(*place.file);
        return places;
    }

    Result<inspect::Evidence> read() {
        inspect::ReadRequest request;
        request.mrz_information = d_.mrz_information;
        request.expected = d_.expected;
        request.also = unsigned_places();
        return inspect::read_chip(t_, request, rng_, now_);
    }

    // Byte by byte, against what was written; after another run, without what its keys decide.
    Result<void> compare(const inspect::Evidence& evidence) {
        if (evidence.content(Ef::cvca) != nullptr && !d_.files.contains(Ef::cvca))
            return fail(Errc::perso_readback_differs, lds::name(Ef::cvca), "an earlier run has left it");
        for (const auto& [ef, content] : d_.files) {
            if (of_earlier_run_ && depends_on_keys(ef)) continue;
            const auto* found = evidence.content(ef);
            if (found == nullptr) return fail(Errc::perso_readback_differs, lds::name(ef), "cannot be read");
            const auto differs = std::mismatch(found->begin(), found->end(), content.begin(), content.end());
            if (differs.first != found->end() || differs.second != content.end())
                return fail(
                    Error(Errc::perso_readback_differs, lds::name(ef)).at(static_cast<std::size_t>(differs.second - content.begin())));
        }
        return {};
    }

    Result<void> read_back(const profile::Plan& plan, ByteView serial) {
        progress(Stage::read_back, 0, 1);
        if (p_.read_back == profile::ReadBack::as_terminal) {
            TRY(compare(TRY(read())));
            TRY(start_again(serial));
        }
        for (const auto& command : plan.read_back) {
            TRY(link_.execute(command));
            ++outcome_.commands;
        }
        outcome_.read_back = p_.read_back != profile::ReadBack::none;
        progress(Stage::read_back, 1, 1);
        return {};
    }

    // What a terminal opens ends the channel.
    Result<void> start_again(ByteView serial) {
        TRY(t_.reset());
        TRY(link_.begin());
        return open(serial);
    }

    Result<void> lock(const profile::Plan& plan, std::size_t first = 0) {
        progress(Stage::lock, 0, 1);
        TRY(tell(Milestone::locking));
        outcome_.condition = ChipCondition::lock_unknown;
        for (auto i = first; i < plan.lock.size(); ++i) {
            TRY(link_.execute(plan.lock[i]));
            ++outcome_.commands;
        }
        progress(Stage::prove, 0, 1);
        if (plan.lock_proof.empty()) return fail(Errc::perso_lock_unproven, "lock/proof", "no command");
        for (const auto& command : plan.lock_proof) {
            const auto proof = TRY(link_.exchange(command));
            ++outcome_.commands;
            if (!contains(command.expect, proof.sw))
                return fail(Error(Errc::perso_lock_unproven, command.id, iso7816::sw::describe(proof.sw)).with_sw(proof.sw));
        }
        outcome_.lock_proven = true;
        outcome_.condition = ChipCondition::locked;
        return tell(Milestone::locked);
    }

    Result<void> inspect() {
        progress(Stage::inspect, 0, 1);
        const auto evidence = TRY(read());
        TRY(compare(evidence));
        outcome_.verdict = inspect::judge(evidence, trust_, now_);
        if (outcome_.verdict->overall > inspect::Overall::accept_with_notes) {
            std::string why;
            for (const auto& f : outcome_.verdict->findings)
                if (f.overall == outcome_.verdict->overall && why.empty()) why = f.text;
            return fail(Errc::perso_not_accepted, {}, fmt::format("{}: {}", inspect::name(outcome_.verdict->overall), why));
        }
        outcome_.condition = ChipCondition::finished;
        progress(Stage::inspect, 1, 1);
        return tell(Milestone::accepted);
    }

    transport::Transport& t_;
    const Profile& p_;
    Job& job_;
    Document& d_;
    const pki::TrustStore& trust_;
    Rng& rng_;
    Instant now_;
    const Options& options_;
    Link link_;
    Outcome outcome_;
    bool of_earlier_run_ = false;
};

Result<void> check_atr(const Profile& p, ByteView atr) {
    if (!p.identify.atr) return {};
    const auto& [mask, value] = *p.identify.atr;
    bool same = atr.size() == mask.size();
    for (std::size_t i = 0; same && i < mask.size(); ++i) same = (atr[i] & mask[i]) == (value[i] & mask[i]);
    if (!same) return fail(Errc::profile_mismatch, p.name, "answer to reset " + to_hex(atr));
    return {};
}

// A refusal where a card only says who it is: another kind of card.
template <class T>
Result<T> as_mismatch(const Profile& p, Result<T> result) {
    if (result || result.error().code != Errc::chip_refused) return result;
    return fail(Error(Errc::profile_mismatch, p.name, result.error().where + ": " + result.error().detail).with_sw(*result.error().sw));
}

}  // namespace

std::string_view name(ChipCondition condition) {
    switch (condition) {
        case ChipCondition::untouched: return "untouched";
        case ChipCondition::key_refused: return "not locked; it refused the key";
        case ChipCondition::found_written: return "written by an earlier run, not locked";
        case ChipCondition::found_locked: return "locked, as it was found";
        case ChipCondition::half_written: return "half-written, not locked";
        case ChipCondition::written: return "written and compared, not locked";
        case ChipCondition::lock_unknown: return "locked or not: unknown";
        case ChipCondition::locked: return "locked";
        case ChipCondition::finished: return "finished";
    }
    return {};
}

std::string_view next_action(ChipCondition condition) {
    switch (condition) {
        case ChipCondition::untouched: return "the card can be used for another attempt";
        case ChipCondition::key_refused: return "quarantine the card; do not try this key on it again";
        case ChipCondition::found_locked: return "take a blank card; find out whose card this is";
        case ChipCondition::found_written:
        case ChipCondition::half_written:
        case ChipCondition::written: return "put the same card back and run again with --resume, or spoil it";
        case ChipCondition::lock_unknown: return "put the same card back and run again with --resume: it asks the chip";
        case ChipCondition::locked: return "quarantine the card";
        case ChipCondition::finished: return "hand the card on";
    }
    return {};
}

std::string_view name(Stage stage) {
    switch (stage) {
        case Stage::identify: return "identify";
        case Stage::generate: return "generate keys";
        case Stage::write: return "write";
        case Stage::read_back: return "read back";
        case Stage::lock: return "lock";
        case Stage::prove: return "prove lock";
        case Stage::inspect: return "inspect";
    }
    return {};
}

Result<Identified> identify(transport::Transport& t, const Profile& p, Rng& rng) {
    TRY(check_atr(p, TRY(t.reset())));
    Link link(t, p, rng);
    TRY(as_mismatch(p, link.begin()));
    Identified found;
    if (p.identify.serial) found.serial = TRY(as_mismatch(p, link.execute(TRY(profile::instantiate(*p.identify.serial, {}))))).data;
    std::string last;
    std::optional<std::uint16_t> word;
    for (const auto& probe : p.identify.probes) {
        const auto command = TRY(profile::instantiate(probe.command, {}));
        const auto response = TRY(link.exchange(command));
        std::optional<ChipState> state;
        if (const auto it = probe.states.find(response.sw); it != probe.states.end()) state = it->second;
        if (const auto it = probe.answers.find(response.data); response.ok() && it != probe.answers.end()) state = it->second;
        if (state) return Identified{*state, std::move(found.serial)};
        last = command.id + ": " + iso7816::sw::describe(response.sw);
        if (!response.ok()) word = response.sw;
        if (!contains(probe.continue_on, response.sw)) break;
    }
    Error error(Errc::profile_mismatch, p.name, last);
    error.sw = word;
    return fail(std::move(error));
}

Result<Identified> recognize(transport::Transport& t, const Profile& p, Rng& rng) {
    auto found = TRY(identify(t, p, rng));
    if (p.identify.serial || !names_itself_in_channel(p) || found.state == ChipState::locked) return found;
    NoKey listening;
    Link link(t, p, rng);
    const auto opened = link.open(&listening, {});
    if (!listening.card) return fail(opened.error());
    found.serial = std::move(*listening.card);
    return found;
}

Result<void> sign_ahead(Document& document, const Profile& profile, const ChipKeys& keys, pki::ContentSigner& signer, Instant now) {
    if (!profile.generate.empty()) return {};
    TRY(set_chip_keys(document, profile.features, keys));
    TRY(sign_document(document, signer, now));
    document.signed_ahead = true;
    return {};
}

Outcome personalize(transport::Transport& transport, const Profile& profile, Job& job, const pki::TrustStore& trust, Rng& rng, Instant now,
                    const Options& options) {
    return Run(transport, profile, job, trust, rng, now, options).all();
}

}  // namespace idchip::personalize
