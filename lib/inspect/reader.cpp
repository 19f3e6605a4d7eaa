#include <idchip/inspect/reader.hpp>

#include <set>

#include <idchip/lds/dg15.hpp>
#include <idchip/lds/ef_com.hpp>
#include <idchip/lds/ef_cvca.hpp>
#include <idchip/lds/ef_sod.hpp>
#include <idchip/pki/cms.hpp>

#include "base/try.hpp"
#include "inspect/access.hpp"

namespace idchip::inspect {
namespace {

using lds::Ef;

// Data groups that EF.SOD and EF.COM name, without an opinion on either.
std::set<Ef> announced_groups(const Evidence& e) {
    std::set<Ef> groups;
    if (const auto* file = e.content(Ef::com))
        if (const auto com = lds::EfCom::parse(*file))
            for (const auto ef : com->files()) groups.insert(ef);
    if (const auto* file = e.content(Ef::sod))
        if (const auto sod = lds::EfSod::parse(*file))
            if (const auto data = pki::SignedData::parse(sod->cms))
                if (const auto object = lds::LdsSecurityObject::parse(data->content))
                    for (const auto& [number, hash] : object->data_group_hashes) groups.insert(lds::data_group(number));
    // With no usable announcement the mandatory files are still asked for.
    groups.insert({Ef::dg1, Ef::dg2});
    return groups;
}

// The key of active authentication; nothing where DG15 holds none that could be used.
std::optional<active_auth::Key> active_key(const Evidence& e) {
    const auto* file = e.content(Ef::dg15);
    const auto dg15 = file != nullptr ? lds::Dg15::parse(*file) : Result<lds::Dg15>(fail(Errc::not_found));
    auto key = dg15 ? active_auth::Key::from_spki(dg15->public_key) : Result<active_auth::Key>(fail(Errc::not_found));
    return key ? std::optional(std::move(*key)) : std::nullopt;
}

class Reader {
public:
    Reader(transport::Transport& transport, const ReadRequest& request, Rng& rng, Evidence& evidence)
        : session_(transport, {}, request.quirks),
          request_(request),
          rng_(rng),
          evidence_(evidence),
          access_(session_, request, rng, evidence) {
        session_.announce(evidence.atr);
    }

    Result<void> run() {
        TRY(access_.open());
        if (evidence_.mapping_proof) TRY(read(Ef::card_security));
        TRY(read(Ef::com));
        TRY(read(Ef::sod));
        const auto groups = announced_groups(evidence_);
        if (groups.contains(Ef::dg14)) TRY(read(Ef::dg14));
        if (request_.chip_authentication) TRY(authenticate_chip());
        if (request_.terminal) TRY(authenticate_terminal());
        for (const auto ef : groups)
            if (!evidence_.files.contains(ef)) TRY(read(ef));
        for (const auto ef : request_.also)
            if (!evidence_.files.contains(ef)) TRY(read(ef));
        if (request_.active_authentication && groups.contains(Ef::dg15)) TRY(authenticate_actively());
        if (evidence_.access == "pace") try_without_access_control();
        return {};
    }

    void close(Evidence& e) const {
        for (const auto quirk : session_.quirks_used()) e.quirks.emplace_back(chip::info(quirk).name);
    }

private:
    // Last, because the session ends with it; what was read stays read, whatever happens here (case A26).
    void try_without_access_control() {
        if (!session_.transport().reset()) return;
        session_.start_over();
        if (!session_.select_application()) return;
        const auto file = session_.read_file(Ef::com);
        if (file) evidence_.opens_without_access_control = file->content.has_value();
    }

    Result<void> restart() {
        TRY(session_.transport().reset());
        session_.start_over();
        return access_.open();
    }

    Result<void> read(Ef ef) {
        auto f = TRY(read_evidence(ef));
        if (request_.progress) request_.progress(ef, f.content ? f.content->size() : 0);
        evidence_.files[ef] = std::move(f);
        return {};
    }

    Result<FileEvidence> read_evidence(Ef ef) {
        for (int attempt = 0;; ++attempt) {
            auto f = TRY(read_once(ef));
            // Another error is the file's own: the session goes on.
            if (f.error != info(Errc::sm_broken).name) return f;
            TRY(restart());
            if (attempt == 1) return f;
        }
    }

    Result<FileEvidence> read_once(Ef ef) {
        FileEvidence f;
        auto outcome = session_.read_file(ef);
        if (outcome) {
            f.content = std::move(outcome->content);
            f.sw = outcome->sw;
            f.protected_status = outcome->protected_status;
            f.bytes_after_end = f.content ? outcome->after_end.size() : 0;
            return f;
        }
        auto& error = outcome.error();
        if (error.name().starts_with("transport.")) return fail(std::move(error));
        f.error = std::string(error.name());
        f.sw = error.sw.value_or(0);
        return f;
    }

    // Chip authentication counts when a command is answered under its keys (case E04); reading DG1 is that command. An answer that
    // breaks may be the line's fault: one more try from cold, and then the rest is read without it.
    Result<void> authenticate_chip() {
        const auto* file = evidence_.content(Ef::dg14);
        const auto infos = file != nullptr ? lds::Dg14::parse(*file) : Result<lds::SecurityInfos>(fail(Errc::not_found));
        if (!infos || !session_.secured()) return {};
        Notes notes;  // the judge finds them again in the file
        const auto choices = chip_auth::choices(*infos, notes);
        if (choices.empty()) return {};
        for (int attempt = 0; attempt < 2; ++attempt) {
            const bool broken = TRY(run_chip_authentication(choices.front()));
            if (!broken) return {};
            TRY(restart());
        }
        return {};
    }

    // Whether the session broke.
    Result<bool> run_chip_authentication(const chip_auth::Choice& choice) {
        ChipAuthentication c;
        c.protocol = choice.suite.name();
        c.key_id = choice.key_id;
        const auto agreed = session_.chip_authentication(choice, rng_);
        if (agreed) agreement_domain_ = choice.key.domain;
        if (!agreed) {
            const auto& error = agreed.error();
            if (error.name().starts_with("transport.")) return fail(error);
            c.error = std::string(error.name());
            c.where = error.where;
            c.sw = error.sw.value_or(0);
            evidence_.chip_authentication = std::move(c);
            return error.code == Errc::sm_broken;
        }
        auto f = TRY(read_once(Ef::dg1));
        c.proven = f.error != info(Errc::sm_broken).name;
        if (!c.proven) {
            c.error = f.error;
            c.where = "first command under the new keys";
            c.sw = f.sw;
        } else {
            if (request_.progress) request_.progress(Ef::dg1, f.content ? f.content->size() : 0);
            evidence_.files[Ef::dg1] = std::move(f);
        }
        evidence_.chip_authentication = std::move(c);
        return !evidence_.chip_authentication->proven;
    }

    // Trust points stand in EF.CVCA (appendix K.2), or came with PACE (4.4.5).
    Result<std::vector<std::string>> trust_points() {
        if (!access_.references().empty()) return access_.references();
        TRY(read(Ef::cvca));
        const auto* file = evidence_.content(Ef::cvca);
        const auto cvca = file != nullptr ? lds::EfCvca::parse(*file) : Result<lds::EfCvca>(fail(Errc::not_found));
        return cvca ? cvca->authority_references : std::vector<std::string>();
    }

    // 7.1.2: bound to the chip by its ephemeral key of PACE or its document number, and to the session by our newest key.
    std::optional<term_auth::Binding> binding() const {
        const auto* pace = access_.pace_domain();
        const auto& domain = agreement_domain_ ? agreement_domain_ : pace != nullptr ? std::optional(*pace) : std::nullopt;
        if (!domain) return std::nullopt;
        return term_auth::Binding{
            pace != nullptr ? term_auth::compress(*pace, session_.pace_pk_ic()) : term_auth::id_ic_of_bac(request_.mrz_information),
            term_auth::compress(*domain, session_.pk_ifd())};
    }

    Result<void> authenticate_terminal() {
        const bool mapped = evidence_.mapping_proof.has_value();
        const bool agreed = evidence_.chip_authentication && evidence_.chip_authentication->proven;
        if (!mapped && !agreed) return {};  // 7.1: the chip comes first
        auto chain = request_.terminal->chain_from(TRY(trust_points()));
        if (chain)
            if (auto holds = request_.terminal->check(*chain, date_of(evidence_.read_at)); !holds) chain = fail(std::move(holds.error()));
        TerminalAuthentication t;
        const auto tell = [&](const Error& error) {
            t.error = std::string(error.name());
            t.where = error.where;
            t.detail = error.detail;
            t.sw = error.sw.value_or(0);
        };
        if (chain) {
            t.holder = chain->back().certificate_holder_reference;
            const auto done = session_.terminal_authentication({std::move(*chain), request_.terminal->sign, *binding()});
            if (!done && done.error().name().starts_with("transport.")) return fail(done.error());
            if (!done) tell(done.error());
        } else {
            tell(chain.error());
        }
        const bool broken = t.error == info(Errc::sm_broken).name;
        evidence_.terminal_authentication = std::move(t);
        return broken ? restart() : Result<void>();
    }

    Result<void> authenticate_actively() {
        const auto key = active_key(evidence_);
        if (!key) return {};
        ActiveAuthentication a;
        auto run = session_.active_authentication(*key, rng_);
        if (!run && run.error().name().starts_with("transport.")) return fail(std::move(run.error()));
        if (run) {
            a.challenge = to_bytes(run->challenge.bytes());
            a.response = std::move(run->answer.data);
            a.sw = run->answer.sw;
        } else {
            a.error = std::string(run.error().name());
            a.sw = run.error().sw.value_or(0);
        }
        evidence_.active_authentication = std::move(a);
        return {};
    }

    std::optional<crypto::Domain> agreement_domain_;  // of the terminal's newest ephemeral key
    chip::Session session_;
    const ReadRequest& request_;
    Rng& rng_;
    Evidence& evidence_;
    Access access_;
};

// Counts what goes over the wire, over a transport that somebody else owns.
class Counting final : public transport::Transport {
public:
    Counting(transport::Transport& inner, WireCounters& counters) : inner_(inner), counters_(counters) {}
    Result<Bytes> transmit(ByteView command) override {
        ++counters_.commands;
        counters_.bytes_to_chip += command.size();
        auto response = inner_.transmit(command);
        if (response) counters_.bytes_from_chip += response->size();
        return response;
    }
    Result<Bytes> reset() override { return inner_.reset(); }
    std::string name() const override { return inner_.name(); }

private:
    transport::Transport& inner_;
    WireCounters& counters_;
};

}  // namespace

Result<Evidence> read_chip(transport::Transport& transport, const ReadRequest& request, Rng& rng, Instant now) {
    Evidence e;
    Counting counting(transport, e.wire);
    e.read_at = now;
    e.reader = transport.name();
    e.atr = TRY(counting.reset());
    e.expected = request.expected;
    e.live = true;
    Reader reader(counting, request, rng, e);
    auto read = reader.run();
    reader.close(e);
    // A false answer in access control is a finding, not a mishap.
    if (!read && e.access != "failed") return fail(std::move(read.error()));
    return e;
}

}  // namespace idchip::inspect
