// A token of SoftHSM2 in a folder of its own. One at a time: the library reads where it lies when it is loaded.
#pragma once

#include "unit/unit.hpp"

#include <idchip/pkcs11/token.hpp>

namespace idchip::test {

#ifdef IDCHIP_SOFTHSM
class SoftToken {
public:
    static constexpr auto right_pin = "271828";

    SoftToken() {
        const auto conf = (folder_ / "softhsm2.conf").string();
        good(make_folder(folder_ / "tokens"));
        good(write_text(conf, "directories.tokendir = " + tokens().string() + "\nobjectstore.backend = file\nlog.level = ERROR\n"));
        ::setenv("SOFTHSM2_CONF", conf.c_str(), 1);
        const auto command = std::string("softhsm2-util --init-token --free --label idchip-test --so-pin 314159 --pin ") + right_pin +
                             " >" + (folder_ / "log").string() + " 2>&1";
        if (std::system(command.c_str()) != 0) FAIL("softhsm2-util cannot make a token");
    }
    ~SoftToken() { ::unsetenv("SOFTHSM2_CONF"); }
    SoftToken(const SoftToken&) = delete;
    SoftToken& operator=(const SoftToken&) = delete;

    std::filesystem::path tokens() const { return folder_ / "tokens"; }
    const std::filesystem::path& folder() const { return folder_.path(); }
    // The device is pulled out.
    void pull() const { std::filesystem::remove_all(tokens()); }

    static pkcs11::Uri uri(const std::string& object = {}) {
        pkcs11::Uri u;
        u.token = "idchip-test";
        u.object = object;
        u.module_path = IDCHIP_SOFTHSM;
        return u;
    }
    static pkcs11::PinSource pin(const std::string& text = right_pin) {
        return [text]() -> Result<Secret> { return Secret(as_bytes(text)); };
    }
    static Result<std::shared_ptr<pkcs11::Token>> open(const std::string& text = right_pin) {
        return pkcs11::Token::open(uri(), pin(text));
    }

private:
    TempFolder folder_;
};
#endif

}  // namespace idchip::test
