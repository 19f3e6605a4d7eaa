// Gaining access: PACE where it is offered, else BAC. Remembers what happened.
#pragma once

#include <idchip/inspect/reader.hpp>

namespace idchip::inspect {

class Access {
public:
    Access(chip::Session& session, const ReadRequest& request, Rng& rng, Evidence& evidence)
        : session_(session), request_(request), rng_(rng), evidence_(evidence) {}

    // To a selected application, from a fresh chip. The first call finds out how; later calls go the same way.
    // Evidence.access is "failed" where the chip's answers were not authentic. Errors: as read_chip.
    Result<void> open();

    // Trust points of terminal authentication that PACE brought.
    const std::vector<std::string>& references() const { return references_; }
    // The group PACE was run in; nothing after BAC.
    const crypto::Domain* pace_domain() const { return choice_ && !settled_on_bac_ ? &choice_->domain : nullptr; }

private:
    Result<void> find_pace();
    Result<void> learn_sizes();
    Result<void> open_by_pace();
    Result<void> open_by_bac();
    Result<void> run_pace(const pace::Choice& choice);
    Result<void> run_pace(const pace::Choice& choice, const pace::Password& password);
    const pace::Password& password() const { return request_.password ? *request_.password : *mrz_password_; }

    chip::Session& session_;
    const ReadRequest& request_;
    Rng& rng_;
    Evidence& evidence_;
    std::optional<pace::Password> mrz_password_;
    std::optional<pace::Choice> choice_;  // how PACE is run
    std::vector<std::string> references_;
    bool explored_ = false, settled_on_bac_ = false;
};

}  // namespace idchip::inspect
