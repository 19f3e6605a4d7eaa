#include "unit/unit.hpp"

#include <idchip/pkcs11/uri.hpp>

using namespace idchip;
using namespace idchip::test;
using pkcs11::Uri;

TEST_CASE("names of tokens and keys are read and written", "[pkcs11]") {
    const auto uri =
        good(Uri::parse("pkcs11:token=The%20Software%20PKCS%2311%20Softtoken;manufacturer=Snake%20Oil,%20Inc.;object=ds-2026;"
                        "id=%69%95%3E%5C?module-path=/usr/lib/libx.so&pin-source=file:/run/pin"));
    CHECK(uri.token == "The Software PKCS#11 Softtoken");
    CHECK(uri.manufacturer == "Snake Oil, Inc.");
    CHECK(uri.object == "ds-2026");
    CHECK(uri.id == "69953E5C"_hex);
    CHECK(uri.module_path == "/usr/lib/libx.so");
    CHECK(uri.pin_source == "file:/run/pin");
    CHECK(uri.serial.empty());
    const auto again = good(Uri::parse(uri.text()));
    CHECK(again.token == uri.token);
    CHECK(again.object == uri.object);
    CHECK(again.id == uri.id);
    CHECK(again.module_path == uri.module_path);
    CHECK(again.pin_source.empty());  // where the PIN lies is nobody's business in a log
    CHECK(Uri::is("pkcs11:"));
    CHECK_FALSE(Uri::is("ds.key.pem"));
}

TEST_CASE("what is no name of a key is refused", "[pkcs11]") {
    CHECK(error_of(Uri::parse("ds.key.pem")) == "input.bad_field");
    CHECK(error_of(Uri::parse("pkcs11:token=%4")) == "input.bad_field");
    CHECK(error_of(Uri::parse("pkcs11:unheard-of=a")) == "input.bad_field");
    const auto pin = Uri::parse("pkcs11:token=a?pin-value=271828");
    REQUIRE(error_of(pin) == "input.bad_field");
    CHECK(pin.error().message().find("271828") == std::string::npos);
}
