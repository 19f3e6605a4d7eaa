#include "pkcs11/session.hpp"

#include "base/try.hpp"

namespace idchip::pkcs11 {
namespace {

// A token that loses its login again and again is broken; a PIN that is tried again and again is locked.
constexpr auto between_logins = std::chrono::seconds(30);

}  // namespace

CK_RV Token::Impl::open_session(CK_SESSION_HANDLE& session) const {
    return f().C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, nullptr, nullptr, &session);
}

Result<void> Token::Impl::log_in() {
    if (pin_refused_) return fail(Errc::token_wrong_pin, label, "it was refused before");
    CK_SESSION_HANDLE session = CK_INVALID_HANDLE;
    if (const auto code = open_session(session); code != CKR_OK) return failed(code, "C_OpenSession");
    first_ = session;
    ++logins_;
    const auto bytes = pin.view();
    const auto code = f().C_Login(session, CKU_USER, const_cast<CK_UTF8CHAR*>(bytes.data()), bytes.size());
    if (code == CKR_OK || code == CKR_USER_ALREADY_LOGGED_IN) return {};
    auto failure = failed(code, "C_Login");
    pin_refused_ = failure.value().code == Errc::token_wrong_pin || failure.value().code == Errc::token_pin_locked;
    f().C_CloseSession(session);
    first_ = CK_INVALID_HANDLE;
    return failure;
}

Result<void> Token::Impl::log_in_again(unsigned seen) {
    const std::scoped_lock lock(mutex_);
    if (logins_ != seen) return {};
    const auto now = std::chrono::steady_clock::now();
    if (last_new_login_ && now - *last_new_login_ < between_logins) return fail(Errc::token_lost, label, "the login does not last");
    last_new_login_ = now;
    idle_.clear();
    return log_in();
}

Result<CK_SESSION_HANDLE> Token::Impl::take() {
    {
        const std::scoped_lock lock(mutex_);
        if (!idle_.empty()) {
            const auto session = idle_.back();
            idle_.pop_back();
            return session;
        }
    }
    CK_SESSION_HANDLE session = CK_INVALID_HANDLE;
    if (const auto code = open_session(session); code != CKR_OK) return failed(code, "C_OpenSession");
    return session;
}

void Token::Impl::give_back(CK_SESSION_HANDLE session) {
    const std::scoped_lock lock(mutex_);
    idle_.push_back(session);
}

Result<void> Token::Impl::with_session(const std::string& what, const std::function<CK_RV(CK_SESSION_HANDLE)>& use) {
    for (int attempt = 0;; ++attempt) {
        const auto seen = [&] {
            const std::scoped_lock lock(mutex_);
            return logins_;
        }();
        const auto session = TRY(take());
        const auto code = use(session);
        if (code == CKR_OK) {
            give_back(session);
            return {};
        }
        // An operation may be left half done in it.
        f().C_CloseSession(session);
        if (attempt > 0 || !means_session_gone(code)) return fail(failed(code, what).value().inside(label));
        TRY(log_in_again(seen));
    }
}

Token::Impl::~Impl() {
    for (const auto session : idle_) f().C_CloseSession(session);
    if (first_ != CK_INVALID_HANDLE) f().C_CloseSession(first_);
}

}  // namespace idchip::pkcs11
