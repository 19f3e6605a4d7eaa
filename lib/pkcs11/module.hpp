// A PKCS#11 library, loaded once for each path, and what its return values mean.
#pragma once

#include <memory>

#include <p11-kit/pkcs11.h>

#include <idchip/base/result.hpp>

namespace idchip::pkcs11 {

class Module {
public:
    // Errors: token.no_module.
    static Result<std::shared_ptr<Module>> load(const std::string& path);
    ~Module();
    Module(const Module&) = delete;
    Module& operator=(const Module&) = delete;
    CK_FUNCTION_LIST& f() const { return *functions_; }

private:
    explicit Module(CK_FUNCTION_LIST* functions) : functions_(functions) {}
    CK_FUNCTION_LIST* functions_;
    bool initialized_ = false;
};

std::string name_of(CK_RV code);  // "CKR_PIN_INCORRECT"
// The token, or the way to it, is gone. What a token answers when its storage or its card is pulled differs between makers.
bool means_lost(CK_RV code);
// The session is of no use any more, the token may be.
bool means_session_gone(CK_RV code);
// `what` is the function, and the object where there is one.
Failure failed(CK_RV code, std::string what);

}  // namespace idchip::pkcs11
