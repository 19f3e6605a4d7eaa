#include <idchip/personalize/run.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <idchip/iso7816/status_word.hpp>

#include "base/try.hpp"

namespace idchip::personalize {
namespace {

using profile::ChipState;
using profile::PlannedCommand;
using profile::Profile;

bool contains(const std::vector<std::uint16_t>& list, std::uint16_t sw) { return std::find(list.begin(), list.end(), sw) != list.end(); }

Result<iso7816::ResponseApdu> exchange(transport::Transport& t, const PlannedCommand& c) {
    return iso7816::ResponseApdu::parse(TRY(t.transmit(TRY(c.apdu.encode()))));
}

// Sends one planned command; a status word outside the plan is an error with the meaning the profile gives it.
Result<void> execute(transport::Transport& t, const PlannedCommand& c) {
    const auto response = TRY(exchange(t, c));
    if (contains(c.expect, response.sw)) return {};
    const auto it = c.on_sw.find(response.sw);
    return fail(
        Error(it != c.on_sw.end() ? it->second : Errc::chip_refused, c.id, iso7816::sw::describe(response.sw)).with_sw(response.sw));
}

Result<void> select_application(transport::Transport& t, const Profile& p) {
    PlannedCommand select;
    select.id = "select application";
    select.apdu = {0x00, iso7816::ins::select, 0x04, 0x0C, p.application, {}};
    select.expect = {iso7816::sw::ok};
    select.on_sw = {{iso7816::sw::file_not_found, Errc::profile_mismatch}, {iso7816::sw::ins_not_supported, Errc::profile_mismatch}};
    return execute(t, select);
}

class Run {
public:
    Run(transport::Transport& t, const Profile& p, const Document& d, const pki::TrustStore& trust, Rng& rng, Instant now,
        const Options& options)
        : t_(t), p_(p), d_(d), trust_(trust), rng_(rng), now_(now), options_(options) {}

    Outcome all() {
        if (auto done = steps(); !done) outcome_.failure = std::move(done.error()).inside(d_.record);
        return std::move(outcome_);
    }

private:
    void progress(Stage stage, std::size_t done, std::size_t total) const {
        if (options_.progress) options_.progress(stage, done, total);
    }

    Result<void> steps() {
        // Everything that can be wrong without a chip is found before the chip is touched.
        const auto plan = TRY(profile::make_plan(p_, d_.variables, d_.files));
        progress(Stage::identify, 0, 1);
        const auto state = TRY(identify(t_, p_));
        if (state == ChipState::locked) return finish_locked();
        if (state == ChipState::written) outcome_.condition = ChipCondition::found_written;
        if (state == ChipState::written && !options_.resume)
            return fail(Errc::perso_already_personalized, {}, "it is written, but not locked; to write it again use --resume");
        TRY(write(plan));
        TRY(read_back());
        outcome_.condition = ChipCondition::written;
        TRY(lock(plan));
        return inspect();
    }

    // A locked chip is either the one an interrupted run left behind, or somebody's card.
    Result<void> finish_locked() {
        outcome_.condition = ChipCondition::found_locked;
        if (!options_.resume) return fail(Errc::perso_locked, {}, "it may be somebody's finished card");
        auto same = same_document();
        if (!same) return fail(Error(Errc::perso_locked, {}, "and it is not this record's: " + std::string(same.error().name())));
        outcome_.was_finished = true;
        outcome_.condition = ChipCondition::locked;
        return inspect();
    }

    // EF.SOD is signed anew in every run; the data it signs is what makes it the same document.
    Result<void> same_document() {
        const auto evidence = TRY(read());
        for (const auto& [ef, content] : d_.files)
            if (ef != lds::Ef::sod && (evidence.content(ef) == nullptr || *evidence.content(ef) != content))
                return fail(Errc::perso_readback_differs, lds::name(ef));
        return {};
    }

    Result<void> write(const profile::Plan& plan) {
        std::size_t done = 0;
        for (const auto& command : plan.write) {
            progress(Stage::write, done, plan.write.size());
            outcome_.condition = ChipCondition::half_written;
            TRY(execute(t_, command));
            ++outcome_.commands;
            ++done;
        }
        progress(Stage::write, done, plan.write.size());
        return {};
    }

    Result<inspect::Evidence> read() {
        inspect::ReadRequest request;
        request.mrz_information = d_.mrz_information;
        request.expected = d_.expected;
        return inspect::read_chip(t_, request, rng_, now_);
    }

    Result<void> read_back() {
        progress(Stage::read_back, 0, 1);
        const auto evidence = TRY(read());
        for (const auto& [ef, content] : d_.files) {
            const auto* found = evidence.content(ef);
            if (found == nullptr) return fail(Errc::perso_readback_differs, lds::name(ef), "cannot be read");
            const auto differs = std::mismatch(found->begin(), found->end(), content.begin(), content.end());
            if (differs.first != found->end() || differs.second != content.end())
                return fail(
                    Error(Errc::perso_readback_differs, lds::name(ef)).at(static_cast<std::size_t>(differs.second - content.begin())));
        }
        progress(Stage::read_back, 1, 1);
        return {};
    }

    Result<void> lock(const profile::Plan& plan) {
        progress(Stage::lock, 0, 1);
        TRY(t_.reset());
        TRY(select_application(t_, p_));
        outcome_.condition = ChipCondition::lock_unknown;
        TRY(execute(t_, plan.lock));
        ++outcome_.commands;
        progress(Stage::prove, 0, 1);
        const auto proof = TRY(exchange(t_, plan.lock_proof));
        ++outcome_.commands;
        if (!contains(plan.lock_proof.expect, proof.sw))
            return fail(Error(Errc::perso_lock_unproven, plan.lock_proof.id, iso7816::sw::describe(proof.sw)).with_sw(proof.sw));
        outcome_.condition = ChipCondition::locked;
        return {};
    }

    Result<void> inspect() {
        progress(Stage::inspect, 0, 1);
        const auto evidence = TRY(read());
        outcome_.verdict = inspect::judge(evidence, trust_, now_);
        if (outcome_.verdict->overall > inspect::Overall::accept_with_notes) {
            std::string why;
            for (const auto& f : outcome_.verdict->findings)
                if (f.overall == outcome_.verdict->overall && why.empty()) why = f.text;
            return fail(Errc::perso_not_accepted, {}, fmt::format("{}: {}", inspect::name(outcome_.verdict->overall), why));
        }
        outcome_.condition = ChipCondition::finished;
        progress(Stage::inspect, 1, 1);
        return {};
    }

    transport::Transport& t_;
    const Profile& p_;
    const Document& d_;
    const pki::TrustStore& trust_;
    Rng& rng_;
    Instant now_;
    const Options& options_;
    Outcome outcome_;
};

}  // namespace

std::string_view name(ChipCondition condition) {
    switch (condition) {
        case ChipCondition::untouched: return "untouched";
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
        case Stage::write: return "write";
        case Stage::read_back: return "read back";
        case Stage::lock: return "lock";
        case Stage::prove: return "prove lock";
        case Stage::inspect: return "inspect";
    }
    return {};
}

Result<ChipState> identify(transport::Transport& t, const Profile& p) {
    TRY(t.reset());
    TRY(select_application(t, p));
    std::string last;
    for (const auto& probe : p.identify) {
        const auto command = TRY(profile::instantiate(probe.command, {}));
        const auto response = TRY(exchange(t, command));
        if (const auto it = probe.states.find(response.sw); it != probe.states.end()) return it->second;
        last = command.id + ": " + iso7816::sw::describe(response.sw);
        if (!contains(probe.continue_on, response.sw)) break;
    }
    return fail(Errc::profile_mismatch, p.name, last);
}

Outcome personalize(transport::Transport& transport, const Profile& profile, const Document& document, const pki::TrustStore& trust,
                    Rng& rng, Instant now, const Options& options) {
    return Run(transport, profile, document, trust, rng, now, options).all();
}

}  // namespace idchip::personalize
