// Names of tokens and keys: RFC 7512.
#pragma once

#include <idchip/base/bytes.hpp>

namespace idchip::pkcs11 {

struct Uri {
    std::string token, serial, manufacturer, model;  // of the token; empty: any
    std::string object;                              // CKA_LABEL; empty: any
    Bytes id;                                        // CKA_ID; empty: any
    std::string module_path;                         // the library; empty: see `default_module`
    std::string pin_source;                          // "file:/path" or a path; empty: asked otherwise

    static bool is(std::string_view text) { return text.starts_with("pkcs11:"); }
    // Errors: input.bad_field; also for pin-value: secrets do not stand on a command line.
    static Result<Uri> parse(std::string_view text);
    std::string text() const;  // without pin-source
};

// $IDCHIP_PKCS11_MODULE, or nothing.
std::string default_module();

}  // namespace idchip::pkcs11
