// Sessions of one token, one for each thread that works at the same time.
#pragma once

#include <chrono>
#include <mutex>
#include <vector>

#include <idchip/base/secret.hpp>
#include <idchip/pkcs11/token.hpp>

#include "pkcs11/module.hpp"

namespace idchip::pkcs11 {

struct Token::Impl {
    std::shared_ptr<Module> module;
    CK_SLOT_ID slot = 0;
    std::string label, serial;
    Secret pin;

    CK_FUNCTION_LIST& f() const { return module->f(); }
    // Runs `use(session)`, which returns a CK_RV. A session that is gone is replaced once, with one new login; whatever else is wrong is told.
    Result<void> with_session(const std::string& what, const std::function<CK_RV(CK_SESSION_HANDLE)>& use);
    // Errors: token.wrong_pin, token.pin_locked, token.*.
    Result<void> log_in();
    ~Impl();

private:
    Result<CK_SESSION_HANDLE> take();
    void give_back(CK_SESSION_HANDLE session);
    // `seen`: how often there was a login when the session was taken; another thread may have done it since.
    Result<void> log_in_again(unsigned seen);
    CK_RV open_session(CK_SESSION_HANDLE& session) const;

    std::mutex mutex_;
    std::vector<CK_SESSION_HANDLE> idle_;
    CK_SESSION_HANDLE first_ = CK_INVALID_HANDLE;  // a login lasts as long as a session is open
    std::optional<std::chrono::steady_clock::time_point> last_new_login_;
    unsigned logins_ = 0;
    bool pin_refused_ = false;
};

}  // namespace idchip::pkcs11
