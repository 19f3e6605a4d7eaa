#include "pkcs11/module.hpp"

#include <dlfcn.h>

#include <map>
#include <mutex>

#include <fmt/format.h>

namespace idchip::pkcs11 {
namespace {

std::mutex loaded_mutex;
std::map<std::string, std::weak_ptr<Module>>& loaded() {
    static auto& modules = *new std::map<std::string, std::weak_ptr<Module>>;
    return modules;
}

}  // namespace

Result<std::shared_ptr<Module>> Module::load(const std::string& path) {
    if (path.empty()) return fail(Errc::token_no_module, {}, "neither module-path in the URI nor IDCHIP_PKCS11_MODULE is set");
    const std::scoped_lock lock(loaded_mutex);
    if (auto known = loaded()[path].lock()) return known;
    void* library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) return fail(Errc::token_no_module, path, ::dlerror());
    const auto get = reinterpret_cast<CK_C_GetFunctionList>(::dlsym(library, "C_GetFunctionList"));
    CK_FUNCTION_LIST* functions = nullptr;
    if (get == nullptr || get(&functions) != CKR_OK || functions == nullptr) {
        ::dlclose(library);
        return fail(Errc::token_no_module, path, "no PKCS#11 library");
    }
    const std::shared_ptr<Module> module(new Module(functions));
    CK_C_INITIALIZE_ARGS arguments{};
    arguments.flags = CKF_OS_LOCKING_OK;  // several threads sign
    const auto code = functions->C_Initialize(&arguments);
    if (code != CKR_OK && code != CKR_CRYPTOKI_ALREADY_INITIALIZED)
        return fail(Errc::token_no_module, path, "C_Initialize: " + name_of(code));
    module->initialized_ = code == CKR_OK;
    loaded()[path] = module;
    return module;
}

Module::~Module() {
    // The library stays mapped: what it has left to run at the end of threads and of the program would find no code any more.
    if (initialized_) functions_->C_Finalize(nullptr);
}

std::string name_of(CK_RV code) {
    struct Row {
        CK_RV code;
        const char* name;
    };
#define ROW(code) \
    { code, #code }
    static constexpr Row rows[] = {ROW(CKR_HOST_MEMORY),
                                   ROW(CKR_SLOT_ID_INVALID),
                                   ROW(CKR_GENERAL_ERROR),
                                   ROW(CKR_FUNCTION_FAILED),
                                   ROW(CKR_ARGUMENTS_BAD),
                                   ROW(CKR_ATTRIBUTE_SENSITIVE),
                                   ROW(CKR_ATTRIBUTE_TYPE_INVALID),
                                   ROW(CKR_ATTRIBUTE_VALUE_INVALID),
                                   ROW(CKR_DATA_INVALID),
                                   ROW(CKR_DATA_LEN_RANGE),
                                   ROW(CKR_DEVICE_ERROR),
                                   ROW(CKR_DEVICE_MEMORY),
                                   ROW(CKR_DEVICE_REMOVED),
                                   ROW(CKR_FUNCTION_NOT_SUPPORTED),
                                   ROW(CKR_KEY_HANDLE_INVALID),
                                   ROW(CKR_KEY_SIZE_RANGE),
                                   ROW(CKR_KEY_TYPE_INCONSISTENT),
                                   ROW(CKR_KEY_FUNCTION_NOT_PERMITTED),
                                   ROW(CKR_MECHANISM_INVALID),
                                   ROW(CKR_MECHANISM_PARAM_INVALID),
                                   ROW(CKR_OBJECT_HANDLE_INVALID),
                                   ROW(CKR_OPERATION_ACTIVE),
                                   ROW(CKR_OPERATION_NOT_INITIALIZED),
                                   ROW(CKR_PIN_INCORRECT),
                                   ROW(CKR_PIN_INVALID),
                                   ROW(CKR_PIN_LEN_RANGE),
                                   ROW(CKR_PIN_EXPIRED),
                                   ROW(CKR_PIN_LOCKED),
                                   ROW(CKR_SESSION_CLOSED),
                                   ROW(CKR_SESSION_COUNT),
                                   ROW(CKR_SESSION_HANDLE_INVALID),
                                   ROW(CKR_SESSION_READ_ONLY),
                                   ROW(CKR_TEMPLATE_INCOMPLETE),
                                   ROW(CKR_TEMPLATE_INCONSISTENT),
                                   ROW(CKR_TOKEN_NOT_PRESENT),
                                   ROW(CKR_TOKEN_NOT_RECOGNIZED),
                                   ROW(CKR_TOKEN_WRITE_PROTECTED),
                                   ROW(CKR_USER_ALREADY_LOGGED_IN),
                                   ROW(CKR_USER_NOT_LOGGED_IN),
                                   ROW(CKR_USER_PIN_NOT_INITIALIZED),
                                   ROW(CKR_CURVE_NOT_SUPPORTED),
                                   ROW(CKR_DOMAIN_PARAMS_INVALID),
                                   ROW(CKR_CRYPTOKI_NOT_INITIALIZED)};
#undef ROW
    for (const auto& row : rows)
        if (row.code == code) return row.name;
    return fmt::format("CKR {:#x}", code);
}

bool means_session_gone(CK_RV code) {
    return code == CKR_SESSION_HANDLE_INVALID || code == CKR_SESSION_CLOSED || code == CKR_USER_NOT_LOGGED_IN;
}

bool means_lost(CK_RV code) {
    return means_session_gone(code) || code == CKR_DEVICE_REMOVED || code == CKR_DEVICE_ERROR || code == CKR_TOKEN_NOT_PRESENT ||
           code == CKR_GENERAL_ERROR || code == CKR_CRYPTOKI_NOT_INITIALIZED || code == CKR_OBJECT_HANDLE_INVALID ||
           code == CKR_KEY_HANDLE_INVALID;
}

Failure failed(CK_RV code, std::string what) {
    const auto detail = what + ": " + name_of(code);
    if (code == CKR_PIN_INCORRECT || code == CKR_PIN_INVALID || code == CKR_PIN_LEN_RANGE) return fail(Errc::token_wrong_pin, {}, detail);
    if (code == CKR_PIN_LOCKED || code == CKR_PIN_EXPIRED) return fail(Errc::token_pin_locked, {}, detail);
    return fail(means_lost(code) ? Errc::token_lost : Errc::token_refused, {}, detail);
}

}  // namespace idchip::pkcs11
