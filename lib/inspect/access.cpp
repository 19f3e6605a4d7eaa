#include "inspect/access.hpp"

#include <algorithm>

#include <idchip/lds/ef_atr_info.hpp>

#include "base/try.hpp"

namespace idchip::inspect {
namespace {

using lds::Ef;

bool from_transport(const Error& error) { return error.name().starts_with("transport."); }

// The chip, or somebody in between, gave an answer that only a false one gives.
bool not_authentic(const Error& error) { return error.code == Errc::pace_bad_answer || error.code == Errc::bac_bad_answer; }

AccessAttempt attempt_of(std::string protocol, std::string password, const Error* error) {
    AccessAttempt a;
    a.protocol = std::move(protocol);
    a.password = std::move(password);
    if (error != nullptr) {
        a.error = std::string(error->name());
        a.where = error->where;
        a.detail = error->detail;
        a.sw = error->sw.value_or(0);
    }
    return a;
}

FileEvidence evidence_of(chip::ReadOutcome&& outcome) {
    FileEvidence f;
    f.content = std::move(outcome.content);
    f.sw = outcome.sw;
    f.protected_status = outcome.protected_status;
    f.bytes_after_end = f.content ? outcome.after_end.size() : 0;
    return f;
}

// What the policy names comes first, in its order.
void order(std::vector<pace::Choice>& choices, const std::vector<std::string>& wanted) {
    const auto rank = [&](const pace::Choice& c) { return std::find(wanted.begin(), wanted.end(), c.suite.name()) - wanted.begin(); };
    std::stable_sort(choices.begin(), choices.end(), [&](const auto& a, const auto& b) { return rank(a) < rank(b); });
}

}  // namespace

Result<void> Access::open() {
    if (request_.without_access_control()) return session_.select_application();
    if (!mrz_password_ && !request_.mrz_information.empty()) mrz_password_ = pace::Password::mrz(request_.mrz_information);
    if (!std::exchange(explored_, true) && request_.policy.pace) TRY(find_pace());
    if (choice_ && !settled_on_bac_) {
        TRY(open_by_pace());
        if (!settled_on_bac_) return {};
    }
    return open_by_bac();
}

// EF.CardAccess stands free in the master file. Whatever goes wrong here is judged later, when DG14 can be compared.
Result<void> Access::find_pace() {
    auto read = session_.read_file(Ef::card_access);
    const auto selected = read && !read->content ? session_.select_master_file() : Result<void>(fail(Errc::not_found));
    if (!selected && from_transport(selected.error())) return fail(selected.error());
    if (selected) {
        auto again = session_.read_file(Ef::card_access);
        if (again && again->content) session_.use(chip::Quirk::select_master_file);
        if (again) read = std::move(again);
    }
    if (!read && from_transport(read.error())) return fail(std::move(read.error()));
    FileEvidence f;
    if (read) f = evidence_of(std::move(*read));
    else f.error = std::string(read.error().name());
    const auto infos = f.content ? lds::EfCardAccess::parse(*f.content) : Result<lds::SecurityInfos>(fail(Errc::not_found));
    evidence_.files[Ef::card_access] = std::move(f);
    if (!infos) return {};
    Notes notes;  // the judge finds them again in the file
    auto choices = pace::choices(*infos, notes);
    if (choices.empty()) return {};
    order(choices, request_.policy.pace_order);
    choice_ = std::move(choices.front());
    return learn_sizes();
}

// Doc 9303-11, 9.3.1.2: how long an APDU may be stands in EF.ATR/INFO. Only chips with PACE are asked: there the master file is
// known to be selected.
Result<void> Access::learn_sizes() {
    auto read = session_.read_file(Ef::atr_info);
    if (!read && from_transport(read.error())) return fail(std::move(read.error()));
    if (!read || !read->content) return {};
    if (const auto file = lds::EfAtrInfo::parse(*read->content)) session_.announce(*file);
    evidence_.files[Ef::atr_info] = evidence_of(std::move(*read));
    return {};
}

// A suspended PIN wants the CAN before it (TR-03110-2, 2.5.1); without that, or with a right CAN and a wrong PIN, the holder decides.
Result<void> Access::run_pace(const pace::Choice& choice) {
    auto run = run_pace(choice, password());
    if (run || run.error().code != Errc::pace_suspended || !request_.resuming) return run;
    TRY(run_pace(choice, *request_.resuming));
    return run_pace(choice, password());
}

Result<void> Access::run_pace(const pace::Choice& choice, const pace::Password& password) {
    auto result = session_.pace(choice, password, rng_, request_.terminal != nullptr);
    const bool news = evidence_.attempts.empty() || evidence_.attempts.back().password != name(password.kind());
    if (!result || evidence_.access != "pace" || news) {
        auto attempt = attempt_of(choice.suite.name(), std::string(name(password.kind())), result ? nullptr : &result.error());
        attempt.parameter_id = choice.parameter_id;
        evidence_.attempts.push_back(std::move(attempt));
    }
    if (!result) return fail(std::move(result.error()));
    evidence_.access = "pace";
    if (choice.suite.mapping == pace::Mapping::chip_authentication)
        evidence_.mapping_proof = MappingProof{choice.parameter_id.value_or(-1), std::move(result->pk_map_ic), std::move(result->ca_ic)};
    references_ = std::move(result->certification_authority_references);
    return {};
}

Result<void> Access::open_by_pace() {
    auto opened = run_pace(*choice_);
    // A card that left the field in the middle has not refused anything: once more, from cold (case A04).
    if (!opened && from_transport(opened.error()) && session_.transport().reset()) {
        session_.start_over();
        opened = run_pace(*choice_);
    }
    if (opened) return session_.select_application();
    const auto& error = opened.error();
    if (not_authentic(error)) {
        evidence_.access = "failed";
        return fail(std::move(opened.error()));
    }
    const bool refused = error.code == Errc::pace_refused || error.code == Errc::pace_not_offered;
    const bool may = request_.policy.bac && request_.policy.bac_after_pace && !request_.mrz_information.empty();
    if (!refused || !may || evidence_.access == "pace") return fail(std::move(opened.error()));
    settled_on_bac_ = true;
    TRY(session_.transport().reset());
    session_.start_over();
    return {};
}

Result<void> Access::open_by_bac() {
    if (!request_.policy.bac || request_.mrz_information.empty())
        return fail(Errc::pace_not_offered, "EF.CardAccess",
                    request_.mrz_information.empty() ? "basic access control needs the MRZ" : "basic access control is switched off");
    TRY(session_.select_application());
    const auto opened = session_.basic_access_control(request_.mrz_information, rng_);
    if (evidence_.access != "bac") evidence_.attempts.push_back(attempt_of("BAC", "MRZ", opened ? nullptr : &opened.error()));
    if (opened) {
        evidence_.access = "bac";
        return {};
    }
    // The first passports had no access control: then the application stands open.
    if (opened.error().code == Errc::bac_not_offered && !choice_)
        if (const auto probe = session_.read_file(Ef::com); probe && probe->content) return {};
    if (not_authentic(opened.error())) evidence_.access = "failed";
    return fail(opened.error());
}

}  // namespace idchip::inspect
