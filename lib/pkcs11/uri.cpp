#include <idchip/pkcs11/uri.hpp>

#include <cstdlib>
#include <memory>

#include <p11-kit/pkcs11.h>
#include <p11-kit/uri.h>

namespace idchip::pkcs11 {
namespace {

struct UriFree {
    void operator()(P11KitUri* u) const { p11_kit_uri_free(u); }
};
using Parsed = std::unique_ptr<P11KitUri, UriFree>;

// Fields of CK_TOKEN_INFO are padded with blanks.
template <std::size_t N>
std::string padded(const unsigned char (&field)[N]) {
    std::string text(reinterpret_cast<const char*>(field), N);
    // An attribute that the URI lacks is a field of zeros.
    const auto end = text.find_last_not_of(std::string_view(" \0", 2));
    return end == std::string::npos ? std::string() : text.substr(0, end + 1);
}

template <std::size_t N>
void pad(unsigned char (&field)[N], const std::string& text) {
    if (text.empty()) return;
    for (std::size_t i = 0; i < N; ++i) field[i] = i < text.size() ? static_cast<unsigned char>(text[i]) : ' ';
}

Bytes attribute(P11KitUri* uri, CK_ATTRIBUTE_TYPE type) {
    const auto* a = p11_kit_uri_get_attribute(uri, type);
    if (a == nullptr || a->pValue == nullptr) return {};
    const auto* bytes = static_cast<const Byte*>(a->pValue);
    return Bytes(bytes, bytes + a->ulValueLen);
}

void set_attribute(P11KitUri* uri, CK_ATTRIBUTE_TYPE type, ByteView value) {
    if (value.empty()) return;
    CK_ATTRIBUTE a{type, const_cast<Byte*>(value.data()), value.size()};
    p11_kit_uri_set_attribute(uri, &a);
}

std::string string_or_empty(const char* text) { return text != nullptr ? text : ""; }

}  // namespace

Result<Uri> Uri::parse(std::string_view text) {
    const Parsed parsed(p11_kit_uri_new());
    const int code = p11_kit_uri_parse(std::string(text).c_str(), P11_KIT_URI_FOR_ANY, parsed.get());
    if (code != P11_KIT_URI_OK) return fail(Errc::bad_field, "PKCS#11 URI", p11_kit_uri_message(code));
    if (p11_kit_uri_any_unrecognized(parsed.get()) != 0) return fail(Errc::bad_field, "PKCS#11 URI", "an attribute that is not known");
    if (p11_kit_uri_get_pin_value(parsed.get()) != nullptr)
        return fail(Errc::bad_field, "PKCS#11 URI", "pin-value: a PIN does not stand on a command line; pin-source names a file");
    const auto& info = *p11_kit_uri_get_token_info(parsed.get());
    const auto label = attribute(parsed.get(), CKA_LABEL);
    return Uri{padded(info.label),
               padded(info.serialNumber),
               padded(info.manufacturerID),
               padded(info.model),
               std::string(label.begin(), label.end()),
               attribute(parsed.get(), CKA_ID),
               string_or_empty(p11_kit_uri_get_module_path(parsed.get())),
               string_or_empty(p11_kit_uri_get_pin_source(parsed.get()))};
}

std::string Uri::text() const {
    const Parsed uri(p11_kit_uri_new());
    auto& info = *p11_kit_uri_get_token_info(uri.get());
    pad(info.label, token);
    pad(info.serialNumber, serial);
    pad(info.manufacturerID, manufacturer);
    pad(info.model, model);
    set_attribute(uri.get(), CKA_LABEL, as_bytes(object));
    set_attribute(uri.get(), CKA_ID, id);
    if (!module_path.empty()) p11_kit_uri_set_module_path(uri.get(), module_path.c_str());
    char* formatted = nullptr;
    if (p11_kit_uri_format(uri.get(), P11_KIT_URI_FOR_ANY, &formatted) != P11_KIT_URI_OK) return "pkcs11:";
    std::string result(formatted);
    std::free(formatted);
    return result;
}

std::string default_module() { return string_or_empty(std::getenv("IDCHIP_PKCS11_MODULE")); }

}  // namespace idchip::pkcs11
